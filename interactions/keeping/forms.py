"""Why there is no cause for worry."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawForm(forms.Form):
    """What the customer said, or what is known: a house was bought, a child studies abroad."""

    note = forms.CharField(label=_("Why is there no cause for worry?"), max_length=200)
