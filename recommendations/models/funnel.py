"""How many customers each step leaves without a suggestion, by branch and rule, as the last night counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Branch
from recommendations.models.rule import Rule


class FunnelColumns(models.Model):
    """outcome: "suggested", "no_rule", "arbitration", "other_rule" or a rule of the gate.

    rule: None counts each customer once, at the step at which the suggestion that came furthest fell.
    """

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+", db_constraint=False)
    rule = models.ForeignKey(Rule, models.CASCADE, null=True, related_name="+", db_constraint=False)
    outcome = models.CharField(_("outcome"), max_length=16)
    customers = models.PositiveIntegerField(_("customers"))

    class Meta:
        abstract = True


class FunnelCount(FunnelColumns):
    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "rule", "outcome"], nulls_distinct=False, name="one_count_a_branch_rule_and_outcome"
            )
        ]


class StagedFunnelCount(FunnelColumns):
    """What one part of a running night counted."""

    run = models.BigIntegerField()
    first = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["run"], name="staged_funnel_run")]
