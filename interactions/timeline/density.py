"""How much there is in each month of a line of time: where to jump to."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateField
from django.db.models.functions import TruncMonth

from crm.lib.dates import month_of, months_before
from customers.models import Customer
from interactions.timeline.reading import Asked, queries
from interactions.timeline.sight import Sight

MONTHS_MOST = 36  # further back one goes by the day
LEVELS = 5


@dataclass(frozen=True)
class Month:
    """A month and its entries. last: the day to read back from. level: 0 (none) to LEVELS (the fullest)."""

    first: date
    last: date
    count: int
    level: int


def months(customer: Customer, asked: Asked, sight: Sight, today: date) -> list[Month]:
    """The months from the first entry that `asked` lets through to this one, the oldest first. One query.

    Each event counts, also where a session of several is shown as one entry.
    """
    parts = []
    for source, rows in queries(customer, asked, sight):
        month = TruncMonth(source.moment, output_field=DateField())
        parts.append(rows.order_by().annotate(in_month=month).values_list("in_month").annotate(rows=Count("pk")))
    counts: dict[date, int] = {}
    answered = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else (parts[0] if parts else [])
    for first, count in answered:
        counts[first] = counts.get(first, 0) + count
    this = month_of(today)
    known = [first for first in counts if first <= this]
    oldest = max(min(known, default=this), months_before(this, MONTHS_MOST - 1))
    most = max((counts[first] for first in known if first >= oldest), default=0)
    span = (this.year - oldest.year) * 12 + this.month - oldest.month
    firsts = [months_before(this, back) for back in range(span, -1, -1)]
    return [_month(first, counts.get(first, 0), most) for first in firsts]


def _month(first: date, count: int, most: int) -> Month:
    last = months_before(first, -1) - timedelta(days=1)
    return Month(first, last, count, -(-LEVELS * count // most) if most else 0)
