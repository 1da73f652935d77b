"""Accounts, who stands behind them, and the orders that are carried out on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class Family(models.TextChoices):
    """Product families. All but cards and loans count as assets under management (AUM)."""

    CURRENT = "current", _("current account")
    TIME = "time", _("time deposit")
    CERTIFICATE = "certificate", _("large certificate of deposit")
    WEALTH = "wealth", _("wealth product")
    FUND = "fund", _("fund")
    INSURANCE = "insurance", _("insurance")
    BOND = "bond", _("government bond")
    METAL = "metal", _("precious metal")
    PENSION = "pension", _("personal pension")
    CARD = "card", _("credit card")
    LOAN = "loan", _("loan")
    OTHER = "other", _("other")


NO_ASSETS = frozenset({Family.CARD, Family.LOAN})


class BalanceSource(models.TextChoices):
    """Where the balances of an account come from: files of balances, or the running sum of its transactions."""

    FILE = "file", _("balance files")
    TRANSACTIONS = "transactions", _("its transactions")


class Account(models.Model):
    """An account by its bank number. A party may be known before the account's own data arrive.

    customer: the owner among its parties, on whom its balances and transactions count; empty until one is known.
    """

    number = models.CharField(_("account number"), max_length=32, unique=True, db_collation="C")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="accounts")
    family = models.CharField(_("product family"), max_length=12, choices=Family, default=Family.CURRENT)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    opened_on = models.DateField(_("opened"), null=True)
    closed_on = models.DateField(_("closed"), null=True)
    balance_source = models.CharField(max_length=12, choices=BalanceSource, default=BalanceSource.FILE)

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
    """One customer's part in one account. reference: the bank's own number of that part, where it has one."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="parties")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="account_parties")
    role = models.CharField(_("part"), max_length=12, choices=PartyRole)
    reference = models.CharField(_("reference"), max_length=40, null=True, unique=True, db_collation="C")  # noqa: DJ001

    class Meta:
        verbose_name = _("account party")
        verbose_name_plural = _("account parties")
        constraints = [models.UniqueConstraint(fields=["account", "customer"], name="one_part_per_account")]


class StandingOrder(models.Model):
    """What an account pays by order, month by month. amount: minor units of the account's currency."""

    reference = models.CharField(_("reference"), max_length=40, unique=True, db_collation="C")
    account = models.ForeignKey(Account, models.CASCADE, related_name="standing_orders")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="standing_orders")
    amount = models.BigIntegerField(_("amount"))
    purpose = models.CharField(_("purpose"), max_length=12, blank=True, default="")  # a Category
    to_bank = models.CharField(_("to bank"), max_length=40, blank=True, default="")
    ended_on = models.DateField(_("ended"), null=True)

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")
