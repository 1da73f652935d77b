"""What a customer holds and owes, how creditworthy they are, and how much risk they bear."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.account import Account, Family
from customers.models.customer import Customer


class Holding(models.Model):
    """The contract behind a position: product, term and rate. Its value over time are the balances of its account.

    A position of a family that counts as AUM has an account of its own under the same number. amount: minor units, the
    last value the bank sent (for a card: its limit). rate: yearly, percent.
    """

    reference = models.CharField(_("reference"), max_length=32, unique=True, db_collation="C")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="holdings")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="holdings")
    family = models.CharField(_("product family"), max_length=12, choices=Family)
    product = models.CharField(_("product"), max_length=80, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.BigIntegerField(_("amount"), null=True)
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=4, null=True)
    started_on = models.DateField(_("started"), null=True)
    matures_on = models.DateField(_("matures"), null=True)
    ended_on = models.DateField(_("ended"), null=True)

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")


class Loan(models.Model):
    """A loan as agreed. Amounts: minor units of its currency; rate: yearly, percent."""

    reference = models.CharField(_("reference"), max_length=32, unique=True, db_collation="C")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="loans")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="loans")
    product = models.CharField(_("product"), max_length=80, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.BigIntegerField(_("amount"))
    payment = models.BigIntegerField(_("monthly payment"), null=True)
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=4, null=True)
    started_on = models.DateField(_("started"))
    matures_on = models.DateField(_("matures"), null=True)

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")


class Repayment(models.TextChoices):
    CURRENT = "current", _("in order")
    OVERDUE = "overdue", _("overdue")
    PAID = "paid", _("paid back")
    DEFAULTED = "defaulted", _("ended unpaid")


class LoanState(models.Model):
    """How a loan stood at the end of a day; it holds until the next known state. Amounts: minor units."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="states")
    day = models.DateField(_("day"))
    state = models.CharField(_("repayment"), max_length=12, choices=Repayment)
    outstanding = models.BigIntegerField(_("outstanding"), null=True)
    overdue_days = models.PositiveIntegerField(_("days overdue"), default=0)
    overdue_amount = models.BigIntegerField(_("overdue amount"), default=0)

    class Meta:
        verbose_name = _("state of a loan")
        verbose_name_plural = _("states of loans")
        constraints = [models.UniqueConstraint(fields=["loan", "day"], name="one_loan_state_a_day")]


class CreditScore(models.Model):
    """A score from the credit bureau, asked for with the customer's authorisation.

    authorised_for, authorised_until: the purpose the customer authorised the enquiry for, and until when the score may
    be looked at under it.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="credit_scores")
    scored_on = models.DateField(_("day"))
    score = models.PositiveIntegerField(_("score"))
    authorised_for = models.CharField(_("authorised for"), max_length=40)
    authorised_on = models.DateField(_("authorised on"))
    authorised_until = models.DateField(_("authorised until"))

    class Meta:
        verbose_name = _("credit score")
        verbose_name_plural = _("credit scores")
        constraints = [models.UniqueConstraint(fields=["customer", "scored_on"], name="one_score_a_day")]


class RiskAssessment(models.Model):
    """How much risk a customer bears, by their own answers: level 1 (C1) to 5 (C5).

    valid_until: 12 months after the day unless the bank says earlier (适当性管理办法, in force 2026-02-01).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="risk_assessments")
    assessed_on = models.DateField(_("assessed"))
    level = models.PositiveSmallIntegerField(_("level"))
    valid_until = models.DateField(_("valid until"))

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        constraints = [
            models.UniqueConstraint(fields=["customer", "assessed_on"], name="one_assessment_a_day"),
            models.CheckConstraint(name="risk_level_1_to_5", condition=models.Q(level__range=(1, 5))),
        ]
