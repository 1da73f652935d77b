"""Risk warnings in two views that share nothing but their cause: the manager's, and compliance's cases.

Reports to the authority are confidential and tipping-off is an offence: what a manager reads never names a pattern, a
threshold or the state of a report. So these are two tables, and no page of a manager reads the second.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class Detector(models.TextChoices):
    """What is looked for. Titles are compliance's; what a manager reads is in customers/warnings.py."""

    LARGE_VALUE = "large_value", _("large value on one day")
    LARGE_MOVE = "large_move", _("movement far above the customer's own history")
    FREQUENT_LARGE = "frequent_large", _("suddenly frequent large movements")
    DORMANT_ACTIVE = "dormant_active", _("dormant customer suddenly active")
    RAPID_IN_OUT = "rapid_in_out", _("money in and out again within days")
    EARLY_REPAYMENT = "early_repayment", _("unexpected early repayment")
    OVERDUE = "overdue", _("overdue repayment")
    CREDIT_FALL = "credit_fall", _("credit score fell")
    STRUCTURING = "structuring", _("repeatedly just below a threshold")
    DISPERSED_IN = "dispersed_in", _("dispersed in, concentrated out")
    DISPERSED_OUT = "dispersed_out", _("concentrated in, dispersed out")


FOR_COMPLIANCE_ALONE = frozenset({Detector.STRUCTURING, Detector.DISPERSED_IN, Detector.DISPERSED_OUT})


class DetectorSetting(models.Model):
    """Whether a detector is on, and its parameters by name; amounts in units of BASE_CURRENCY."""

    detector = models.CharField(_("detector"), max_length=16, choices=Detector, unique=True)
    active = models.BooleanField(_("in use"), default=True)
    parameters: "models.JSONField[Any, Any]" = models.JSONField(_("parameters"), default=dict, blank=True)

    class Meta:
        verbose_name = _("detector")
        verbose_name_plural = _("detectors")
        ordering = ["detector"]

    def __str__(self) -> str:
        return str(self.get_detector_display())


class FindingColumns(models.Model):
    """What a detector found. cause: what makes it the same finding again (a day, a loan): one customer has it once.

    evidence: the movements or facts it stands on, their values copied, newest first.
    """

    detector = models.CharField(_("detector"), max_length=16, choices=Detector)
    cause = models.CharField(max_length=60, db_collation="C")
    day = models.DateField(_("day"))
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        abstract = True


class StagedFinding(FindingColumns):
    pk = models.CompositePrimaryKey("run", "customer_id", "detector", "cause")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class WarningState(models.TextChoices):
    OPEN = "open", _("to be talked about")
    EXPLAINED = "explained", _("talked about")


class RiskWarning(FindingColumns):
    """The manager's view: please verify the purpose with the customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="warnings")
    state = models.CharField(_("state"), max_length=12, choices=WarningState, default=WarningState.OPEN)
    note = models.TextField(_("what the customer said"), blank=True, default="")
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer", "detector", "cause"], name="one_warning_per_cause"),
        ]
        indexes = [
            models.Index(fields=["-day", "-id"], name="warning_open", condition=models.Q(state="open")),
            models.Index(fields=["-day", "-id"], name="warning_explained", condition=models.Q(state="explained")),
        ]


class CaseState(models.TextChoices):
    OPEN = "open", _("to be looked at")
    IN_REVIEW = "in_review", _("in review")
    REPORTED = "reported", _("reported")
    DISMISSED = "dismissed", _("no suspicion")


class ComplianceCase(FindingColumns):
    """Compliance's view of a finding, of all detectors."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=CaseState, default=CaseState.OPEN)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["customer", "detector", "cause"], name="one_case_per_cause")]
        indexes = [
            models.Index(fields=["state", "-day", "-id"], name="case_state"),
            models.Index(fields=["-day", "-id"], name="case_day"),
        ]


class CaseStep(models.Model):
    """What compliance did about a case. Kept as it was written: the database refuses a change (migration 0008)."""

    case = models.ForeignKey(ComplianceCase, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=12, choices=CaseState)
    note = models.TextField(_("note"))
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-at"]
