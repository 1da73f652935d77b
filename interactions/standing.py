"""Where customers stand in the contact policy: the one place that loads what `contact_policy` decides on."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from crm.lib.dates import start_of_day
from customers import consent
from customers.models import Channel, Consent, ConsentPurpose, Customer
from interactions.contact_policy import (
    Complained,
    Contacts,
    Limits,
    Paused,
    QuietHours,
    Reason,
    Refused,
    Standing,
    against,
    decide,
)
from interactions.models import ContactHours

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
(SELECT jsonb_agg((i.at AT TIME ZONE %(zone)s)::date)
 FROM interactions_interaction i
 WHERE i.customer_id = c.id AND i.at >= %(since)s AND i.kind = 'marketing' AND i.direction = 'out')"""
_OF_SOME = f"""
SELECT c.id, {_HELD}, {_PAUSES}, {_REFUSALS}, {_MARKETING} FROM unnest(%(ids)s::bigint[]) AS c(id)
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


def limits() -> Limits:
    """The contact budget of the settings."""
    return Limits(settings.CONTACT_BUDGET, settings.CONTACT_BUDGET_DAYS)


def quiet_hours() -> QuietHours:
    """The quiet hours of the settings."""
    return QuietHours(settings.QUIET_FROM, settings.QUIET_UNTIL)


def standing_of(customer: Customer, day: date) -> Standing:
    """Where `customer` stands on `day`."""
    return standings([customer.pk], day)[customer.pk]


def standings(customer_ids: Iterable[int], day: date) -> dict[int, Standing]:
    """Where each of `customer_ids` stands on `day`, customer id -> Standing. Three queries, however many."""
    ids = list(dict.fromkeys(customer_ids))
    if not ids:
        return {}
    bounds = limits()
    with connection.cursor() as cursor:
        cursor.execute(
            _OF_SOME,
            {"ids": ids, "day": day, "zone": settings.TIME_ZONE, "since": _since(day, bounds)},
        )
        rows = [(pk, *map(_parsed, columns)) for pk, *columns in cursor.fetchall()]
    answers = _channel_answers(ids)
    batch = _batch(rows, [answers[pk] for pk, *_columns in rows], bounds)
    return {standing.customer_id: standing for standing in decide(batch, day)}


def night_columns(cursor: CursorWrapper, first: int, last: int, day: date) -> list[NightColumns]:
    """The columns of the customers from id `first` to `last`, both included, on whom something waits; by id.

    Who is not among them is free. Channels and budget are no matter of the night: what it finds is not sent.
    """
    cursor.execute(_OF_RANGE, {"first": first, "last": last, "day": day})
    rows = [(pk, *map(_parsed, columns), []) for pk, *columns in cursor.fetchall()]
    decided = decide(_batch(rows, [{}] * len(rows), Limits(None, 1)), day)
    return [NightColumns(one.customer_id, one.hold, one.paused_until, dict(one.resting)) for one in decided]


def reasons_against(customer: Customer, *, channel: str, moment: datetime, topic: str = "") -> list[Reason]:
    """Everything against a marketing contact with `customer` by `channel` about `topic` at `moment`; empty: go ahead.

    Service contacts need not ask. The customer's time is the bank's.
    """
    local = timezone.localtime(moment)
    standing = standing_of(customer, local.date())
    return against(
        standing, channel=channel, topic=topic, moment=local, hours=quiet_hours(), own=quiet_hours_of(customer)
    )


def quiet_hours_of(customer: Customer) -> QuietHours | None:
    """When `customer` wishes not to be disturbed, besides the bank's quiet hours: outside of the hours they chose."""
    wished = ContactHours.objects.filter(customer=customer).first()
    return QuietHours(wished.end, wished.start) if wished else None


def _since(day: date, bounds: Limits) -> datetime:
    return start_of_day(day - timedelta(days=max(bounds.days, 1)))


def _parsed(column: Any) -> Any:
    return json.loads(column) if isinstance(column, str) else column or []


def _batch(rows: Sequence[tuple[Any, ...]], channels: Sequence[dict[str, str]], bounds: Limits) -> Contacts:
    """`rows` of (id, held, pauses, refusals, marketing) as the columns of a decision."""
    return Contacts(
        customer_ids=[row[0] for row in rows],
        complaints=[[Complained(number, is_open) for number, is_open in row[1]] for row in rows],
        pauses=[[Paused(_day(since), _day(until), reason) for since, until, reason in row[2]] for row in rows],
        refusals=[
            [Refused(topic, _day(until) if until else None, reason) for topic, until, reason in row[3]] for row in rows
        ],
        marketing=[[_day(day) for day in row[4]] for row in rows],
        channels=channels,
        limits=bounds,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _channel_answers(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Customer id -> channel -> the latest answer to marketing by it; every channel is there."""
    valid_from = consent.notices().valid_from
    given: dict[int, list[Consent]] = {pk: [] for pk in ids}
    for row in Consent.objects.filter(customer__in=ids, purpose=ConsentPurpose.MARKETING):
        given[row.customer_id].append(row)
    answers = {}
    for pk, rows in given.items():
        latest = consent.standings(rows, valid_from)
        answers[pk] = {
            channel: str(latest[topic].answer) if (topic := (ConsentPurpose.MARKETING, channel, "")) in latest
            else str(consent.Answer.NEVER_ASKED)
            for channel in Channel.values
        }  # fmt: skip
    return answers
