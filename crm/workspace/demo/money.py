"""The money of the demo bank: accounts, two years of movements and balances, positions, loans, scores, assessments.

Every customer has a life by one hash of seed, customer, month and event (`demo_life`, EVENTS), so that a bank of any size
is one statement a month; the cast's own lives come on top (stories.py). Balances follow from the movements.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.lib.dates import month_of, months_before
from crm.workspace.demo import stories

MONTHS = 24
DETAILED = 10_000  # customers up to which movements are dense and balances daily
REFERENCE = "D"

# (number, category, channel, direction, least and most in thousandths of the monthly income, chance in 1024 a month,
#  whom it concerns: a condition on demo_life, counterparty, at another bank, country)
EVENTS: tuple[tuple[int, str, str, int, int, int, int, str, str, str, str], ...] = (
    (1, "salary", "bank", 1, 960, 1000, 1024, "life = 'employed'", "工资代发", "", ""),
    (2, "pension", "bank", 1, 1000, 1000, 1024, "life = 'retired'", "养老金发放", "", ""),
    (3, "business", "mobile", 1, 250, 700, 940, "life = 'owner'", "货款", "", ""),
    (4, "business", "mobile", 1, 150, 600, 700, "life = 'owner'", "货款", "", ""),
    (5, "transfer", "mobile", -1, 120, 480, 620, "life = 'owner'", "供应商", "建设银行", ""),
    (6, "household", "bank", -1, 60, 170, 900, "true", "水电煤", "", ""),
    (7, "rent", "mobile", -1, 180, 260, 900, "rents", "房东", "招商银行", ""),
    (8, "card", "pos", -1, 90, 330, 820, "true", "商户消费", "", ""),
    (9, "card", "mobile", -1, 90, 330, 820, "true", "扫码支付", "", ""),
    (10, "cash", "atm", -1, 60, 200, 260, "true", "", "", ""),
    (11, "transfer", "mobile", -1, 150, 600, 420, "true", "亲友", "", ""),
    (12, "transfer", "mobile", -1, 80, 300, 220, "leaks", "本人他行", "工商银行", ""),
    (13, "fee", "bank", -1, 1, 2, 120, "true", "", "", ""),
    (14, "fx", "mobile", -1, 150, 600, 300, "travels", "", "", ""),
    (15, "card", "pos", -1, 40, 240, 420, "travels", "境外消费", "", "JP"),
    (16, "insurance", "bank", -1, 60, 120, 140, "insured", "保险公司", "", ""),
    (17, "card", "pos", -1, 15, 90, 700, "dense", "商户消费", "", ""),
    (18, "card", "mobile", -1, 10, 70, 900, "dense", "扫码支付", "", ""),
    (19, "card", "mobile", -1, 10, 70, 800, "dense", "扫码支付", "", ""),
    (20, "transfer", "web", -1, 30, 160, 200, "dense", "亲友", "", ""),
)

# A few words of each customer's life: what comes in a month (minor units), how they live, what they had two years ago.
_LIFE = """
CREATE TEMP TABLE demo_life ON COMMIT DROP AS
SELECT c.id, c.id - %(first)s + 1 AS n, c.since, c.branch_id, age, life, draws.*,
    (CASE c.income_band WHEN '0-60k' THEN 3200 WHEN '60-120k' THEN 6800 WHEN '120-300k' THEN 14500
        WHEN '300k-1m' THEN 38000 WHEN '1m+' THEN 110000 ELSE 5200 END * (80 + spread) / 100 * 100)::bigint AS income,
    (CASE WHEN wealth < 690 THEN 500000 + wealth * 6000 WHEN wealth < 930 THEN 5500000 + (wealth - 690) * 180000
          WHEN wealth < 990 THEN 52000000 + (wealth - 930) * 6500000
          WHEN wealth < 997 THEN 510000000 + (wealth - 990) * 60000000 ELSE 1050000000 + (wealth - 997) * 300000000
     END)::bigint AS target
