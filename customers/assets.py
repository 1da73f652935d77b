"""What a customer has: accounts and positions by family, loans, and two years of assets and money in and out."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import charts
from crm.lib.dates import month_of, months_before
from customers.models import Category, Customer, CustomerMonth, Family, Repayment, StandingOrder

MONTHS_SHOWN = 24
NARROW = 320  # units the chart of assets is wide, beside the table of holdings
SOON = 30  # days before a maturity that the row says so (到期承接)
BEARS_INTEREST = frozenset({Family.TIME, Family.CERTIFICATE, Family.BOND, Family.LOAN})


@dataclass(frozen=True)
class Alert:
    """A fact on a holding's row. kind: late, today or coming, as tags are coloured."""

    kind: str
    text: str


@dataclass(frozen=True)
class Position:
    """One account or contract. amount: minor units of `currency`, None where no balance is known; of a card: its limit.

    as_of: the day that the amount is of. facts: what to know about the row, the most pressing first.
    """

    name: str
    tail: str
    amount: int | None
    currency: str
    as_of: date | None
    rate: Decimal | None
    matures_on: date | None
    facts: list[Alert]


@dataclass(frozen=True)
class FamilyGroup:
    """Positions of one product family, with their sum in minor units of BASE_CURRENCY: None where none is known."""

    family: str
    label: str
    total: int | None
    positions: list[Position]


_POSITIONS = """
SELECT a.family, coalesce(nullif(h.product, ''), nullif(a.name, '')), right(a.number, 4),
       coalesce(b.amount, CASE WHEN a.family = 'card' THEN h.amount END), a.currency, b.day,
       b.base_amount, h.rate, h.matures_on, NULL::text, NULL::int
FROM customers_account a
LEFT JOIN customers_holding h ON h.reference = a.number AND (h.ended_on IS NULL OR h.ended_on > %(day)s)
LEFT JOIN LATERAL (
    SELECT amount, base_amount, day FROM customers_balance b
    WHERE b.account_id = a.id AND b.day <= %(day)s ORDER BY b.day DESC LIMIT 1) b ON true
WHERE a.customer_id = %(customer)s AND (a.closed_on IS NULL OR a.closed_on > %(day)s)
UNION ALL
SELECT h.family, nullif(h.product, ''), right(h.reference, 4), h.amount, h.currency, NULL, NULL, h.rate, h.matures_on,
       NULL, NULL
FROM customers_holding h
WHERE h.customer_id = %(customer)s AND (h.ended_on IS NULL OR h.ended_on > %(day)s)
    AND NOT EXISTS (SELECT FROM customers_account a WHERE a.number = h.reference)
UNION ALL
SELECT 'loan', nullif(l.product, ''), right(l.reference, 4), s.outstanding, l.currency, s.day, NULL, l.rate,
       l.matures_on, s.state, s.overdue_days
FROM customers_loan l
LEFT JOIN LATERAL (
    SELECT * FROM customers_loanstate s WHERE s.loan_id = l.id AND s.day <= %(day)s
    ORDER BY s.day DESC LIMIT 1) s ON true
WHERE l.customer_id = %(customer)s AND l.started_on <= %(day)s
ORDER BY 1, 9 NULLS LAST, 3
"""


def holdings(customer: Customer, day: date) -> list[FamilyGroup]:
    """What the customer has on `day`, by family in the order of Family."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, {"customer": customer.pk, "day": day})
        rows = cursor.fetchall()
    groups = []
    for family in Family:
        found = [row for row in rows if row[0] == family.value]
        if found:
            known = [value for row in found if (value := _base_value(row)) is not None]
            total = sum(known) if known else None
            groups.append(FamilyGroup(family.value, str(family.label), total, [_position(row, day) for row in found]))
    return groups


def _base_value(row: Sequence[object]) -> int | None:
    """What a row is worth in BASE_CURRENCY; None where that is not known."""
    amount, currency, base = row[3], row[4], row[6]
    value = base if base is not None or currency != settings.BASE_CURRENCY else amount
    return value if isinstance(value, int) else None


def _position(row: Sequence[object], day: date) -> Position:
    family, name, tail, amount, currency, as_of, _base, rate, matures_on, state, overdue = row
    return Position(
        name=str(name or ""),
        tail=str(tail),
        amount=amount if isinstance(amount, int) else None,
        currency=str(currency),
        as_of=as_of if isinstance(as_of, date) else None,
        rate=rate if isinstance(rate, Decimal) else None,
        matures_on=matures_on if isinstance(matures_on, date) else None,
        facts=_facts(str(family), rate, _alert(matures_on, state, overdue, day), isinstance(as_of, date)),
    )


def _facts(family: str, rate: object, alert: Alert | None, valued: bool) -> list[Alert]:
    """What to know about a row: its alert, and what is missing."""
    found = [alert] if alert else []
    if family in BEARS_INTEREST and rate is None:
        found.append(Alert("", _("no rate known")))
    if family == Family.CARD and not valued:
        found.append(Alert("", _("limit")))
    return found


def _alert(matures_on: object, state: object, overdue: object, day: date) -> Alert | None:
    if state == Repayment.OVERDUE:
        count = overdue if isinstance(overdue, int) else 0
        return Alert("late", ngettext("%(days)d day overdue", "%(days)d days overdue", count) % {"days": count})
    if state is not None:
        return Alert("", str(Repayment(str(state)).label))
    if not isinstance(matures_on, date):
        return None
    days = (matures_on - day).days
    if days == 0:
        return Alert("today", _("matures today"))
    if 0 < days <= SOON:
        return Alert("today", ngettext("matures in %(days)d day", "matures in %(days)d days", days) % {"days": days})
    return Alert("", _("matured")) if days < 0 else None


@dataclass(frozen=True)
class Order:
    """A standing order: what for, where to, from which account, and how much a month in minor units of `currency`."""

    purpose: str
    to_bank: str
    tail: str
    amount: int
    currency: str


def standing_orders(customer: Customer, day: date) -> list[Order]:
    """The customer's standing orders that are in force on `day`, the largest first."""
    live = StandingOrder.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), customer=customer)
    purposes = dict(Category.choices)
    return [
        Order(str(purposes.get(purpose, purpose)), to_bank, number[-4:], amount, currency)
        for purpose, to_bank, number, amount, currency in live.order_by("-amount", "pk").values_list(
            "purpose", "to_bank", "account__number", "amount", "account__currency"
        )
    ]


