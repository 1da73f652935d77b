"""Templates and the outbox in the admin. No text to a customer is here: who administers does not serve."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib.pagination import CappedPaginator
from crm.staff.access import signed_in
from interactions.messaging import approved, outbox
from interactions.messaging.forms import ReasonForm
from interactions.messaging.wording import ASKED, AUTO, check_variables, check_words, variables
from interactions.messaging.words import why
from interactions.models import Message, MessageAttempt, MessageChannel, MessageTemplate, TemplateVersion

MOST_DECIDED = 200  # at once


class ReadOnly:
    """Nobody adds to it, edits or deletes it by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TemplateForm(forms.ModelForm[MessageTemplate]):
    """The template and the words of its newest version. Other words become a new version, to be approved anew."""

    subject_zh = forms.CharField(label=gettext_lazy("Subject in Chinese"), max_length=120, required=False)
    subject_en = forms.CharField(label=gettext_lazy("Subject in English"), max_length=120, required=False)
    text_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90}),
    )  # fmt: skip

    class Meta:
        model = MessageTemplate
        fields = ["code", "name_zh", "name_en", "channel", "by_hand", "kind", "topic", "days_valid", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [f"{{{name}}} {label}" for name, label in {**AUTO, **ASKED}.items()]
        for name in ("text_zh", "text_en"):
            if name in self.fields:
                self.fields[name].help_text = "; ".join(known)
        last = approved.newest(self.instance) if self.instance.pk else None
        if last is not None:
            self.initial = {**self.initial, **{name: getattr(last, name) for name in approved.WORDS}}

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if self.instance.pk and code != self.initial["code"]:
            raise ValidationError(_("The code stays: messages and the audit name it."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in (*approved.WORDS, "name_zh", "name_en"):
            for check in (check_words, check_variables):
                try:
                    check(cleaned.get(name) or "")
                except ValidationError as error:
                    self.add_error(name, error)
        if cleaned.get("channel") == MessageChannel.EMAIL:
            for name in ("subject_zh", "subject_en"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("An e-mail has a subject."))
        self._check_same_places(cleaned)
        return cleaned

    def _check_same_places(self, cleaned: dict[str, Any]) -> None:
        """Both languages ask the author the same things."""
        asked = [
            {name for name in variables(cleaned.get(f"text_{language}") or "") if name in ASKED}
            for language in ("zh", "en")
        ]
        if asked[0] != asked[1] and not {"text_zh", "text_en"} & set(self.errors):
            names = ", ".join(f"{{{name}}}" for name in sorted(asked[0] ^ asked[1]))
            self.add_error("text_en", _("Only one of the languages has: %(names)s.") % {"names": names})


class VersionInline(ReadOnly, admin.TabularInline[TemplateVersion, MessageTemplate]):
    model = TemplateVersion
    fields = ["number", "text_zh", "text_en", "author", "written_at", "approved_by", "approved_at"]
    readonly_fields = ["number", "text_zh", "text_en", "author", "written_at", "approved_by", "approved_at"]
    ordering = ["-number"]
    extra = 0
    can_delete = False


@admin.register(MessageTemplate)
class MessageTemplateAdmin(admin.ModelAdmin[MessageTemplate]):
    """Written by one person, approved by another; what is sent is the newest approved version."""

    form = TemplateForm
    list_display = ["code", "name_zh", "name_en", "channel", "kind", "topic", "active", "in_force", "to_approve"]
    list_filter = ["active", "channel", "kind"]
    search_fields = ["code__istartswith", "name_zh", "name_en__icontains"]
    inlines = [VersionInline]
    actions = ["approve"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageTemplate]:
        return super().get_queryset(request).prefetch_related("versions")

    @admin.display(description=gettext_lazy("in force"))
    def in_force(self, template: MessageTemplate) -> str:
        numbers = [one.number for one in template.versions.all() if one.approved_at]
        return f"v{max(numbers)}" if numbers else "—"

    @admin.display(description=gettext_lazy("to be approved"))
    def to_approve(self, template: MessageTemplate) -> str:
        newest = max(template.versions.all(), key=lambda one: one.number, default=None)
        return f"v{newest.number}" if newest is not None and not newest.approved_at else ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("interactions.approve_messagetemplate"))

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        words = {name: form.cleaned_data[name] for name in approved.WORDS}
        if approved.write(obj, words, by=signed_in(request)) is not None:
            self.message_user(request, _("A new version was written: somebody else has to approve it."))

    @admin.action(description=gettext_lazy("Approve the newest version"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[MessageTemplate]) -> None:
        for template in queryset:
            version = approved.newest(template)
            if version is None:
                continue
            try:
                done = approved.approve(version, by=signed_in(request))
            except approved.OwnVersionError:
                words = _("%(version)s: nobody approves what they wrote themselves.") % {"version": version}
                self.message_user(request, words, messages.ERROR)
                continue
            words = _("%(version)s is approved.") if done else _("%(version)s was approved already.")
            self.message_user(request, words % {"version": version})


class AttemptInline(ReadOnly, admin.TabularInline[MessageAttempt, Message]):
    model = MessageAttempt
    fields = ["at", "number", "step", "detail", "by"]
    readonly_fields = ["at", "number", "step", "detail", "by"]
    extra = 0
    can_delete = False


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    """The outbox, newest first; found by exact numbers, so that a million rows stay quick."""

    fields = readonly_fields = (
        "number", "version", "channel", "kind", "topic", "language", "state", "explained", "key", "by", "due_at",
        "not_after", "tries", "created_at", "sent_at", "delivered_at", "provider_id",
    )  # fmt: skip
    list_display = ["number", "version", "channel", "kind", "state", "tries", "due_at", "created_at", "by"]
    list_filter = ["state", "channel", "kind"]
    list_select_related = ["customer", "version__template", "by"]
    search_fields = ["customer__number__exact", "key__exact", "by__employee_number__exact"]
    search_help_text = gettext_lazy("A whole customer number, key or employee number")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    inlines = [AttemptInline]
    actions = ["cancel", "send_again", "arrived", "give_up"]

    @admin.display(description=gettext_lazy("customer number"))
    def number(self, message: Message) -> str:
        return message.customer.number

    @admin.display(description=gettext_lazy("reason"))
    def explained(self, message: Message) -> str:
        return why(message)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Cancel what waits…"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self._decide(request, queryset, "cancel", _("Cancel the message"), outbox.cancel)

    @admin.action(description=gettext_lazy("Send anew what failed or is unknown…"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self._decide(request, queryset, "send_again", _("Send it anew"), outbox.send_again)

    @admin.action(description=gettext_lazy("Unknown ones arrived…"), permissions=["change"])
    def arrived(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self._decide(request, queryset, "arrived", _("It arrived"), outbox.arrived)

    @admin.action(description=gettext_lazy("Leave what failed or is unknown…"), permissions=["change"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self._decide(request, queryset, "give_up", _("Leave it"), outbox.give_up)

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[Message], name: str, words: str, act: Any
    ) -> HttpResponse | None:
        """First asks for the reason, then does `act` to each message that is still in a state for it."""
        chosen = list(queryset.order_by("pk")[:MOST_DECIDED])
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_bound or not form.is_valid():
            context = {
                **self.admin_site.each_context(request), "title": words, "form": form, "chosen": chosen, "action": name,
                "opts": self.model._meta, "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }  # fmt: skip
            return TemplateResponse(request, "admin/interactions/message/decide.html", context)
        done = 0
        for message in chosen:
            try:
                act(message, form.cleaned_data["reason"], by=signed_in(request), now=timezone.now())
                done += 1
            except outbox.DecidedAlreadyError:
                continue
        told = ngettext("%(count)d message changed.", "%(count)d messages changed.", done) % {"count": done}
        if done < len(chosen):
            told += " " + _("The others are in a state that does not allow it.")
        self.message_user(request, told)
        return None
