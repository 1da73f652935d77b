"""What customers looked at on the channels, where they agreed that the bank takes notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from customers import consent
from customers.models import Consent, ConsentPurpose
from interactions.models import INTENTS

MOST = 3  # topics a customer


@dataclass(frozen=True)
class Intent:
    """One topic a customer looked at. topic: a Topic or ""; subject, kind, channel, at: of the newest look."""

    topic: str
    subject: str
    kind: str
    channel: str
    at: datetime
    times: int


# The newest look of each topic (of each subject, where the channel names no topic).
_LOOKS = """
SELECT DISTINCT ON (customer_id, what) customer_id, topic, subject, kind, channel, at,
       count(*) OVER (PARTITION BY customer_id, what) AS times
FROM (SELECT e.*, coalesce(nullif(e.topic, ''), e.subject) AS what FROM interactions_channelevent e
      WHERE e.customer_id = ANY(%(ids)s) AND e.at >= %(since)s AND e.kind = ANY(%(kinds)s)) looks
ORDER BY customer_id, what, at DESC, id DESC
"""


def profiled(customer_ids: Iterable[int]) -> set[int]:
    """Those of `customer_ids` who agreed to a portrait and personal suggestions. Two queries."""
    valid_from = consent.notices().valid_from
    given: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(customer__in=list(customer_ids), purpose=ConsentPurpose.PROFILING):
        given.setdefault(row.customer_id, []).append(row)
    topic = (ConsentPurpose.PROFILING.value, "", "")
    return {pk for pk, rows in given.items() if consent.standings(rows, valid_from)[topic].allows}


def intents(customer_ids: Iterable[int], since: datetime) -> dict[int, list[Intent]]:
    """Customer id -> what they looked at since `since`, newest first, MOST at the most. Three queries, however many.

    Only customers who agreed to a portrait are there: what the others did is not looked at (PIPL Art. 24).
    """
    allowed = sorted(profiled(customer_ids))
    if not allowed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS, {"ids": allowed, "since": since, "kinds": [str(kind) for kind in INTENTS]})
        rows = cursor.fetchall()
    found: dict[int, list[Intent]] = {}
    for customer_id, *columns in rows:
        found.setdefault(customer_id, []).append(Intent(*columns))
    return {pk: sorted(looks, key=lambda look: look.at, reverse=True)[:MOST] for pk, looks in found.items()}
