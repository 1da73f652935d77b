"""The contact policy's rules as the bank sets them, and what customers themselves wish and do."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer

# A bound is a number or, said explicitly, none: an empty number is not taken for "as many as one likes".
_BOUND = (models.Q(unlimited=True) & models.Q(cap=None)) | (models.Q(unlimited=False) & models.Q(cap__isnull=False))
_WINDOW = models.Q(days__range=(1, 366))


class ContactRules(models.Model):
    """One version of the bank's rules; the newest is in force. A version is never edited: a change is a new one.

    cap marketing contacts (0: none; unlimited: as many as one likes) in any `days` days on end, over all channels
    and people. rest_days: how long a refused topic rests at first. quiet hours: of channels without hours of their own.
    """

    cap = models.PositiveSmallIntegerField(_("marketing contacts at most"), null=True, blank=True)
    unlimited = models.BooleanField(_("unlimited"), default=False)
    days = models.PositiveSmallIntegerField(_("in any so many days"), default=30)
    rest_days = models.PositiveSmallIntegerField(_("days a refused topic rests at first"), default=45)
    quiet_from = models.TimeField(_("quiet from"))
    quiet_until = models.TimeField(_("quiet until"))
    reason = models.CharField(_("why"), max_length=200)
    at = models.DateTimeField(_("in force from"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("contact rules")
        verbose_name_plural = _("contact rules")
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(name="contact_rules_bound", condition=_BOUND),
            models.CheckConstraint(name="contact_rules_window", condition=_WINDOW),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class ContactLimit(models.Model):
    """What a version of the rules says of one channel besides: a bound of its own, and quiet hours of its own."""

    rules = models.ForeignKey(ContactRules, models.CASCADE, related_name="limits")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    cap = models.PositiveSmallIntegerField(_("marketing contacts at most"), null=True, blank=True)
    unlimited = models.BooleanField(_("unlimited"), default=False)
    days = models.PositiveSmallIntegerField(_("in any so many days"), default=30)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("limit of a channel")
        verbose_name_plural = _("limits of channels")
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(fields=["rules", "channel"], name="one_limit_per_channel"),
            models.CheckConstraint(name="contact_limit_bound", condition=_BOUND),
            models.CheckConstraint(name="contact_limit_window", condition=_WINDOW),
            models.CheckConstraint(
                name="contact_limit_quiet_both",
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_channel_display())


class ContactWish(models.Model):
    """When a customer wishes not to be disturbed, by any channel: it wins over the bank's quiet hours.

    Both ends empty: no wish. time_zone: where the customer lives, empty for the bank's own ("Europe/Prague").
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="contact_wish")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="contact_wish_both",
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
            )
        ]


class ActiveHours(models.Model):
    """In which hours of the bank's day (0 to 23) a customer used channels in the last 90 days: made by the night."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="active_hours")
    hours = ArrayField(models.SmallIntegerField())

    class Meta:
        default_permissions = ()