FROM customers_customer c
CROSS JOIN LATERAL (SELECT extract(year FROM age(%(day)s::date, c.birth_date))::int AS age) AS born
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.id - %(first)s < %(cast)s THEN 'employed' ELSE '' END AS told,
        pg_temp.draw(c.id - %(first)s + 1, 'spread', 60) AS spread, pg_temp.draw(c.id - %(first)s + 1, 'wealth', 1000) AS wealth,
        pg_temp.draw(c.id - %(first)s + 1, 'dormant', 100) < 5 AS dormant, pg_temp.draw(c.id - %(first)s + 1, 'owns', 100) < 8 AS owns,
        pg_temp.draw(c.id - %(first)s + 1, 'rents', 100) < 22 AS rents, pg_temp.draw(c.id - %(first)s + 1, 'leaks', 100) < 12 AS leaks,
        pg_temp.draw(c.id - %(first)s + 1, 'travels', 100) < 7 AS travels, pg_temp.draw(c.id - %(first)s + 1, 'insured', 100) < 30 AS insured,
        pg_temp.draw(c.id - %(first)s + 1, 'fades', 100) < 6 AS fades, %(dense)s AS dense
) AS draws
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.occupation = '企业主' OR (told = '' AND owns AND age BETWEEN 25 AND 64) THEN 'owner'
                WHEN age >= CASE c.gender WHEN 'female' THEN 56 ELSE 61 END THEN 'retired'
                WHEN age >= 20 THEN 'employed' ELSE 'student' END AS life
) AS lives
"""
_ACCOUNTS = """
INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, balance_source)
SELECT '62170001' || lpad(l.n::text, 10, '0'), l.id, 'current', '', 'CNY', coalesce(l.since, %(day)s::date - 900), 'file'
FROM demo_life l ORDER BY l.id
"""
# Positions: (what is drawn, share of the target, term in days) by product family; each with an account of its own.
_POSITIONS = """
CREATE TEMP TABLE demo_position ON COMMIT DROP AS
SELECT l.id, l.n, p.family, p.product, p.rate, '62170002' || p.code || lpad(l.n::text, 9, '0') AS reference,
    greatest(l.target * p.share / 100, p.least) / 10000 * 10000 AS amount,
    greatest(%(day)s::date - p.term + (pg_temp.draw(l.id, 'matures ' || p.code, p.term) * 9 / 10) + 3, l.since) AS started_on,
    p.term
FROM demo_life l CROSS JOIN (VALUES
    ('1', 'time', '整存整取定期', 1.55, 30, 365, 2000000, 22), ('2', 'certificate', '大额存单', 1.90, 45, 1095, 20000000, 5),
    ('3', 'wealth', '稳健理财', 2.45, 35, 180, 1000000, 12), ('4', 'fund', '混合基金', NULL, 25, 1500, 500000, 8),
    ('5', 'insurance', '年金险', NULL, 20, 3650, 1000000, 5), ('6', 'pension', '个人养老金', NULL, 5, 7300, 300000, 4)
) AS p (code, family, product, rate, share, term, least, chance)
WHERE NOT l.dormant AND l.n > %(cast)s AND l.target >= p.least
    AND pg_temp.draw(l.id, 'holds ' || p.code, 100) < p.chance + CASE WHEN l.target > 5000000 THEN 25 ELSE 0 END
"""
_POSITION_ACCOUNTS = """
INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, balance_source)
SELECT reference, id, family, product, 'CNY', started_on, 'file' FROM demo_position ORDER BY id
"""
_HOLDINGS = """
INSERT INTO customers_holding (reference, customer_id, account_id, family, product, currency, amount, rate, started_on,
    matures_on)
SELECT p.reference, p.id, a.id, p.family, p.product, 'CNY', p.amount, p.rate, p.started_on,
    CASE WHEN p.family IN ('fund', 'insurance', 'pension') THEN NULL ELSE p.started_on + p.term END
