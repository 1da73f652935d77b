"""The features as people speak of them: the name in rules, what kind of value, the label, how a value is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.lib.dates import age_on
from crm.lib.money import short_amount
from customers.models import Churn, Family, Lifecycle, Tier


class Kind(Enum):
    """What a feature is, and so how rules compare it: money in units of BASE_CURRENCY, ratios as 0.3 for 30 %."""

    MONEY = "money"
    COUNT = "count"
    RATIO = "ratio"
    FLAG = "flag"
    DATE = "date"
    DAYS_SINCE = "days since"
    DAYS_UNTIL = "days until"
    YEARS_SINCE = "years since"
    WORD = "word"
    WORDS = "words"


@dataclass(frozen=True)
class FeatureField:
    """One name of the query language. column: of Features, where it is another; words: labels of a word's values."""

    name: str
    kind: Kind
    label: StrOrPromise
    column: str = ""
    words: Callable[[], dict[str, str]] | None = None

    @property
    def source(self) -> str:
        return self.column or self.name

    def value(self, stored: Any, day: date) -> Any:
        """What a rule compares, out of what is stored: days or years for a date where the name asks for them."""
        if stored is None:
            return None
        if self.kind in (Kind.DATE, Kind.DAYS_SINCE, Kind.DAYS_UNTIL, Kind.YEARS_SINCE):
            stored = date.fromisoformat(stored) if isinstance(stored, str) else stored
            if self.kind is Kind.DAYS_SINCE:
                return (day - stored).days
            if self.kind is Kind.DAYS_UNTIL:
                return (stored - day).days
            if self.kind is Kind.YEARS_SINCE:
                return age_on(stored, day)
        return stored

    def written(self, value: Any) -> str:
        """`value`, as `FeatureField.value` gives it, in the words of a page."""
        if value is None:
            return gettext("unknown")
        return _WRITTEN[self.kind](self, value)


def tier_words() -> dict[str, str]:
    """Code -> name of the tiers, in the language of the page."""
    return {tier.code: tier.name for tier in Tier.objects.all()}


def _labels(choices: list[tuple[str, StrOrPromise]]) -> Callable[[], dict[str, str]]:
    return lambda: {str(value): str(label) for value, label in choices}


