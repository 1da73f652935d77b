"""What matured of late and where it went, and of whom about to leave some stayed and some were lost.

Who is about to leave now the night finds by itself, 董立 and 袁小梅 of the cast among them.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo.stories import CAST_SIZE

# A deposit each that matured 32 to 58 days ago: renewed whole, in part, or taken to another bank.
_MATURED = """
CREATE TEMP TABLE demo_matured ON COMMIT DROP AS
SELECT l.id, l.n, '62170009' || lpad(l.n::text, 10, '0') AS reference, d.matured, d.matured - 365 AS begun,
    greatest(l.target / 4, 2000000) / 100000 * 100000 AS amount, d.stays
FROM demo_life AS l
CROSS JOIN LATERAL (SELECT %(day)s::date - 32 - pg_temp.draw(l.n, 'matured on', 26) AS matured,
    CASE WHEN pg_temp.draw(l.n, 'renewed', 100) < 62 THEN 100 WHEN pg_temp.draw(l.n, 'in part', 100) < 45 THEN 60 ELSE 0 END AS stays) AS d
WHERE l.n > %(cast)s AND NOT l.dormant AND l.target >= 4000000 AND pg_temp.draw(l.n, 'matured', 100) < 9
    AND (l.since IS NULL OR l.since < %(day)s::date - 430)
"""
_ACCOUNTS = """
INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, balance_source)
SELECT reference, id, 'time', '整存整取定期', 'CNY', begun, 'file' FROM demo_matured
UNION ALL SELECT reference || 'R', id, 'time', '整存整取定期（续存）', 'CNY', matured, 'file' FROM demo_matured WHERE stays > 0
ORDER BY 2, 1
"""
_PARTIES = """
INSERT INTO customers_accountparty (account_id, customer_id, role)
SELECT a.id, a.customer_id, 'owner' FROM demo_matured AS m JOIN customers_account AS a
    ON a.number IN (m.reference, m.reference || 'R') ORDER BY a.id
"""
_HOLDINGS = """
INSERT INTO customers_holding (reference, customer_id, account_id, family, product, currency, amount, rate, started_on,
    matures_on, ended_on)
SELECT a.number, m.id, a.id, 'time', '整存整取定期', 'CNY',
    CASE WHEN a.number = m.reference THEN m.amount ELSE m.amount * m.stays / 100 END, 1.55,
    a.opened_on, a.opened_on + 365, CASE WHEN a.number = m.reference THEN m.matured END
FROM demo_matured AS m JOIN customers_account AS a ON a.number IN (m.reference, m.reference || 'R') ORDER BY a.id
"""
_BALANCES = """
INSERT INTO customers_balance (account_id, customer_id, day, amount, base_amount, change)
SELECT a.id, m.id, b.day, b.amount, b.amount, b.change
FROM demo_matured AS m JOIN customers_account AS a ON a.number IN (m.reference, m.reference || 'R')
CROSS JOIN LATERAL (VALUES
    (m.reference, m.begun, m.amount, m.amount), (m.reference, m.matured, 0, -m.amount),
    (m.reference || 'R', m.matured, m.amount * m.stays / 100, m.amount * m.stays / 100)
) AS b (number, day, amount, change)
WHERE b.number = a.number ORDER BY a.id, b.day
"""
_TRANSFERS = """
INSERT INTO customers_transaction (account_id, customer_id, booked_on, reference, amount, currency, base_amount, category,
    channel, booked_at, counterparty, counterparty_key, counterparty_tail, counterparty_bank, country, own)
SELECT a.id, m.id, m.matured, 'K' || m.n || leg.code, leg.amount, 'CNY', leg.amount, leg.category, leg.channel, make_time(10, 20, 0),
    leg.counterparty, CASE WHEN leg.own THEN NULL ELSE m.id * 32 + 31 END, '', leg.bank, '', leg.own