FROM demo_position p JOIN customers_account a ON a.number = p.reference
"""
_CARDS = """
INSERT INTO customers_holding (reference, customer_id, account_id, family, product, currency, amount, started_on)
SELECT '62250003' || lpad(l.n::text, 10, '0'), l.id, a.id, 'card', '标准信用卡', 'CNY', 2000000, coalesce(l.since, %(day)s)
FROM demo_life l JOIN customers_account a ON a.customer_id = l.id AND a.family = 'current'
WHERE pg_temp.draw(l.id, 'card', 100) < 30 AND l.age BETWEEN 20 AND 65
"""
_PARTIES = """
INSERT INTO customers_accountparty (account_id, customer_id, role)
SELECT id, customer_id, 'owner' FROM customers_account ORDER BY id
"""
_MOVEMENTS = """
INSERT INTO customers_transaction (account_id, customer_id, booked_on, reference, amount, currency, base_amount, category,
    channel, booked_at, counterparty, counterparty_key, counterparty_tail, counterparty_bank, country, own)
SELECT account_id, customer_id, booked_on, reference, amount, 'CNY', amount, category, channel, booked_at, counterparty,
    party, CASE WHEN counterparty = '' THEN '' ELSE lpad((party %% 10000)::text, 4, '0') END, bank, country, false
FROM (
    SELECT l.account_id, l.id AS customer_id, %(month)s::date + least((h >> 40 & 31)::int, %(days)s - 1) AS booked_on,
        '{reference}' || to_char(%(month)s::date, 'YYMM') || e.number AS reference,
        e.direction * (l.income * (e.least + (h >> 10 & 1023) * (e.most - e.least) / 1023) / 1000) AS amount,
        e.category, CASE WHEN l.at_counter AND e.channel = 'mobile' THEN CASE e.category WHEN 'card' THEN 'pos' ELSE 'counter'
            END ELSE e.channel END AS channel, CASE WHEN e.channel = 'bank' THEN NULL ELSE make_time(8 + (h >> 24 & 15)::int %% 14,
            (h >> 28 & 63)::int %% 60, 0) END AS booked_at,
        e.counterparty, CASE WHEN e.counterparty = '' THEN NULL ELSE l.id * 32 + e.number END AS party, e.bank, e.country
    FROM demo_holder l CROSS JOIN demo_event e
    CROSS JOIN LATERAL (
        SELECT hashint8extended(l.id * 65536 + %(index)s * 64 + e.number, %(seed)s) & 9223372036854775807 AS h) AS drawn
    WHERE (h & 1023) < e.chance AND (e.who & l.traits) = e.who AND l.opened_on < %(month)s
        AND NOT (l.fades AND %(index)s < 4 AND (h >> 34 & 3) > 0)
    ORDER BY l.id
) AS lived
WHERE booked_on < %(day)s AND amount <> 0
"""
# Month ends of all; in the last month, and in a small bank always, each day on which something moved.
_BALANCES = """
INSERT INTO customers_balance (account_id, customer_id, day, amount, base_amount, change)
SELECT account_id, customer_id, day, amount, amount, change FROM (
    SELECT account_id, customer_id, day, amount,
        amount - coalesce(lag(amount) OVER (PARTITION BY account_id ORDER BY day), 0) AS change
    FROM (
        SELECT account_id, customer_id, day, (sum(moved) OVER (PARTITION BY account_id ORDER BY day))::bigint AS amount
        FROM (
            SELECT account_id, customer_id, day, sum(moved) AS moved FROM (
                SELECT account_id, customer_id,
                    CASE WHEN %(daily)s OR booked_on >= %(this_month)s THEN booked_on
                         ELSE (date_trunc('month', booked_on) + INTERVAL '1 month - 1 day')::date END AS day,
                    amount AS moved
                FROM customers_transaction WHERE customer_id BETWEEN %(low)s AND %(high)s
                UNION ALL SELECT account_id, customer_id, day, amount FROM demo_opening
                    WHERE customer_id BETWEEN %(low)s AND %(high)s
            ) AS moves GROUP BY account_id, customer_id, day
        ) AS days
    ) AS running
) AS changes WHERE change <> 0
ORDER BY customer_id, day
"""
# What each account held before the first movement; positions keep what they began with.
_OPENING = """
CREATE TEMP TABLE demo_opening ON COMMIT DROP AS
SELECT a.id AS account_id, a.customer_id, greatest(%(start)s::date, a.opened_on) AS day,
    coalesce(p.amount, h.amount, greatest(l.target * 7 / 10, l.income * 4)) AS amount
