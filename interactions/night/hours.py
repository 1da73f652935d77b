"""In which hours customers use the channels they use by themselves: what is written to them goes out in those."""

from datetime import timedelta

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.dates import start_of_day
from crm.lib.night import Night, NightStep, Part

DAYS = 90
LEAST = 5  # events; fewer say nothing
SHARE = 10  # an hour is theirs from this many per cent of their events on

_HOURS = """
INSERT INTO interactions_activehours AS known (customer_id, hours)
SELECT customer_id, array_agg(hour ORDER BY hour)
FROM (
    SELECT e.customer_id, extract(hour FROM e.at AT TIME ZONE %(zone)s)::smallint AS hour, count(*) AS times,
        sum(count(*)) OVER (PARTITION BY e.customer_id) AS all_times
    FROM interactions_channelevent AS e
    JOIN customers_customer AS c ON c.id = e.customer_id AND c.status = 'active'
    WHERE e.customer_id BETWEEN %(first)s AND %(last)s AND e.at >= %(since)s AND e.at < %(end)s
        AND e.channel IN ('mobile', 'web', 'wechat', 'phone')
    GROUP BY 1, 2) AS used
WHERE all_times >= %(least)s AND times * 100 >= all_times * %(share)s
GROUP BY customer_id
ON CONFLICT (customer_id) DO UPDATE SET hours = excluded.hours WHERE known.hours <> excluded.hours
"""
_GONE = """
DELETE FROM interactions_activehours AS known
WHERE known.customer_id BETWEEN %(first)s AND %(last)s
    AND (SELECT count(*) FROM interactions_channelevent AS e
         WHERE e.customer_id = known.customer_id AND e.at >= %(since)s AND e.at < %(end)s
            AND e.channel IN ('mobile', 'web', 'wechat', 'phone')) < %(least)s
"""


class Hours(NightStep):
    """Written at once, not staged: no page of the morning shows them beside what the night computes otherwise."""

    name = "hours"
    label = gettext_lazy("Active hours")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given = {
            "first": part.first, "last": part.last, "zone": settings.TIME_ZONE, "least": LEAST, "share": SHARE,
            "since": start_of_day(night.day - timedelta(days=DAYS - 1)),
            "end": start_of_day(night.day + timedelta(days=1)),
        }  # fmt: skip
        cursor.execute(_GONE, given)
        cursor.execute(_HOURS, given)
        return int(cursor.rowcount)


HOURS = Hours()
