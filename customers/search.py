"""Finding a customer by what a person types: name, pinyin, initials, customer number, phone or ID number.

Every way is an index: names by their one- and two-character grams (GIN), pinyin and initials by prefix (btree in C
order), numbers by prefix, phone and ID number by blind index, their last four digits only among visible customers.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from customers import identifiers
from customers.models import Customer
from customers.names import is_chinese, readings
from customers.querysets import CustomerQuerySet

MOST_FOUND = 200
SHORTEST = 2
TAIL_DIGITS = 4


def normal_query(text: str) -> str:
    """What was typed, in half-width characters, without outer space, at most 40 characters."""
    return unicodedata.normalize("NFKC", text.replace("\0", "")).strip()[:40]


def grams(text: str) -> list[str]:
    """The two-character pieces of `text`, as name_grams() in the database has them; one character stands alone."""
    compact = re.sub(r"[\s·]", "", text)
    return [compact] if len(compact) == 1 else [compact[i : i + 2] for i in range(len(compact) - 1)]


@dataclass(frozen=True)
class Way:
    """A condition under which a customer matches, and the order in which its index gives the matches.

    Cut off after a limit in any other order, Postgres walks that other order's index and throws rows away until it has
    enough: initials by pinyin took 2 s at 1M customers, in their own order 0.1 ms.
    """

    condition: Q
    order: str | Concat


# A list of grams has no order of its own, and the matches are few: the empty suffix keeps the planner from walking the
# index on pinyin through the whole bank in the hope of meeting them early.
_SORTED = Concat("pinyin", Value(""))


def _by_name(text: str) -> list[Way]:
    """Two or more characters anywhere in the name; one stands for a surname, since as part of a given name it would
    match a twentieth of the bank."""
    compact = re.sub(r"\s", "", text)
    if len(compact) > 1:
        return [Way(Q(name_grams__contains=grams(compact), name__contains=compact), _SORTED)]
    return [Way(Q(pinyin__startswith=readings(compact)[0].pinyin, name__startswith=compact), "pinyin")]


def _by_letters(text: str) -> list[Way]:
    # A blank second reading must not match, and the partial index wants its own condition said.
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    second = ~Q(pinyin_2="")
    return [
        Way(Q(initials__startswith=letters), "initials"),
        Way(Q(pinyin__startswith=letters), "pinyin"),
        Way(second & Q(initials_2__startswith=letters), "initials_2"),
        Way(second & Q(pinyin_2__startswith=letters), "pinyin_2"),
        Way(Q(number__startswith=text.upper()), "number"),
    ]


def _by_whole_identifier(text: str) -> list[Q]:
    ways = []
    for normal, index, field in (
        (identifiers.normal_phone, identifiers.phone_index, "phone_index"),
        (identifiers.normal_id_number, identifiers.id_number_index, "id_number_index"),
    ):
        try:
            ways.append(Q(**{field: index(normal(text))}))
        except ValidationError:
            continue
    return ways


def _by_digits(text: str) -> list[Way]:
    digits = re.sub(r"\D", "", text)
    ways = [Way(Q(number__startswith=digits), "number")]
    ways += [Way(condition, _SORTED) for condition in _by_whole_identifier(text)]
    if len(digits) == TAIL_DIGITS:
        ways.append(Way(Q(phone_tail_index=identifiers.tail_index(digits)), _SORTED))
    return ways


def ways_to_match(query: str) -> list[Way]:
    """The ways, any of which makes a customer match the normal `query`; each can be read along an index."""
    if is_chinese(query):
        return _by_name(query)
    if re.fullmatch(r"[+\d][\d\s()+.-]*[\dXx]?", query):
        return _by_digits(query)
    return _by_letters(query)


def find(visible: CustomerQuerySet, text: str, limit: int) -> QuerySet[Customer]:
    """Up to `limit` (at most MOST_FOUND) of the `visible` customers that match `text`, by name; of more matches
    those that come first in what was typed.

    Too short a text finds nobody: one letter matches a twelfth of the bank. A union of limited parts, because each
    part stops at its index after `limit` rows while one OR would collect and sort all matches.
    """
    query = normal_query(text)
    if sum(character.isalnum() for character in query) < (1 if is_chinese(query) else SHORTEST):
        return Customer.objects.none()
    limit = min(limit, MOST_FOUND)
    # Who was merged into another one is found there, also by the number they had.
    had = Customer.objects.filter(number=query.upper(), merged_into__isnull=False).values("merged_into")
    parts = [visible.filter(pk__in=had).values("pk", "sort_name")[:limit]]
    parts += [
        visible.filter(merged_into=None)
        .with_grams()
        .filter(way.condition)
        .order_by(way.order, "pk")
        .values("pk", "sort_name")[:limit]
        for way in ways_to_match(query)
    ]
    matches = parts[0].union(*parts[1:]).order_by("sort_name", "pk")[:limit]
    ids = [row["pk"] for row in matches]
    return Customer.objects.select_related("owner", "branch").filter(pk__in=ids).order_by("sort_name", "id")


def masked_query(text: str) -> str:
    """The query as the audit may keep it: long runs of digits could be somebody's phone or ID number."""
    return re.sub(r"\d(?=\d{4})", "*", normal_query(text))


def find_exactly(text: str) -> Customer | None:
    """The one customer of the whole bank with this customer number, phone or ID number, for a walk-in; else None.

    None too where a phone is several people's: then the ID number tells them apart.
    """
    query = normal_query(text)
    had = Customer.objects.filter(number=query.upper(), merged_into__isnull=False).values("merged_into")
    condition = Q(number=query.upper(), merged_into=None) | Q(pk__in=had)
    for way in _by_whole_identifier(query):
        condition |= way
    found = list(Customer.objects.filter(condition)[:2])
    return found[0] if len(found) == 1 else None
