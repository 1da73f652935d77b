"""What a customer does not want to hear of, and pauses."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Refusal(models.Model):
    """ "Not interested": `topic` rests until the day `until`, longer after each refusal; empty: until reopened.

    topic: a need's code or a Topic; the room that recorded it knows its words. undone_at: taken back at once.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="refusals")
    topic = models.CharField(_("topic"), max_length=24)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("refused"), default=timezone.now)
    until = models.DateField(_("rests until"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        default_permissions = ()
        indexes = [
            models.Index(fields=["customer", "topic"], name="refusal_standing", condition=models.Q(undone_at=None))
        ]


class PauseReason(models.TextChoices):
    """Health is sensitive: without its own consent only that and until when sales pause is stored (PIPL Art. 28)."""

    PERSONAL = "personal", _("personal reasons")
    BEREAVEMENT = "bereavement", _("bereavement")
    OWN_WISH = "wish", _("the customer's wish")


class Pause(models.Model):
    """Sales to the customer wait until the day `until`; service and claims help go on."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=12, choices=PauseReason)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pause of sales")
        verbose_name_plural = _("pauses of sales")
        default_permissions = ()
        indexes = [models.Index(fields=["customer", "until"], name="pause_customer")]
