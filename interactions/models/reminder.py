"""Follow-ups with a day, a person and a reason: made by the night, by a logged promise, or by hand."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class ReminderKind(models.TextChoices):
    """In the order of urgency where two concern one customer on one day."""

    COMPLAINT = "complaint", _("complaint")
    PROMISE = "promise", _("promise")
    FOLLOW_UP = "follow_up", _("follow-up")
    WARNING = "warning", _("warning")
    INTENT = "intent", _("intent")
    MATURITY = "maturity", _("maturity")
    ASSESSMENT = "assessment", _("risk assessment")
    BIRTHDAY = "birthday", _("birthday")
    WELCOME = "welcome", _("welcome")
    RETIREMENT = "retirement", _("retirement ahead")
    LOSING_TOUCH = "losing", _("losing touch")
    NOTHING_PLANNED = "unplanned", _("nothing planned")


class ReminderState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DISMISSED = "dismissed", _("dismissed")


class ReminderColumns(models.Model):
    """What makes a reminder. cause: what it is about (a holding, a year's birthday): a customer has one per kind and
    cause, for ever. values: what its sentence says, by name; the sentence of a kind is in interactions/reasons.py.
    priority: 1 (first) to 9.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ReminderKind)
    cause = models.CharField(max_length=60, db_collation="C")
    due = models.DateField(_("due"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        abstract = True


class StagedReminder(ReminderColumns):
    """A reminder a running night wants, until it publishes them."""

    pk = models.CompositePrimaryKey("run", "customer_id", "kind", "cause")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    assignee_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class Reminder(ReminderColumns):
    """A follow-up. text: a person's own words where one wrote it. at_time: for appointments.

    made_by: None for the night's. touched_at: when a person changed it; the night then leaves it as it is.
    later: beyond the day's cap, shown on demand.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="reminders")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders")
    at_time = models.TimeField(_("time"), null=True, blank=True)
    text = models.CharField(_("what"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ReminderState, default=ReminderState.OPEN)
    snoozed_until = models.DateField(_("snoozed until"), null=True)
    snooze_reason = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField(null=True)
    later = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "cause"], name="one_reminder_per_cause"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due"], name="reminder_open", condition=models.Q(state="open")),
            models.Index(fields=["assignee", "ended_at"], name="reminder_ended", condition=~models.Q(state="open")),
            models.Index(fields=["customer", "due"], name="reminder_customer"),
            # The order "next follow-up" of the customer list; few rows, since the night makes none of them.
            models.Index(
                Greatest("due", Coalesce("snoozed_until", "due")),
                F("customer"),
                name="reminder_next",
                condition=models.Q(state="open", kind__in=["follow_up", "promise"]),
            ),
        ]
