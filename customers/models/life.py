"""What happens in a customer's life, and what was learnt of it: each with its source, its date and how sure it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class Source(models.TextChoices):
    MANAGER = "manager", _("said to the manager")
    BANK = "bank", _("the bank's records")
    SYSTEM = "system", _("concluded from the figures")


class Confidence(models.TextChoices):
    SURE = "sure", _("sure")
    LIKELY = "likely", _("likely")
    GUESSED = "guessed", _("a guess")


class LifeKind(models.TextChoices):
    """Events that needs come from."""

    BIRTH = "birth", _("birth of a child")
    MARRIAGE = "marriage", _("marriage")
    HOUSE = "house", _("house bought")
    JOB = "job", _("new job")
    RETIREMENT = "retirement", _("retirement")
    EXAM = "exam", _("a child's exam")
    MOVE = "move", _("moving house")
    BUSINESS = "business", _("business founded")
    ABROAD = "abroad", _("studies or work abroad")
    LOSS = "loss", _("loss of a relative")
    ILLNESS = "illness", _("illness")


class Precision(models.TextChoices):
    """How exactly the day of an event is known; `on` is then the first day of the month or year."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class LifeState(models.TextChoices):
    PROPOSED = "proposed", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("not so")


class LifeEvent(models.Model):
    """One event of a customer's life, past or planned. cause: what the night saw it in, "" where a person wrote it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="life_events")
    kind = models.CharField(_("event"), max_length=12, choices=LifeKind)
    on = models.DateField(_("day"))
    precision = models.CharField(max_length=8, choices=Precision, default=Precision.DAY)
    planned = models.BooleanField(_("planned"), default=False)
    note = models.CharField(_("what was said"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=LifeState, default=LifeState.CONFIRMED)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.MANAGER)
    confidence = models.CharField(_("how sure"), max_length=8, choices=Confidence, default=Confidence.SURE)
    cause = models.CharField(max_length=60, blank=True, db_collation="C")
    of_child = models.BooleanField(default=False)  # data of a child under 14: only with its guardian's consent
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "cause"], name="one_proposal_per_cause", condition=~models.Q(cause="")
            ),
        ]
        indexes = [models.Index(fields=["customer", "-on"], name="life_of_customer")]


class Fact(models.Model):
    """One learnt fact: its value, or that it was not the moment to ask; and from where, since when, how sure.

    Facts that are columns of Customer keep their value there: `value` is then a copy that tells whether this row
    still speaks of the column's value ("" for sealed ones).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="facts")
    name = models.CharField(max_length=24, db_collation="C")
    value = models.CharField(max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.MANAGER)
    confidence = models.CharField(_("how sure"), max_length=8, choices=Confidence, default=Confidence.SURE)
    on = models.DateField(_("since"))
    later_until = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("learnt fact")
        verbose_name_plural = _("learnt facts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="one_fact_of_a_name")]
