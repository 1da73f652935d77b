"""What moves on accounts: balances by day and transactions, both partitioned by month, and rates of exchange.

Both tables are SQL (migration 0003) since Django cannot describe partitions. Nothing has a foreign key to them and they
have none: a check per row would double the time of a backfill, and the import has looked every customer up already.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What a transaction was for, as far as the bank's codes tell."""

    SALARY = "salary", _("salary")
    PENSION = "pension", _("pension")
    BUSINESS = "business", _("business receipts")
    PAYROLL = "payroll", _("wages paid")
    TRANSFER = "transfer", _("transfer")
    CASH = "cash", _("cash")
    CARD = "card", _("card payment")
    SAVING = "saving", _("saving")
    INVESTMENT = "investment", _("investment")
    FX = "fx", _("foreign exchange")
    RENT = "rent", _("rent")
    HOUSEHOLD = "household", _("household")
    TUITION = "tuition", _("tuition")
    INSURANCE = "insurance", _("insurance")
    LOAN = "loan", _("loan repayment")
    LENDING = "lending", _("loan paid out")
    FEE = "fee", _("fee")
    INTEREST = "interest", _("interest")
    PENALTY = "penalty", _("penalty interest")
    OTHER = "other", _("other")


# What the bank books by itself: no sign of life of the customer.
BOOKED_BY_BANK = (Category.FEE, Category.INTEREST, Category.PENALTY)


class MoneyChannel(models.TextChoices):
    """On what channel a transaction was made. BANK: booked by the bank or by standing order."""

    COUNTER = "counter", _("counter")
    ATM = "atm", _("ATM")
    MOBILE = "mobile", _("mobile bank")
    WEB = "web", _("online bank")
    PHONE = "phone", _("phone bank")
    POS = "pos", _("card terminal")
    BANK = "bank", _("the bank")


class Transaction(models.Model):
    """One booked movement.

    amount: minor units of `currency`, negative when money leaves. base_amount: the same in BASE_CURRENCY.
    own: between accounts of the same customer, or the rollover of an own deposit: no inflow, no outflow, no warning.
    counterparty_key: blind index of the other side's account or else name, to tell whether two are the same;
    of the account itself only the last four digits are kept. country: ISO 3166, empty for at home.
    """

    pk = models.CompositePrimaryKey("account_id", "booked_on", "reference")
    account_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    booked_on = models.DateField(_("booked on"))
    reference = models.CharField(_("reference"), max_length=40, db_collation="C")
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    base_amount = models.BigIntegerField()
    category = models.CharField(_("category"), max_length=12, choices=Category)
    channel = models.CharField(_("channel"), max_length=8, choices=MoneyChannel)
    booked_at = models.TimeField(_("time"), null=True)
    counterparty = models.CharField(_("counterparty"), max_length=80, blank=True)
    counterparty_key = models.BigIntegerField(null=True)
    counterparty_tail = models.CharField(max_length=4, blank=True)
    counterparty_bank = models.CharField(_("bank of the counterparty"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    own = models.BooleanField(default=False)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        default_permissions = ()
        indexes = [models.Index(fields=["customer_id", "booked_on"], name="transaction_customer_day")]


class Balance(models.Model):
    """The balance of an account at the end of a day; it holds until the next known one.

    amount: minor units of the account's currency. base_amount: the same in BASE_CURRENCY at the rate of the day.
    change: base_amount minus that of the balance before, so that sums over accounts and days are sums of rows.
    """

    pk = models.CompositePrimaryKey("account_id", "day")
    account_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    day = models.DateField(_("day"))
    amount = models.BigIntegerField(_("balance"))
    base_amount = models.BigIntegerField()
    change = models.BigIntegerField()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        default_permissions = ()
        indexes = [models.Index(fields=["customer_id", "day"], name="balance_customer_day")]


class ExchangeRate(models.Model):
    """How many units of BASE_CURRENCY one unit of `currency` was worth from `day` on."""

    currency = models.CharField(_("currency"), max_length=3)
    day = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=16, decimal_places=8)

    class Meta:
        verbose_name = _("rate of exchange")
        verbose_name_plural = _("rates of exchange")
        ordering = ["currency", "-day"]
        constraints = [models.UniqueConstraint(fields=["currency", "day"], name="one_rate_per_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.day} {self.rate}"
