"""The contact policy's rules in force: the newest version in the admin, and the settings as long as there is none."""

import json
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from interactions.contact_policy import Limits, QuietHours, Rules

# One row of JSON, or none; `span` is the longest window, so that a query reads no older contacts than it needs.
IN_FORCE = """
SELECT jsonb_build_object('cap', r.cap, 'days', r.days, 'rest', r.rest_days, 'from', r.quiet_from,
        'until', r.quiet_until, 'limits', (
            SELECT jsonb_agg(jsonb_build_array(l.channel, l.cap, l.days, l.quiet_from, l.quiet_until))
            FROM interactions_contactlimit l WHERE l.rules_id = r.id)) AS rules,
    greatest(r.days, (SELECT max(l.days) FROM interactions_contactlimit l WHERE l.rules_id = r.id)) AS span
FROM interactions_contactrules r ORDER BY r.id DESC LIMIT 1
"""


def of_settings() -> Rules:
    """The rules of the settings."""
    return Rules(
        total=Limits(settings.CONTACT_BUDGET, settings.CONTACT_BUDGET_DAYS),
        quiet=QuietHours(settings.QUIET_FROM, settings.QUIET_UNTIL),
        rest_days=settings.CONTACT_REST_DAYS,
        zone=ZoneInfo(settings.TIME_ZONE),
    )


def of_row(value: Any) -> Rules:
    """The rules of a row's `rules` (IN_FORCE), those of the settings for None."""
    if value is None:
        return of_settings()
    row = json.loads(value) if isinstance(value, str) else value
    limits = row["limits"] or []
    return Rules(
        total=Limits(row["cap"], row["days"]),
        quiet=QuietHours(_time(row["from"]), _time(row["until"])),
        channels={name: Limits(cap, days) for name, cap, days, _from, _until in limits},
        channel_quiet={name: QuietHours(_time(a), _time(b)) for name, _cap, _days, a, b in limits if a and b},
        rest_days=row["rest"],
        zone=ZoneInfo(settings.TIME_ZONE),
    )


def in_force() -> Rules:
    """The rules in force; one query."""
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE)
        row = cursor.fetchone()
    return of_row(row[0] if row else None)


def _time(text: str) -> time:
    return time.fromisoformat(text)
