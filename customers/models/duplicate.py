"""Customers who may be one person, what was made of it, and the journal by which a merge is taken back."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class DuplicateReason(models.TextChoices):
    """Why two customers may be one, the strongest first."""

    ID_NUMBER = "id_number", _("same ID number")
    PHONE_NAME = "phone_name", _("same phone and name")
    BIRTH_NAME = "birth_name", _("same name and birth date")


class PairState(models.TextChoices):
    OPEN = "open", _("to be looked at")
    DISMISSED = "dismissed", _("two persons")
    MERGED = "merged", _("merged")


class DuplicatePair(models.Model):
    """Two customers whom the night takes for one, `a` the one with the lower id.

    strength: 1 for the same ID number, 2 for phone and name, 3 for name and birth date: the order of the list.
    """

    a = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    b = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=12, choices=DuplicateReason))
    strength = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=12, choices=PairState, default=PairState.OPEN)
    found_on = models.DateField(_("found"))
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="one_pair_of_two"),
            models.CheckConstraint(name="pair_in_order", condition=models.Q(a__lt=models.F("b"))),
        ]
        indexes = [models.Index(fields=["state", "strength", "id"], name="pair_state")]


class Merge(models.Model):
    """`other` was merged into `survivor`. taken: the profile fields that came from `other`."""

    survivor = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    taken = ArrayField(models.CharField(max_length=24), default=list)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=models.Q(undone_at=None), name="merged_into_one"
            ),
        ]  # fmt: skip


class Moved(models.TextChoices):
    """What became of a row. ACCOUNTS stands for all movements and balances of the accounts it names."""

    MOVED = "moved"
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    ACCOUNTS = "accounts"


class MergeChange(models.Model):
    """One row that a merge wrote: as it was (of a new one: nothing), and as it is since (of a removed one: nothing)."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="changes")
    table = models.CharField(max_length=63)
    column = models.CharField(max_length=63)
    what = models.CharField(max_length=8, choices=Moved)
    before: "models.JSONField[Any, Any]" = models.JSONField()
    after: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
