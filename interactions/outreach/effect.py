"""What became of an event: who came, what they said, and how those who came and those who did not go on.

Honest about what it can tell: people who come to a lecture differ from those who do not, so a difference is not the
lecture's doing; and of fewer than SMALL people it says nothing at all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.lib.dates import start_of_day
from interactions.models import Outreach, Reply

SMALL = 10
SPAN = 90


@dataclass(frozen=True)
class Group:
    """Those who came, or those invited who did not: so many, with their conversations and answered questions of the
    SPAN days before the event, and of the days since, SPAN at most."""

    came: bool
    n: int
    talks_before: int
    talks_after: int
    answered_before: int
    answered_after: int

    @property
    def small(self) -> bool:
        return self.n < SMALL


@dataclass(frozen=True)
class Effect:
    """ratings: (rating, how many), 5 first. days: of the time after that is over, at most SPAN."""

    invited: int
    coming: int
    declined: int
    attended: int
    guests: int
    ratings: list[tuple[int, int]]
    groups: list[Group]
    days: int

    @property
    def rate(self) -> int | None:
        return round(100 * self.attended / self.invited) if self.invited else None

    @property
    def answers(self) -> int:
        return sum(number for _rating, number in self.ratings)

    @property
    def mean(self) -> float | None:
        return sum(rating * number for rating, number in self.ratings) / self.answers if self.answers else None

    @property
    def small(self) -> bool:
        return self.answers < SMALL

    @property
    def most(self) -> int:
        return max((number for _rating, number in self.ratings), default=0)


_GROUPS = """
SELECT i.attended, count(DISTINCT i.customer_id),
    count(t.id) FILTER (WHERE t.outcome = 'talked' AND t.at < %(start)s),
    count(t.id) FILTER (WHERE t.outcome = 'talked' AND t.at >= %(start)s),
    count(t.id) FILTER (WHERE t.question_answered_at < %(start)s),
    count(t.id) FILTER (WHERE t.question_answered_at >= %(start)s)
FROM interactions_invitation AS i
LEFT JOIN interactions_interaction AS t ON t.customer_id = i.customer_id AND t.at >= %(since)s AND t.at < %(until)s
WHERE i.event_id = %(event)s AND i.attended IS NOT NULL
GROUP BY i.attended ORDER BY i.attended DESC
"""


def effect_of(event: Outreach, day: date) -> Effect:
    """The effect of `event` as it is known on `day`. Three queries."""
    invitations = list(event.invitations.values_list("reply", "attended"))
    ratings: dict[int, int] = dict.fromkeys(range(5, 0, -1), 0)
    for rating, number in event.feedback.values_list("rating", "number"):
        ratings[rating] += number
    held = timezone.localtime(event.starts_at).date()
    return Effect(
        invited=len(invitations),
        coming=sum(reply == Reply.COMING for reply, _came in invitations),
        declined=sum(reply == Reply.DECLINED for reply, _came in invitations),
        attended=sum(came is True for _reply, came in invitations),
        guests=event.guests,
        ratings=list(ratings.items()),
        groups=_groups(event, held),
        days=max(min((day - held).days, SPAN), 0),
    )


def _groups(event: Outreach, held: date) -> list[Group]:
    """Conversations of the day itself count as neither."""
    given: dict[str, Any] = {
        "event": event.pk, "start": start_of_day(held), "zone": settings.TIME_ZONE,
        "since": start_of_day(held - timedelta(days=SPAN)), "until": start_of_day(held + timedelta(days=SPAN + 1)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, given)
        return [Group(*row) for row in cursor.fetchall()]
