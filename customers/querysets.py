"""Questions about customers, named for who asks."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models

if TYPE_CHECKING:
    from customers.models import Customer  # noqa: F401 - in the base class below


class CustomerQuerySet(models.QuerySet["Customer"]):
    def in_service(self) -> "CustomerQuerySet":
        """Customers who take part in the bank's work: a restricted, deceased or closed one does not (PIPL Art. 47)."""
        return self.filter(status="active")

    def with_grams(self) -> "CustomerQuerySet":
        """With `name_grams`, the expression that the GIN index of names is built on."""
        grams = models.Func(models.F("name"), function="name_grams", output_field=ArrayField(models.TextField()))
        named: CustomerQuerySet = self.alias(name_grams=grams)
        return named
