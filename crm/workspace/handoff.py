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
from customers.models import Channel, Customer, Gender, Share
from customers.names import surname_of
from interactions import handover
from interactions.complaints import looks_after
from interactions.models import ChannelIdentity, EventChannel, Handover
from interactions.standing import standing_of
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
    """handed: the last hand-over, if it was of late. lines: what hurt, promises and questions, the mood and its cause,
    what not to speak of. to_serve: read by somebody who serves them for a moment; whole: with its lines."""

    handed: Handover | None
    lines: list[Line]
    to_serve: bool
    whole: bool


@dataclass(frozen=True)
class Meeting:
    """How to meet them. address: how to speak to them. quiet: hours in which not to call. lately: what they did online.
    known_by: channels on which the bank made sure who they are."""

    address: str
    channel: str
    quiet: str
    looked_after_by: str
    branch: str
    lately: list[Did]
    known_by: list[str]


def card(customer: Customer, user: User, day: date, *, whole: bool) -> Card:
    """The card of `customer` as `user` reads it on `day`. Who serves them for a moment always reads all of it, who
    looks after them when they ask for the whole. Of stored-only data nothing is told."""
    if customer.restricted:
        return Card(None, [], to_serve=False, whole=whole)
    own = looks_after(user, customer) or Share.objects.live().filter(user=user, content_object=customer).exists()
    told = lines(known_of(customer, user, day, to_serve=True)) if whole or not own else []
    return Card(handover.last_of(customer), told, to_serve=not own, whole=whole or not own)


def meeting(customer: Customer, user: User, day: date) -> Meeting:
    """How to meet `customer`, in the language of the page."""
    owner, branch, known_by = _kept(customer)
    lately: list[Did] = []
    quiet = ""
    if not customer.restricted:
        lately = _lately(customer, sight(user, customer), day)
        hours = standing_of(customer, day).quiet
        quiet = f"{hours.start:%H:%M}–{hours.end:%H:%M}" if hours.start != hours.end else ""
    return Meeting(address(customer), _channel(customer), quiet, owner, branch, lately, known_by)


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
