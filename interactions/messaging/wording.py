"""The words of a message: its variables, filling them, and what no message may say. Pure but for the names of people.

Variables stand in braces: {salutation}. Those of AUTO come from what the bank knows; those of ASKED are the open
places in which the author writes, so that what was approved around them stays as it was approved.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy
from django_stubs_ext import StrOrPromise

from crm.lib.forbidden_words import forbidden
from customers.models import Customer, Gender
from customers.names import is_chinese, surname_of
from interactions.models import MessageLanguage

AUTO: dict[str, StrOrPromise] = {
    "customer_name": gettext_lazy("the customer's name"),
    "salutation": gettext_lazy("the salutation (张女士, Ms Zhang)"),
    "manager": gettext_lazy("the manager's name"),
    "branch": gettext_lazy("the branch"),
}
ASKED: dict[str, StrOrPromise] = {
    "date": pgettext_lazy("message", "Day"),
    "time": pgettext_lazy("message", "Time of day"),
    "place": pgettext_lazy("message", "Place"),
    "product": pgettext_lazy("message", "Product"),
    "survey_link": pgettext_lazy("message", "Link to the survey"),
    "note": pgettext_lazy("message", "Your own words"),
}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def variables(text: str) -> list[str]:
    """The variables in `text`, each once, in their order."""
    return list(dict.fromkeys(match.group(1) for match in PLACEHOLDER.finditer(text)))


def check_words(text: str) -> None:
    """Raise ValidationError for words that no text for customers may hold, saying which, where and why."""
    found = [_("“%(word)s” (character %(at)d)") % {"word": one.word, "at": one.position} for one in forbidden(text)]
    if found:
        raise ValidationError(
            _("Not allowed in a text for customers: %(words)s. Neither forecast nor promise a return, and keep products"
              " and deposits apart.") % {"words": ", ".join(found)}
        )  # fmt: skip


def check_variables(text: str) -> None:
    """Raise ValidationError at the first name in braces that is no variable, and for a brace by itself."""
    for match in PLACEHOLDER.finditer(text):
        name = match.group(1)
        if name not in AUTO and name not in ASKED:
            known = ", ".join(f"{{{one}}}" for one in (*AUTO, *ASKED))
            raise ValidationError(
                _("There is no variable “%(name)s” (character %(at)d). There are: %(known)s.")
                % {"name": name, "at": match.start() + 1, "known": known}
            )
    rest = PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    alone = min((at for at in (rest.find("{"), rest.find("}")) if at >= 0), default=-1)
    if alone >= 0:
        raise ValidationError(_("A brace stands alone (character %(at)d).") % {"at": alone + 1})


def known_values(customer: Customer, language: str) -> dict[str, str]:
    """The variables of AUTO for `customer` (with owner and branch) in `language`, a MessageLanguage."""
    return {
        "customer_name": customer.name,
        "salutation": salutation(customer.name, customer.gender, language),
        "manager": customer.owner.display_name if customer.owner else customer.branch.name,
        "branch": customer.branch.name,
    }


def salutation(name: str, gender: str, language: str) -> str:
    """张女士 or Ms 张; the whole name where the gender is not known or the name has no Chinese surname."""
    surname = surname_of(name)
    if not is_chinese(surname) or len(name) == len(surname) or gender not in Gender.values:
        return name
    if language == MessageLanguage.CHINESE:
        return surname + ("女士" if gender == Gender.FEMALE else "先生")
    return ("Ms " if gender == Gender.FEMALE else "Mr ") + surname


def filled(text: str, values: Mapping[str, str], language: str) -> str:
    """`text` with its variables replaced; a place that is still open shows what belongs there: 〔日期〕."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return values.get(name) or f"〔{ASKED.get(name, name)}〕"

    with override("zh-hans" if language == MessageLanguage.CHINESE else "en"):
        return PLACEHOLDER.sub(value, text).strip()
