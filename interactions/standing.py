"""Where customers stand in the contact policy: the one place that loads what `contact_policy` decides on.

Whoever sends, calls or suggests asks here: `may_contact` about one contact, `standings` about a day.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers import consent
from customers.models import Channel, Consent, ConsentPurpose, Customer
from interactions.contact_policy import (
    MARKETING,
    Ask,
    Complained,
    Contact,
    Known,
    Limits,
    Paused,
    QuietHours,
    Reason,
    Refused,
    Rules,
    Standing,
    Verdict,
    decide,
)
from interactions.contact_policy import may_contact as decide_contacts
from interactions.policy_rules import IN_FORCE, of_row

# What waits on a customer `c`: few rows of few customers, each found by an index of its own.
_HELD = """
(SELECT jsonb_agg(jsonb_build_array(p.number, p.state = 'open') ORDER BY p.received_at)
 FROM interactions_complaint p
 WHERE p.customer_id = c.id AND (p.state = 'open' OR p.acknowledged_at IS NULL))"""
_PAUSES = """
(SELECT jsonb_agg(jsonb_build_array(p.since, p.until, p.reason))
 FROM interactions_pause p WHERE p.customer_id = c.id AND p.until > %(day)s)"""
_REFUSALS = """
(SELECT jsonb_agg(jsonb_build_array(r.topic, r.until, r.reason) ORDER BY r.id)
 FROM interactions_refusal r
 WHERE r.customer_id = c.id AND r.undone_at IS NULL AND (r.until IS NULL OR r.until > %(day)s))"""
# Outgoing alone: who comes to the bank by themselves was not contacted. An unanswered call rang all the same.
_MARKETING = """
(SELECT jsonb_agg(jsonb_build_array((i.at AT TIME ZONE %(zone)s)::date, i.channel))
 FROM interactions_interaction i
 WHERE i.customer_id = c.id AND i.kind = 'marketing' AND i.direction = 'out'
    AND i.at >= (%(day)s::date - greatest(coalesce((SELECT span FROM rules), %(usual)s), 1))::timestamp
        AT TIME ZONE %(zone)s)"""
_OF_SOME = f"""
WITH rules AS MATERIALIZED ({IN_FORCE})
SELECT c.id, {_HELD}, {_PAUSES}, {_REFUSALS}, {_MARKETING}, c.status = 'active', c.preferred_channel,
    (SELECT jsonb_build_array(w.quiet_from, w.quiet_until, w.time_zone) FROM interactions_contactwish w
     WHERE w.customer_id = c.id),
    (SELECT to_jsonb(h.hours) FROM interactions_activehours h WHERE h.customer_id = c.id),
    (SELECT rules FROM rules)
FROM customers_customer c WHERE c.id = ANY (%(ids)s)
"""  # noqa: S608 (pieces of the code)
_OF_RANGE = f"""
SELECT * FROM (
    SELECT c.id, {_HELD} AS held, {_PAUSES} AS pauses, {_REFUSALS} AS refusals
    FROM customers_customer c WHERE c.id BETWEEN %(first)s AND %(last)s) s
WHERE held IS NOT NULL OR pauses IS NOT NULL OR refusals IS NOT NULL ORDER BY id
"""  # noqa: S608 (pieces of the code)


class NightColumns(NamedTuple):
    """What the night's gate asks of one customer; as in contact_policy.Standing."""

    customer_id: int
    hold: str
    paused_until: date | None
    resting: dict[str, date | None]


def standing_of(customer: Customer, day: date) -> Standing:
    """Where `customer` stands on `day`."""
    return standings([customer.pk], day)[customer.pk]


def standings(customer_ids: Iterable[int], day: date) -> dict[int, Standing]:
    """Where each of `customer_ids` stands on `day`, customer id -> Standing. Three queries, however many."""
    known, rules = load(customer_ids, day)
    return {one.customer_id: one for one in decide(list(known.values()), rules, day)}


