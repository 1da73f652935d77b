"""Complaints, and the hold they put on sales."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer


class ComplaintState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", pgettext_lazy("a complaint", "closed")


class Complaint(models.Model):
    """What a customer complained of and how it ended.

    due: 15 calendar days from receipt (extendable; domain: contact policy). about: the person it concerns, who may not
    handle it. offer: what to offer the customer next time ("priority window"). acknowledged_at: when the manager said
    sorry in person; until then, and while it is open, sales wait.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="complaints")
    number = models.CharField(_("number"), max_length=24, unique=True, db_collation="C")
    text = models.TextField(_("complaint"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due = models.DateField(_("answer due"))
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    state = models.CharField(_("state"), max_length=8, choices=ComplaintState, default=ComplaintState.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True)
    ending = models.TextField(_("how it ended"), blank=True)
    offer = models.CharField(_("what to offer"), max_length=200, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="complaint_satisfaction_1_to_5", condition=models.Q(satisfaction__range=(1, 5)))
        ]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="complaint_customer"),
            models.Index(fields=["due"], name="complaint_open", condition=models.Q(state="open")),
            models.Index(
                fields=["customer"],
                name="complaint_hold",
                condition=models.Q(state="open") | models.Q(acknowledged_at=None),
            ),
        ]
