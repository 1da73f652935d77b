"""What somebody wants to be seen first on a customer's line of time."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from customers.models import Customer


class Pin(models.Model):
    """An entry of the timeline that stays on top for everybody. source: its source's name; entry: its id there."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="pins")
    source = models.CharField(max_length=12, db_collation="C")
    entry = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["customer", "source", "entry"], name="one_pin_an_entry")]
