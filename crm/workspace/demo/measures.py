"""A year of measures before the first night: those of its day, carried back month by month with a drift."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.dashboards.models import Measured, Parted
from crm.dashboards.night import measure, measure_parted, measure_segments, windows
from crm.lib.dates import month_of, months_before
from crm.workspace.demo import surveys

MONTHS = 12
USED_DAYS = 30

# Who used the system on which working day; the night then finds the days known.
_USED = """
INSERT INTO dashboards_measure (day, measured, branch_id, manager_id, part, whole)
SELECT d::date, 'used_day', w.branch_id, w.owner_id,
    CASE WHEN pg_temp.draw(w.owner_id, 'used ' || d::date, 100) < w.used AND (w.number <> 'R1002' OR d <= %(day)s::date - 4)
        THEN 1 ELSE 0 END, 1
FROM demo_way w CROSS JOIN generate_series(%(day)s::date - %(used_days)s + 1, %(day)s::date, '1 day') AS d
WHERE extract(isodow FROM d) < 6
ON CONFLICT (day, measured, branch_id, manager_id) DO UPDATE SET part = excluded.part, whole = excluded.whole
"""
# change: how much lower (in thousandths) a share was a year ago; of a manager whose customers tire it was higher.
_BACK = """
INSERT INTO dashboards_measure (day, measured, branch_id, manager_id, part, whole)
SELECT month_end, measured, branch_id, manager_id,
    CASE WHEN bounded THEN greatest(0, least(past, round(past * rate))) ELSE greatest(0, round(past * rate)) END, past
FROM (
    SELECT m.measured, m.branch_id, m.manager_id, month_end, m.measured <> ALL ('{products,complaint_days,settled_days}') AS bounded,
        greatest(1, round(m.whole * (1 - back * 0.009 + (pg_temp.draw(m.id + back, 'whole ' || m.measured, 61) - 30) / 400.0)))
            AS past,
        m.part::numeric / m.whole - back / 12.0 * CASE WHEN w.tiring > 0 THEN t.tired ELSE t.usual END
            + (pg_temp.draw(m.id + back * 17, 'part ' || m.measured, 101) - 50) * t.swings / 50 AS rate
    FROM dashboards_measure m
    JOIN (VALUES ('csat', 0.045, -0.32, 0.02), ('on_time', 0.09, -0.12, 0.02), ('contacted', 0.10, 0.02, 0.04), ('cared', 0.06, 0.02, 0.03),
        ('active', 0.05, 0.01, 0.012), ('welcomed', 0.04, -0.01, 0.025), ('refused', -0.006, 0.08, 0.006),
        ('late', -0.10, 0.12, 0.02), ('notes', 0.12, -0.05, 0.03), ('used', 0.30, -0.05, 0.04), ('products', 0.12, 0.05, 0.02),
        ('retention', 0.06, -0.08, 0.03), ('churn_warned', -0.01, 0.01, 0.004), ('churn_rescued', 0.10, -0.06, 0.05),
        ('churn_lost', -0.10, 0.06, 0.05),
        ('settled_days', -1.5, 2.0, 0.5), ('kept_day', 0.05, -0.05, 0.02), ('monthly', 0.06, 0.01, 0.012),
        ('engaged', 0.03, 0.0, 0.006), ('touch', -0.12, 0.10, 0.01), ('known', 0.10, 0.03, 0.004),
        ('no_phone', -0.01, 0.0, 0.002), ('no_birth', -0.01, 0.0, 0.002), ('risk_old', -0.05, 0.02, 0.01),
        ('complaints_open', 0.0, 0.0, 0.05), ('complaint_days', -0.5, 2.0, 1.0)
    ) AS t (measured, usual, tired, swings) ON t.measured = m.measured
    LEFT JOIN demo_way w ON w.owner_id = m.manager_id
    CROSS JOIN generate_series(1, %(months)s) AS back
    CROSS JOIN LATERAL (
        SELECT (date_trunc('month', %(day)s::date) - make_interval(months => back - 1) - interval '1 day')::date AS month_end
    ) AS ended
    WHERE m.day = %(day)s AND m.whole > 0 AND month_end > %(day)s::date - coalesce(w.new_days, 999)
) AS drawn
ON CONFLICT DO NOTHING
"""
_BRANCHES = """
INSERT INTO dashboards_branchmeasure (day, measured, branch_id, part, whole)
SELECT day, measured, branch_id, sum(part), sum(whole) FROM dashboards_measure
WHERE day < %(day)s AND measured <> 'used_day' GROUP BY day, measured, branch_id
ON CONFLICT DO NOTHING
"""


def note_use(cursor: CursorWrapper, day: date) -> None:
    """Write who used the system in the days up to `day`. Wants demo_way and pg_temp.draw."""
    cursor.execute(_USED, {"day": day, "used_days": USED_DAYS})


def carry_back(cursor: CursorWrapper, day: date) -> int:
    """Write the measures of MONTHS months ends before `day` from those of `day`; returns how many."""
    given: dict[str, Any] = {"day": day, "months": MONTHS}
    cursor.execute(_BACK, given)
    written = int(cursor.rowcount)
    for month in range(surveys.DAYS // 30):  # these are what the surveys of the time say, nothing is drawn
        ended = months_before(month_of(day), month) - timedelta(days=1)
        for measured in (Measured.NPS, Measured.NPS_SPREAD, Measured.CES, Measured.CES_SQUARES):
            written += measure(cursor, measured, windows(ended))
            written += measure_segments(cursor, measured, windows(ended))
        for parted in (Parted.SETTLED, Parted.CHANNEL, Parted.MOVED):
            written += measure_parted(cursor, parted, windows(ended))
    cursor.execute(_BRANCHES, given)
    return written
