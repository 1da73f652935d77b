"""An assessment in words: for the manager, and for the customer who asks why."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.money import short_amount
from recommendations.credit.scorecard import Assessment, Facts, Grade, Mark, Trait


def sentence(mark: Mark, facts: Facts) -> str:
    """What one trait says, with the figures behind it."""
    return _SENTENCES[mark.trait](mark.value, facts)


def for_the_customer(found: Assessment, facts: Facts) -> str:
    """What a manager can tell the customer who asks how the bank came to it."""
    parts = [_("We looked at what your accounts here show, and nothing is decided by a machine.")]
    if found.speaks_for:
        parts.append(_("What speaks for it: %(reasons)s") % {"reasons": _joined(found.speaks_for, facts)})
    if found.speaks_against:
        parts.append(_("What we would like to look at with you: %(reasons)s") % {
            "reasons": _joined(found.speaks_against, facts)
        })  # fmt: skip
    if found.grade == Grade.OPEN or found.missing:
        parts.append(_("Papers about your income and other loans would complete the picture."))
    parts.append(_("A colleague decides, and you may ask for the reasons and for a second look."))
    return " ".join(parts)


def _joined(marks: tuple[Mark, ...], facts: Facts) -> str:
    return " ".join(sentence(mark, facts) for mark in marks)


def _penalty(value: float, facts: Facts) -> str:
    if not value:
        return _("No penalty interest in 12 months.")
    return ngettext(
        "Penalty interest was booked once in 12 months.",
        "Penalty interest was booked %(times)d times in 12 months.",
        int(value),
    ) % {"times": value}


def _lowest(value: float, facts: Facts) -> str:
    return _("The everyday account fell to %(amount)s at its lowest in 6 months.") % {"amount": _amount(facts.lowest)}


def _burden(value: float, facts: Facts) -> str:
    return _("All payments together would take %(share)d%% of an income of %(income)s a month.") % {
        "share": round(value * 100), "income": _amount(facts.income),
    }  # fmt: skip


def _reserve(value: float, facts: Facts) -> str:
    return _("Savings of %(amount)s would pay %(months).1f months.") % {
        "amount": _amount(facts.savings), "months": value,
    }  # fmt: skip


def _steady(value: float, facts: Facts) -> str:
    return _("Income came in %(months)d of the last 6 months.") % {"months": value}


def _turnover(value: float, facts: Facts) -> str:
    return _("%(amount)s come in a month: %(times).1f monthly payments.") % {
        "amount": _amount(facts.inflow), "times": value,
    }  # fmt: skip


def _overdue(value: float, facts: Facts) -> str:
    if not value:
        return _("No repayment was overdue in 24 months.")
    return ngettext(
        "A repayment was %(days)d day overdue within 24 months.",
        "A repayment was %(days)d days overdue within 24 months.",
        int(value),
    ) % {"days": value}


def _bureau(value: float, facts: Facts) -> str:
    return _("The credit score is %(score)d.") % {"score": value}


def _assets(value: float, facts: Facts) -> str:
    return _("Assets of %(amount)s are %(share)d%% of what is asked for.") % {
        "amount": _amount(facts.assets), "share": round(value * 100),
    }  # fmt: skip


def _history(value: float, facts: Facts) -> str:
    return ngettext(
        "Known to the bank for %(months)d month.", "Known to the bank for %(months)d months.", int(value)
    ) % {"months": value}


def _amount(minor: int | None) -> str:
    return _("unknown") if minor is None else short_amount(minor, settings.BASE_CURRENCY)


_SENTENCES: dict[Trait, Callable[[float, Facts], str]] = {
    Trait.PENALTY: _penalty, Trait.LOWEST: _lowest, Trait.BURDEN: _burden, Trait.RESERVE: _reserve,
    Trait.STEADY: _steady, Trait.TURNOVER: _turnover, Trait.OVERDUE: _overdue, Trait.BUREAU: _bureau,
    Trait.ASSETS: _assets, Trait.HISTORY: _history,
}  # fmt: skip
