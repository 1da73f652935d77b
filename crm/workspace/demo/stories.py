"""The cast's own money: what the product's stories tell of, dated from the demo's day.

| n  | who    | what is to be seen |
|----|--------|--------------------|
| 1  | 张伟明 | long-standing, in the sunflower tier, a time deposit that matures in 6 days |
| 2  | 李静   | bought currency several times and pays abroad |
| 3  | 梁启东 | put 3,000 aside for ten months, then took the money back |
| 4  | 周明   | a mortgage for the flat just bought, a steady salary |
| 5  | 陈宇航 | small deposits, fast-growing business receipts |
| 6  | 郑秀英 | a pension, a time deposit, a low tolerance of risk |
| 7  | 曹志远 | sudden frequent large transfers in the last days |
| 9  | 单晓明 | a loan and a credit score that fell; puts 2,000 aside every month |
| 11 | 马骏   | a loan that is overdue |
| 12 | 何桂兰 | dormant for more than a year, suddenly active |
| 13 | 罗文斌 | much came in and went out again within two days |
| 14 | 谢东升 | cash just below 50,000, three times |
| 15 | 唐建军 | from six parties in, in one movement out |
| 16 | 冯雅琴 | at 92 % of the next tier |
| 17 | 董立   | below the tier at the end of the month |
| 18 | 袁小梅 | below the tier for a month |
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.utils import CursorWrapper

from crm.lib.dates import month_of, months_before
from crm.workspace.demo.cast import CAST

CAST_SIZE = len(CAST)
YUAN = 100
# Customer -> what the current account held two years ago, in yuan.
OPENINGS = {
    1: 620_000, 2: 180_000, 3: 52_000, 4: 90_000, 5: 9_000, 6: 120_000, 7: 900_000, 8: 60_000, 9: 300_000, 10: 45_000,
    11: 20_000, 12: 8_000, 13: 70_000, 14: 60_000, 15: 40_000, 16: 455_000, 17: 560_000, 18: 640_000, 19: 80_000,
}  # fmt: skip
# These live by their story alone, so that it shows: no salary moves them on.
QUIET = (5, 12, 16, 17, 18)


@dataclass(frozen=True)
class Move:
    """One movement of a story. amount: yuan, negative when it leaves; party: whose account, 0 for nobody's."""

    n: int
    day: date
    amount: int
    category: str = "transfer"
    channel: str = "mobile"
    counterparty: str = ""
    party: int = 0
    bank: str = ""
    country: str = ""
    own: bool = False


def _months(day: date, count: int, since: int = 1) -> list[date]:
    """The first days of `count` months up to `since` months before that of `day`, oldest first."""
    return [months_before(month_of(day), back) for back in range(count + since - 1, since - 1, -1)]


def _savings(day: date) -> Iterator[Move]:
    for n, months, since, on, yuan in ((3, 10, 2, 12, 3_000), (9, 9, 1, 15, 2_000)):
        for month in _months(day, months, since=since):
            yield Move(n, month.replace(day=on), -yuan, "saving", "mobile", "零存整取", own=True)


def _moves(day: date) -> Iterator[Move]:
    yesterday = day - timedelta(days=1)
    for back in (20, 65, 110, 160):
        yield Move(2, day - timedelta(days=back), -18_000, "fx", counterparty="购汇")
        yield Move(2, day - timedelta(days=back - 8), -5_600, "card", "pos", "境外商户", 201, country="SG")
    yield from _savings(day)
    yield Move(3, day - timedelta(days=6), 30_000, "saving", "mobile", "零存整取", own=True)
    for step, month in enumerate(_months(day, 14)):
        yield Move(5, month.replace(day=9), int(2_600 * 1.22**step), "business", "mobile", "货款", 501 + step % 4)
        yield Move(5, month.replace(day=18), -int(2_300 * 1.22**step), "transfer", "mobile", "供应商", 520)
    yield from _moves_to_ask_about(day, yesterday)
    last_month_end = month_of(day) - timedelta(days=1)
    yield Move(17, last_month_end - timedelta(days=2), -190_000, "transfer", "mobile", "本人他行", 1701, "招商银行")
    yield Move(18, months_before(month_of(day), 1) - timedelta(days=1), -420_000, "investment", "mobile", "他行理财", 1801,
               "平安银行")  # fmt: skip
    for n in (16, 17, 18):
        for month in _months(day, 12):
            for offset in (4, 11, 19):
                yield Move(n, month + timedelta(days=offset), -120, "card", "pos", "商户消费", 1900 + n)


def _moves_to_ask_about(day: date, yesterday: date) -> Iterator[Move]:
    """What detectors find."""
    for back, amount in ((6, -88_000), (5, -120_000), (3, -95_000), (2, -160_000)):
        yield Move(7, day - timedelta(days=back), amount, "transfer", "web", "建材贸易商行", 700 + back, "农业银行")
    yield Move(12, yesterday - timedelta(days=520), -300, "cash", "atm")
    yield Move(12, yesterday, -6_500, "transfer", "counter", "某咨询公司", 1201, "农业银行")
    yield Move(13, day - timedelta(days=3), 380_000, "transfer", "mobile", "某投资公司", 1301)
    yield Move(13, day - timedelta(days=2), -371_000, "transfer", "mobile", "某贸易公司", 1302, "工商银行")
    for back in (7, 4, 1):
        yield Move(14, day - timedelta(days=back), 49_000, "cash", "counter")
    for party in range(6):
        yield Move(
            15, day - timedelta(days=7 - party), 31_000 + party * 500, "transfer", "mobile", "个人", 1500 + party
        )
    yield Move(15, yesterday, -182_000, "transfer", "web", "某科技公司", 1510, "招商银行")


