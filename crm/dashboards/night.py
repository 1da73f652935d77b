"""The night's statistics: every measure by one statement over customers, for all branches and managers at once."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.dashboards.models import Measured
from crm.lib.dates import month_of, start_of_day
from crm.lib.night import Night, NightPublication
from interactions.keeping import maturities
from interactions.models import CONVERSATIONS
from interactions.working_days import is_working_day

SQL = Path(__file__).parent / "sql"
NINETY, THIRTY = timedelta(days=90), timedelta(days=30)
ONE = timedelta(days=1)
KEPT = 100  # days of which every measure is kept; of months before, their last day
THINNED = 45  # days before those, looked through for what is to go: nights may have been missed

# What differs is written, what is the same is not touched, and what is no longer found goes.
_WRITE = """
WITH found (branch_id, manager_id, part, whole) AS MATERIALIZED (
{statement}
), written AS (
    INSERT INTO dashboards_measure AS m (day, measured, branch_id, manager_id, part, whole)
    SELECT %(day)s, %(measured)s, branch_id, manager_id, part, whole FROM found
    ON CONFLICT (day, measured, branch_id, manager_id) DO UPDATE SET part = excluded.part, whole = excluded.whole
    WHERE (m.part, m.whole) IS DISTINCT FROM (excluded.part, excluded.whole)
    RETURNING 1
), gone AS (
    DELETE FROM dashboards_measure AS m
    WHERE m.day = %(day)s AND m.measured = %(measured)s
      AND (m.branch_id, coalesce(m.manager_id, 0)) NOT IN (SELECT branch_id, coalesce(manager_id, 0) FROM found)
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
    }


def measure(cursor: CursorWrapper, measured: Measured, given: dict[str, Any]) -> int:
    """Write one measure of the day of `given` (windows); returns the rows that changed."""
    text = (SQL / f"{measured}.sql").read_text().replace("{maturities}", maturities.statement())
    statement = _WRITE.format(statement=text)
    cursor.execute(statement, given | {"measured": measured.value})
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
    """Delete the measures of days before the last KEPT, but for the last day stored of each month."""
    oldest = day - KEPT * ONE
    # The month of `oldest` is not over for it: its last day may still be among those kept.
    days = _stored(cursor, [oldest - n * ONE for n in range(THINNED, -31, -1)], Measured.ACTIVE)
    last = {month_of(each): each for each in days}
    going = [each for each in days if each < oldest and last[month_of(each)] != each]
    if not going:
        return 0
    cursor.execute("DELETE FROM dashboards_branchmeasure WHERE day = ANY (%s)", [going])
    gone = cursor.rowcount
    cursor.execute("DELETE FROM dashboards_measure WHERE day = ANY (%s)", [going])
    return int(gone + cursor.rowcount)
