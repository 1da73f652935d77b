"""Customers about to leave: one episode a fall below the tier, from the night that noticed it to its end."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer

LOST_AFTER_DAYS = 90  # open for so long without being back at the tier


class Fall(models.TextChoices):
    """How far (domain: 轻度、重度流失): the month's end alone is below the tier, or a month's average as well."""

    LIGHT = "light", _("below the tier since the end of a month")
    SEVERE = "severe", _("below the tier for a whole month")


class EpisodeState(models.TextChoices):
    OPEN = "open", _("about to leave")
    RESCUED = "rescued", _("stayed")
    LOST = "lost", _("lost")
    WITHDRAWN = "withdrawn", _("no cause for worry")


class ChurnEpisode(models.Model):
    """One fall of one customer. day: the bank day whose night noticed it.

    reached: the last month whose average had reached the tier: the night opens one episode per such month, for ever.
    fell_from, floor: that tier and from where it begins, minor units of BASE_CURRENCY; stayed means assets back at it.
    reasons: what the night saw as it opened or grew worse, copied (interactions/keeping/words.py says it in words).
    handled_by: who took it up. ended_by, note: who found no cause for worry, and why; None: the night.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="churn_episodes")
    day = models.DateField(_("noticed"))
    kind = models.CharField(_("how far"), max_length=8, choices=Fall)
    reached = models.DateField()
    fell_from = models.CharField(max_length=12)
    floor = models.BigIntegerField()
    reasons: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=EpisodeState, default=EpisodeState.OPEN)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(_("ended"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("why there is no cause for worry"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("churn episode")
        verbose_name_plural = _("churn episodes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=models.Q(state="open"), name="one_open_episode"),
        ]
        indexes = [
            models.Index(fields=["state", "-day", "-id"], name="episode_state_day"),
            models.Index(fields=["ended_on"], name="episode_ended", condition=models.Q(ended_on__isnull=False)),
        ]
