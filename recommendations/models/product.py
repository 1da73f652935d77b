"""What the bank offers."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Family
from customers.models.segment import NamedInTwoLanguages


class Regime(models.TextChoices):
    """Which rules a product is under (金融机构产品适当性管理办法, in force 2026-02-01)."""

    INVESTMENT = "investment", _("investment product")
    FUND = "fund", _("public fund")
    INSURANCE = "insurance", _("insurance")
    DEPOSIT = "deposit", _("deposit")
    CARD = "card", _("card")
    LOAN = "loan", _("loan")
    NONE = "none", _("none: a talk, a lecture, a service")


RATED = (Regime.INVESTMENT, Regime.FUND, Regime.INSURANCE)


class Product(NamedInTwoLanguages):
    """A product, or a service that is none for sale (regime none).

    family: as holdings have it; empty for a service. risk: 1 (R1) to 5 (R5), only where the regime rates. minimum:
    minor units of BASE_CURRENCY. target: for whom it is meant, in the bank's words. private: for qualified investors
    alone. regular_premium: insurance paid year by year, for which the payer's age limit is lower.
    """

    code = models.SlugField(_("code"), max_length=24, unique=True)
    family = models.CharField(_("product family"), max_length=12, choices=Family, blank=True)
    regime = models.CharField(_("regime"), max_length=12, choices=Regime)
    risk = models.PositiveSmallIntegerField(_("risk"), null=True, blank=True)
    minimum = models.BigIntegerField(_("minimum"), default=0)
    term_days = models.PositiveIntegerField(_("term in days"), null=True, blank=True)
    target = models.CharField(_("meant for"), max_length=200, blank=True)
    regular_premium = models.BooleanField(_("regular premium"), default=False)
    private = models.BooleanField(_("for qualified investors alone"), default=False)
    sold_from = models.DateField(_("sold from"), null=True, blank=True)
    sold_until = models.DateField(_("sold until"), null=True, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    value = models.PositiveSmallIntegerField(
        _("value to the bank (0 to 10)"), default=5, validators=[MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        constraints = [
            # A rated product without its rating could pass a gate that compares ratings.
            models.CheckConstraint(
                name="product_rated_where_its_regime_rates",
                condition=models.Q(regime__in=RATED, risk__range=(1, 5))
                | (~models.Q(regime__in=RATED) & models.Q(risk=None)),
            )
        ]
