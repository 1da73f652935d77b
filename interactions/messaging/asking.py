"""What the contact policy says of a message, on the page and again at the moment of sending; its reasons, kept."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from interactions import policy_words
from interactions.contact_policy import Code, Reason, Verdict
from interactions.models import Kind
from interactions.standing import may_contact

# Why an offer waits besides the policy: another one to the customer is on its way, or of unknown fate.
IN_THE_AIR = "in_the_air"
_HOURS = (Code.QUIET_HOURS, Code.INACTIVE_HOURS)


def asked(customer_id: int, channel: str, kind: str, topic: str, at: datetime, *, active: bool = False) -> Verdict:
    """May the message be sent at `at`?

    The policy lets service pass at any time; a message that nobody asked for at night waits all the same until the
    quiet hours are over, and with `active` until the customer is usually about.
    """
    if kind != Kind.SERVICE:
        return may_contact([customer_id], channel, kind, topic, at)[customer_id]
    as_care = may_contact([customer_id], channel, Kind.CARE.value, topic, at)[customer_id]
    concern = (Code.NOT_SERVED, *(_HOURS if active else (Code.QUIET_HOURS,)))
    bars = tuple(reason for reason in as_care.reasons if reason.code in concern)
    ends = [reason.facts["until"] for reason in bars if "until" in reason.facts]
    return Verdict(not bars, bars, max(ends, default=at) if len(ends) == len(bars) else None, as_care.prefer)


def kept(reasons: Sequence[Reason]) -> list[list[Any]]:
    """`reasons` as JSON: [code, facts] each."""
    encoder = DjangoJSONEncoder()
    return [[str(one.code), {name: _plain(value, encoder) for name, value in one.facts.items()}] for one in reasons]


def _plain(value: Any, encoder: DjangoJSONEncoder) -> Any:
    return encoder.default(value) if isinstance(value, date) else value


def sentences(held: Iterable[Sequence[Any]]) -> list[str]:
    """What `kept` kept, in the language of the page."""
    return [_sentence(code, facts) for code, facts in held]


def _sentence(code: str, facts: dict[str, Any]) -> str:
    if code == IN_THE_AIR:
        return _("Another offer to this customer is on its way, or nobody knows yet what became of it.")
    if code not in list(Code):
        return code
    return policy_words.sentence(Reason(Code(code), {name: _value(name, value) for name, value in facts.items()}))


def _value(name: str, value: Any) -> Any:
    if name not in ("until", "next_free") or not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value)
    return localtime(moment) if "T" in value else moment.date()


def moment_words(moment: datetime) -> str:
    """A moment of these days: 14 May 09:00, 5月14日 09:00."""
    local = localtime(moment)
    return f"{date_format(local.date(), pgettext('format of a day', 'j F'))} {local:%H:%M}"
