"""What the bank congratulates on by choice: which festivals, whom, and how many."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Segment


class FestivalName(models.TextChoices):
    """Festivals of the lunar calendar, with their lunar month and day in interactions/care/festivals.py."""

    SPRING = "spring", _("Spring Festival")
    DRAGON_BOAT = "dragon_boat", _("Dragon Boat Festival")
    MID_AUTUMN = "mid_autumn", _("Mid-Autumn Festival")
    DOUBLE_NINTH = "double_ninth", _("Double Ninth Festival")


class Festival(models.Model):
    """A festival on which managers greet customers: those of `segments`, and those who carry one of `tags`.

    from_age: the youngest who is greeted, None: of any age. most: greetings of one manager at one festival; who has
    most with the bank is greeted first. Without segments and tags nobody is.
    """

    name = models.CharField(_("festival"), max_length=12, choices=FestivalName, unique=True)
    active = models.BooleanField(_("in use"), default=True)
    segments = models.ManyToManyField(Segment, blank=True, related_name="+", verbose_name=_("segments"))
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("tags"))
    from_age = models.PositiveSmallIntegerField(_("from the age of"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("greetings of a manager at most"), default=15)

    class Meta:
        verbose_name = _("festival")
        verbose_name_plural = _("festivals")
        ordering = ["name"]
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return str(self.get_name_display())