# (n, family, product, yearly rate, yuan, days ago it began, days until it matures)
POSITIONS = (
    (1, "time", "整存整取定期", "1.85", 300_000, 359, 6),
    (1, "wealth", "稳健理财", "2.45", 120_000, 60, 120),
    (6, "time", "整存整取定期", "1.55", 200_000, 100, 265),
    (7, "certificate", "大额存单", "1.90", 500_000, 400, 695),
    (8, "fund", "指数基金", None, 25_000, 200, None),
)
# (n, product, yuan, monthly payment in yuan, days ago, months, state, days overdue)
LOANS = (
    (4, "个人住房贷款", 1_450_000, 6_850, 150, 360, "current", 0),
    (9, "消费贷款", 160_000, 4_900, 300, 36, "current", 0),
    (11, "消费贷款", 90_000, 2_800, 420, 36, "overdue", 18),
)
# (n, score, days ago)
SCORES = ((9, 712, 95), (9, 641, 4))
# What the assessments of some say, instead of what was drawn: (n, level, days ago).
ASSESSMENTS = ((6, 1, 40), (1, 3, 100), (7, 4, 380), (9, 3, 60))

_ACCOUNT = "(SELECT a.id FROM customers_account a WHERE a.number = '62170001' || lpad(%s::text, 10, '0'))"
CUSTOMER = "(SELECT c.id FROM customers_customer c WHERE c.number = '62010' || lpad(%s::text, 7, '0'))"


def write_positions(cursor: CursorWrapper, day: date) -> None:
    """Holdings, loans, scores and assessments of the cast."""
    for at, (n, family, product, rate, yuan, ago, until) in enumerate(POSITIONS):
        reference = f"62170009{at:02}{n:08}"
        began, matures = day - timedelta(days=ago), day + timedelta(days=until) if until else None
        cursor.execute(
            "INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, balance_source)"
            f" VALUES (%s, {CUSTOMER}, %s, %s, 'CNY', %s, 'file') RETURNING id, customer_id",
            [reference, n, family, product, began],
        )
        account, customer = cursor.fetchone()
        cursor.execute(
            "INSERT INTO customers_holding (reference, customer_id, account_id, family, product, currency, amount, rate,"
            " started_on, matures_on) VALUES (%s, %s, %s, %s, %s, 'CNY', %s, %s, %s, %s)",
            [reference, customer, account, family, product, yuan * YUAN, rate, began, matures],
        )
    for n, product, yuan, payment, ago, months, state, late in LOANS:
        cursor.execute(
            "INSERT INTO customers_loan (reference, customer_id, account_id, product, currency, amount, payment, rate,"
            f" started_on, matures_on) VALUES (%s, {CUSTOMER}, {_ACCOUNT}, %s, 'CNY', %s, %s, 3.6, %s, %s) RETURNING id",
            [f"LN9{n:09}", n, n, product, yuan * YUAN, payment * YUAN, day - timedelta(days=ago),
             months_before(day - timedelta(days=ago), -months)],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO customers_loanstate (loan_id, day, state, outstanding, overdue_days, overdue_amount)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [cursor.fetchone()[0], day - timedelta(days=1), state, yuan * YUAN * 8 // 10, late,
             payment * YUAN if late else 0],
        )  # fmt: skip
    for n, score, ago in SCORES:
        cursor.execute(
            "INSERT INTO customers_creditscore (customer_id, scored_on, score, authorised_for, authorised_on,"
            f" authorised_until) VALUES ({CUSTOMER}, %s, %s, '贷后管理', %s, %s)",
            [n, day - timedelta(days=ago), score, day - timedelta(days=300), day + timedelta(days=780)],
        )
    for n, level, ago in ASSESSMENTS:
        done = day - timedelta(days=ago)
        cursor.execute(f"DELETE FROM customers_riskassessment WHERE customer_id = {CUSTOMER}", [n])
        cursor.execute(
            "INSERT INTO customers_riskassessment (customer_id, assessed_on, level, valid_until)"
            f" VALUES ({CUSTOMER}, %s, %s, %s)",
            [n, done, level, months_before(done, -12).replace(day=min(done.day, 28))],
        )


def write_movements(cursor: CursorWrapper, day: date) -> None:
    """The movements of the stories; those who live by their story alone lose what was drawn for them."""
    for n in QUIET:
        cursor.execute(f"DELETE FROM customers_transaction WHERE customer_id = {CUSTOMER}", [n])
    for number, move in enumerate(_moves(day)):
        if move.day >= day:
            continue
        amount = move.amount * YUAN
        cursor.execute(
            "INSERT INTO customers_transaction (account_id, customer_id, booked_on, reference, amount, currency,"
            " base_amount, category, channel, booked_at, counterparty, counterparty_key, counterparty_tail,"
            f" counterparty_bank, country, own) VALUES ({_ACCOUNT}, {CUSTOMER}, %s, %s, %s, 'CNY', %s, %s, %s, %s, %s,"
            " %s, %s, %s, %s, %s)",
            [move.n, move.n, move.day, f"S{number:05}", amount, amount, move.category, move.channel,
             f"{9 + number % 9:02}:{number * 7 % 60:02}", move.counterparty, move.party or None,
             f"{move.party * 37 % 10000:04}" if move.party else "", move.bank, move.country, move.own],
        )  # fmt: skip


def write_openings(cursor: CursorWrapper, day: date) -> None:
    """What the cast's accounts held at the start."""
    start = months_before(month_of(day), 24)
    for n, yuan in OPENINGS.items():
        cursor.execute(
            "INSERT INTO demo_opening (account_id, customer_id, day, amount)"
            f" SELECT a.id, a.customer_id, %s, %s FROM customers_account a WHERE a.id = {_ACCOUNT}",
            [start, yuan * YUAN, n],
        )
