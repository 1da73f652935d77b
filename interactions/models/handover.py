"""A customer handed to a colleague, who serves them next."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Place(models.TextChoices):
    """Where a customer goes on to be served."""

    COUNTER = "counter", _("at the counter")
    LOBBY = "lobby", _("in the lobby")
    PHONE = "phone", _("by phone")
    WECHAT = "wechat", _("by WeChat")
    MEETING = "meeting", _("in a meeting")


class Handover(models.Model):
    """`by` hands a customer to `to`, with a sentence. place: where they go on.

    taken_at: when `to` opened it; until expires_at they may, whoever's customer it is.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="handovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    place = models.CharField(_("goes on"), max_length=8, choices=Place)
    text = models.CharField(_("what they should know"), max_length=200)
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["customer", "-at"], name="handover_customer")]

    @property
    def lasts(self) -> bool:
        """Whether it can still be taken."""
        return timezone.now() < self.expires_at
