"""What the night computes about each customer: a summary by month, and from it one row of features."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class ChangedDay(models.Model):
    """A day of a customer about which something was imported since the last night; without a customer: of everybody.

    Imports add rows in their own transaction. A night takes up those up to its own day and, publishing, deletes them.
    """

    customer_id = models.BigIntegerField(null=True)
    day = models.DateField()

    class Meta:
        default_permissions = ()


class StagedChange(models.Model):
    """A ChangedDay that a running night has taken up; publishing, it deletes exactly those."""

    pk = models.CompositePrimaryKey("run", "changed_id")
    run = models.BigIntegerField()
    changed_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    day = models.DateField()

    class Meta:
        default_permissions = ()


class CustomerMonth(models.Model):
    """The movements and balance changes of one customer in one month, as sums that features are made of.

    Money: minor units of BASE_CURRENCY. There is no row for a month in which nothing happened.
    """

    pk = models.CompositePrimaryKey("customer_id", "month")
    customer_id = models.BigIntegerField()
    month = models.DateField()
    inflow = models.BigIntegerField()
    outflow = models.BigIntegerField()
    salary = models.BigIntegerField()
    business = models.BigIntegerField()
    saved = models.BigIntegerField()
    unsaved = models.BigIntegerField()
    to_other_banks = models.BigIntegerField()
    invested_elsewhere = models.BigIntegerField()
    rent = models.BigIntegerField()
    tuition = models.BigIntegerField()
    insurance = models.BigIntegerField()
    largest = models.BigIntegerField()
    moves = models.IntegerField()
    fx_moves = models.IntegerField()
    overseas_moves = models.IntegerField()
    overseas_amount = models.BigIntegerField()
    channels = models.IntegerField()  # a bit for each MoneyChannel used
    hours = models.IntegerField()  # a bit for each hour of the day used
    last_active_on = models.DateField(null=True)
    balance_rows = models.IntegerField()
    balance_change = models.BigIntegerField()
    # Each balance change times the days of the month from its day on: what averages over days are made of.
    balance_change_days = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class Lifecycle(models.TextChoices):
    NEW = "new", _("new")
    GROWING = "growing", _("growing")
    MATURE = "mature", _("mature")
    DECLINING = "declining", _("declining")
    LOST = "lost", _("lost")


class Churn(models.TextChoices):
    LIGHT = "light", _("below the tier at the end of the month")
    SEVERE = "severe", _("below the tier for a month")
    RESCUED = "rescued", _("back at the tier")


class FeatureColumns(models.Model):
    """Features as columns; NULL is unknown. Money: minor units of BASE_CURRENCY. Described in customers/night/sql."""

    # AUM
    aum = models.BigIntegerField(null=True)
    aum_month_to_date = models.BigIntegerField(null=True)
    aum_average_1 = models.BigIntegerField(null=True)
    aum_average_2 = models.BigIntegerField(null=True)
    aum_average_3 = models.BigIntegerField(null=True)
    aum_average_4 = models.BigIntegerField(null=True)
    aum_average_5 = models.BigIntegerField(null=True)
    aum_average_6 = models.BigIntegerField(null=True)
    aum_month_end = models.BigIntegerField(null=True)
    aum_year_ago = models.BigIntegerField(null=True)
    tier = models.CharField(max_length=12, null=True)  # noqa: DJ001
    tier_of_month = models.CharField(max_length=12, null=True)  # noqa: DJ001
    churn = models.CharField(max_length=8, choices=Churn, null=True)  # noqa: DJ001
    near_upgrade = models.BooleanField(null=True)
    # Money in and out
    inflow_month = models.BigIntegerField(null=True)
    inflow_1 = models.BigIntegerField(null=True)
    inflow_3 = models.BigIntegerField(null=True)
    inflow_6 = models.BigIntegerField(null=True)
    inflow_12 = models.BigIntegerField(null=True)
    outflow_month = models.BigIntegerField(null=True)
    outflow_1 = models.BigIntegerField(null=True)
    outflow_3 = models.BigIntegerField(null=True)
    outflow_6 = models.BigIntegerField(null=True)
    outflow_12 = models.BigIntegerField(null=True)
    inflow_growth = models.FloatField(null=True)
    business_growth = models.FloatField(null=True)
    to_other_banks_3 = models.BigIntegerField(null=True)
    invested_elsewhere_6 = models.BigIntegerField(null=True)
    rent_months_6 = models.IntegerField(null=True)
    tuition_12 = models.BigIntegerField(null=True)
    insurance_12 = models.BigIntegerField(null=True)
    largest_usual = models.BigIntegerField(null=True)
    largest_recent = models.BigIntegerField(null=True)
    largest_ratio = models.FloatField(null=True)
    # Income and saving
    salary_average_6 = models.BigIntegerField(null=True)
    salary_months_6 = models.IntegerField(null=True)
    payroll = models.BooleanField(null=True)
    saving_months_12 = models.IntegerField(null=True)
    saving_average_12 = models.BigIntegerField(null=True)
    saving_last_month = models.DateField(null=True)
    saving_broken = models.BooleanField(null=True)
    # Behaviour
    fx_moves_12 = models.IntegerField(null=True)
    overseas_moves_12 = models.IntegerField(null=True)
    overseas_amount_12 = models.BigIntegerField(null=True)
    moves_3 = models.IntegerField(null=True)
    moves_previous_3 = models.IntegerField(null=True)
    channels = models.IntegerField(null=True)
    mobile_months_6 = models.IntegerField(null=True)
    counter_months_6 = models.IntegerField(null=True)
    active_hours = models.IntegerField(null=True)
    last_active_on = models.DateField(null=True)
    # Person, products, debts, credit and risk
    birth_date = models.DateField(null=True)
    customer_since = models.DateField(null=True)
    families = models.CharField(max_length=120, null=True)  # noqa: DJ001
    family_count = models.IntegerField(null=True)
    next_maturity_on = models.DateField(null=True)
    loan_outstanding = models.BigIntegerField(null=True)
    overdue_days = models.IntegerField(null=True)
    overdue_amount = models.BigIntegerField(null=True)
    mortgage_since = models.DateField(null=True)
    risk_level = models.IntegerField(null=True)
    risk_valid_until = models.DateField(null=True)
    children = models.IntegerField(null=True)
    child_born_on = models.DateField(null=True)
    lifecycle = models.CharField(max_length=12, choices=Lifecycle, null=True)  # noqa: DJ001

    class Meta:
        abstract = True


class Features(FeatureColumns):
    """The features of a customer as the last night published them."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, db_constraint=False)

    class Meta:
        default_permissions = ()
        # What the list is narrowed to or ordered by and what few customers have. Without them a page of a whole bank
        # of 1M customers takes 2 s, with them 15 ms. Each also costs the night: hence none of what most rows have.
        indexes = [
            models.Index(fields=["-aum", "customer"], name="features_assets", condition=models.Q(aum__isnull=False)),
            models.Index(fields=["tier", "customer"], name="features_tier"),
            models.Index(
                fields=["next_maturity_on"],
                name="features_maturing",
                condition=models.Q(next_maturity_on__isnull=False),
            ),
            models.Index(fields=["customer"], name="features_overdue", condition=models.Q(overdue_days__gt=0)),
        ]


class StagedFeatures(FeatureColumns):
    """The features a running night has computed, until it publishes them."""

    pk = models.CompositePrimaryKey("run", "customer_id")
    run = models.BigIntegerField()
    customer_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
