"""The night's episodes: opened where assets fell below the tier, ended where they are back, or 90 days went by.

Worked out from the features just published and the episodes there are, of everybody each night: an incremental night so
gives what a full one gives, and a second one writes nothing. What a person ended is left alone for ever.
"""

from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.lib.dates import month_of, months_before
from crm.lib.night import Night, NightPublication
from interactions.models import CONVERSATIONS, LOST_AFTER_DAYS, Outcome

MOST_BANKS = 3
COMPLAINED_DAYS = 180
MOVED_DAYS = 90

# The few who fell; from the lowest tier one cannot. reached: the last month whose average was at the tier (a light fall
# that grows severe is one fall).
_SIGNS = """
CREATE TEMP TABLE churn_sign ON COMMIT DROP AS
SELECT f.customer_id, f.churn AS kind, t.code AS fell_from, t.from_aum AS floor,
    CASE f.churn WHEN 'severe' THEN %(month_2)s::date ELSE %(month_1)s::date END AS reached
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id AND c.status = 'active'
CROSS JOIN LATERAL (
    SELECT code, from_aum FROM customers_tier
    WHERE from_aum > 0 AND from_aum <= CASE f.churn WHEN 'severe' THEN f.aum_average_2 ELSE f.aum_average_1 END
    ORDER BY from_aum DESC LIMIT 1
) AS t
WHERE f.churn IN ('light', 'severe') AND f.customer_id <> ALL (%(aside)s)
"""
# What stood out, as it stands now: asked for the few that open or grow worse alone.
_REASONS = """(
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'month', %(month_1)s::date, 'average_1', f.aum_average_1, 'average_2', f.aum_average_2,
        'month_end', f.aum_month_end, 'now', f.aum, 'moves', f.moves_3, 'moves_before', f.moves_previous_3,
        'out', m.out, 'elsewhere', m.elsewhere, 'invested', m.invested, 'banks', m.banks,
        'complained', (SELECT max((k.received_at AT TIME ZONE %(zone)s)::date) FROM interactions_complaint AS k
            WHERE k.customer_id = s.customer_id AND (k.received_at AT TIME ZONE %(zone)s)::date
                BETWEEN %(day)s::date - %(complained_days)s AND %(day)s)))
    FROM customers_features AS f
    CROSS JOIN LATERAL (
        SELECT sum(amount)::bigint AS out, sum(amount) FILTER (WHERE bank <> '')::bigint AS elsewhere,
            sum(invested) FILTER (WHERE bank <> '')::bigint AS invested,
            jsonb_agg(jsonb_build_object('bank', bank, 'amount', amount) ORDER BY place)
                FILTER (WHERE bank <> '' AND place <= %(most_banks)s) AS banks
        FROM (
            SELECT t.counterparty_bank AS bank, -sum(t.base_amount)::bigint AS amount,
                -sum(t.base_amount) FILTER (WHERE t.category = 'investment')::bigint AS invested,
                row_number() OVER (ORDER BY t.counterparty_bank = '', sum(t.base_amount), t.counterparty_bank) AS place
            FROM customers_transaction AS t
            WHERE t.customer_id = s.customer_id AND t.base_amount < 0 AND NOT t.own
                AND t.booked_on > %(day)s::date - %(moved_days)s AND t.booked_on <= %(day)s
            GROUP BY t.counterparty_bank) AS by_bank) AS m
    WHERE f.customer_id = s.customer_id)"""