FROM customers_account a JOIN demo_life l ON l.id = a.customer_id
LEFT JOIN demo_position p ON p.reference = a.number
LEFT JOIN customers_holding h ON h.reference = a.number AND h.family <> 'card'
WHERE greatest(%(start)s::date, a.opened_on) < %(day)s AND NOT (l.n <= %(cast)s AND a.family = 'current')
"""
_LOANS = """
INSERT INTO customers_loan (reference, customer_id, account_id, product, currency, amount, payment, rate, started_on,
    matures_on)
SELECT 'LN' || lpad(l.n::text, 10, '0'), l.id, a.id, CASE WHEN k.house THEN '个人住房贷款' ELSE '消费贷款' END, 'CNY', k.amount,
    k.amount / k.months * 14 / 10, CASE WHEN k.house THEN 3.45 ELSE 4.80 END, k.started,
    (k.started + make_interval(months => k.months))::date
FROM demo_life l JOIN customers_account a ON a.customer_id = l.id AND a.family = 'current'
CROSS JOIN LATERAL (
    SELECT pg_temp.draw(l.id, 'house', 100) < 55 AS house, pg_temp.draw(l.id, 'loan age', 1200) AS old) AS drawn
CROSS JOIN LATERAL (
    SELECT drawn.house, CASE WHEN drawn.house THEN l.income * 90 ELSE l.income * 10 END AS amount,
        CASE WHEN drawn.house THEN 300 ELSE 36 END AS months, %(day)s::date - 60 - drawn.old AS started) AS k
WHERE l.n > %(cast)s AND l.age BETWEEN 23 AND 58 AND pg_temp.draw(l.id, 'loan', 100) < 10
"""
_LOAN_STATES = """
INSERT INTO customers_loanstate (loan_id, day, state, outstanding, overdue_days, overdue_amount)
SELECT l.id, %(day)s::date - 1,
    CASE WHEN l.matures_on <= %(day)s THEN 'paid' WHEN late THEN 'overdue' ELSE 'current' END,
    CASE WHEN l.matures_on <= %(day)s THEN 0
         ELSE greatest(l.amount - l.payment * ((%(day)s::date - l.started_on) / 31), l.amount / 10) END,
    CASE WHEN late AND l.matures_on > %(day)s THEN 3 + pg_temp.draw(l.id, 'late days', 40) ELSE 0 END,
    CASE WHEN late AND l.matures_on > %(day)s THEN l.payment ELSE 0 END
FROM customers_loan l CROSS JOIN LATERAL (SELECT pg_temp.draw(l.id, 'late', 100) < 9 AS late) AS drawn
"""
_ASSESSMENTS = """
INSERT INTO customers_riskassessment (customer_id, assessed_on, level, valid_until)
SELECT l.id, done, greatest(1, least(5, 1 + pg_temp.draw(l.id, 'risk', 5) - CASE WHEN l.age >= 65 THEN 2 ELSE 0 END)),
    (done + INTERVAL '12 months')::date
FROM demo_life l CROSS JOIN LATERAL (SELECT %(day)s::date - 5 - pg_temp.draw(l.id, 'assessed', 470) AS done) AS drawn
WHERE l.age >= 18 AND (l.n <= %(cast)s OR pg_temp.draw(l.id, 'assessed at all', 100) < 60)
"""
_ORDERS = """
INSERT INTO customers_standingorder (reference, account_id, customer_id, amount, purpose, to_bank)
SELECT 'SO' || lpad(l.n::text, 10, '0'), a.id, l.id, l.income / 12, 'household', ''
FROM demo_life l JOIN customers_account a ON a.customer_id = l.id AND a.family = 'current'
WHERE pg_temp.draw(l.id, 'orders', 100) < 40 AND l.life <> 'student'
"""
_RATES = """
INSERT INTO customers_exchangerate (currency, day, rate)
SELECT code, %(day)s::date - 800, rate FROM (VALUES ('USD', 7.10), ('EUR', 7.85), ('HKD', 0.91), ('JPY', 0.047))
    AS known (code, rate)
