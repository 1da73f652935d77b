"""Tiers by assets, and the named segments customers are served by."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class NamedInTwoLanguages(models.Model):
    """Something an admin names, in both languages of the pages."""

    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Tier(NamedInTwoLanguages):
    """A tier of value: from `from_aum` on, by the average AUM of a month in minor units of BASE_CURRENCY."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    from_aum = models.BigIntegerField(_("from AUM"), unique=True)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["from_aum"]


class ServiceModel(models.TextChoices):
    OWNED = "owned", _("a manager of their own")
    POOL = "pool", _("any manager of the branch")
    SELF_SERVICE = "self", _("self-service")


class Segment(NamedInTwoLanguages):
    """A group of customers who are served alike. A customer belongs to the first by `order` whose rule holds.

    contact_interval: days without a contact after which the bank is losing touch; empty: no interval.
    """

    code = models.SlugField(_("code"), max_length=12, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    active = models.BooleanField(_("in use"), default=True)
    service_model = models.CharField(_("served by"), max_length=8, choices=ServiceModel)
    contact_interval = models.PositiveSmallIntegerField(_("contact every (days)"), null=True, blank=True)
    rule = models.ForeignKey(
        "customers.SegmentRule", models.PROTECT, null=True, related_name="+", verbose_name=_("rule")
    )

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["order"]


class SegmentRule(models.Model):
    """One version of a segment's rule in the query language. Never edited: memberships say by which they came about."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="rules")
    text = models.TextField(_("rule"))
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text


class MembershipColumns(models.Model):
    """The segment of a customer with what it was decided on.

    values: the features its rule names, as they were (feature name -> value): with the rule they are the reason.
    """

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="+", db_constraint=False)
    rule = models.ForeignKey(SegmentRule, models.PROTECT, related_name="+", db_constraint=False)
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Membership(MembershipColumns):
    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, db_constraint=False)
    since = models.DateField(_("since"))

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["segment", "customer"], name="membership_segment")]


class StagedMembership(MembershipColumns):
    pk = models.CompositePrimaryKey("run", "customer_id")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class SegmentMove(models.Model):
    """A customer came from one segment into another, and what had changed. Kept."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="segment_moves")
    day = models.DateField(_("day"))
    from_segment = models.ForeignKey(Segment, models.PROTECT, related_name="+")
    to_segment = models.ForeignKey(Segment, models.PROTECT, related_name="+")
    from_rule = models.ForeignKey(SegmentRule, models.PROTECT, related_name="+")
    to_rule = models.ForeignKey(SegmentRule, models.PROTECT, related_name="+")
    # feature name -> [value before, value now], for the features that either rule names and that changed.
    changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("move between segments")
        verbose_name_plural = _("moves between segments")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["customer", "day"], name="one_segment_move_a_day")]
        indexes = [models.Index(fields=["day"], name="segment_move_day")]
