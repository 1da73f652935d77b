"""What suitability asks of a person and no file brings: civil capacity, the qualified investor, a confirmed level."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Civil(models.TextChoices):
    """Capacity for civil conduct (民法典 Art. 18-24)."""

    FULL = "full", _("full")
    LIMITED = "limited", _("limited: with a legal representative")
    NONE = "none", _("none: the legal representative acts")


class InvestorStanding(models.Model):
    """A person's own record, kept by who serves them; without a row: full capacity, not qualified.

    represented_until: until when a legal representative's consent holds. qualified_until: the last day as a qualified
    investor, shown by `qualified_by` (合格投资者: proof of assets or income). reconfirmed_on: when the customer last
    confirmed a risk level that differs from the one before.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="investor")
    civil = models.CharField(_("civil capacity"), max_length=8, choices=Civil, default=Civil.FULL)
    represented_until = models.DateField(_("consent of the legal representative until"), null=True, blank=True)
    qualified_until = models.DateField(_("qualified investor until"), null=True, blank=True)
    qualified_by = models.CharField(_("shown by"), max_length=120, blank=True)
    reconfirmed_on = models.DateField(_("changed risk level confirmed on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("standing as an investor")
        verbose_name_plural = _("standings as investors")
        default_permissions = ()
