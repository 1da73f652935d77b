"""What people read of suggestions: reason and words to say with the customer's figures, and why one may not be made."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.money import short_amount
from customers.feature_fields import FIELDS
from customers.models import Status
from interactions.models import Topic
from recommendations.gate import LIMITED_RISK, SENIOR_RISK, UNASSESSED_RISK, Blocked, Rule
from recommendations.models import Civil, CustomerNeed, Need, Suggestion
from recommendations.models import Rule as BankRule


class Why(TextChoices):
    """Reasons of a refusal, in one tap."""

    NO_NEED = "no_need", _("no need")
    TOO_RISKY = "too_risky", _("too risky")
    ELSEWHERE = "elsewhere", _("has it elsewhere")
    TIMING = "timing", _("bad timing")
    OTHER = "other", _("other")


PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OUTCOMES = {
    "suggested": _("suggested"),
    "no_rule": _("no rule sees a need"),
    "other_rule": _("another rule answers the need"),
    "arbitration": _("others come first"),
}
WEIGHED = {
    "matters": _("matters much to the customer"),
    "sure": _("the need is quite sure"),
    "welcome": _("often welcome"),
    "service": _("nothing is sold"),
    "rarely_welcome": _("rarely welcome"),
    "guess": _("the need is a guess"),
    "much": _("takes much of the money at hand"),
    "tied": _("ties the money for long"),
    "may_lose": _("may lose value"),
}


def outcome_label(outcome: str) -> str:
    """Where the night stopped with a customer, in words."""
    return str(_OUTCOMES.get(outcome, outcome))


def weighed(codes: list[str]) -> str:
    """Reasons of arbitration in words."""
    return gettext(", ").join(str(WEIGHED[code]) for code in codes if code in WEIGHED)


# What a text may name besides features.
PRODUCT, VIEWED, EVENT, NOTE = "product", "viewed", "event", "note"


def reason(suggestion: Suggestion, day: date | None = None) -> str:
    """Why, in the language of the page, with the customer's figures. day: the bank day, of ages and days ahead."""
    return _filled(_in_language(suggestion.rule, "reason"), suggestion, day)


def need_reason(need: CustomerNeed, day: date | None = None) -> str:
    """Why the customer may have `need`: what was said, or what its rule saw."""
    if need.evidence.get("said") or need.rule is None:
        return str(need.evidence.get("said") or "")
    return _filled(_in_language(need.rule, "reason"), need, day)


def need_talk(need: CustomerNeed, day: date | None = None) -> str:
    """Words a manager could say about `need`; "" where no rule found it."""
    return _filled(_in_language(need.rule, "talk"), need, day) if need.rule is not None else ""


def talk(suggestion: Suggestion, day: date | None = None) -> str:
    """Words a manager could say, in the language of the page."""
    return _filled(_in_language(suggestion.rule, "talk"), suggestion, day)


def _in_language(rule: BankRule, what: str) -> str:
    text: str = getattr(rule, f"{what}_{'zh' if (get_language() or '').startswith('zh') else 'en'}")
    return text


def _filled(text: str, suggestion: Suggestion | CustomerNeed, day: date | None) -> str:
    today = day or bank_day()
    return PLACEHOLDER.sub(lambda match: _value(match.group(1), suggestion, today), text)


def _value(name: str, suggestion: Suggestion | CustomerNeed, day: date) -> str:
    """What stands for `{name}`; a name that no feature has any more is written as unknown."""
    if name == PRODUCT:
        return suggestion.product.name if isinstance(suggestion, Suggestion) else gettext("something that fits")
    stored = suggestion.evidence.get(name)
    if name == NOTE:
        return str(stored or "")
    if name in (VIEWED, EVENT):
        return _day(date.fromisoformat(stored)) if stored else gettext("unknown")
    field = FIELDS.get(name)
    if field is None:
        return gettext("unknown")
    if stored is None and field.source in suggestion.evidence:
        stored = suggestion.evidence[field.source]
    return field.written(field.value(stored, day))


