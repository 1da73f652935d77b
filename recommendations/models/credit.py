"""Loans that customers ask for, the preliminary assessment of each, and what a person decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Means
from recommendations.credit.scorecard import Grade, Trait
from recommendations.models.product import Product


class ScorecardBand(models.Model):
    """`points` for a trait's value from `start` on, up to the start of the trait's next band. No start: however low."""

    trait = models.CharField(_("what is looked at"), max_length=12, choices=Trait)
    start = models.DecimalField(_("from"), max_digits=10, decimal_places=2, null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        verbose_name = _("band of the scorecard")
        verbose_name_plural = _("scorecard of loans")
        ordering = ["trait", models.F("start").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["trait", "start"], nulls_distinct=False, name="one_band_a_start",
                violation_error_message=_("There is a band from there on already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_trait_display()} ≥ {self.start}" if self.start is not None else self.get_trait_display()


class GradeLimit(models.Model):
    """The least share of points, in percent, of a grade."""

    grade = models.CharField(
        _("grade"), max_length=4, choices=[(g.value, g.label) for g in Grade if g != Grade.OPEN], unique=True
    )
    least = models.PositiveSmallIntegerField(_("least share of points, percent"))

    class Meta:
        verbose_name = _("grade of loans")
        verbose_name_plural = _("grades of loans")
        ordering = ["-least"]
        constraints = [models.CheckConstraint(name="grade_least_is_percent", condition=models.Q(least__lte=100))]

    def __str__(self) -> str:
        return self.get_grade_display()


class CreditRequest(models.Model):
    """A loan a customer asks for, with what was known on its day and how that was judged.

    amount, payment (a month): minor units of BASE_CURRENCY. rate: yearly, percent. facts: fields of scorecard.Facts.
    marks: of each trait known its value, points and the most, so that it still reads when the points have changed.
    authorised_*: the customer's authorisation to look at credit records for this loan, without which nothing is asked.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="credit_requests")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    amount = models.BigIntegerField(_("amount"))
    months = models.PositiveSmallIntegerField(_("months"))
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=3)
    payment = models.BigIntegerField(_("monthly payment"))
    purpose = models.CharField(_("what for"), max_length=120)
    day = models.DateField(_("asked on"))
    authorised_by = models.CharField(_("authorised"), max_length=12, choices=Means)
    authorised_until = models.DateField(_("authorised until"))
    grade = models.CharField(_("grade"), max_length=4, choices=Grade)
    share = models.FloatField(_("share of points"), null=True)
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    marks: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    missing: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("loan asked for")
        verbose_name_plural = _("loans asked for")
        default_permissions = ()
        indexes = [models.Index(fields=["customer", "-made_at"], name="credit_request_customer")]


class Decided(models.TextChoices):
    """What a person makes of it. None of them is the machine's, and none refuses the customer."""

    GO_ON = "go_on", _("apply for it")
    MORE = "more", _("ask for more papers")
    OTHER = "other", _("advise another way")


class CreditDecision(models.Model):
    """What a person decided about a loan asked for, and why. The last one stands; none is changed or deleted."""

    request = models.ForeignKey(CreditRequest, models.CASCADE, related_name="decisions")
    decided = models.CharField(_("decision"), max_length=8, choices=Decided)
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["request", "-at"], name="credit_decision_request")]
