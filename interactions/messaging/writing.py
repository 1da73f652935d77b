"""Writing a message: the draft, kept as typed, and what the customer will read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer
from interactions.contact_policy import Verdict
from interactions.messaging.adapters import adapter_for
from interactions.messaging.asking import asked
from interactions.messaging.wording import ASKED, filled, known_values, variables
from interactions.models import Message, MessageChannel, MessageLanguage, MessageState, TemplateVersion


def asked_names(version: TemplateVersion, language: str) -> list[str]:
    """The open places of `version` in which the author writes, in the order of the text."""
    found = variables(version.subject(language)) + variables(version.text(language))
    return [name for name in dict.fromkeys(found) if name in ASKED]


def draft_of(user: User, customer: Customer) -> Message | None:
    """The message that `user` is writing to `customer`."""
    drafts = Message.objects.filter(customer=customer, by=user, state=MessageState.DRAFT)
    return drafts.select_related("version__template").order_by("-pk").first()


@transaction.atomic
def keep(user: User, customer: Customer, version: TemplateVersion, language: str, typed: Mapping[str, str]) -> Message:
    """Keep the draft as typed, right or wrong. What stood in open places of another template is kept as well."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two windows of one person write one draft
    draft = draft_of(user, customer)
    if draft is None:
        draft = Message(customer=customer, by=user)
        record(
            Action.CREATE, by=user, object_type="message", object_ids=[customer.pk], label=str(draft.key),
            detail={"what": "draft begun"},
        )  # fmt: skip
    template = version.template
    draft.version, draft.channel, draft.kind, draft.topic = version, template.channel, template.kind, template.topic
    draft.language, draft.asked = language, {**draft.asked, **typed}
    draft.save()
    return draft


def discard(user: User, customer: Customer) -> None:
    """The draft is not wanted any more."""
    gone, _tables = Message.objects.filter(customer=customer, by=user, state=MessageState.DRAFT).delete()
    if gone:
        record(
            Action.DELETE, by=user, object_type="message", object_ids=[customer.pk], label=customer.number,
            detail={"what": "draft discarded"},
        )  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """The message as the customer will read it, and what the policy says of sending it now."""

    subject: str
    text: str
    verdict: Verdict

    @property
    def characters(self) -> int:
        return len(self.text)


def preview(
    customer: Customer, version: TemplateVersion, language: str, values: Mapping[str, Any], at: datetime
) -> Preview:
    """customer: with owner and branch. values: of the open places; a day is written out in the message's language."""
    known = known_values(customer, language) | spoken(values, language)
    template = version.template
    return Preview(
        subject=filled(version.subject(language), known, language),
        text=filled(version.text(language), known, language),
        verdict=asked(customer.pk, template.channel, template.kind, template.topic, at),
    )


def spoken(values: Mapping[str, Any], language: str) -> dict[str, str]:
    """`values` as they stand in a text: days and times in the words of `language`."""
    chinese = language == MessageLanguage.CHINESE
    with override("zh-hans" if chinese else "en"):
        words = {}
        for name, value in values.items():
            if name == "date" and value:
                words[name] = date_format(value, "n月j日" if chinese else "j F")
            elif name == "time" and value:
                words[name] = f"{value:%H:%M}"
            else:
                words[name] = str(value or "").strip()
        return words


def make(draft: Message, seen: Preview) -> None:
    """Freeze what was seen as what is sent; the caller saves it by putting it into the outbox."""
    draft.subject, draft.text = " ".join(seen.subject.split())[:200], seen.text


def ways(version: TemplateVersion, customer: Customer) -> tuple[bool, bool]:
    """Whether the message can be sent by the system, and whether the customer can be reached by its channel at all."""
    channel = version.template.channel
    name = {MessageChannel.SMS.value: "phone_sealed", MessageChannel.EMAIL.value: "email_sealed"}.get(channel)
    reachable = name is None or getattr(customer, name) is not None
    return not version.template.by_hand and adapter_for(channel) is not None, reachable
