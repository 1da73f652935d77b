"""What speaks against a suggestion that may be made: said beside its reason, so that nobody sells over it."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.dates import bank_day
from crm.lib.money import short_amount
from recommendations.gate import Person
from recommendations.models import Answer, Product
from recommendations.words import answer_reason

LONG_TERM = 365  # days from which on money is tied for long
MUCH = 0.5  # of the money at hand
NEEDS_TIME = 60  # from this age on a risk is explained with more time
MOST = 2  # more are not read


def concerns(person: Person, product: Product, refused: Answer | None) -> list[str]:
    """At most MOST sentences, the weightiest first. refused: the customer's last no to the same need, if any."""
    found = [
        _refused(refused),
        _much_of_what_is_there(person, product),
        _tied(product),
        _may_lose(person, product),
        _debts(person, product),
    ]
    return [sentence for sentence in found if sentence][:MOST]


def _refused(refused: Answer | None) -> str:
    if refused is None:
        return ""
    day = date_format(bank_day(refused.at), "Y-m-d")
    if refused.reason:
        return _("On %(day)s the answer was no: %(reason)s.") % {"day": day, "reason": answer_reason(refused.reason)}
    return _("On %(day)s the answer was no.") % {"day": day}


def _much_of_what_is_there(person: Person, product: Product) -> str:
    if not product.minimum or not person.liquid or product.minimum < MUCH * person.liquid:
        return ""
    return _("The least amount of %(minimum)s is much of the %(liquid)s at hand.") % {
        "minimum": short_amount(product.minimum, settings.BASE_CURRENCY),
        "liquid": short_amount(person.liquid, settings.BASE_CURRENCY),
    }


def _tied(product: Product) -> str:
    if product.term_days is None or product.term_days < LONG_TERM:
        return ""
    years = round(product.term_days / 365)
    return ngettext(
        "The money is tied for %(years)d year: ask when it is needed.",
        "The money is tied for %(years)d years: ask when it is needed.",
        years,
    ) % {"years": years}


def _may_lose(person: Person, product: Product) -> str:
    if product.risk is None or product.risk < 2:
        return ""
    if person.age is not None and person.age >= NEEDS_TIME:
        return _("It may lose value: leave time to think it over, with the family too.")
    return _("It is no deposit: it may lose value.")


def _debts(person: Person, product: Product) -> str:
    if not person.debt_payment or not person.income_month:
        return ""
    share = f"{person.debt_payment / person.income_month:.0%}"
    return _("Payments on debts take %(share)s of the income.") % {"share": share}
