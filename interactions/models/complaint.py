"""Complaints as cases, each with its steps, and the hold they put on sales."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Channel, Customer

ANSWER_DAYS = 15
EXTENDED_DAYS = (30, 60)  # one after the other, each with a reason; 60 in special cases


class ComplaintState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", pgettext_lazy("a complaint", "closed")


class Severity(models.TextChoices):
    """How bad it is; the meaning of each is in MEANINGS. A high one is told to the supervisor at once."""

    LOW = "low", pgettext_lazy("severity", "low")
    MEDIUM = "medium", pgettext_lazy("severity", "medium")
    HIGH = "high", pgettext_lazy("severity", "high")


MEANINGS = {
    Severity.LOW: _("a nuisance: a word and a hand settle it"),
    Severity.MEDIUM: _("time or money was lost: it is looked into and made good"),
    Severity.HIGH: _("great loss, personal data, or the customer turns to the regulator or the press"),
}


class Category(models.TextChoices):
    QUEUE = "queue", _("queue and waiting")
    ATTITUDE = "attitude", _("attitude")
    FEES = "fees", _("fees and interest")
    PRODUCT = "product", _("product or sale")
    SYSTEM = "system", _("system or app")
    PRIVACY = "privacy", _("personal data")
    OTHER = "other", pgettext_lazy("a complaint", "other")


class Via(models.TextChoices):
    """By which way a complaint came."""

    VISIT = "visit", _("at the branch")
    PHONE = "phone", _("phone")
    WECHAT = "wechat", _("WeChat")
    APP = "app", _("app")
    EMAIL = "email", _("e-mail")
    LETTER = "letter", _("letter")
    SURVEY = "survey", _("satisfaction survey")
    REGULATOR = "regulator", _("passed on by the regulator")


class Confirmation(models.TextChoices):
    """How the end was settled with the customer."""

    CONFIRMED = "confirmed", _("the customer agrees that it is settled")
    UNREACHABLE = "unreachable", _("could not be reached")


class Complaint(models.Model):
    """What a customer complained of and how it ended.

    due: `days` (15, 30, 60) calendar days after receipt, or after the customer came back. about: the person it
    concerns, who may not handle it. offer: the remedy, and what to offer the customer next time ("priority window").
    acknowledged_at: when the manager said sorry in person; until then, and while it is open, sales wait.
    confirmation: with the customer (when and how), or why not (after how many tries, and the reason).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="complaints")
    number = models.CharField(_("number"), max_length=24, unique=True, db_collation="C")
    text = models.TextField(_("complaint"))
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity, default=Severity.MEDIUM, db_default=Severity.MEDIUM
    )
    category = models.CharField(
        _("category"), max_length=12, choices=Category, default=Category.OTHER, db_default=Category.OTHER
    )
    via = models.CharField(_("received by"), max_length=12, choices=Via, default=Via.VISIT, db_default=Via.VISIT)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due = models.DateField(_("answer due"))
    days = models.PositiveSmallIntegerField(_("days to answer"), default=ANSWER_DAYS, db_default=ANSWER_DAYS)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    state = models.CharField(_("state"), max_length=8, choices=ComplaintState, default=ComplaintState.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True)
    reopened_at = models.DateTimeField(_("the customer came back"), null=True)
    ending = models.TextField(_("how it ended"), blank=True)
    offer = models.CharField(_("what to offer"), max_length=200, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    confirmation = models.CharField(
        _("settled with the customer"), max_length=12, choices=Confirmation, blank=True, default="", db_default=""
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_via = models.CharField(max_length=8, choices=Channel, blank=True, default="", db_default="")
    tries = models.PositiveSmallIntegerField(_("tries to reach the customer"), null=True)
    unreachable_reason = models.CharField(_("why not"), max_length=200, blank=True, default="", db_default="")
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="complaint_satisfaction_1_to_5", condition=models.Q(satisfaction__range=(1, 5))
            ),
            # Nobody handles what concerns themselves (domain: contact policy). NULL on either side passes.
            models.CheckConstraint(name="complaint_handler_not_about", condition=~models.Q(handler=models.F("about"))),
            models.CheckConstraint(
                name="complaint_days_15_30_60", condition=models.Q(days__in=[ANSWER_DAYS, *EXTENDED_DAYS])
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="complaint_customer"),
            models.Index(fields=["due", "id"], name="complaint_open", condition=models.Q(state="open")),
            models.Index(fields=["-closed_at", "id"], name="complaint_closed", condition=models.Q(state="closed")),
            models.Index(fields=["handler", "due"], name="complaint_handler"),
            models.Index(
                fields=["customer"],
                name="complaint_hold",
                condition=models.Q(state="open") | models.Q(acknowledged_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def counted_from(self) -> datetime:
        """From when the days to answer count: receipt, or when the customer came back."""
        return self.reopened_at or self.received_at


class StepKind(models.TextChoices):
    """What a step of a case was."""

    RECEIVED = "received", pgettext_lazy("step", "received")
    NOTE = "note", pgettext_lazy("step", "note")
    CLASSIFIED = "classified", pgettext_lazy("step", "looked at anew")
    ASSIGNED = "assigned", pgettext_lazy("step", "handed over")
    EXTENDED = "extended", pgettext_lazy("step", "more time")
    ESCALATED = "escalated", pgettext_lazy("step", "reminded")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("step", "said sorry in person")
    CLOSED = "closed", pgettext_lazy("step", "closed")
    REOPENED = "reopened", pgettext_lazy("step", "the customer came back")


class ComplaintStep(models.Model):
    """What was done on a case. Written once: the app's role may neither change nor delete it (crm/audit/grants.py).

    person: to whom it was handed, or who was reminded. due: the day an answer was due from then on. level: of a
    reminder (complaints.escalation.Level). by: None for the night and for a survey.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    kind = models.CharField(_("what"), max_length=12, choices=StepKind)
    text = models.TextField(_("note"), blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    level = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of a complaint")
        verbose_name_plural = _("steps of complaints")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "level", "due"],
                name="one_reminder_per_level",
                condition=models.Q(kind="escalated"),
            )
        ]
        indexes = [models.Index(fields=["complaint", "id"], name="complaint_steps")]
