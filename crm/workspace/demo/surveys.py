"""Half a year of answers to surveys, by the same styles of managers as their conversations; and one link to try."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from crm.workspace.demo import stories
from interactions.models import Interaction, Survey
from interactions.satisfaction.inviting import invite

DAYS = 270
# What customers write beside a low answer, a middling one, a good one.
WORDS = (
    ("等了很久，没人解释。", "一直推荐产品，没听我说什么。", "说好回电话，一直没有。"),
    ("还可以，就是排队久了点。", "事情办好了。", "希望少跑一趟。"),
    ("讲得清楚，办得也快。", "记得我上次说的事，很贴心。", "谢谢客户经理。"),
)

# One contact in so many was drawn and answered; per customer the newest, as at most one in 90 days is asked. The score
# follows what the manager's customers felt at the time (demo_way: from then to now).
_ANSWERS = """
INSERT INTO interactions_survey (customer_id, kind, about, interaction_id, branch_id, manager_id, about_day, token_hash,
    invited_at, expires_at, answered_at, score, text, language, formula)
SELECT customer_id, kind, about, id, branch_id, by_id, on_day, sha256(('demo survey ' || id)::bytea), at + interval '1 hour',
    at + interval '14 days', answered_at, score,
    CASE WHEN pg_temp.draw(n, 'writes', 100) >= 40 THEN ''
        ELSE (%(words)s::text[])[CASE WHEN felt < 360 THEN 1 WHEN felt < 440 THEN 4 ELSE 7 END + pg_temp.draw(n, 'words', 3)] END,
    'zh-hans', 1
FROM (
    SELECT *, at + make_interval(mins => 90 + pg_temp.draw(n, 'answers after', 3000)) AS answered_at,
        CASE kind WHEN 'csat' THEN greatest(1, least(5, round(felt / 100.0)))
            WHEN 'nps' THEN greatest(0, least(10, round((felt - 160) / 31.0)))
            ELSE greatest(1, least(7, round((560 - felt) / 50.0))) END::int AS score
    FROM (
        SELECT i.id, i.customer_id, i.by_id, i.at, right(c.number, 8)::bigint AS n, c.branch_id, (i.at AT TIME ZONE %(zone)s)::date AS on_day,
            CASE WHEN i.channel = 'visit' THEN 'visit' ELSE 'call' END AS about,
            CASE pg_temp.draw(right(c.number, 8)::bigint, 'question', 4) WHEN 0 THEN 'nps' WHEN 1 THEN 'ces' ELSE 'csat' END AS kind,
            coalesce(w.satisfied_then + (w.satisfied_now - w.satisfied_then)
                * (1 - (%(day)s::date - (i.at AT TIME ZONE %(zone)s)::date) / %(days)s.0), 440)
                + pg_temp.draw(i.id, 'felt', 201) - 100 AS felt,
            row_number() OVER (PARTITION BY i.customer_id,
                (%(day)s::date - (i.at AT TIME ZONE %(zone)s)::date) / 92 ORDER BY i.at DESC) AS place
        FROM interactions_interaction i
        JOIN customers_customer c ON c.id = i.customer_id AND c.status = 'active'
        LEFT JOIN demo_way w ON w.owner_id = i.by_id
        WHERE i.channel IN ('visit', 'phone') AND i.outcome = 'talked' AND i.by_id IS NOT NULL
            AND i.at >= %(day)s::date - %(days)s AND i.at < %(day)s::date - 3 AND right(c.number, 8)::bigint > %(cast)s
    ) AS talked
    WHERE place = 1 AND pg_temp.draw(id, 'answered', 100) < 45
) AS scored
ORDER BY at, id
"""


def insert_surveys(cursor: CursorWrapper, day: date) -> int:
    """Write the answers up to `day`; returns how many. Wants pg_temp.draw, demo_way and the conversations."""
    given: dict[str, Any] = {
        "day": day, "days": DAYS, "zone": settings.TIME_ZONE, "cast": stories.CAST_SIZE,
        "words": [words for group in WORDS for words in group],
    }  # fmt: skip
    cursor.execute(_ANSWERS, given)
    return int(cursor.rowcount)


def one_to_try() -> str:
    """A fresh survey link of a customer who was visited lately, to be tried as a customer would; "" if there is none."""
    asked = Survey.objects.values("customer_id")
    visits = Interaction.objects.filter(channel="visit", outcome="talked", by__isnull=False, customer__status="active")
    waiting = visits.exclude(customer_id__in=asked).exclude(customer__complaints__isnull=False)
    visit = waiting.select_related("customer").order_by("-at", "-pk").first()
    if visit is None:
        return ""
    invited = invite(visit, by=visit.by)
    # A demo is opened on any day of the year.
    Survey.objects.filter(pk=invited.survey.pk).update(expires_at=timezone.now() + timedelta(days=365))
    return invited.link
