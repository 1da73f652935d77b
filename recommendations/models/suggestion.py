"""What might help a customer, past the gate, with its evidence; and what became of it."""

from typing import Any

from django.conf import settings
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


class SuggestionColumns(models.Model):
    """evidence: what its rule saw, feature name -> value as stored; "viewed" -> the day of a look it asks for."""

    need = models.CharField(_("need"), max_length=16, choices=Need)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_constraint=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        abstract = True


class StagedSuggestion(SuggestionColumns):
    """A suggestion a running night has found, until it publishes them. One a need."""

    pk = models.CompositePrimaryKey("run", "customer_id", "need")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class Suggestion(SuggestionColumns):
    """A suggestion; a customer has one live one per need. later_until: the day it comes back after "later"."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="suggestions")
    state = models.CharField(_("state"), max_length=12, choices=SuggestionState, default=SuggestionState.OPEN)
    since = models.DateField(_("since"))
    later_until = models.DateField(null=True)
    offered_at = models.DateTimeField(_("offered"), null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "need"], condition=models.Q(state__in=LIVE), name="one_live_suggestion_per_need"
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
