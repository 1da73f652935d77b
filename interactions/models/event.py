"""What customers did themselves, on any channel, and by which names the channels know them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from interactions.models.topic import Topic


class EventChannel(models.TextChoices):
    BRANCH = "branch", _("branch")
    ATM = "atm", _("ATM")
    MOBILE = "mobile", _("mobile bank")
    WEB = "web", _("online bank")
    PHONE = "phone", _("phone bank")
    WECHAT = "wechat", _("WeChat")


class EventKind(models.TextChoices):
    """`INTENTS` among them say that the customer is thinking of something now."""

    LOGIN = "login", _("signed in")
    VIEWED = "viewed", _("looked at")
    CALCULATED = "calculated", _("calculated")
    APPLIED = "applied", _("applied for")
    LIMIT_RAISED = "limit_raised", _("raised a limit")
    TRANSACTION = "transaction", _("did a transaction")
    ASKED = "asked", _("asked")
    QUEUED = "queued", _("waited")
    JOINED = "joined", _("took part in")
    COUPON = "coupon", _("used a coupon")
    LEARNT = "learnt", _("learnt")
    OTHER = "other", _("other")


INTENTS = (EventKind.VIEWED, EventKind.CALCULATED, EventKind.APPLIED)
# What has nothing to do with money: activities, coupons, learning.
ENGAGEMENTS = (EventKind.JOINED, EventKind.COUPON, EventKind.LEARNT)


class ChannelIdentity(models.Model):
    """By which name a channel knows a customer. The name itself is not kept: its keyed index and its last characters.

    verified_at: when the bank made sure; an identity that is not verified resolves nothing.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="channel_identities")
    channel = models.CharField(_("channel"), max_length=8, choices=EventChannel)
    external_index = models.BinaryField()
    external_tail = models.CharField(max_length=4)
    verified_at = models.DateTimeField(_("verified"), null=True)

    class Meta:
        verbose_name = _("channel identity")
        verbose_name_plural = _("channel identities")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "external_index"], name="one_customer_per_identity")]


class ChannelEvent(models.Model):
    """Something a customer did on a channel. Without a customer it waits in the queue of the unresolved.

    subject: what it was about, in the channel's own words ("个人住房贷款利率"). seconds: how long, where known.
    amount: minor units of BASE_CURRENCY.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="channel_events")
    channel = models.CharField(_("channel"), max_length=8, choices=EventChannel)
    external_index = models.BinaryField(null=True)
    external_tail = models.CharField(max_length=4, blank=True)
    kind = models.CharField(_("what"), max_length=12, choices=EventKind)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic, blank=True)
    subject = models.CharField(_("about"), max_length=120, blank=True)
    seconds = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    reference = models.CharField(max_length=40, db_collation="C")

    class Meta:
        verbose_name = _("channel event")
        verbose_name_plural = _("channel events")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "reference"], name="one_event_per_reference")]
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="event_customer_at"),
            models.Index(
                fields=["channel", "external_index"], name="event_unresolved", condition=models.Q(customer=None)
            ),
            models.Index(fields=["at"], name="event_at"),
        ]