@dataclass(frozen=True)
class Month:
    """One month in the charts and the tables behind them; minor units of BASE_CURRENCY.

    assets: at its end; average: of its days, of the present month's up to today (月日均). Both None before any balance.
    """

    month: date
    assets: int | None
    average: int | None
    inflow: int
    outflow: int


def months(customer: Customer, day: date) -> list[Month]:
    """The last MONTHS_SHOWN months up to that of `day`, as the last night summed them up."""
    rows = CustomerMonth.objects.filter(customer_id=customer.pk, month__lte=month_of(day)).order_by("month")
    known = {row.month: row for row in rows}
    assets, seen = 0, False
    first = months_before(month_of(day), MONTHS_SHOWN - 1)
    for row in known.values():
        if row.month < first:
            assets, seen = assets + row.balance_change, seen or row.balance_rows > 0
    found = []
    for back in range(MONTHS_SHOWN - 1, -1, -1):
        month = months_before(month_of(day), back)
        here = known.get(month)
        average = assets + (_average_change(here, day) if here else 0)
        if here is not None:
            assets, seen = assets + here.balance_change, seen or here.balance_rows > 0
        found.append(
            Month(
                month, assets if seen else None, average if seen else None,
                here.inflow if here else 0, here.outflow if here else 0,
            )
        )  # fmt: skip
    return found


def _average_change(row: CustomerMonth, day: date) -> int:
    """By how much the average of a month, or of its days up to `day`, lies above what it began with.

    As the night's averages are made (customers/night/sql/assets.sql), where each change is weighted with its days.
    """
    length = calendar.monthrange(row.month.year, row.month.month)[1]
    to_come = length - day.day if row.month == month_of(day) else 0
    return (row.balance_change_days - row.balance_change * to_come) // (length - to_come)


@dataclass(frozen=True)
class AssetsChart:
    """Assets at the ends of months as a line with the area under it."""

    line: str
    area: str
    ticks: list[charts.Tick]
    labels: list[tuple[float, date]]
    last: tuple[float, float]


def assets_chart(shown: Sequence[Month]) -> AssetsChart | None:
    """None where no balance is known."""
    values = [month.assets for month in shown]
    known = [value for value in values if value is not None]
    if not known:
        return None
    ticks = charts.ticks(min(0, *known), max(known))
    scale = charts.Scale(ticks[0].value, ticks[-1].value)
    xs = charts.positions(len(values), NARROW)
    line = charts.line(values, scale, NARROW)
    begin = next(x for x, value in zip(xs, values, strict=True) if value is not None)
    area = f"{line} L{xs[-1]} {scale.y(0)} L{begin} {scale.y(0)} Z"
    return AssetsChart(line, area, ticks, _month_labels(shown, xs), (xs[-1], scale.y(known[-1])))


@dataclass(frozen=True)
class FlowChart:
    """Money in and out by month as pairs of bars."""

    inflow: list[charts.Bar]
    outflow: list[charts.Bar]
    ticks: list[charts.Tick]
    labels: list[tuple[float, date]]


def flow_chart(shown: Sequence[Month]) -> FlowChart | None:
    """None where nothing moved."""
    most = max((max(month.inflow, month.outflow) for month in shown), default=0)
    if not most:
        return None
    ticks = charts.ticks(0, most)
    scale = charts.Scale(0, ticks[-1].value)
    return FlowChart(
        charts.bars([month.inflow for month in shown], scale, place=0, of=2),
        charts.bars([month.outflow for month in shown], scale, place=1, of=2),
        ticks,
        _month_labels(shown, charts.positions(len(shown))),
    )


def _month_labels(shown: Sequence[Month], xs: Sequence[float]) -> list[tuple[float, date]]:
    return [(xs[index], month.month) for index, month in enumerate(shown) if (len(shown) - 1 - index) % 6 == 0]