def placeholders(text: str) -> list[tuple[str, int]]:
    """The names in braces in `text`, and where their brace stands: the first character counts as 1."""
    return [(match.group(1), match.start() + 1) for match in PLACEHOLDER.finditer(text)]


def known_placeholder(name: str) -> bool:
    return name in FIELDS or name in (PRODUCT, VIEWED, EVENT, NOTE)


def answer_reason(reason: str) -> str:
    """The reason of an answer in words: one of Why, or what a person wrote."""
    return str(Why(reason).label) if reason in Why.values else reason


def need_label(code: str) -> str:
    """What rests or is suggested, as people call it: a need, or a topic."""
    if code in Need.values:
        return str(Need(code).label)
    return str(Topic(code).label) if code in Topic.values else code


def blocked_words(blocked: Blocked) -> str:
    """Why a product may not be suggested, with both values: the customer's and the rule's."""
    return _SENTENCES[blocked.rule](blocked.facts)


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")


def _amount(minor: int) -> str:
    return short_amount(minor, settings.BASE_CURRENCY)


Facts = dict[str, Any]


def _always(text: StrOrPromise) -> Callable[[Facts], str]:
    return lambda facts: str(text)


def _in_service(facts: Facts) -> str:
    status = Status(facts["status"]).label
    return gettext("The customer is %(status)s: the data are only stored.") % {"status": status}


def _complaint(facts: Facts) -> str:
    if facts["hold"] == "open":
        return gettext("A complaint is still open: first make it good, then offer.")
    return gettext("A complaint is not acknowledged in person yet: say sorry first.")


def _pause(facts: Facts) -> str:
    return gettext("Sales pause until %(day)s.") % {"day": _day(facts["paused_until"])}


def _refusal(facts: Facts) -> str:
    names = {"topic": need_label(facts["topic"])}
    if facts["until"] is None:
        return gettext("The customer does not want to hear of %(topic)s, until they say otherwise.") % names
    return gettext("The customer did not want to hear of %(topic)s: it rests until %(day)s.") % {
        **names, "day": _day(facts["until"]),
    }  # fmt: skip


def _need(facts: Facts) -> str:
    names = {"need": need_label(facts["need"])}
    if facts["until"] is None:
        return gettext("Somebody noted that this need is not so: %(need)s.") % names
    return gettext("This need is put off or met: %(need)s. It is asked about again from %(day)s on.") % {
        **names, "day": _day(facts["until"]),
    }  # fmt: skip


def _civil(facts: Facts) -> str:
    if facts["civil"] == Civil.NONE:
        return gettext("The customer has no civil capacity: the legal representative acts for them.")
    if not facts["represented"]:
        return gettext("The customer's civil capacity is limited, and no consent of a legal representative stands.")
    return gettext("The customer's civil capacity is limited: %(most)s and deposits are the most.") % {
        "most": f"R{LIMITED_RISK}"
    }


def _too_many(facts: Facts) -> str:
    return gettext("Assessed %(assessments)d times in 12 months; more than %(limit)d do not count.") % facts


def _reconfirm(facts: Facts) -> str:
    text = gettext(
        "The tolerance changed from C%(level_before)d to C%(risk_level)d and is not confirmed again yet: what only"
        " one of the two allows waits."
    )
    return text % facts


def _on_sale(facts: Facts) -> str:
    if not facts["active"]:
        return gettext("The bank does not offer this product any more.")
    if facts["sold_until"] is not None and facts["sold_until"] < bank_day():
        return gettext("On sale until %(day)s only.") % {"day": _day(facts["sold_until"])}
    return gettext("On sale from %(day)s on.") % {"day": _day(facts["sold_from"])}


