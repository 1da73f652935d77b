"""Consents of customers and the notices they refer to (PIPL Art. 13-17, 23, 24, 28-31)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Channel, Customer


class ConsentPurpose(models.TextChoices):
    """Purposes that need the customer's own consent, each separately."""

    PROFILING = "profiling", _("Personal suggestions and portrait")
    MARKETING = "marketing", _("Marketing by channel")
    SENSITIVE = "sensitive", _("Sensitive data (health, religion)")
    SHARING = "sharing", _("Passing data to another company")
    CHILD = "child", _("Data of a child under 14, by its guardian")


class LegalBasis(models.TextChoices):
    """Art. 13 PIPL."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract")
    LEGAL_DUTY = "legal_duty", _("legal duty")


class Means(models.TextChoices):
    """By what means a customer gave or withdrew consent."""

    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("by phone")
    WRITTEN = "written", _("in writing")
    APP = "app", _("in the app")
    FILE = "file", _("taken over from a file")


class PrivacyNotice(models.Model):
    """What a customer was told when asked. Never edited once published: a new version asks again where it says so."""

    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose)
    version = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    asks_again = models.BooleanField(
        _("asks again"),
        default=True,
        help_text=_("Consents to earlier versions no longer count (Art. 14 PIPL)."),
    )
    legal_basis = models.CharField(_("legal basis"), max_length=12, choices=LegalBasis, default=LegalBasis.CONSENT)
    data_kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("kinds of data"))
    text_zh = models.TextField(_("text in Chinese"))
    text_en = models.TextField(_("text in English"))

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_notice_per_version")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} v{self.version}"

    @property
    def text(self) -> str:
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en


class Consent(models.Model):
    """One answer of a customer: given, and perhaps withdrawn later; or refused (`given_at` empty).

    Rows are the history: giving again after a withdrawal is a new row, and withdrawal changes nothing before it.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    recipient = models.CharField(_("recipient"), max_length=80, blank=True)
    data_kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("kinds of data"), default=list)
    notice_version = models.PositiveIntegerField(_("notice version"))
    legal_basis = models.CharField(_("legal basis"), max_length=12, choices=LegalBasis, default=LegalBasis.CONSENT)
    given_at = models.DateTimeField(_("given"), null=True)
    given_by_means = models.CharField(max_length=12, choices=Means, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by_means = models.CharField(max_length=12, choices=Means, blank=True)
    guardian_name = models.CharField(_("guardian"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel", "recipient", "given_at"],
                name="one_consent_per_moment",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="consent_given_or_refused",
                condition=models.Q(given_at__isnull=False) | models.Q(withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_channel_for_marketing",
                condition=models.Q(purpose="marketing") ^ models.Q(channel=""),
            ),
            models.CheckConstraint(
                name="consent_recipient_for_sharing",
                condition=models.Q(purpose="sharing") ^ models.Q(recipient=""),
            ),
        ]
