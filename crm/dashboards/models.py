"""The measures the night stores, so that a dashboard adds up rows of managers instead of reading customers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Measured(models.TextChoices):
    """What is measured. Each row is `part` of `whole`: shares and averages add up over managers, branches and days."""

    CSAT = "csat", _("satisfied customers")  # answers of 4 or 5 / answers, 90 days
    COMPLAINTS_OPEN = "complaints_open", _("complaints open")  # open / late
    COMPLAINT_DAYS = "complaint_days", _("age of open complaints")  # sum of days / open
    ACTIVE = "active", _("active customers")  # customer-initiated movement or event in 90 days / customers
    CONTACTED = "contacted", _("contacted this month by their manager")  # conversations / customers owned
    ON_TIME = "on_time", _("follow-ups on time")  # ended on their day or before / due in 30 days
    LATE = "late", _("follow-ups late")  # open and past / open
    OFFERED = "offered", _("suggestions welcomed")  # interested / answered, 90 days
    REFUSED = "refused", _("suggestions refused")  # not interested or wrong / answered, 90 days
    PRODUCTS = "products", _("products per customer")  # product families / customers with one
    USED = "used", _("days of use")  # days with an audited act in 30 days / working days
    NOTES = "notes", _("notes per customer met")  # notes with words / conversations, 30 days


class Measure(models.Model):
    """One measure of a bank day, of one manager's customers (manager empty: the branch's pool)."""

    day = models.DateField(_("day"))
    measured = models.CharField(_("measure"), max_length=16, choices=Measured)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    part = models.BigIntegerField()
    whole = models.BigIntegerField()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "measured", "branch", "manager"], name="one_measure_a_day", nulls_distinct=False
            )
        ]