def _assessment(facts: Facts) -> str:
    values = {"risk": _rated(facts["risk"]), "most": f"R{UNASSESSED_RISK}"}
    if facts["risk_level"] is None or facts["risk_valid_until"] is None:
        text = gettext(
            "There is no risk assessment yet: assess first. Without one %(most)s is the most; this is %(risk)s."
        )
        return text % values
    text = gettext(
        "The risk assessment (C%(level)d) expired on %(day)s: reassess first. Until then %(most)s is the most; this is"
        " %(risk)s."
    )
    return text % {**values, "level": facts["risk_level"], "day": _day(facts["risk_valid_until"])}


def _rated(risk: int | None) -> str:
    return gettext("unrated") if risk is None else f"R{risk}"


def _risk(facts: Facts) -> str:
    return gettext("Product risk R%(risk)d is above the tolerance C%(level)d.") % {
        "risk": facts["risk"], "level": facts["risk_level"],
    }  # fmt: skip


def _senior(facts: Facts) -> str:
    text = gettext("Product risk R%(risk)d at the age of %(age)d: from %(limit)d on, R%(senior)d and above stay out.")
    return text % {**facts, "senior": SENIOR_RISK}


def _age(facts: Facts) -> str:
    if facts["age"] < facts["limit"]:
        return gettext("The age of %(age)d is below %(limit)d.") % facts
    return gettext("The age of %(age)d is above %(limit)d.") % facts


def _capacity(facts: Facts) -> str:
    minimum = _amount(facts["minimum"])
    if facts["assets"] is None:
        return gettext("The least amount is %(minimum)s; what the customer has is not known.") % {"minimum": minimum}
    return gettext("The least amount of %(minimum)s is above the money at hand of %(assets)s.") % {
        "minimum": minimum, "assets": _amount(facts["assets"]),
    }  # fmt: skip


def _overdue(facts: Facts) -> str:
    days = facts["overdue_days"]
    if days is None:
        return gettext("Whether a repayment is overdue is not known.")
    return ngettext(
        "A repayment is %(days)d day overdue; none may be.",
        "A repayment is %(days)d days overdue; none may be.",
        days,
    ) % {"days": days}


def _burden(facts: Facts) -> str:
    if facts["debt_payment"] is None or not facts["income_month"]:
        return gettext("What the customer pays on debts is not known.")
    return gettext("Payments on debts of %(payment)s a month are above %(share)s of the income of %(income)s.") % {
        "payment": _amount(facts["debt_payment"]), "share": f"{facts['limit']:.0%}",
        "income": _amount(facts["income_month"]),
    }  # fmt: skip


_SENTENCES: dict[Rule, Callable[[Facts], str]] = {
    Rule.IN_SERVICE: _in_service,
    Rule.CONSENT: _always(_("The customer has not agreed to personal suggestions.")),
    Rule.COMPLAINT: _complaint,
    Rule.PAUSE: _pause,
    Rule.REFUSAL: _refusal,
    Rule.NEED: _need,
    Rule.ON_SALE: _on_sale,
    Rule.PRIVATE: _always(_("For qualified investors alone; no valid proof is recorded.")),
    Rule.CIVIL: _civil,
    Rule.AGE_KNOWN: _always(_("The customer's age is not known.")),
    Rule.MINOR: _age,
    Rule.RATED: _always(_("The risk of the product is not known.")),
    Rule.ASSESSMENT: _assessment,
    Rule.TOO_MANY: _too_many,
    Rule.RISK: _risk,
    Rule.RECONFIRM: _reconfirm,
    Rule.SENIOR: _senior,
    Rule.PAYER_AGE: _age,
    Rule.CAPACITY: _capacity,
    Rule.BORROWER_AGE: _age,
    Rule.DOWN_PAYMENT: _always(_("Consumer credit is no down payment on a house.")),
    Rule.INCOME: _always(_("The customer's income is not known.")),
    Rule.OVERDUE: _overdue,
    Rule.BURDEN: _burden,
}
