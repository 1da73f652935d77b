"""What is asked about a loan, and about what a person decides."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.lib.money import digits
from customers.models import Means
from recommendations.credit.requests import Wish
from recommendations.models import Decided, Product, Regime

MOST_MONTHS = 360
ASKED_IN = [choice for choice in Means.choices if choice[0] != Means.FILE]


class WishForm(forms.Form):
    """The loan a customer asks for, and the authorisation without which nothing is looked at."""

    product = forms.ModelChoiceField(
        Product.objects.filter(active=True, regime=Regime.LOAN).order_by("code"), label=_("Loan"), empty_label="—"
    )
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(1000), max_value=Decimal(10**9), decimal_places=0)
    months = forms.IntegerField(label=_("Months"), min_value=3, max_value=MOST_MONTHS)
    rate = forms.DecimalField(label=_("Rate a year, %"), min_value=Decimal(0), max_value=Decimal(24), decimal_places=3)
    purpose = forms.CharField(label=_("What for"), max_length=120)
    authorised_by = forms.ChoiceField(label=_("Authorised"), choices=ASKED_IN)
    authorised = forms.BooleanField(
        label=_("The customer authorises a look at their credit records for this loan"),
        error_messages={"required": _("Without the customer's authorisation nothing is looked at.")},
    )

    def wish(self) -> Wish:
        data: dict[str, Any] = self.cleaned_data
        return Wish(
            product=data["product"],
            amount=int(data["amount"].scaleb(digits(settings.BASE_CURRENCY))),
            months=data["months"],
            rate=data["rate"],
            purpose=data["purpose"],
            authorised_by=data["authorised_by"],
        )


class DecisionForm(forms.Form):
    decided = forms.ChoiceField(label=_("Decision"), choices=Decided.choices)
    reason = forms.CharField(label=_("Why"), max_length=300)
