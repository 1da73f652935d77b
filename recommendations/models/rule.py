"""The bank's rules: which customers may have which need, and what would fit it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Family, LifeKind
from customers.models.segment import NamedInTwoLanguages
from interactions.models import Topic
from recommendations.models.need import Need


class Rule(NamedInTwoLanguages):
    """Who fulfils `condition` (query language over features, "" for everybody) may have `need`, answered by `family`.

    family: the product family that answers it; empty: a talk or a service of regime none, by `product`.
    viewed, viewed_days: the customer also looked at this topic on a channel within so many days.
    event, event_days: such a life event is confirmed and not older than so many days.
    benefit, sure: what arbitration weighs; two rules of one need together are surer than one.
    What stands here is in force where it is active, and changes by approval alone: see recommendations/rulebook/.
    aside_*: since which night the nights do without it, and why.
    reason_*, talk_*: why, and words a manager could say; `{feature}` stands for a feature's value as pages write it.
    """

    code = models.SlugField(_("code"), max_length=24, unique=True)
    active = models.BooleanField(_("in use"), default=True)
    need = models.CharField(_("need"), max_length=16, choices=Need)
    family = models.CharField(_("product family"), max_length=12, choices=Family, blank=True)
    product = models.ForeignKey(
        "recommendations.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    condition = models.TextField(_("condition"), blank=True)
    viewed = models.CharField(_("looked at"), max_length=12, choices=Topic, blank=True)
    viewed_days = models.PositiveSmallIntegerField(_("within days"), default=30)
    event = models.CharField(_("life event"), max_length=12, choices=LifeKind, blank=True)
    event_days = models.PositiveSmallIntegerField(_("since days"), default=180)
    benefit = models.PositiveSmallIntegerField(
        _("benefit to the customer (1 to 10)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    sure = models.PositiveSmallIntegerField(
        _("how sure the need is (percent)"), default=50, validators=[MinValueValidator(1), MaxValueValidator(95)]
    )
    order = models.PositiveSmallIntegerField(_("order"), default=50)
    reason_zh = models.TextField(_("reason in Chinese"))
    reason_en = models.TextField(_("reason in English"))
    talk_zh = models.TextField(_("words to say in Chinese"))
    talk_en = models.TextField(_("words to say in English"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    aside_since = models.DateField(_("set aside since"), null=True, blank=True, editable=False)
    aside_reason = models.TextField(_("why it was set aside"), blank=True, editable=False)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["order", "code"]
        permissions = [("approve_rule", "Can approve versions of rules")]


class StagedRuleAside(models.Model):
    """A rule that a running night could not use on the customers from `first` on, until it is published."""

    pk = models.CompositePrimaryKey("run", "first", "rule_id")
    run = models.BigIntegerField()
    first = models.BigIntegerField()
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_constraint=False)
    reason = models.TextField()

    class Meta:
        default_permissions = ()
