"""What arbitration weighs with: the bank's weights, and how often each rule was welcome in a segment."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PRIOR = 0.3  # chance of being welcome of a rule nobody knows anything of


class Weights(models.Model):
    """The one row: exponents of benefit and chance, and how much the value to the bank may count (0: not at all)."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    benefit = models.FloatField(
        _("weight of the benefit to the customer"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    chance = models.FloatField(
        _("weight of the chance to be welcome"), default=1, validators=[MinValueValidator(0), MaxValueValidator(3)]
    )
    value = models.FloatField(
        _("weight of the value to the bank"), default=1, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )

    class Meta:
        verbose_name = _("weights of arbitration")
        verbose_name_plural = _("weights of arbitration")
        constraints = [
            # The value to the bank never outranks the benefit: see recommendations/arbitration.py.
            models.CheckConstraint(
                name="weights_in_their_limits",
                condition=models.Q(only=True, benefit__range=(1, 3), chance__range=(0, 3), value__range=(0, 1)),
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class RuleChance(models.Model):
    """How likely a suggestion of `rule` is welcome in `segment` (None: everywhere), from `n` outcomes.

    annoyance: the share of the rule's offers after which a customer was annoyed (see RuleMonth), in all segments.
    """

    rule = models.ForeignKey("recommendations.Rule", models.CASCADE, related_name="chances")
    segment = models.ForeignKey("customers.Segment", models.CASCADE, null=True, related_name="+")
    chance = models.FloatField(_("chance to be welcome"), default=PRIOR)
    n = models.PositiveIntegerField(_("outcomes"), default=0)
    annoyance = models.FloatField(_("annoyance"), default=0)
    updated = models.DateTimeField(_("updated"), default=timezone.now)

    class Meta:
        verbose_name = _("chance of a rule")
        verbose_name_plural = _("chances of rules")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "segment"], nulls_distinct=False, name="one_chance_a_rule_and_segment"
            ),
            models.CheckConstraint(name="rule_chance_0_to_1", condition=models.Q(chance__range=(0, 1))),
        ]


class RuleMonth(models.Model):
    """What became of a rule's offers of one month in one segment (None: of who had none).

    offered: suggestions that got an answer. welcome: the customer was interested. unwelcome: not interested, or a wrong
    fact. annoyed: unwelcome ones, and those after which within 14 days the customer complained or withdrew a consent.
    """

    rule = models.ForeignKey("recommendations.Rule", models.CASCADE, related_name="months")
    segment = models.ForeignKey("customers.Segment", models.CASCADE, null=True, related_name="+")
    month = models.DateField(_("month"))
    offered = models.PositiveIntegerField(default=0)
    welcome = models.PositiveIntegerField(default=0)
    unwelcome = models.PositiveIntegerField(default=0)
    annoyed = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "segment", "month"], nulls_distinct=False, name="one_month_of_a_rule_and_segment"
            )
        ]
