"""Serving society: lectures and visits, who was invited, who came, and what they said."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Branch
from customers.models import Customer


class Occasion(models.TextChoices):
    FRAUD = "fraud", _("lecture on fraud prevention")
    BASICS = "basics", _("lecture on financial basics")
    BRANCH = "branch", _("visit to the branch")
    HOME = "home", _("anti-fraud visit at home")


class OutreachState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Outreach(models.Model):
    """An event for the public: free, open to everybody, and no product is spoken of.

    found: whom it is meant for ("depositors", "elders" or "" for anybody); district: of which district, "" for any.
    guests: how many came without an invitation; they leave no name.
    """

    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion)
    title = models.CharField(_("title"), max_length=80)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="outreach", verbose_name=_("branch"))
    place = models.CharField(_("place"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(1000)], default=30
    )
    speaker = models.CharField(_("speaker"), max_length=60, blank=True)
    found = models.CharField(max_length=12, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=OutreachState, default=OutreachState.PLANNED)
    guests = models.PositiveSmallIntegerField(_("guests without invitation"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event for society")
        verbose_name_plural = _("events for society")
        default_permissions = ()
        indexes = [models.Index(fields=["branch", "-starts_at"], name="outreach_of_branch")]

    def __str__(self) -> str:
        return self.title


class Reply(models.TextChoices):
    INVITED = "invited", _("invited")
    COMING = "coming", _("is coming")
    DECLINED = "declined", _("is not coming")


class Invitation(models.Model):
    """One customer asked to one event. why: what they were found by, by name, for the sentence.

    by_hand: the inviter asks them without a reminder. attended: None until somebody ticked.
    """

    event = models.ForeignKey(Outreach, models.CASCADE, related_name="invitations")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="invitations")
    why: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by_hand = models.BooleanField(default=False)
    reply = models.CharField(_("reply"), max_length=8, choices=Reply, default=Reply.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    attended = models.BooleanField(null=True)
    attended_at = models.DateTimeField(null=True)
    attended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["event", "customer"], name="invited_once")]
        indexes = [models.Index(fields=["customer"], name="invitation_customer")]


class EventFeedback(models.Model):
    """How an event was: of one guest (`invitation`), or how many of the nameless ones gave this rating."""

    event = models.ForeignKey(Outreach, models.CASCADE, related_name="feedback")
    invitation = models.OneToOneField(Invitation, models.CASCADE, null=True, related_name="feedback")
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    number = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(_("what was said"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["event", "rating"], name="nameless_once_a_rating", condition=models.Q(invitation=None)
            ),
        ]


class DistrictAge(models.Model):
    """The customers of one branch in one district as a night counted them; pages count no large table.

    depositors: with the bank for years and with nothing but deposits (interactions/outreach/finding.py).
    """

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+")
    district = models.CharField(max_length=60)
    customers = models.PositiveIntegerField()
    aged_60 = models.PositiveIntegerField()
    aged_65 = models.PositiveIntegerField()
    depositors = models.PositiveIntegerField()
    day = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["branch", "district"], name="district_of_branch")]
