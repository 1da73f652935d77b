"""Follow-ups with a day, a person and a reason: made by the night, by a logged promise, or by hand."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from interactions.models.recurring import Series


class ReminderKind(models.TextChoices):
    """In the order of urgency where two concern one customer on one day."""

    COMPLAINT = "complaint", _("complaint")
    PROMISE = "promise", _("promise")
    FOLLOW_UP = "follow_up", _("follow-up")
    WARNING = "warning", _("warning")
    KEEPING = "keeping", _("about to leave")
    INTENT = "intent", _("intent")
    MATURITY = "maturity", _("maturity")
    ASSESSMENT = "assessment", _("risk assessment")
    SUPPORT = "support", _("help in a hard time")
    BIRTH = "birth", _("birth of a child")
    BIRTHDAY = "birthday", _("birthday")
    INVITATION = "invitation", _("invitation")
    WELCOME = "welcome", _("welcome")
    RETIREMENT = "retirement", _("retirement ahead")
    ANNIVERSARY = "anniversary", _("years with the bank")
    WEDDING = "wedding", _("wedding anniversary")
    FESTIVAL = "festival", _("festival")
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

    assignee None: of the team (`team`: the managers of a branch) until somebody takes it. series: it comes back.
    made_by: None for the night's; another than the assignee gave it to them. touched_at: when a person changed it; the
    night then leaves it as it is.
    later: beyond the day's cap, shown on demand.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="reminders")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reminders")
    team = models.ForeignKey("staff.Branch", models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="reminders", db_index=False)
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
            models.CheckConstraint(
                condition=models.Q(assignee__isnull=False) | models.Q(team__isnull=False), name="somebodys_reminder"
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "due"], name="reminder_open", condition=models.Q(state="open")),
            models.Index(fields=["assignee", "ended_at"], name="reminder_ended", condition=~models.Q(state="open")),
            models.Index(fields=["customer", "due"], name="reminder_customer"),
            models.Index(fields=["team", "due"], name="reminder_team", condition=models.Q(state="open", assignee=None)),
            models.Index(fields=["series"], name="reminder_series", condition=models.Q(series__isnull=False)),
            models.Index(fields=["customer"], name="reminder_birth", condition=models.Q(kind="birth")),
            # The order "next follow-up" of the customer list; few rows, since the night makes none of them.
            models.Index(
                Greatest("due", Coalesce("snoozed_until", "due")),
                F("customer"),
                name="reminder_next",
                condition=models.Q(state="open", kind__in=["follow_up", "promise"]),
            ),
        ]
