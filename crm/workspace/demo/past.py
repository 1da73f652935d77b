"""What there is only after a night: answers to its suggestions, and a year of measures.

Answers are given where a manager spoke with the customer in the last 90 days; managers differ (conversations.STYLES).
The measures of past months are those of the night's day, carried back with a drift.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from crm.nightly.chunks import night_of
from crm.nightly.models import Run, RunState
from crm.workspace.demo import keep, measures, stories
from crm.workspace.demo.conversations import know_managers
from crm.workspace.demo.draw import create_draw
from recommendations.models import Answer

# Each suggestion that was spoken of, its answer, and whether it goes on: what was done is over and stays as history.
_ANSWERED = """
CREATE TEMP TABLE demo_answered ON COMMIT DROP AS
SELECT s.id, s.customer_id, n, s.need, s.rule_id, s.product_id, s.evidence, talk.at + interval '4 minutes' AS at, talk.by_id,
    said.state, said.state = 'refused' OR pg_temp.draw(n, s.need || 'goes on', 100) < 40 AS goes_on,
    (talk.at AT TIME ZONE %(zone)s)::date AS on_day, NULL::bigint AS suggestion_id
FROM recommendations_suggestion s
JOIN customers_customer c ON c.id = s.customer_id AND c.status = 'active'
JOIN demo_way w ON w.owner_id = c.owner_id
CROSS JOIN LATERAL (SELECT right(c.number, 8)::bigint AS n) AS numbered
CROSS JOIN LATERAL (
    SELECT i.at, coalesce(i.by_id, c.owner_id) AS by_id FROM interactions_interaction i
    WHERE i.customer_id = c.id AND i.outcome = 'talked' AND i.at >= %(day)s::date - 88
    ORDER BY i.at DESC, i.id DESC LIMIT 1
) AS talk
CROSS JOIN LATERAL (SELECT pg_temp.draw(n, s.need || 'answer', 100) AS share) AS drawn
CROSS JOIN LATERAL (
    SELECT CASE WHEN share < w.welcome THEN 'interested' WHEN share < w.welcome + w.annoy THEN 'refused'
        WHEN share < w.welcome + w.annoy + 24 THEN 'later' ELSE 'offered' END AS state
) AS said
WHERE s.state = 'open' AND n > %(cast)s
    AND pg_temp.draw(n, s.need || 'spoken of', 100) < CASE w.number WHEN 'R1006' THEN 92 WHEN 'R1007' THEN 25 ELSE 62 END
"""
_GO_ON = """
UPDATE recommendations_suggestion s
SET state = a.state, since = a.on_day - 6, offered_at = a.at, changed_at = a.at,
    later_until = CASE WHEN a.state = 'later' THEN %(today)s::date + 3 + mod(a.n, 24)::int END
FROM demo_answered a WHERE a.id = s.id AND a.goes_on
"""
_HISTORY = """
INSERT INTO recommendations_suggestion (customer_id, need, rule_id, product_id, evidence, state, since, offered_at, changed_at,
    source, weighing)
SELECT customer_id, need, rule_id, product_id, evidence, 'over', on_day - 9, at, least(at + interval '20 days', now()), 'night', '{}'
FROM demo_answered WHERE NOT goes_on ORDER BY customer_id, need
"""
_FIND = """
UPDATE demo_answered a SET suggestion_id = CASE WHEN goes_on THEN a.id ELSE s.id END
FROM recommendations_suggestion s
WHERE s.customer_id = a.customer_id AND s.need = a.need AND (s.id = a.id) = a.goes_on AND (a.goes_on OR s.state = 'over')
"""
_ANSWERS = """
INSERT INTO recommendations_answer (suggestion_id, state_before, state, reason, at, by_id)
SELECT suggestion_id, 'open', state,
    CASE state WHEN 'refused' THEN (ARRAY['no_need', 'too_risky', 'elsewhere', 'timing'])[1 + pg_temp.draw(n, 'why', 4)]
        WHEN 'later' THEN to_char(%(today)s::date + 3 + mod(n, 24)::int, 'YYYY-MM-DD') ELSE '' END, at, by_id
FROM demo_answered WHERE suggestion_id IS NOT NULL ORDER BY at, customer_id, need
"""
_REFUSALS = """
INSERT INTO interactions_refusal (customer_id, topic, reason, at, until, by_id)
SELECT customer_id, need, '', at, on_day + 45, by_id FROM demo_answered WHERE state = 'refused' ORDER BY at, customer_id
"""
_OF_REFUSALS = """
UPDATE recommendations_answer a SET refusal = r.id
FROM demo_answered k JOIN interactions_refusal r ON r.customer_id = k.customer_id AND r.topic = k.need AND r.at = k.at
WHERE a.suggestion_id = k.suggestion_id AND a.state = 'refused'
"""


def is_wanted() -> bool:
    """Whether this is a demo bank after its first night, and nobody has answered anything yet."""
    made = Entry.objects.filter(object_type="customer", object_label="demo").exists()
    return made and Run.objects.filter(state=RunState.DONE).exists() and not Answer.objects.exists()


@transaction.atomic
def write_past(seed: int) -> int:
    """Write what became of the suggestions of the last night, and measures of a year; returns how many answers."""
    run = Run.objects.filter(state=RunState.DONE).order_by("-day", "-pk")[0]
    given: dict[str, Any] = {
        "day": run.day, "today": bank_day(), "zone": settings.TIME_ZONE, "cast": stories.CAST_SIZE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        create_draw(cursor, seed)
        know_managers(cursor)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_answered")
        for statement in (_ANSWERED, _GO_ON, _HISTORY, _FIND, _ANSWERS, _REFUSALS, _OF_REFUSALS):
            cursor.execute(statement, given if "%(" in statement else None)
        keep.tell_endings(cursor, run.day)
        measures.note_use(cursor, run.day)
        for path in settings.NIGHT_STATISTICS:  # with what was answered
            import_string(path).publish(cursor, night_of(run))
        if settings.NIGHT_STATISTICS:
            measures.carry_back(cursor, run.day)
    return Answer.objects.count()
