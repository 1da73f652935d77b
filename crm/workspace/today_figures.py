"""The six figures at the top of Today: a manager's day, promises, contacts and book, each in one statement together."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from crm.lib.dates import month_of, start_of_day
from crm.staff.models import User
from crm.staff.scope import scope
from crm.workspace import today
from interactions import reminders
from interactions.models import CONVERSATIONS, Outcome, ReminderKind


@dataclass(frozen=True)
class Figures:
    """Customers done today of those planned; promises open, late ones among them; customers spoken with this month of
    those owned; follow-ups of 30 days ended on their day or before; satisfied answers (4 or 5) of 90 days; assets of
    the own book now and at the end of last month, minor units of BASE_CURRENCY, None where nothing is known."""

    done: int
    planned: int
    promises: int
    promises_late: int
    contacted: int
    owned: int
    on_time: int
    followed_up: int
    satisfied: int
    answers: int
    assets: int | None
    assets_before: int | None

    @property
    def done_share(self) -> int:
        return _share(self.done, self.planned) or 0

    @property
    def contacted_share(self) -> int | None:
        return _share(self.contacted, self.owned)

    @property
    def on_time_share(self) -> int | None:
        return _share(self.on_time, self.followed_up)

    @property
    def satisfied_share(self) -> int | None:
        return _share(self.satisfied, self.answers)

    @property
    def change(self) -> int | None:
        if self.assets is None or self.assets_before is None:
            return None
        return self.assets - self.assets_before


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


# Ended by the night are those that no longer applied: nobody could have been on time with them.
_FIGURES = """
SELECT
    (SELECT count(DISTINCT customer_id) FROM interactions_reminder
     WHERE assignee_id = ANY (%(owners)s) AND state <> 'open' AND ended_at >= %(today)s AND ended_by_id = %(user)s),
    (SELECT count(DISTINCT i.customer_id) FROM interactions_interaction AS i
     JOIN customers_customer AS c ON c.id = i.customer_id AND c.owner_id = %(user)s AND c.status = 'active'
     WHERE i.by_id = %(user)s AND i.at >= %(month)s AND i.outcome = %(talked)s AND i.channel = ANY (%(channels)s)),
    book.owned, book.assets, book.assets_before, kept.on_time, kept.followed_up, said.satisfied, said.answers
FROM (
    SELECT count(*) AS owned, sum(f.aum)::bigint AS assets, sum(f.aum_month_end)::bigint AS assets_before
    FROM customers_customer AS c LEFT JOIN customers_features AS f ON f.customer_id = c.id
    WHERE c.owner_id = %(user)s AND c.status = 'active'
) AS book, (
    SELECT count(*) FILTER (WHERE (r.ended_at AT TIME ZONE %(zone)s)::date <= r.due) AS on_time,
        count(*) AS followed_up
    FROM interactions_reminder AS r
    WHERE r.assignee_id = %(user)s AND r.due >= %(days_ago_30)s AND r.due < %(day)s AND NOT r.later
        AND (r.state = 'open' OR r.ended_by_id IS NOT NULL)
) AS kept, (
    SELECT count(*) FILTER (WHERE satisfaction >= 4) AS satisfied, count(*) AS answers
    FROM interactions_interaction
    WHERE by_id = %(user)s AND at >= %(days_ago_90)s AND satisfaction IS NOT NULL
) AS said
"""


def figures(user: User, day: date, zone: str) -> Figures:
    """The figures of `user` on `day`; four queries. zone: the bank's time zone."""
    given: dict[str, Any] = {
        "user": user.pk, "owners": sorted(scope(user).owner_ids), "day": day, "today": start_of_day(day), "zone": zone,
        "month": start_of_day(month_of(day)), "talked": str(Outcome.TALKED),
        "channels": [str(channel) for channel in CONVERSATIONS],
        "days_ago_30": day - timedelta(days=30), "days_ago_90": start_of_day(day - timedelta(days=90)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, given)
        done, contacted, owned, assets, before, on_time, followed_up, satisfied, answers = cursor.fetchone()
    promised = list(reminders.of(user).filter(kind=ReminderKind.PROMISE).values_list("day", flat=True))
    return Figures(
        done=done, planned=done + today.count(user, day),
        promises=len(promised), promises_late=sum(due < day for due in promised),
        contacted=contacted, owned=owned, on_time=on_time, followed_up=followed_up, satisfied=satisfied,
        answers=answers, assets=assets, assets_before=before,
    )  # fmt: skip
