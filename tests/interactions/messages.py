"""Makers for tests of messages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from customers import consent
from interactions.messaging import approved
from interactions.models import Message, MessageTemplate

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=SHANGHAI)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


def make_template(author, approver, code="birthday", text="{salutation}，生日快乐！{manager}", **fields):
    template = MessageTemplate.objects.create(
        **{"code": code, "name_zh": code, "name_en": code, "channel": "sms", "kind": "service"} | fields
    )
    words = {"text_zh": text, "text_en": "Happy birthday!", "subject_zh": "", "subject_en": ""}
    version = approved.write(template, words, by=author)
    if approver is not None:
        approved.approve(version, by=approver)
    return template


def queued(customer, version, *, by=None, at=NOON, **fields) -> Message:
    usual = {
        "customer": customer, "version": version, "channel": version.template.channel, "kind": version.template.kind,
        "topic": version.template.topic, "language": "zh", "text": f"to {customer.number}", "by": by, "state": "queued",
        "due_at": at, "not_after": at + timedelta(days=30),
    }  # fmt: skip
    return Message.objects.create(**usual | fields)


def agrees(customer, by, channel="sms"):
    consent.give(customer, ("marketing", channel, ""), means="phone", by=by)
