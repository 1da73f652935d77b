"""Customers who may be one person, as managers see them: the list, the two side by side, and "two persons"."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection, transaction
from django.db.models import Count, F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from crm.audit.log import look, record
from crm.audit.models import Action, Result
from crm.lib import keyset
from crm.staff.models import User
from customers import identifiers, moving
from customers.access import visible_to
from customers.identifiers import IDENTIFIERS
from customers.merging import MERGEABLE
from customers.models import Customer, DuplicatePair, DuplicateReason, Merge, Moved, PairState
from customers.moving_relations import RELATIONS
from customers.profile import FIELDS

PAGE_SIZE = 30
BY_STRENGTH = keyset.Sort("strength", gettext_lazy("the surest first"), F("strength"))
SIDES = ("a", "b")
_SHOWN = ("number", "name", "birth_date", "phone_sealed", "status", "owner__display_name", "branch__name")
_LABELS: dict[str, StrOrPromise] = {
    "name": gettext_lazy("name"),
    "since": gettext_lazy("customer since"),
    "owner": gettext_lazy("looked after by"),
}


@dataclass(frozen=True)
class Side:
    """One of two in a row of the list, as it stands on the page."""

    pk: int
    number: str
    name: str
    birth_date: str
    phone: str
    owner: str
    branch: str


@dataclass(frozen=True)
class PairRow:
    pk: int
    a: Side
    b: Side
    reasons: list[str]


def visible_pairs(user: User, state: str, cursor: str) -> tuple[list[PairRow], str]:
    """A page of the pairs in `state` of whom `user` may see both, the surest first; and the cursor of the next."""
    seen = visible_to(user)
    pairs = DuplicatePair.objects.filter(state=state, a__in=seen, b__in=seen)
    fields = ["reasons", *(f"{side}__{name}" for side in SIDES for name in ("pk", *_SHOWN))]
    page = keyset.page(pairs, fields, BY_STRENGTH, cursor, PAGE_SIZE)
    reasons = dict(DuplicateReason.choices)
    rows = [
        PairRow(row["pk"], _side(row, "a"), _side(row, "b"), [str(reasons[each]) for each in row["reasons"]])
        for row in page.rows
    ]
    return rows, page.next_cursor


def _side(row: dict[str, Any], side: str) -> Side:
    def value(name: str) -> Any:
        return row[f"{side}__{name}"]

    return Side(
        pk=value("pk"),
        number=value("number"),
        name=value("name"),
        birth_date=value("birth_date").isoformat() if value("birth_date") else "",
        phone=identifiers.masked("phone", value("phone_sealed"), value("number")),
        owner=value("owner__display_name") or _("branch pool"),
        branch=value("branch__name"),
    )


def pair_of(user: User, pk: int) -> DuplicatePair:
    """The pair `pk`, of whom `user` may see both; else Http404, the same for a denied and an unknown one."""
    seen = visible_to(user)
    pairs = DuplicatePair.objects.select_related("a__owner", "a__branch", "b__owner", "b__branch")
    pair = pairs.filter(pk=pk, a__in=seen, b__in=seen).first()
    if pair is None:
        hidden = [each for two in DuplicatePair.objects.filter(pk=pk).values_list("a", "b") for each in two]
        look(Action.VIEW, by=user, object_type="customer", object_ids=hidden, label=f"{pk}", result=Result.DENIED)
        raise Http404(_("There is no such customer, or you do not look after them."))
    return pair


@dataclass(frozen=True)
class Choice:
    """A field of the two side by side, identifiers masked. differs: there is something to choose."""

    name: str
    label: StrOrPromise
    a: str
    b: str
    differs: bool


def choices(a: Customer, b: Customer) -> list[Choice]:
    """Every field of which at least one of the two knows something."""
    found = []
    for name in MERGEABLE:
        label = _LABELS[name] if name in _LABELS else FIELDS[name].label
        shown = _shown(a, name), _shown(b, name)
        if any(shown):
            found.append(Choice(name, label, *shown, differs=_plain(a, name) != _plain(b, name)))
    return found


def _plain(customer: Customer, name: str) -> Any:
    return customer.identifier(name) if name in IDENTIFIERS else getattr(customer, name)


def _shown(customer: Customer, name: str) -> str:
    if name in IDENTIFIERS:
        return customer.masked(name)
    if name == "owner":
        return f"{customer.owner.display_name if customer.owner else _('branch pool')} · {customer.branch.name}"
    display = getattr(customer, f"get_{name}_display", None)
    value = display() if display else getattr(customer, name)
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def usual_survivor(a: Customer, b: Customer) -> str:
    """Who stays unless somebody says else: the one who has been a customer for longer."""
    return "b" if b.since is not None and (a.since is None or b.since < a.since) else "a"


class MergeForm(forms.Form):
    """Who survives, and from whom each field comes that differs: "a" or "b"."""

    survivor = forms.ChoiceField(
        choices=[(side, side) for side in SIDES],
        error_messages={"required": gettext_lazy("Say which of the two stays.")},
    )

    def __init__(self, data: Any, *, pair: DuplicatePair) -> None:
        self.compared = choices(pair.a, pair.b)
        survivor = usual_survivor(pair.a, pair.b)
        initial = {"survivor": survivor}
        super().__init__(data, initial=initial)
        for choice in self.compared:
            if choice.differs:
                known = [side for side in SIDES if getattr(choice, side)]
                initial[choice.name] = survivor if survivor in known else known[0]
                self.fields[choice.name] = forms.ChoiceField(
                    choices=[(side, side) for side in SIDES],
                    error_messages={"required": gettext_lazy("Say whose counts.")},
                )

    def rows(self) -> list[tuple[Choice, str, list[str]]]:
        """Each field with the side that is chosen ("": there is no choice) and what is wrong with it."""
        return [
            (choice, str(self[choice.name].value() or ""), [str(each) for each in self[choice.name].errors])
            if choice.differs
            else (choice, "", [])
            for choice in self.compared
        ]

    def taken(self) -> list[str]:
        """The fields that the survivor takes from the other one."""
        survivor = self.cleaned_data["survivor"]
        return [name for name, side in self.cleaned_data.items() if name != "survivor" and side != survivor]


def comes_over(pair: DuplicatePair) -> list[tuple[StrOrPromise, list[int]]]:
    """What hangs on each of the two, by kind: of the one who goes it comes over."""
    with connection.cursor() as cursor:
        return moving.counts(cursor, [pair.a_id, pair.b_id], RELATIONS)


def came_over(done: Merge) -> list[tuple[StrOrPromise, int]]:
    """How many rows of each kind came over by a merge."""
    counted = done.changes.filter(what=Moved.MOVED).values_list("table").annotate(rows=Count("pk"))
    rows = dict(counted)
    words = {each.table: each.label for each in (*moving.belongings(), *RELATIONS) if each.label}
    return [(label, rows[table]) for table, label in words.items() if table in rows]


def reason_words(pair: DuplicatePair) -> list[str]:
    words = dict(DuplicateReason.choices)
    return [str(words[each]) for each in pair.reasons]


def merge_of(pair: DuplicatePair) -> Merge | None:
    """The merge of these two that stands."""
    both = [pair.a_id, pair.b_id]
    asked = Merge.objects.select_related("survivor", "other", "by").filter(survivor__in=both, other__in=both)
    return asked.filter(undone_at=None).first()


@transaction.atomic
def judge(pair: DuplicatePair, state: str, *, by: User) -> None:
    """Note that the two are two persons (DISMISSED), or that it is open again. A merged pair stays as it is."""
    locked = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if PairState.MERGED in (locked.state, state) or locked.state == state:
        return
    locked.state, locked.decided_at, locked.decided_by = state, timezone.now(), by
    locked.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=[pair.a_id, pair.b_id], label=pair.a.number,
        detail={"duplicate": state, "of": pair.b.number},
    )  # fmt: skip
