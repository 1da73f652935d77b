"""The form of a hand-over, and whom it offers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role, User
from customers.models import Customer
from interactions.models import Place
from interactions.policy_forms import PersonField, colleagues

AGENTS_OFFERED = 30


class HandOverForm(forms.Form):
    to = PersonField(label=_("To whom"))
    place = forms.ChoiceField(label=_("Where they go on"), choices=Place.choices)
    text = forms.CharField(
        label=_("What they should know, in a sentence"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_to(self) -> Any:
        if self.cleaned_data["to"] is None:
            raise ValidationError(_("To whom?"))
        return self.cleaned_data["to"]


def who_may_take(user: User, customer: Customer) -> list[User]:
    """Whom the form offers: who serves customers in the branch of either, and service agents of the bank."""
    near = colleagues([pk for pk in {user.branch_id, customer.branch_id} if pk])
    agents = User.objects.filter(is_active=True, groups__name=Role.AGENT).order_by("employee_number")[:AGENTS_OFFERED]
    found = {person.pk: person for person in (*near, *agents)}
    found.pop(user.pk, None)
    return list(found.values())
