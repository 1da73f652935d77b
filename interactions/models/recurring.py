"""Follow-ups that come back: every so many days, weeks, months or years."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Unit(models.TextChoices):
    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class OffDays(models.TextChoices):
    """What becomes of one that falls on a day without work."""

    AFTER = "after", _("on the next working day")
    BEFORE = "before", _("on the working day before")
    KEEP = "keep", _("on that day all the same")


class Series(models.Model):
    """A follow-up that comes back. Its days are counted from `first`, so that a late one moves none of the others.

    One of them is open at a time: the next is made when it is done. stopped_at: none comes any more.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="series")
    first = models.DateField(_("first day"))
    every = models.PositiveSmallIntegerField(_("every"), validators=[MinValueValidator(1), MaxValueValidator(365)])
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    off_days = models.CharField(_("on a day without work"), max_length=8, choices=OffDays, default=OffDays.AFTER)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("recurring reminder")
        verbose_name_plural = _("recurring reminders")
        default_permissions = ()
