"""Accounts and who stands behind them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class Account(models.Model):
    """An account by its bank number. A party may be known before the account's own data arrive."""

    number = models.CharField(_("account number"), max_length=32, unique=True, db_collation="C")

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.number


class PartyRole(models.TextChoices):
    OWNER = "owner", _("account owner")
    JOINT = "joint", _("joint owner")
    AUTHORISED = "authorised", _("authorised person")


class AccountParty(models.Model):
    """One customer's part in one account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="parties")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="account_parties")
    role = models.CharField(_("part"), max_length=12, choices=PartyRole)

    class Meta:
        verbose_name = _("account party")
        verbose_name_plural = _("account parties")
        constraints = [models.UniqueConstraint(fields=["account", "customer"], name="one_part_per_account")]
