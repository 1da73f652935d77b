"""The night's statistics: every measure by one statement over customers, for all branches and managers at once."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.dashboards.models import Measured, Parted
from crm.lib.dates import month_of, start_of_day
from crm.lib.night import Night, NightPublication
from customers import knowing
from interactions.keeping import maturities
from interactions.models import CONVERSATIONS, ENGAGEMENTS
from interactions.working_days import is_working_day

SQL = Path(__file__).parent / "sql"
NINETY, THIRTY = timedelta(days=90), timedelta(days=30)
ONE = timedelta(days=1)
KEPT = 100  # days of which every measure is kept; of months before, their last day
THINNED = 45  # days before those, looked through for what is to go: nights may have been missed

# What differs is written, what is the same is not touched, and what is no longer found goes.
_WRITE = """
WITH {before} found ({keys}, part, whole) AS MATERIALIZED (
{statement}
), written AS (
    INSERT INTO {table} AS m (day, {name}, {keys}, part, whole)
    SELECT %(day)s, %(measured)s, {keys}, part, whole FROM found
    ON CONFLICT (day, {name}, {keys}) DO UPDATE SET part = excluded.part, whole = excluded.whole
    WHERE (m.part, m.whole) IS DISTINCT FROM (excluded.part, excluded.whole)
    RETURNING 1
), gone AS (
    DELETE FROM {table} AS m
    WHERE m.day = %(day)s AND m.{name} = %(measured)s AND ({compared}) NOT IN (SELECT {compared} FROM found)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""

_BRANCHES = """
WITH found AS MATERIALIZED (
    SELECT measured, branch_id, sum(part) AS part, sum(whole) AS whole FROM dashboards_measure
    WHERE day = %(day)s AND measured <> 'used_day' GROUP BY measured, branch_id
), written AS (
    INSERT INTO dashboards_branchmeasure AS m (day, measured, branch_id, part, whole)
    SELECT %(day)s, measured, branch_id, part, whole FROM found
    ON CONFLICT (day, measured, branch_id) DO UPDATE SET part = excluded.part, whole = excluded.whole
    WHERE (m.part, m.whole) IS DISTINCT FROM (excluded.part, excluded.whole)
    RETURNING 1
), gone AS (
    DELETE FROM dashboards_branchmeasure AS m
    WHERE m.day = %(day)s AND (m.measured, m.branch_id) NOT IN (SELECT measured, branch_id FROM found)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""

# One descent of the index a day.
_STORED = """
SELECT d.day FROM unnest(%(days)s::date[]) AS d (day)
WHERE (SELECT 1 FROM dashboards_measure AS m WHERE m.day = d.day AND m.measured = %(measured)s LIMIT 1) = 1
ORDER BY d.day
"""


def windows(day: date) -> dict[str, Any]:
    """The values of the statements about the bank day `day`: windows end with its end, and count it."""
    ninety, thirty = day - NINETY + ONE, day - THIRTY + ONE
    return {
        "day": day,
        "end": start_of_day(day + ONE),
        "ninety_day": ninety,
        "ninety": start_of_day(ninety),
        "thirty_day": thirty,
        "thirty": start_of_day(thirty),
        "days": [thirty + n * ONE for n in range(THIRTY.days)],
        "month": start_of_day(month_of(day)),
        "zone": settings.TIME_ZONE,
        "conversations": [channel.value for channel in CONVERSATIONS],
        **maturities.given(day - maturities.AFTER),
        "engagements": [kind.value for kind in ENGAGEMENTS],
        "usual_interval": settings.CONTACT_INTERVAL_DEFAULT,
        "facts": [fact.name for fact in knowing.FACTS if fact.name not in ("pension", "child_study")],
        "answers": [fact.name for fact in knowing.FACTS if not fact.column],
        "pension_from": knowing.PENSION_ASKED_FROM,
    }


@dataclass(frozen=True)
class _Target:
    """Where measures are written. keys: besides the day and the measure's name; compared: the same without NULL."""

    table: str
    name: str
    keys: str
    compared: str


_MANAGERS = _Target(
    "dashboards_measure", "measured", "branch_id, manager_id", "branch_id, coalesce(manager_id, 0)"
)  # fmt: skip
_PARTED = _Target(
    "dashboards_partedmeasure", "parted", "branch_id, manager_id, key", "branch_id, coalesce(manager_id, 0), key"
)  # fmt: skip
_SEGMENTS = _Target(
    "dashboards_segmentmeasure", "measured", "branch_id, segment_id", "branch_id, coalesce(segment_id, 0)"
)  # fmt: skip
_BY_SEGMENT = """by_segment AS (
    SELECT c.*, m.segment_id FROM customers_customer AS c
    LEFT JOIN customers_membership AS m ON m.customer_id = c.id
),"""
OF_PEOPLE = frozenset({Measured.USED_DAY, Measured.USED})  # of what managers do: their customers' segments say nothing


def measure(cursor: CursorWrapper, measured: Measured, given: dict[str, Any]) -> int:
    """Write one measure of the day of `given` (windows) by manager; returns the rows that changed."""
    return _write(cursor, _MANAGERS, _statement(measured), measured, given)


def measure_parted(cursor: CursorWrapper, parted: Parted, given: dict[str, Any]) -> int:
    """Write one count by key of the day of `given`; returns the rows that changed."""
    return _write(cursor, _PARTED, (SQL / "parted" / f"{parted}.sql").read_text(), parted, given)


def measure_segments(cursor: CursorWrapper, measured: Measured, given: dict[str, Any]) -> int:
    """As `measure`, by branch and segment: the same statement, grouped by the segment in the owner's stead."""
    statement = _statement(measured).replace("customers_customer AS c", "by_segment AS c")
    statement = re.sub(r"\b([ct])\.branch_id, \1\.owner_id", r"\1.branch_id, \1.segment_id", statement)
    return _write(cursor, _SEGMENTS, statement, measured, given, before=_BY_SEGMENT)


def _statement(measured: str) -> str:
    return (SQL / f"{measured}.sql").read_text().replace("{maturities}", maturities.statement())


def _write(
    cursor: CursorWrapper, target: _Target, statement: str, name: str, given: dict[str, Any], before: str = ""
) -> int:
    text = _WRITE.format(
        before=before, statement=statement, table=target.table, name=target.name, keys=target.keys,
        compared=target.compared,
    )  # fmt: skip
    cursor.execute(text, given | {"measured": str(name)})
    return int(cursor.fetchone()[0])


class PublishMeasures(NightPublication):
    """Measures of the day by manager, their sums by branch; of days long past only the last of a month stays."""

    name = "measures"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given = windows(night.day)
        written = _use(cursor, given)
        for measured in Measured:
            if measured != Measured.USED_DAY:
                written += measure(cursor, measured, given)
            if measured not in OF_PEOPLE:
                written += measure_segments(cursor, measured, given)
        for parted in Parted:
            written += measure_parted(cursor, parted, given)
        cursor.execute(_BRANCHES, given)
        return int(written + cursor.fetchone()[0] + _thin(cursor, night.day))


PUBLISH_MEASURES = PublishMeasures()


def _stored(cursor: CursorWrapper, days: list[date], measured: Measured) -> list[date]:
    """Those of `days` of which `measured` is stored."""
    cursor.execute(_STORED, {"days": days, "measured": measured.value})
    return [day for (day,) in cursor.fetchall()]


def _use(cursor: CursorWrapper, given: dict[str, Any]) -> int:
    """Note who used the system on the day, and on those of the last 30 that no night looked at."""
    day = given["day"]
    span = [day - n * ONE for n in range(THIRTY.days)]
    known = set(_stored(cursor, span[1:], Measured.USED_DAY))
    days = [each for each in span if each not in known]
    asked = {
        "days": days,
        "starts": [start_of_day(each) for each in days],
        "ends": [start_of_day(each + ONE) for each in days],
        "working": [int(is_working_day(each)) for each in days],
    }
    cursor.execute((SQL / "used_day.sql").read_text(), asked)
    return int(cursor.rowcount)


def _thin(cursor: CursorWrapper, day: date) -> int:
    """Delete the measures of days before the last KEPT, but for the last day stored of each month; of those by key and
    by segment also the month's days before `day`."""
    gone = 0
    for table in (_PARTED.table, _SEGMENTS.table):
        cursor.execute(f"DELETE FROM {table} WHERE day >= %s AND day < %s", [month_of(day), day])  # noqa: S608
        gone += cursor.rowcount
    oldest = day - KEPT * ONE
    # The month of `oldest` is not over for it: its last day may still be among those kept.
    days = _stored(cursor, [oldest - n * ONE for n in range(THINNED, -31, -1)], Measured.ACTIVE)
    last = {month_of(each): each for each in days}
    going = [each for each in days if each < oldest and last[month_of(each)] != each]
    if not going:
        return int(gone)
    cursor.execute("DELETE FROM dashboards_branchmeasure WHERE day = ANY (%s)", [going])
    gone += cursor.rowcount
    cursor.execute("DELETE FROM dashboards_measure WHERE day = ANY (%s)", [going])
    return int(gone + cursor.rowcount)