FROM demo_matured AS m
CROSS JOIN LATERAL (VALUES
    (m.reference, 'O', -(m.amount * m.stays / 100), 'saving', 'counter', '', '', true),
    (m.reference || 'R', 'I', m.amount * m.stays / 100, 'saving', 'counter', '', '', true),
    (m.reference, 'L', -(m.amount - m.amount * m.stays / 100), 'transfer', 'mobile', '本人他行',
        (ARRAY['招商银行', '工商银行', '建设银行'])[1 + mod(m.n, 3)::int], false)
) AS leg (number, code, amount, category, channel, counterparty, bank, own)
JOIN customers_account AS a ON a.number = leg.number
WHERE leg.amount <> 0 ORDER BY m.id, leg.code
"""


def mature_deposits(cursor: CursorWrapper, day: date) -> None:
    """Write deposits that matured before `day`. Wants demo_life and pg_temp.draw, and the months of the movements."""
    given: dict[str, Any] = {"day": day, "cast": CAST_SIZE}
    cursor.execute(_MATURED, given)
    for statement in (_ACCOUNTS, _PARTIES, _HOLDINGS, _BALANCES, _TRANSFERS):
        cursor.execute(statement)


# Back at their tier after a conversation; or below the next tier for 90 days.
_ENDED = """
INSERT INTO interactions_churnepisode (customer_id, day, kind, reached, fell_from, floor, reasons, state, handled_by_id,
    ended_on, note)
SELECT c.id, d.begun, d.kind, d.reached, t.code, t.from_aum, jsonb_build_object(
        'month', d.month, 'average_2', t.from_aum * (112 + d.spread) / 100, 'average_1', t.from_aum * (88 + d.spread) / 100,
        'month_end', t.from_aum * (70 + d.spread) / 100, 'now', t.from_aum * (62 + d.spread) / 100,
        'out', t.from_aum * 44 / 100, 'elsewhere', t.from_aum * 38 / 100, 'banks', jsonb_build_array(jsonb_build_object(
            'bank', (ARRAY['招商银行', '工商银行', '建设银行', '农业银行'])[1 + mod(n, 4)::int], 'amount', t.from_aum * 38 / 100))),
    d.state, talk.by_id, d.ended, ''
FROM customers_customer AS c
JOIN customers_features AS f ON f.customer_id = c.id
JOIN customers_tier AS own ON own.code = f.tier
CROSS JOIN LATERAL (SELECT right(c.number, 8)::bigint AS n) AS numbered
CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.draw(n, 'kept', 100) < 58 THEN 'rescued' ELSE 'lost' END AS state) AS said
JOIN customers_tier AS t ON t.from_aum = CASE said.state WHEN 'rescued' THEN own.from_aum
    ELSE (SELECT min(above.from_aum) FROM customers_tier AS above WHERE above.from_aum > own.from_aum) END
CROSS JOIN LATERAL (
    SELECT said.state, begun, date_trunc('month', begun)::date - 1 AS last_day, begun + took AS ended, mod(n, 9)::int AS spread,
        CASE WHEN mod(n, 3) = 0 THEN 'severe' ELSE 'light' END AS kind,
        (date_trunc('month', begun) - interval '1 month')::date AS month,
        (date_trunc('month', begun) - CASE WHEN mod(n, 3) = 0 THEN interval '2 months' ELSE interval '1 month' END)::date AS reached
    FROM (SELECT CASE said.state WHEN 'lost' THEN 90 ELSE 12 + pg_temp.draw(n, 'took', 30) END AS took) AS t1
    CROSS JOIN LATERAL (SELECT %(day)s::date - took - 2 - pg_temp.draw(n, 'since then', 60) AS begun) AS t2
) AS d
LEFT JOIN LATERAL (
    SELECT i.by_id FROM interactions_interaction AS i
    WHERE i.customer_id = c.id AND i.by_id IS NOT NULL AND i.outcome = 'talked'
        AND (i.at AT TIME ZONE %(zone)s)::date BETWEEN d.begun + 1 AND d.ended
    ORDER BY i.at, i.id LIMIT 1) AS talk ON true
WHERE n > %(cast)s AND c.status = 'active' AND c.owner_id IS NOT NULL AND t.from_aum > 0
    AND pg_temp.draw(n, 'was about to leave', 100) < CASE said.state WHEN 'lost' THEN 6 ELSE 30 END
    AND (said.state = 'lost' AND f.aum < t.from_aum OR said.state = 'rescued' AND f.aum >= t.from_aum AND talk.by_id IS NOT NULL)
    AND NOT EXISTS (SELECT FROM interactions_churnepisode AS o WHERE o.customer_id = c.id)
ORDER BY c.id
"""


def tell_endings(cursor: CursorWrapper, day: date) -> None:
    """Write how it ended with some who were about to leave before the night of `day`. Wants pg_temp.draw."""
    given: dict[str, Any] = {"day": day, "cast": CAST_SIZE, "zone": settings.TIME_ZONE}
    cursor.execute(_ENDED, given)
