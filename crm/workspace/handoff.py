"""The hand-off card: what whoever serves a customer next needs, so that nothing has to be told twice.

Made of the same facts and words as the brief, without what leads to an offer: no money, no suggestion, no warning.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.lib.dates import bank_day
from crm.staff.models import User
from crm.workspace.brief_facts import known_of
from crm.workspace.brief_parts import Line, day_text
from crm.workspace.brief_words import lines
from customers.models import Channel, Customer, Gender
from customers.names import surname_of
from interactions import handover
from interactions.models import ChannelIdentity, EventChannel, Handover
from interactions.standing import quiet_hours
from interactions.timeline.reading import Asked, read
from interactions.timeline.sight import Sight, sight
from interactions.timeline.sources import SOURCES

LATELY = timedelta(days=7)
LATELY_MOST = 4


@dataclass(frozen=True)
class Did:
    """What the customer did themselves of late."""

    day: str
    what: str
    details: str


@dataclass(frozen=True)
class Card:
    """handed: the last hand-over, if it was of late. address: how to speak to them. quiet: hours in which not to call.
    lines: what hurt, promises and questions, the mood and its cause, what not to speak of. known_by: channels on which
    the bank made sure who they are. to_serve: read by somebody who serves them for a moment."""

    handed: Handover | None
    address: str
    channel: str
    quiet: str
    looked_after_by: str
    branch: str
    lines: list[Line]
    lately: list[Did]
    known_by: list[str]
    to_serve: bool


def card(customer: Customer, user: User, day: date) -> Card:
    """The card of `customer` as `user` reads it on `day`, in the language of the page; bare for stored-only data."""
    owner, branch, known_by = _kept(customer)
    bare = Card(None, address(customer), _channel(customer), "", owner, branch, [], [], known_by, to_serve=True)
    if customer.restricted:
        return bare
    seen = sight(user, customer)
    hours = quiet_hours()
    return replace(
        bare,
        handed=handover.last_of(customer),
        quiet=f"{hours.start:%H:%M}–{hours.end:%H:%M}" if hours.start != hours.end else "",
        lines=lines(known_of(customer, user, day, to_serve=True)),
        lately=_lately(customer, seen, day),
        to_serve=seen.serves_only,
    )


def address(customer: Customer) -> str:
    """How one speaks to them: 张先生, Ms 李; the name itself where the bank does not know."""
    surname = surname_of(customer.name)
    if customer.gender == Gender.MALE:
        return pgettext("address", "Mr %(surname)s") % {"surname": surname}
    if customer.gender == Gender.FEMALE:
        return pgettext("address", "Ms %(surname)s") % {"surname": surname}
    return customer.name


def _channel(customer: Customer) -> str:
    return str(Channel(customer.preferred_channel).label) if customer.preferred_channel else ""


def _kept(customer: Customer) -> tuple[str, str, list[str]]:
    """Who looks after them, where, and the channels that know them for sure. One query."""
    verified = ChannelIdentity.objects.filter(customer=OuterRef("pk"), verified_at__isnull=False)
    names = verified.order_by("channel", "pk").values(one=JSONObject(channel="channel", tail="external_tail"))
    row = Customer.objects.values_list(
        "owner__display_name", "branch__name", ArraySubquery(names)
    ).get(pk=customer.pk)  # fmt: skip
    known_by = [f"{EventChannel(name['channel']).label} …{name['tail']}" for name in row[2]]
    return row[0] or _("the branch"), row[1], known_by


def _lately(customer: Customer, seen: Sight, day: date) -> list[Did]:
    """Their last visits to app, online bank and WeChat, without sums; looks only where they may be read."""
    page = read(customer, Asked(kind="online"), replace(seen, serves_only=True))
    found = [one for one in page.entries if bank_day(one.at) > day - LATELY][:LATELY_MOST]
    written = [SOURCES[one.source].line(one, day) for one in found]
    return [Did(day_text(bank_day(line.at), day), line.title, " · ".join(line.details)) for line in written]
