"""The manager's warnings: neutral words, the movements themselves, and what the customer said about them.

Tipping-off is an offence (domain: 反洗钱): no pattern's name, no threshold, no report's state, and nothing of cases.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.keyset import newest_first
from crm.staff.models import User
from customers.access import visible_to
from customers.models import (
    FOR_COMPLIANCE_ALONE,
    Category,
    Customer,
    Detector,
    MoneyChannel,
    RiskWarning,
    WarningState,
)

WORDS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    Detector.LARGE_VALUE: (_("A large movement"), _("Please verify the purpose with the customer.")),
    Detector.LARGE_MOVE: (
        _("A movement unusual for this customer"), _("Please verify the purpose with the customer."),
    ),
    Detector.FREQUENT_LARGE: (
        _("Several large movements within days"), _("Please verify the purpose with the customer."),
    ),
    Detector.DORMANT_ACTIVE: (
        _("Active again after a long time"), _("Please make sure that it was the customer, and ask what for."),
    ),
    Detector.RAPID_IN_OUT: (
        _("Several large movements within days"), _("Please verify the purpose with the customer."),
    ),
    Detector.EARLY_REPAYMENT: (
        _("A loan was repaid early"), _("Ask whether the customer is content, and what is planned."),
    ),
    Detector.OVERDUE: (_("A repayment is overdue"), _("Ask what happened, and what would help.")),
    Detector.CREDIT_FALL: (
        _("The credit score fell"), _("Ask how things are; offer a talk about the repayments."),
    ),
}  # fmt: skip
PAGE_SIZE = 30


@dataclass(frozen=True)
class Fact:
    """One line of evidence. amount: minor units of `currency`, None where it is none of money."""

    on: date
    text: str
    amount: int | None
    currency: str


@dataclass(frozen=True)
class Warned:
    """A warning as a manager reads it."""

    warning: RiskWarning
    title: StrOrPromise
    what_to_do: StrOrPromise
    facts: list[Fact]


def for_managers() -> QuerySet[RiskWarning]:
    """The warnings that managers may read; a falling score only with a live loan (credit-bureau rules)."""
    shown = RiskWarning.objects.exclude(detector__in=FOR_COMPLIANCE_ALONE)
    return shown.filter(~Q(detector=Detector.CREDIT_FALL) | Q(customer__features__loan_outstanding__gt=0))


def of_customer(customer: Customer) -> list[Warned]:
    """The customer's warnings, open ones first, newest first; at most PAGE_SIZE."""
    found = for_managers().filter(customer=customer).select_related("noted_by")
    return [read(warning) for warning in found.order_by("-state", "-day", "-pk")[:PAGE_SIZE]]


def visible_warnings(user: User, state: str, cursor: str) -> tuple[list[Warned], str]:
    """Warnings in `state` of the customers whom `user` sees, newest first, after `cursor`; and the next cursor."""
    customers = visible_to(user).in_service().values("pk")
    found = for_managers().filter(customer__in=customers, state=state).select_related("customer", "noted_by")
    rows, following = newest_first(found, cursor, PAGE_SIZE)
    return [read(warning) for warning in rows], following


def read(warning: RiskWarning) -> Warned:
    """`warning` in a manager's words."""
    title, what_to_do = WORDS[warning.detector]
    return Warned(warning, title, what_to_do, [fact(item) for item in warning.evidence])


def fact(item: dict[str, Any]) -> Fact:
    """One piece of copied evidence in words."""
    on = date.fromisoformat(item["on"])
    if "score" in item:
        return Fact(on, f"{item['before']} → {item['score']}", None, "")
    if "overdue_days" in item:
        days = ngettext("%(days)d day overdue", "%(days)d days overdue", item["overdue_days"])
        late = days % {"days": item["overdue_days"]}
        return Fact(on, f"{item.get('product') or ''} {late}".strip(), abs(item["amount"]), item["currency"])
    category, channel = item["category"], item["channel"]
    parts = [
        str(Category(category).label) if category in Category.values else category,
        str(MoneyChannel(channel).label) if channel in MoneyChannel.values else channel,
        item.get("counterparty") or "",
        f"…{item['tail']}" if item.get("tail") else "",
        item.get("country") or "",
    ]
    return Fact(on, " · ".join(part for part in parts if part), item["amount"], item["currency"])


class NoteForm(forms.Form):
    """What the customer said."""

    note = forms.CharField(label=_("What the customer said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AlreadyExplainedError(Exception):
    """Somebody else kept what the customer said in the meantime."""


@transaction.atomic
def explain(warning: RiskWarning, *, note: str, by: User) -> None:
    """Keep what the customer said. Raises AlreadyExplainedError where it is kept already: no note replaces another."""
    if RiskWarning.objects.select_for_update().get(pk=warning.pk).state == WarningState.EXPLAINED:
        raise AlreadyExplainedError
    warning.state, warning.note = WarningState.EXPLAINED, note
    warning.noted_at, warning.noted_by = timezone.now(), by
    warning.save(update_fields=["state", "note", "noted_at", "noted_by"])
    record(
        Action.CHANGE, by=by, object_type="warning", object_ids=[warning.customer_id], label=str(warning.pk),
        detail={"state": warning.state},
    )  # fmt: skip
