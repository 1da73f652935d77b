"""One action on many customers of the list: what will be done, what is refused and why, and doing it at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.forms import DayInput
from crm.staff.cover import team_of
from crm.staff.models import Role, User
from crm.staff.scope import scope
from crm.workspace.teams import moving
from customers.access import visible_to
from customers.assigning import assign_refusal
from customers.lists import Asked, narrowed_book
from customers.models import Customer, WalkIn
from customers.tags import tag, tagged
from interactions import reminders

MOST = 500
AHEAD = timedelta(days=730)


class AssignForm(forms.Form):
    value = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("To which manager?"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = team_of(user).order_by("branch__code", "employee_number")


class RemindForm(forms.Form):
    value = forms.DateField(label=gettext_lazy("Next follow-up on"), widget=DayInput)
    text = forms.CharField(label=gettext_lazy("What for"), max_length=120, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_value(self) -> date:
        day: date = self.cleaned_data["value"]
        if not bank_day() <= day <= bank_day() + AHEAD:
            raise ValidationError(_("Choose a day from today to two years ahead."))
        return day


class TagForm(forms.Form):
    value = forms.CharField(label=gettext_lazy("Tag"), max_length=20)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class Preview:
    """fit: who the action is for. refused: who not, and why. gone: how many of the selected one sees no longer."""

    fit: list[Customer]
    refused: list[tuple[Customer, str]]
    gone: int = 0


Refusals = Callable[[Sequence[Customer], dict[str, Any], User], dict[int, str]]


@dataclass(frozen=True)
class Act:
    """refusals: customer id -> why not, beside what holds for every action. do: for those who are left."""

    name: str
    label: StrOrPromise
    icon: str
    form: Callable[..., forms.Form]
    refusals: Refusals
    do: Callable[[Sequence[Customer], dict[str, Any], User], None]
    leads: bool = False


def _no_assignment(customers: Sequence[Customer], said: dict[str, Any], user: User) -> dict[int, str]:
    return {customer.pk: assign_refusal(customer, said["value"], by=user) for customer in customers}


def _no_reminder(customers: Sequence[Customer], said: dict[str, Any], user: User) -> dict[int, str]:
    """Whom one sees only because they stood there is not one's to plan for."""
    limits = scope(user)
    walked_in = set(WalkIn.objects.filter(user=user, customer__in=[customer.pk for customer in customers]).values_list(
        "customer_id", flat=True
    ))  # fmt: skip
    return {
        customer.pk: _("is yours for a walk-in only")
        for customer in customers
        if customer.pk in walked_in
        and customer.owner_id not in limits.owner_ids
        and customer.branch_id not in limits.branch_ids
        and not (customer.owner_id is None and customer.branch_id in limits.pool_branch_ids)
    }


def _no_tag(customers: Sequence[Customer], said: dict[str, Any], user: User) -> dict[int, str]:
    return dict.fromkeys(tagged(customers, said["value"]), _("carries this tag already"))


def _remind(customers: Sequence[Customer], said: dict[str, Any], user: User) -> None:
    for customer in customers:
        reminders.set_next(customer, said["value"], by=user, text=said["text"])


def _assign(customers: Sequence[Customer], said: dict[str, Any], user: User) -> None:
    """Customers go with what is open about them, and the new manager has their hand-over list."""
    to: User = said["value"]
    was = {customer.pk: customer.owner_id for customer in customers}
    if customers and to.branch is not None:
        moving.move(dict.fromkeys(was, to), was, branch=to.branch, source=_("chosen in the list"), note="", by=user)


ACTS = {
    act.name: act
    for act in (
        Act("remind", gettext_lazy("Follow up"), "calendar-clock", RemindForm, _no_reminder, _remind),
        Act("tag", gettext_lazy("Tag"), "tag", TagForm, _no_tag,
            lambda them, said, user: tag(them, said["value"], by=user)),
        Act("assign", gettext_lazy("Assign"), "user-round-check", AssignForm, _no_assignment,
            _assign, leads=True),
    )
}  # fmt: skip


def acts_of(user: User) -> dict[str, Act]:
    """What `user` may do to many at once."""
    return {name: act for name, act in ACTS.items() if not act.leads or Role.SUPERVISOR in user.roles}


def all_of(user: User, asked: Asked) -> list[int]:
    """The ids of the first MOST customers of the list `asked` for, in its order."""
    found = narrowed_book(user, asked)
    if found is None:
        return []
    book, sort = found
    ordered = book.annotate(sort_key=sort.key).order_by("-sort_key" if sort.descending else "sort_key", "pk")
    return [pk for pk, _key in ordered.values_list("pk", "sort_key")[:MOST]]


def preview(user: User, act: Act, ids: Sequence[int], said: dict[str, Any], *, lock: bool = False) -> Preview:
    """What `act` would do to the customers `ids`, of whom only those count that `user` may see.

    lock: hold their rows until the transaction ends, so that what is found stays true until it is done.
    """
    wanted = list(dict.fromkeys(ids))[:MOST]
    found = visible_to(user).filter(pk__in=wanted).order_by("pk")
    customers = list(found.select_for_update(no_key=True) if lock else found)
    reasons = {pk: why for pk, why in act.refusals(customers, said, user).items() if why}
    reasons |= {customer.pk: _("is only stored: %(status)s") % {"status": customer.get_status_display()}
                for customer in customers if customer.restricted}  # fmt: skip
    return Preview(
        fit=[customer for customer in customers if customer.pk not in reasons],
        refused=[(customer, reasons[customer.pk]) for customer in customers if customer.pk in reasons],
        gone=len(wanted) - len(customers),
    )


@transaction.atomic
def do(user: User, act: Act, ids: Sequence[int], said: dict[str, Any]) -> Preview:
    """Do `act` to all of `ids` that nothing speaks against now, in one transaction; says who they were."""
    found = preview(user, act, ids, said, lock=True)
    act.do(found.fit, said, user)
    return found