def may_contact(
    customer_ids: Iterable[int], channel: str, purpose: str, topic: str, at: datetime
) -> dict[int, Verdict]:
    """May each of `customer_ids` be contacted by `channel` at `at` (aware), customer id -> Verdict. Three queries.

    channel: customers.models.Channel. purpose: "marketing", "care" or "service" (interactions.models.Kind). topic: a
    Topic or a need's code, "" for none in particular. Verdict.reasons in words: policy_words.sentence. A number that
    is no customer is not in the answer.
    """
    known, rules = load(customer_ids, at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    asks = [Ask(pk, channel, purpose, topic, at) for pk in known]
    return dict(zip(known, decide_contacts(asks, known, rules), strict=True))


def reasons_against(customer: Customer, *, channel: str, moment: datetime, topic: str = "") -> list[Reason]:
    """Everything against a marketing contact with `customer`, as in `may_contact`; empty: go ahead."""
    return list(may_contact([customer.pk], channel, MARKETING, topic, moment)[customer.pk].reasons)


def load(customer_ids: Iterable[int], day: date) -> tuple[dict[int, Known], Rules]:
    """What is known of `customer_ids` from `day` on, in their order, and the rules in force. Three queries."""
    ids = list(dict.fromkeys(customer_ids))
    if not ids:
        return {}, of_row(None)
    given = {"ids": ids, "day": day, "zone": settings.TIME_ZONE, "usual": settings.CONTACT_BUDGET_DAYS}
    with connection.cursor() as cursor:
        cursor.execute(_OF_SOME, given)
        rows = {row[0]: row for row in cursor.fetchall()}
    rules = of_row(next(iter(rows.values()))[-1] if rows else None)
    answers, profiled = _answers(list(rows))
    return {pk: _known(rows[pk], answers[pk], pk in profiled) for pk in ids if pk in rows}, rules


def night_columns(cursor: CursorWrapper, first: int, last: int, day: date) -> list[NightColumns]:
    """The columns of the customers from id `first` to `last`, both included, on whom something waits; by id.

    Who is not among them is free. Channels and budget are no matter of the night: what it finds is not sent.
    """
    cursor.execute(_OF_RANGE, {"first": first, "last": last, "day": day})
    waiting = [_waiting(pk, *columns) for pk, *columns in cursor.fetchall()]
    decided = decide(waiting, Rules(Limits(None, 1), QuietHours(time.min, time.min)), day)
    return [NightColumns(one.customer_id, one.hold, one.paused_until, dict(one.resting)) for one in decided]


def _known(row: tuple[Any, ...], channels: Mapping[str, str], profiled: bool) -> Known:
    pk, held, pauses, refusals, marketing, served, preferred, wish, hours, _rules = row
    quiet_from, quiet_until, zone = _parsed(wish) or (None, None, "")
    return _waiting(
        pk, held, pauses, refusals, served=served, channels=channels, preferred=preferred,
        marketing=[Contact(_day(day), channel) for day, channel in _parsed(marketing)],
        wish=QuietHours(time.fromisoformat(quiet_from), time.fromisoformat(quiet_until or "")) if quiet_from else None,
        zone=ZoneInfo(zone) if zone else None,
        active=frozenset(_parsed(hours) if profiled else ()),
    )  # fmt: skip


def _waiting(pk: int, held: Any, pauses: Any, refusals: Any, **more: Any) -> Known:
    return Known(
        customer_id=pk,
        complaints=[Complained(number, is_open) for number, is_open in _parsed(held)],
        pauses=[Paused(_day(since), _day(until), reason) for since, until, reason in _parsed(pauses)],
        refusals=[Refused(topic, _day(until) if until else None, reason) for topic, until, reason in _parsed(refusals)],
        **more,
    )


def _parsed(column: Any) -> Any:
    return json.loads(column) if isinstance(column, str) else column or []


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _answers(ids: list[int]) -> tuple[dict[int, dict[str, str]], set[int]]:
    """Customer id -> channel -> the latest answer to marketing by it, every channel; and who agreed to a portrait."""
    valid_from = consent.notices().valid_from
    given: dict[int, list[Consent]] = {pk: [] for pk in ids}
    purposes = (ConsentPurpose.MARKETING, ConsentPurpose.PROFILING)
    for row in Consent.objects.filter(customer__in=ids, purpose__in=purposes):
        given[row.customer_id].append(row)
    answers, profiled = {}, set()
    for pk, rows in given.items():
        latest = consent.standings(rows, valid_from)
        answers[pk] = {
            channel: str(latest[topic].answer) if (topic := (ConsentPurpose.MARKETING, channel, "")) in latest
            else str(consent.Answer.NEVER_ASKED)
            for channel in Channel.values
        }  # fmt: skip
        if (portrait := latest.get((ConsentPurpose.PROFILING, "", ""))) and portrait.allows:
            profiled.add(pk)
    return answers, profiled
