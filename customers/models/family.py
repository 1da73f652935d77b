"""Who belongs to whom: groups of customers, and typed relations between people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.consent import Consent
from customers.models.customer import Customer


class GroupKind(models.TextChoices):
    HOUSEHOLD = "household", pgettext_lazy("group", "household")
    BUSINESS = "business", _("business circle")
    CIRCLE = "circle", _("relatives and friends")


class Household(models.Model):
    """A group of customers. Of whom it consists is in its members; it has no owner and no page of its own."""

    name = models.CharField(_("name"), max_length=60, blank=True)  # read by who sees any member: nobody's own
    kind = models.CharField(_("kind"), max_length=12, choices=GroupKind, default=GroupKind.HOUSEHOLD)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group of customers")
        verbose_name_plural = _("groups of customers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class HouseholdMember(models.Model):
    """One customer in one group; `main` for the one household that the customer is counted in."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="households")
    main = models.BooleanField(_("main household"), default=False)
    since = models.DateField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["household", "customer"], name="once_in_a_group"),
            models.UniqueConstraint(fields=["customer"], name="one_main_household", condition=models.Q(main=True)),
        ]


class RelationKind(models.TextChoices):
    """What the other person is to the customer. The ways to look at one relation are in customers/relations.py."""

    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("child")
    PARENT = "parent", _("parent")
    GUARANTOR = "guarantor", _("guarantor")
    GUARANTEED = "guaranteed", _("guaranteed")
    PARTNER = "partner", _("business partner")
    INTRODUCED_BY = "introduced_by", _("introducer")
    INTRODUCED = "introduced", _("introduced")


class Relation(models.Model):
    """`other`, or a person who is no customer and has only a name, is the `kind` of `customer`.

    Between two customers it is stored once, with the lower id as `customer`, and read from both sides.
    young: a child under 14 when it was written down, which needs `consent`, its guardian's (PIPL Art. 31).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="relations_to")
    name = models.CharField(_("name"), max_length=120, blank=True)
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind)
    young = models.BooleanField(default=False)
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer", "other", "kind", "name"], name="one_relation_of_a_kind",
                                    nulls_distinct=False),
            models.CheckConstraint(
                name="related_to_a_customer_or_a_name",
                condition=models.Q(other__isnull=False, name="") | (models.Q(other=None) & ~models.Q(name="")),
            ),
            models.CheckConstraint(
                name="relation_stored_once", condition=models.Q(other=None) | models.Q(other__gt=models.F("customer"))
            ),
        ]  # fmt: skip
