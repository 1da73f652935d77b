"""Messages to customers: templates and their versions, the outbox, and what happened to each message."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer
from interactions.models.interaction import Interaction, Kind
from interactions.models.topic import Topic


class MessageChannel(models.TextChoices):
    """The channels of Channel by which a written message goes."""

    SMS = Channel.SMS.value, _("SMS")
    WECHAT = Channel.WECHAT.value, _("WeChat Work")
    EMAIL = Channel.EMAIL.value, _("e-mail")


class MessageLanguage(models.TextChoices):
    CHINESE = "zh", "中文"
    ENGLISH = "en", "English"


class MessageTemplate(models.Model):
    """A kind of message. Its words are in its versions; the newest approved one is what people send.

    by_hand: only copied and sent by a person. days_valid: so long after it was written it still makes sense.
    """

    code = models.SlugField(_("code"), max_length=24, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    channel = models.CharField(_("channel"), max_length=8, choices=MessageChannel)
    by_hand = models.BooleanField(
        _("only by hand"), default=False, help_text=_("Copied and sent by a person, never by the system.")
    )
    kind = models.CharField(
        _("for"), max_length=12, choices=Kind, default=Kind.SERVICE,
        help_text=_("Only offers count in the contact budget and need the customer's consent to the channel."),
    )  # fmt: skip
    topic = models.CharField(_("topic"), max_length=24, choices=Topic, blank=True)
    days_valid = models.PositiveSmallIntegerField(
        _("days valid"), default=7, help_text=_("A message that could not be sent within so many days is cancelled.")
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["code"]
        permissions = [("approve_messagetemplate", "Can approve versions of message templates")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class TemplateVersion(models.Model):
    """The words of a template. Never changed: an edit is a new version, and an approved one is frozen by a trigger."""

    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    subject_zh = models.CharField(_("subject in Chinese"), max_length=120, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=120, blank=True)
    text_zh = models.TextField(_("text in Chinese"))
    text_en = models.TextField(_("text in English"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of a template")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_template_version_per_number"),
            models.CheckConstraint(
                name="template_approved_by_a_second_person",
                condition=Q(approved_by=None) | Q(author=None) | ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(
                name="template_approval_whole",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.code} v{self.number}"

    def subject(self, language: str) -> str:
        return self.subject_zh if language == MessageLanguage.CHINESE else self.subject_en

    def text(self, language: str) -> str:
        return self.text_zh if language == MessageLanguage.CHINESE else self.text_en


class MessageState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("message", "draft")
    QUEUED = "queued", pgettext_lazy("message", "waiting to be sent")
    HELD = "held", pgettext_lazy("message", "held back")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    FAILED = "failed", pgettext_lazy("message", "failed")
    UNKNOWN = "unknown", pgettext_lazy("message", "not known whether it arrived")
    CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")


# What a worker still has to look at, each at its `due_at`.
LIVE_STATES = (MessageState.QUEUED, MessageState.HELD, MessageState.SENDING)


class Message(models.Model):
    """One message to one customer, from its draft to its delivery.

    asked: what the author typed into the template's open places, as typed; subject, text: what the customer reads,
    made when it leaves the draft. key: the name under which it is sent, once for ever. due_at: when a worker has to
    look at it next; while it is being sent, the end of the worker's lease (lease: that worker's token). in_doubt: the
    request was begun, and nobody knows its result. not_after: then it makes no sense any more. at_active_hours: to be
    sent when the customer is usually about. held: why it waits, as [code, facts] of contact_policy.Reason.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="messages")
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+", verbose_name=_("template"))
    channel = models.CharField(_("channel"), max_length=8, choices=MessageChannel)
    kind = models.CharField(_("for"), max_length=12, choices=Kind)
    topic = models.CharField(_("topic"), max_length=24, choices=Topic, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=MessageLanguage)
    asked: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    by_hand = models.BooleanField(_("by hand"), default=False)
    at_active_hours = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=12, choices=MessageState, default=MessageState.DRAFT)
    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    due_at = models.DateTimeField(_("next look"), null=True)
    not_after = models.DateTimeField(_("not after"), null=True)
    lease = models.UUIDField(null=True)
    in_doubt = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queries = models.PositiveSmallIntegerField(default=0)
    held: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    interaction = models.OneToOneField(Interaction, models.SET_NULL, null=True, related_name="message")
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="message_due", condition=Q(state__in=["queued", "held", "sending"])
            ),
            models.Index(fields=["customer", "-id"], name="message_customer"),
            models.Index(fields=["state", "-id"], name="message_state"),
            models.Index(fields=["customer"], name="message_open", condition=~Q(state__in=["sent", "delivered"])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.key)


class AttemptStep(models.TextChoices):
    BEGUN = "begun", pgettext_lazy("message", "sending begun")
    ACCEPTED = "accepted", pgettext_lazy("message", "taken on")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("message", "not taken on, tried again")
    REFUSED = "refused", pgettext_lazy("message", "refused")
    IN_DOUBT = "in_doubt", pgettext_lazy("message", "no answer")
    ASKED = "asked", pgettext_lazy("message", "asked what became of it")
    RECEIPT = "receipt", pgettext_lazy("message", "receipt")
    DECIDED = "decided", pgettext_lazy("message", "decided by a person")


class MessageAttempt(models.Model):
    """What happened to a message on its way, step by step. Only ever added to.

    receipt: the provider's own number of a receipt, which makes one that is told twice known.
    """

    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    step = models.CharField(_("step"), max_length=12, choices=AttemptStep)
    at = models.DateTimeField(_("time"))
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(max_length=80, null=True, unique=True, db_collation="C")  # noqa: DJ001 - NULL is none

    class Meta:
        verbose_name = _("step of a message")
        verbose_name_plural = _("steps of messages")
        default_permissions = ()
        ordering = ["pk"]
