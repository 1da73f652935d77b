"""What a rule was, is, and is to become: written by one person, approved by another, never changed after that."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.models.rule import Rule


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft, to be approved")
    IN_FORCE = "in_force", _("in force")
    REPLACED = "replaced", _("replaced by a later one")
    REWRITTEN = "rewritten", _("draft written over")
    REJECTED = "rejected", _("rejected")
    RETIRED = "retired", _("taken out of use")


APPROVED = (VersionState.IN_FORCE, VersionState.REPLACED, VersionState.RETIRED)


class RuleVersion(models.Model):
    """content: what recommendations/rulebook/versions.py names CONTENT, products by their codes, days in ISO.

    trial: the figures of its last dry run (see versions.kept_trial), None before there was one. decided_*: who
    approved or rejected it; nobody where the bank began with it. ended_*: who took it out of use. A trigger keeps
    what was written as it was written.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions", verbose_name=_("rule"))
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=VersionState, default=VersionState.DRAFT)
    content: "models.JSONField[Any, Any]" = models.JSONField(_("text"))
    trial: "models.JSONField[Any, Any]" = models.JSONField(_("dry run"), null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken out of use by")
    )
    ended_at = models.DateTimeField(_("taken out of use"), null=True)
    ended_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of a rule")
        default_permissions = ("view",)
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_rule_version_per_number"),
            models.UniqueConstraint(fields=["rule"], condition=Q(state="in_force"), name="one_rule_version_in_force"),
            models.UniqueConstraint(fields=["rule"], condition=Q(state="draft"), name="one_draft_of_a_rule"),
            models.CheckConstraint(
                name="rule_approved_by_a_second_person",
                condition=~Q(state__in=APPROVED)
                | Q(author=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("author"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.code} v{self.number}"