"""
_HOLDERS = """
CREATE TEMP TABLE demo_holder ON COMMIT DROP AS
SELECT l.id, a.id AS account_id, l.income, l.fades, greatest(a.opened_on, '1900-01-01') AS opened_on, 0 AS traits,
    l.age >= 62 AND pg_temp.draw(l.n, 'at the counter', 100) < 70 AS at_counter
FROM demo_life l JOIN customers_account a ON a.customer_id = l.id AND a.family = 'current'
WHERE NOT l.dormant OR l.n <= %(cast)s
"""
BATCH = 50_000  # customers whose balances are worked out at once


def fill_money(cursor: CursorWrapper, *, customers: int, seed: int, day: date, tell: Callable[[str], None]) -> None:
    """Fill what customers have and what moved, up to the day before `day`. Wants the customers and pg_temp.draw."""
    start = months_before(month_of(day), MONTHS)
    cursor.execute("SELECT customers_create_months(%s, %s)", [start - timedelta(days=31), day + timedelta(days=62)])
    cursor.execute("SELECT min(id), max(id) FROM customers_customer")
    first, last = cursor.fetchone()
    given: dict[str, Any] = {
        "first": first, "day": day, "start": start, "cast": stories.CAST_SIZE, "dense": customers <= DETAILED,
        "daily": customers <= DETAILED, "this_month": month_of(day), "seed": seed,
    }  # fmt: skip
    for statement in (_RATES, _LIFE, "ANALYZE demo_life", _ACCOUNTS, _POSITIONS, "ANALYZE demo_position",
                      _POSITION_ACCOUNTS, _HOLDINGS, _CARDS, _LOANS,
                      _LOAN_STATES, _ASSESSMENTS, _ORDERS, _HOLDERS):  # fmt: skip
        cursor.execute(statement, given)
    stories.write_positions(cursor, day)
    cursor.execute(_PARTIES)
    tell("accounts and positions written")
    _write_movements(cursor, given, start, day)
    stories.write_movements(cursor, day)
    tell("movements written")
    cursor.execute(_OPENING, given)
    stories.write_openings(cursor, day)
    cursor.execute("ANALYZE demo_opening")
    for low in range(first, last + 1, BATCH):
        cursor.execute(_BALANCES, {**given, "low": low, "high": low + BATCH - 1})
    tell("balances written")


def _write_movements(cursor: CursorWrapper, given: dict[str, Any], start: date, day: date) -> None:
    cursor.execute(
        "CREATE TEMP TABLE demo_event (number bigint, category text, channel text, direction int, least bigint,"
        " most bigint, chance int, who int, counterparty text, bank text, country text) ON COMMIT DROP"
    )
    for bit, event in enumerate(EVENTS):
        number, category, channel, direction, least, most, chance, who, counterparty, bank, country = event
        cursor.execute(
            "INSERT INTO demo_event VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [number, category, channel, direction, least, most, chance, 1 << bit, counterparty, bank, country],
        )
        cursor.execute(
            f"UPDATE demo_holder h SET traits = traits | {1 << bit} FROM demo_life l WHERE l.id = h.id AND ({who})"
        )
    cursor.execute("ANALYZE demo_event")
    cursor.execute("ANALYZE demo_holder")
    statement = _MOVEMENTS.format(reference=REFERENCE)
    for index in range(MONTHS, -1, -1):
        month = months_before(month_of(day), index)
        days = min((months_before(month, -1) - month).days, max((day - month).days, 1))
        cursor.execute(statement, {**given, "month": month, "index": index, "days": days})