_STAYED = """
UPDATE interactions_churnepisode AS e SET state = 'rescued', ended_on = %(day)s
FROM customers_features AS f
WHERE e.state = 'open' AND f.customer_id = e.customer_id AND f.aum >= e.floor AND e.customer_id <> ALL (%(aside)s)
"""
# A late booking may show that there was no fall.
_NO_FALL = """
UPDATE interactions_churnepisode AS e SET state = 'withdrawn', ended_on = %(day)s
FROM customers_features AS f
WHERE e.state = 'open' AND f.customer_id = e.customer_id AND f.churn IS NULL AND e.customer_id <> ALL (%(aside)s)
    AND e.reached = CASE e.kind WHEN 'severe' THEN %(month_2)s::date ELSE %(month_1)s::date END
"""
_WORSE = f"""
UPDATE interactions_churnepisode AS e
SET kind = s.kind, reached = s.reached, floor = greatest(e.floor, s.floor), reasons = {_REASONS},
    fell_from = CASE WHEN s.floor > e.floor THEN s.fell_from ELSE e.fell_from END
FROM churn_sign AS s
WHERE e.state = 'open' AND e.customer_id = s.customer_id AND s.reached >= e.reached
    AND (s.reached, s.kind) IS DISTINCT FROM (e.reached, e.kind::text)
    AND NOT EXISTS (SELECT FROM interactions_churnepisode AS o
        WHERE o.customer_id = s.customer_id AND o.reached = s.reached AND o.id <> e.id)
"""  # noqa: S608 - put together of the code's own names
_AGAIN = """
UPDATE interactions_churnepisode AS e SET state = 'open', ended_on = NULL, kind = s.kind
FROM churn_sign AS s
WHERE e.customer_id = s.customer_id AND e.reached = s.reached
    AND e.state IN ('rescued', 'withdrawn') AND e.ended_by_id IS NULL
    AND NOT EXISTS (SELECT FROM interactions_churnepisode AS o WHERE o.customer_id = s.customer_id AND o.state = 'open')
"""
_NEW = f"""
INSERT INTO interactions_churnepisode (customer_id, day, kind, reached, fell_from, floor, reasons, state, note)
SELECT s.customer_id, %(day)s, s.kind, s.reached, s.fell_from, s.floor, {_REASONS}, 'open', ''
FROM churn_sign AS s
WHERE NOT EXISTS (SELECT FROM interactions_churnepisode AS o
    WHERE o.customer_id = s.customer_id AND (o.state = 'open' OR o.reached >= s.reached))
ORDER BY s.customer_id
ON CONFLICT DO NOTHING
"""  # noqa: S608
_LOST = """
UPDATE interactions_churnepisode AS e SET state = 'lost', ended_on = %(day)s
WHERE e.state = 'open' AND e.day <= %(day)s::date - %(lost_after)s AND e.customer_id <> ALL (%(aside)s)
"""
# Whoever closed their accounts has left; of who died or is only stored there is nothing to keep.
_GONE = """
UPDATE interactions_churnepisode AS e
SET state = CASE c.status WHEN 'closed' THEN 'lost' ELSE 'withdrawn' END, ended_on = %(day)s
FROM customers_customer AS c
WHERE e.state = 'open' AND c.id = e.customer_id AND c.status <> 'active'
"""
# Who spoke with the customer first has taken it up, unless somebody said so already.
_TAKEN_UP = """
UPDATE interactions_churnepisode AS e SET handled_by_id = (
    SELECT i.by_id FROM interactions_interaction AS i
    WHERE i.customer_id = e.customer_id AND i.by_id IS NOT NULL AND i.outcome = %(talked)s
        AND i.channel = ANY (%(conversations)s)
        AND (i.at AT TIME ZONE %(zone)s)::date BETWEEN e.day + 1 AND coalesce(e.ended_on, %(day)s)
    ORDER BY i.at, i.id LIMIT 1)
WHERE e.handled_by_id IS NULL AND (e.state = 'open' OR e.ended_on = %(day)s)
    AND EXISTS (SELECT FROM interactions_interaction AS i
        WHERE i.customer_id = e.customer_id AND i.by_id IS NOT NULL AND i.outcome = %(talked)s
            AND i.channel = ANY (%(conversations)s)
            AND (i.at AT TIME ZONE %(zone)s)::date BETWEEN e.day + 1 AND coalesce(e.ended_on, %(day)s))
"""


class PublishEpisodes(NightPublication):
    """After the features and before the reminders of one night, which ask managers to speak with who may leave."""

    name = "episodes"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given = _given(night)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.churn_sign")
        cursor.execute(_SIGNS, given)
        count = 0
        for statement in (_STAYED, _NO_FALL, _WORSE, _AGAIN, _NEW, _LOST, _GONE, _TAKEN_UP):
            cursor.execute(statement, given)
            count += cursor.rowcount
        return count


def _given(night: Night) -> dict[str, Any]:
    month = month_of(night.day)
    return {
        "day": night.day, "month_1": months_before(month, 1), "month_2": months_before(month, 2),
        "aside": list(night.aside), "zone": settings.TIME_ZONE, "lost_after": LOST_AFTER_DAYS,
        "most_banks": MOST_BANKS, "moved_days": MOVED_DAYS, "complained_days": COMPLAINED_DAYS,
        "talked": str(Outcome.TALKED), "conversations": [str(channel) for channel in CONVERSATIONS],
    }  # fmt: skip


PUBLISH_EPISODES = PublishEpisodes()
