"""The night's count of how groups of customers fare, kept month by month."""

from datetime import timedelta
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from crm.lib.dates import month_of, start_of_day
from crm.lib.night import Night, NightPublication

_FOUND = (Path(__file__).parent.parent / "sql" / "fairness.sql").read_text(encoding="utf-8")
_WRITE = f"""
WITH found AS MATERIALIZED (
{_FOUND}
), written AS (
    INSERT INTO dashboards_fairnesscount AS f (month, dimension, treated, "group", part, whole)
    SELECT %(month)s, dimension, treated, "group", part, whole FROM found
    ON CONFLICT (month, dimension, treated, "group") DO UPDATE SET part = excluded.part, whole = excluded.whole
    WHERE (f.part, f.whole) IS DISTINCT FROM (excluded.part, excluded.whole)
    RETURNING 1
), gone AS (
    DELETE FROM dashboards_fairnesscount AS f
    WHERE f.month = %(month)s AND (f.dimension, f.treated, f."group") NOT IN
        (SELECT dimension, treated, "group" FROM found)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""  # noqa: S608 - put together of the code's own file
ANSWERED = timedelta(days=89)  # before the night's day: 90 with it


class PublishFairness(NightPublication):
    """Counts of the night's month, brought up to the night; months before stay as their last night left them."""

    name = "fairness"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute(
            _WRITE,
            {
                "day": night.day, "month": month_of(night.day), "ninety": start_of_day(night.day - ANSWERED),
                "end": start_of_day(night.day + timedelta(days=1)),
            },
        )  # fmt: skip
        return int(cursor.fetchone()[0])


PUBLISH_FAIRNESS = PublishFairness()
