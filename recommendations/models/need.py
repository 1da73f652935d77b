"""What a customer may want to achieve: it comes before any product (domain, section 6)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Need(models.TextChoices):
    GOAL_SAVING = "goal_saving", _("a savings goal")
    EDUCATION = "education", _("education of a child")
    PENSION = "pension", _("income in old age")
    TRAVEL = "travel", _("business travel")
    HOUSE = "house", _("buying a house")
    REINVESTMENT = "reinvestment", _("what to do with a maturing deposit")
    BUSINESS = "business", _("business growth")
    CHILD = "child", _("an account for a child")
    COVER = "cover", _("cover for the family")
    JOINT = "joint", _("goals of a couple")
    LIQUIDITY = "liquidity", _("ready money and claims")
    LITERACY = "literacy", _("knowing one's way in money matters")
    FRAUD = "fraud", _("protection against fraud")
    GROWTH = "growth", _("making more of savings")


class NeedState(models.TextChoices):
    FOUND = "found", _("perhaps")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("not so")
    POSTPONED = "postponed", _("later")
    MET = "met", _("met")
    GONE = "gone", _("no longer seen")


# What a customer has one of per need; the others are history.
STANDING = (NeedState.FOUND, NeedState.CONFIRMED, NeedState.REFUSED, NeedState.POSTPONED)


class NeedSource(models.TextChoices):
    NIGHT = "night", _("concluded from the figures")
    LIFE = "life", _("a life event")
    MANAGER = "manager", _("said by the customer")


class CustomerNeed(models.Model):
    """A need of one customer, with its evidence and what a person decided about it.

    evidence: feature name -> value as stored, "viewed", "event" -> a day, "said" -> the customer's words. found_by: ids
    of the rules that hold. confidence: 0 to 1; 1 where a person confirmed it. last_seen: the day on which the night did
    not see it any more; None: it still does, or never did. later_until: of a postponed one. families_then: the product
    families in use when it was first seen. ending: why it ended. before: what undoing brings back.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="needs")
    need = models.CharField(_("need"), max_length=16, choices=Need)
    state = models.CharField(_("state"), max_length=10, choices=NeedState, default=NeedState.FOUND)
    source = models.CharField(_("source"), max_length=8, choices=NeedSource, default=NeedSource.NIGHT)
    rule = models.ForeignKey("recommendations.Rule", models.PROTECT, null=True, related_name="+", db_constraint=False)
    found_by = ArrayField(models.BigIntegerField(), default=list)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    confidence = models.FloatField(_("how sure"), default=0)
    first_seen = models.DateField(_("first seen"))
    last_seen = models.DateField(_("last seen"), null=True)
    later_until = models.DateField(null=True)
    families_then = models.CharField(max_length=120, blank=True, default="")
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=12, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    before: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "need"], condition=models.Q(state__in=STANDING), name="one_standing_need_of_a_kind"
            ),
            models.CheckConstraint(name="need_confidence_0_to_1", condition=models.Q(confidence__range=(0, 1))),
        ]
        indexes = [models.Index(fields=["customer", "state"], name="need_customer")]