def _days(count: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", count) % {"days": count}


def _years(count: int) -> str:
    return ngettext("%(years)d year", "%(years)d years", count) % {"years": count}


def _word(field: FeatureField, value: str) -> str:
    words = field.words() if field.words else {}
    return ", ".join(words.get(part, part) for part in value.split(","))


_WRITTEN: dict[Kind, Callable[[FeatureField, Any], str]] = {
    Kind.MONEY: lambda field, value: short_amount(value, settings.BASE_CURRENCY),
    Kind.COUNT: lambda field, value: f"{value:,}",
    Kind.RATIO: lambda field, value: f"{value:+.0%}" if field.name.endswith("growth") else f"{value:.1f}",
    Kind.FLAG: lambda field, value: gettext("yes") if value else gettext("no"),
    Kind.DATE: lambda field, value: value.isoformat(),
    Kind.DAYS_SINCE: lambda field, value: _days(value),
    Kind.DAYS_UNTIL: lambda field, value: _days(value),
    Kind.YEARS_SINCE: lambda field, value: _years(value),
    Kind.WORD: _word,
    Kind.WORDS: _word,
}

_LIFECYCLES = _labels(list(Lifecycle.choices))
_FAMILIES = _labels(list(Family.choices))

FIELDS: dict[str, FeatureField] = {
    field.name: field
    for field in (
        FeatureField("tier", Kind.WORD, _("Tier"), words=tier_words),
        FeatureField("tier_of_month", Kind.WORD, _("Tier of the last month alone"), words=tier_words),
        FeatureField("lifecycle", Kind.WORD, _("Lifecycle"), words=_LIFECYCLES),
        FeatureField("churn", Kind.WORD, _("Leaving"), words=_labels(list(Churn.choices))),
        FeatureField("near_upgrade", Kind.FLAG, _("Close to the next tier")),
        FeatureField("aum", Kind.MONEY, _("Assets")),
        FeatureField("aum_month_to_date", Kind.MONEY, _("Average assets this month")),
        FeatureField("aum_average_1", Kind.MONEY, _("Average assets last month")),
        FeatureField("aum_average_2", Kind.MONEY, _("Average assets 2 months ago")),
        FeatureField("aum_average_3", Kind.MONEY, _("Average assets 3 months ago")),
        FeatureField("aum_month_end", Kind.MONEY, _("Assets at the end of last month")),
        FeatureField("aum_year_ago", Kind.MONEY, _("Assets a year ago")),
        FeatureField("inflow_1", Kind.MONEY, _("Money in, last month")),
        FeatureField("inflow_3", Kind.MONEY, _("Money in, 3 months")),
        FeatureField("inflow_6", Kind.MONEY, _("Money in, 6 months")),
        FeatureField("inflow_12", Kind.MONEY, _("Money in, 12 months")),
        FeatureField("outflow_1", Kind.MONEY, _("Money out, last month")),
        FeatureField("outflow_3", Kind.MONEY, _("Money out, 3 months")),
        FeatureField("outflow_6", Kind.MONEY, _("Money out, 6 months")),
        FeatureField("outflow_12", Kind.MONEY, _("Money out, 12 months")),
        FeatureField("inflow_growth", Kind.RATIO, _("Growth of money in")),
        FeatureField("business_growth", Kind.RATIO, _("Growth of business receipts")),
        FeatureField("to_other_banks_3", Kind.MONEY, _("To other banks, 3 months")),
        FeatureField("invested_elsewhere_6", Kind.MONEY, _("To investments at other banks, 6 months")),
        FeatureField("rent_months_6", Kind.COUNT, _("Months with rent, of 6")),
        FeatureField("tuition_12", Kind.MONEY, _("Paid for school, 12 months")),
        FeatureField("insurance_12", Kind.MONEY, _("Insurance premiums, 12 months")),
        FeatureField("largest_recent", Kind.MONEY, _("Largest recent movement")),
        FeatureField("largest_ratio", Kind.RATIO, _("Largest movement against the usual")),
        FeatureField("salary_average_6", Kind.MONEY, _("Average salary")),
        FeatureField("salary_months_6", Kind.COUNT, _("Months with salary, of 6")),
        FeatureField("payroll", Kind.FLAG, _("Salary paid through us")),
        FeatureField("saving_months_12", Kind.COUNT, _("Months with saving, of 12")),
        FeatureField("saving_average_12", Kind.MONEY, _("Usually put aside a month")),
        FeatureField("saving_broken", Kind.FLAG, _("Savings taken back")),
        FeatureField("fx_moves_12", Kind.COUNT, _("Foreign exchange, times in 12 months")),
        FeatureField("overseas_moves_12", Kind.COUNT, _("Payments abroad, 12 months")),
        FeatureField("overseas_amount_12", Kind.MONEY, _("Paid abroad, 12 months")),
        FeatureField("moves_3", Kind.COUNT, _("Own transactions, 3 months")),
        FeatureField("moves_previous_3", Kind.COUNT, _("Own transactions, the 3 months before")),
        FeatureField("mobile_months_6", Kind.COUNT, _("Months with the mobile bank, of 6")),
        FeatureField("counter_months_6", Kind.COUNT, _("Months at the counter, of 6")),
        FeatureField("last_active_on", Kind.DATE, _("Last active")),
        FeatureField("days_since_active", Kind.DAYS_SINCE, _("Not active since"), "last_active_on"),
        FeatureField("age", Kind.YEARS_SINCE, _("Age"), "birth_date"),
        FeatureField("children", Kind.COUNT, _("Children")),
        FeatureField("child_born_on", Kind.DATE, _("Youngest child born")),
        FeatureField("child_age", Kind.YEARS_SINCE, _("Age of the youngest child"), "child_born_on"),
        FeatureField("customer_since", Kind.DATE, _("Customer since")),
        FeatureField("days_as_customer", Kind.DAYS_SINCE, _("Customer for"), "customer_since"),
        FeatureField("families", Kind.WORDS, _("Product families"), words=_FAMILIES),
        FeatureField("family_count", Kind.COUNT, _("Number of product families")),
        FeatureField("next_maturity_on", Kind.DATE, _("Next maturity")),
        FeatureField("days_until_maturity", Kind.DAYS_UNTIL, _("Matures in"), "next_maturity_on"),
        FeatureField("loan_outstanding", Kind.MONEY, _("Loans outstanding")),
        FeatureField("overdue_days", Kind.COUNT, _("Days overdue")),
        FeatureField("overdue_amount", Kind.MONEY, _("Amount overdue")),
        FeatureField("mortgage_since", Kind.DATE, _("Mortgage since")),
        FeatureField("days_since_mortgage", Kind.DAYS_SINCE, _("Mortgage for"), "mortgage_since"),
        FeatureField("risk_level", Kind.COUNT, _("Risk tolerance")),
        FeatureField("days_until_reassessment", Kind.DAYS_UNTIL, _("Risk assessment valid for"), "risk_valid_until"),
    )
}
