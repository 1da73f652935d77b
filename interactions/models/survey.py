"""How satisfied customers are: invitations by single-use link, answers as given, and which contacts are asked about."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer
from interactions.models.complaint import Complaint
from interactions.models.interaction import Interaction


class SurveyKind(models.TextChoices):
    """What is asked. CSAT: 1 to 5, 5 best. NPS: 0 to 10, 10 best. CES: effort, 1 to 7, 7 the hardest."""

    CSAT = "csat", _("satisfaction (CSAT, 1 to 5)")
    NPS = "nps", _("recommendation (NPS, 0 to 10)")
    CES = "ces", _("effort (CES, 1 easy to 7 hard)")


class SurveyAbout(models.TextChoices):
    """What a customer is asked about."""

    VISIT = "visit", pgettext_lazy("survey", "a visit")
    CALL = "call", pgettext_lazy("survey", "a call")
    COMPLAINT = "complaint", pgettext_lazy("survey", "a closed complaint")
    BRANCH = "branch", pgettext_lazy("survey", "the branch")


class SurveyRule(models.Model):
    """Which share of contacts of a sort is asked about, and what. Drawn by hash: see interactions/satisfaction."""

    about = models.CharField(_("asked about"), max_length=12, choices=SurveyAbout, unique=True)
    kind = models.CharField(_("question"), max_length=8, choices=SurveyKind)
    percent = models.PositiveSmallIntegerField(
        _("share asked (percent)"), validators=[MaxValueValidator(100)], help_text=_("0: nobody")
    )

    class Meta:
        verbose_name = _("survey rule")
        verbose_name_plural = _("survey rules")
        ordering = ["about"]
        constraints = [models.CheckConstraint(name="survey_rule_percent", condition=Q(percent__lte=100))]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.percent} %"


class Survey(models.Model):
    """One invitation, and its answer once there is one.

    token_hash: of the link's random id, which is kept nowhere. manager: who served the customer. score: as given, on
    the scale of `kind`; formula: the version of what is computed of it. case: the complaint that a low answer opened.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="surveys")
    kind = models.CharField(_("question"), max_length=8, choices=SurveyKind)
    about = models.CharField(_("asked about"), max_length=12, choices=SurveyAbout)
    interaction = models.ForeignKey(Interaction, models.SET_NULL, null=True, related_name="+")
    complaint = models.ForeignKey(Complaint, models.SET_NULL, null=True, related_name="+")
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    about_day = models.DateField(_("day of the contact"))
    token_hash = models.BinaryField(unique=True)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    score = models.PositiveSmallIntegerField(_("answer"), null=True)
    text = models.TextField(_("in the customer's words"), blank=True)
    language = models.CharField(max_length=10, blank=True)
    formula = models.PositiveSmallIntegerField(default=1)
    case = models.ForeignKey(Complaint, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="survey_score_on_its_scale",
                condition=Q(score=None)
                | Q(kind="csat", score__range=(1, 5))
                | Q(kind="nps", score__range=(0, 10))
                | Q(kind="ces", score__range=(1, 7)),
            ),
            models.CheckConstraint(
                name="survey_answered_with_a_score",
                condition=Q(answered_at=None, score=None) | Q(answered_at__isnull=False, score__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-invited_at"], name="survey_customer"),
            models.Index(
                fields=["kind", "answered_at"], name="survey_answered", condition=Q(answered_at__isnull=False)
            ),
            models.Index(fields=["interaction"], name="survey_interaction", condition=Q(interaction__isnull=False)),
        ]
