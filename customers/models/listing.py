"""What people make of the customer list: views they come back to, and tags they put on customers."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class SavedView(models.Model):
    """The list as somebody wants it again: filters (field -> as typed), order and columns.

    branch: everybody in it or below sees the view too; None: its maker alone. pinned: a tab of its own.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=20)
    book = models.CharField(max_length=8)
    sort = models.CharField(max_length=16)
    filters: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=16), default=list)
    branch = models.ForeignKey("staff.Branch", models.CASCADE, null=True, related_name="+")
    pinned = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name")]


class Tag(models.Model):
    """A word that people of the bank put on customers."""

    name = models.CharField(_("tag"), max_length=20, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer: by whom, since when."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="customers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tag", "customer"], name="one_tag_a_customer")]
