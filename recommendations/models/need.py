"""What a customer may want to achieve: it comes before any product (domain, section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    GOAL_SAVING = "goal_saving", _("a savings goal")
    EDUCATION = "education", _("education of a child")
    PENSION = "pension", _("income in old age")
    TRAVEL = "travel", _("business travel")
    HOUSE = "house", _("buying a house")
    REINVESTMENT = "reinvestment", _("what to do with a maturing deposit")
    BUSINESS = "business", _("business growth")
    CHILD = "child", _("account and cover for a child")
    JOINT = "joint", _("goals of a couple")
    LIQUIDITY = "liquidity", _("ready money and claims")
    LITERACY = "literacy", _("knowing one's way in money matters")
    FRAUD = "fraud", _("protection against fraud")
    GROWTH = "growth", _("making more of savings")
