"""Exceptions to the scope of a person: one customer shared with a colleague, and a customer who walked in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.staff.models import ExpiringGrant
from customers.models.customer import Customer


class Share(ExpiringGrant):
    """One customer shared with one colleague until a day, given by a supervisor."""

    content_object = models.ForeignKey(Customer, models.CASCADE, related_name="shares", verbose_name=_("customer"))

    class Meta(ExpiringGrant.Meta):
        abstract = False
        verbose_name = _("shared customer")
        verbose_name_plural = _("shared customers")


class WalkInReason(models.TextChoices):
    COUNTER = "counter", _("The customer stands before me")
    CALL = "call", _("The customer is calling")
    OWNER_ABSENT = "owner_absent", _("Their manager cannot be reached")
    COMPLAINT = "complaint", _("The customer complains")


class WalkIn(models.Model):
    """A customer of the bank opened for a short time for a stated reason, by whoever serves them just now."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="walk_ins")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="walk_ins")
    reason = models.CharField(_("reason"), max_length=16, choices=WalkInReason)
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-expires_at"], name="walk_in_user")]


class LookUp(models.Model):
    """One attempt to find a customer by a whole identifier, whoever owns them: counted, so that guessing ends soon."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    found = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="look_up_user")]
