"""Portraits: statements about a customer that the night draws by the bank's rules, each with its evidence."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.segment import NamedInTwoLanguages


class PortraitRule(NamedInTwoLanguages):
    """Whoever fulfils `condition` (query language over features) carries the tag.

    reason_*: why, where `{feature}` stands for the customer's value. proof: the feature that shows whether evidence is
    new after somebody said that the tag is wrong: half as much again, or a later day; empty: never.
    """

    code = models.SlugField(_("code"), max_length=24, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)
    active = models.BooleanField(_("in use"), default=True)
    condition = models.TextField(_("condition"))
    reason_zh = models.TextField(_("reason in Chinese"))
    reason_en = models.TextField(_("reason in English"))
    proof = models.CharField(_("new evidence by"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("portrait tag")
        verbose_name_plural = _("portrait tags")
        ordering = ["order", "code"]

    @property
    def reason(self) -> str:
        """The reason with its placeholders, in the language of the page."""
        return self.reason_zh if (get_language() or "").startswith("zh") else self.reason_en


class PortraitState(models.TextChoices):
    LIVE = "live", _("holds")
    WRONG = "wrong", _("said to be wrong")


class PortraitTag(models.Model):
    """A tag on a customer. values: the features its rule and reason name, as they were (column -> value).

    wrong_at, wrong_by: when and by whom it was last said to be wrong; they stay when new evidence sets it again. Of a
    wrong one `values` stay those that were disputed.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="portrait")
    rule = models.ForeignKey(PortraitRule, models.CASCADE, related_name="+")
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    since = models.DateField(_("since"))
    state = models.CharField(_("state"), max_length=8, choices=PortraitState, default=PortraitState.LIVE)
    wrong_at = models.DateTimeField(null=True)
    wrong_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["customer", "rule"], name="one_portrait_tag_a_rule")]


class StagedPortrait(models.Model):
    """The tags a running night has drawn, until it publishes them."""

    pk = models.CompositePrimaryKey("run", "customer_id", "rule_id")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    rule_id = models.BigIntegerField()
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
