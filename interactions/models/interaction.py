"""What was said and promised: conversations between staff and customers, notes still being written, last contacts."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer
from interactions.models.topic import Topic


class Direction(models.TextChoices):
    OUT = "out", _("we contacted the customer")
    IN = "in", _("the customer contacted us")


class Kind(models.TextChoices):
    """What a contact was for. Only MARKETING counts in the contact budget."""

    SERVICE = "service", _("service")
    CARE = "care", _("care")
    MARKETING = "marketing", _("offer")


class Outcome(models.TextChoices):
    TALKED = "talked", _("talked")
    NO_ANSWER = "no_answer", _("no answer")
    LEFT_MESSAGE = "message", _("left a message")


class Mood(models.TextChoices):
    PLEASED = "pleased", _("pleased")
    CALM = "calm", _("calm")
    HURRIED = "hurried", _("impatient")
    UPSET = "upset", _("upset")


# A conversation; a text message sent or an unanswered call is none (domain: contacted).
CONVERSATIONS = (Channel.PHONE, Channel.WECHAT, Channel.VISIT)


class Interaction(models.Model):
    """One contact between staff and a customer.

    promise: what the person promised, by promise_due if a day was named; open until promise_kept_at.
    question: what the customer asked and nobody could answer yet; open until question_answered_at.
    satisfaction: 1 to 5 if the customer said. reference: the bank's own key of an imported contact.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="interactions")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.OUT)
    kind = models.CharField(_("for"), max_length=12, choices=Kind, default=Kind.SERVICE)
    topics = ArrayField(
        models.CharField(max_length=12, choices=Topic), verbose_name=_("topics"), default=list, blank=True
    )
    summary = models.TextField(_("what was said"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.TALKED)
    promise = models.CharField(_("promise"), max_length=200, blank=True)
    promise_due = models.DateField(_("promised by"), null=True, blank=True)
    promise_kept_at = models.DateTimeField(null=True)
    question = models.CharField(_("open question"), max_length=200, blank=True)
    question_answered_at = models.DateTimeField(null=True)
    mood = models.CharField(_("mood"), max_length=8, choices=Mood, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    reference = models.CharField(max_length=40, null=True, unique=True, db_collation="C")  # noqa: DJ001 - NULL is none
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="interaction_satisfaction_1_to_5", condition=models.Q(satisfaction__range=(1, 5))
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="interaction_customer_at"),
            models.Index(fields=["by", "-at"], name="interaction_by_at"),
            models.Index(fields=["at"], name="interaction_at"),
            models.Index(
                fields=["customer", "promise_due"],
                name="interaction_promised",
                condition=models.Q(promise_kept_at=None) & ~models.Q(promise=""),
            ),
        ]

    @property
    def conversation(self) -> bool:
        """Whether customer and bank spoke: what the clock of losing touch is set back by."""
        return self.outcome == Outcome.TALKED and self.channel in CONVERSATIONS


class LastContact(models.Model):
    """The newest conversation with each customer, kept with every logged or imported one: lists and nights read it."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="last_contact")
    at = models.DateTimeField(_("last contact"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        # The order "not spoken to for longest" of the customer list, for who sees the whole bank.
        indexes = [models.Index(fields=["at", "customer"], name="last_contact_at")]


class Draft(models.Model):
    """A note still being written, kept on the server while one types. data: the form's fields as typed.

    One that is not parked is the one shown at its customer; parked ones wait in the bar.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    parked = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="one_draft_a_customer")]
