"""What might help a customer, past the gate, with its evidence; and what became of it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from recommendations.models.need import Need
from recommendations.models.product import Product
from recommendations.models.rule import Rule


class SuggestionState(models.TextChoices):
    OPEN = "open", _("open")
    OFFERED = "offered", _("offered")
    INTERESTED = "interested", _("interested")
    LATER = "later", _("later")
    REFUSED = "refused", _("not interested")
    WRONG = "wrong", _("based on a wrong fact")
    OVER = "over", _("no longer fits")


LIVE = (SuggestionState.OPEN, SuggestionState.OFFERED, SuggestionState.INTERESTED, SuggestionState.LATER)


class SuggestionSource(models.TextChoices):
    NIGHT = "night", _("found by a rule")
    MANAGER = "manager", _("proposed by the manager")


class SuggestionColumns(models.Model):
    """evidence: what its rule saw, feature name -> value as stored; "viewed" -> the day of a look it asks for, "event"
    -> the day of a life event, "note" -> why a manager proposed it.

    score, weighing: what arbitration gave it, and of what: see recommendations/arbitration.py.
    """

    need = models.CharField(_("need"), max_length=16, choices=Need)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_constraint=False)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    score = models.FloatField(null=True)
    weighing: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        abstract = True


class StagedSuggestion(SuggestionColumns):
    """A need a running night has found, with the product that fits it (None: none does), until it publishes them.

    found_by, sure: the rules that hold, and how sure the need is by all of them together. source: of the need.
    """

    pk = models.CompositePrimaryKey("run", "customer_id", "need")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+", db_constraint=False)
    found_by = ArrayField(models.BigIntegerField())
    sure = models.FloatField()
    source = models.CharField(max_length=8)

    class Meta:
        default_permissions = ()


class Suggestion(SuggestionColumns):
    """A suggestion; a customer has one live one per need. later_until: the day it comes back after "later".

    asked_on: the day on which the gate was asked last. risk, risk_level, risk_valid_until: the second wall: a trigger
    copies them from the product and the assessment of that day, and no live row can be stored that they forbid.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="suggestions")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(_("state"), max_length=12, choices=SuggestionState, default=SuggestionState.OPEN)
    since = models.DateField(_("since"))
    later_until = models.DateField(null=True)
    offered_at = models.DateTimeField(_("offered"), null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(_("source"), max_length=8, choices=SuggestionSource, default=SuggestionSource.NIGHT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField(null=True)
    risk = models.PositiveSmallIntegerField(null=True)
    risk_level = models.PositiveSmallIntegerField(null=True)
    risk_valid_until = models.DateField(null=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "need"], condition=models.Q(state__in=LIVE), name="one_live_suggestion_per_need"
            ),
            # 金融机构产品适当性管理办法 Art. 13: nothing above the tolerance, and without a valid assessment R1 alone.
            models.CheckConstraint(
                name="live_suggestion_within_tolerance",
                condition=~models.Q(state__in=LIVE)
                | models.Q(risk=None)
                | models.Q(risk__lte=1)
                | models.Q(
                    risk_level__isnull=False,
                    risk_valid_until__isnull=False,
                    asked_on__isnull=False,
                    risk__lte=models.F("risk_level"),
                    risk_valid_until__gte=models.F("asked_on"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "state"], name="suggestion_customer"),
            models.Index(fields=["rule", "state"], name="suggestion_rule"),
        ]


class Answer(models.Model):
    """What the customer said to a suggestion, as the manager noted it in one tap; `undone_at` takes it back.

    refusal: id of the interactions.Refusal that came of it (no foreign key: it may be erased by itself).
    """

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="answers")
    state_before = models.CharField(max_length=12, choices=SuggestionState)
    state = models.CharField(_("answer"), max_length=12, choices=SuggestionState)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    refusal = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["by", "at"], name="answer_by_at"),
            models.Index(fields=["at"], name="answer_at"),
        ]
