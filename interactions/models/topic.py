"""What people talk about: the same words for a conversation, a channel event and a refusal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(models.TextChoices):
    DEPOSIT = "deposit", _("deposits")
    WEALTH = "wealth", _("wealth products")
    FUND = "fund", _("funds")
    INSURANCE = "insurance", _("insurance")
    PENSION = "pension", _("pension")
    EDUCATION = "education", pgettext_lazy("topic", "education")
    HOUSE = "house", _("house and mortgage")
    LOAN = "loan", _("loans")
    CARD = "card", _("cards")
    FX = "fx", _("foreign exchange and travel")
    BUSINESS = "business", _("business")
    FAMILY = "family", _("family")
    HEALTH = "health", _("health")
    SERVICE = "service", _("service and queues")
    FRAUD = "fraud", _("fraud protection")
    ACTIVITY = "activity", _("activities and learning")
