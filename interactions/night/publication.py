"""Making the staged reminders live, without touching what people made of earlier ones."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication
from customers.night.rows import differs
from interactions.models import ReminderKind
from interactions.night import statements
from interactions.night.step import BEFORE, INTO
from interactions.reminders import NO_LONGER_DUE


class PublishReminders(NightPublication):
    """Opens what is new, brings what nobody touched up to date, ends what no longer applies, and caps the day.

    What a person ended never comes back; what a night ended does, where its fact is there again.
    """

    name = "reminders"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        morning = statements.morning_after(night.day)
        given: dict[str, Any] = statements.parameters(morning)
        given |= {
            "run": night.run, "aside": list(night.aside), "kinds": statements.KINDS, "over": NO_LONGER_DUE,
            "due_when_raised": statements.DUE_WHEN_RAISED,
        }  # fmt: skip
        warnings = statements.insert(ReminderKind.WARNING, INTO, BEFORE)
        cursor.execute(f"{warnings} WHERE f.customer_id <> ALL (%(aside)s) ON CONFLICT DO NOTHING", given)
        cursor.execute(statements.insert(ReminderKind.KEEPING, INTO, BEFORE) + " ON CONFLICT DO NOTHING", given)
        cursor.execute(_GREET_FEWER, given)
        cursor.execute(_FORGET_BIRTHS)
        count = 0
        for statement in (_REFRESH, _REOPEN, _OPEN, _END):
            cursor.execute(statement, given)
            count += cursor.rowcount
        return count + cap_days(cursor, morning)


# Of a manager's greetings at one festival those with the most assets stay, as many as the admin chose.
_GREET_FEWER = """
DELETE FROM interactions_stagedreminder AS s USING (
    SELECT w.customer_id, w.cause, w.values ->> 'name' AS name, row_number() OVER (
        PARTITION BY w.assignee_id, w.cause ORDER BY f.aum DESC NULLS LAST, w.customer_id) AS place
    FROM interactions_stagedreminder AS w LEFT JOIN customers_features AS f ON f.customer_id = w.customer_id
    WHERE w.run = %(run)s AND w.kind = 'festival'
) AS ranked JOIN interactions_festival AS chosen ON chosen.name = ranked.name
WHERE s.run = %(run)s AND s.kind = 'festival' AND s.customer_id = ranked.customer_id AND s.cause = ranked.cause
    AND ranked.place > chosen.most
"""
# With the guardian's consent what was told of a child is gone; so is that somebody was to congratulate.
_FORGET_BIRTHS = """
DELETE FROM interactions_reminder AS r WHERE r.kind = 'birth' AND NOT EXISTS (
    SELECT FROM customers_lifeevent AS e WHERE e.customer_id = r.customer_id AND CAST(e.id AS text) = r.cause)
"""
# A reminder of the night that nobody has touched.
_OURS = "l.made_by_id IS NULL AND l.touched_at IS NULL"
_SAME = "s.run = %(run)s AND s.customer_id = l.customer_id AND s.kind = l.kind AND s.cause = l.cause"
_REFRESH = f"""
UPDATE interactions_reminder AS l
SET assignee_id = s.assignee_id, priority = s.priority, values = s.values,
    due = CASE WHEN s.kind = ANY (%(due_when_raised)s) THEN l.due ELSE s.due END
FROM interactions_stagedreminder AS s
WHERE {_SAME} AND l.state = 'open' AND {_OURS}
    AND ({differs(("assignee_id", "priority", "values"), "s", "l")}
        OR s.due <> l.due AND s.kind <> ALL (%(due_when_raised)s))
"""
_REOPEN = f"""
UPDATE interactions_reminder AS l
SET state = 'open', outcome = '', ended_at = NULL, later = false,
    assignee_id = s.assignee_id, priority = s.priority, values = s.values, due = s.due
FROM interactions_stagedreminder AS s
WHERE {_SAME} AND l.state = 'done' AND l.ended_by_id IS NULL AND {_OURS}
"""
_OPEN = f"""
INSERT INTO interactions_reminder (customer_id, assignee_id, kind, cause, due, priority, values,
    text, state, snooze_reason, outcome, later, created_at)
SELECT s.customer_id, s.assignee_id, s.kind, s.cause, s.due, s.priority, s.values,
    '', 'open', '', '', false, now()
FROM interactions_stagedreminder AS s
WHERE s.run = %(run)s AND NOT EXISTS (SELECT FROM interactions_reminder AS l WHERE {_SAME})
ORDER BY s.customer_id, s.kind, s.cause
ON CONFLICT DO NOTHING
"""
_END = f"""
UPDATE interactions_reminder AS l SET state = 'done', outcome = %(over)s, ended_at = now()
WHERE l.state = 'open' AND l.kind = ANY (%(kinds)s) AND {_OURS} AND l.customer_id <> ALL (%(aside)s)
    AND NOT EXISTS (SELECT FROM interactions_stagedreminder AS s WHERE {_SAME})
"""
# Those of people come first and count, and are never put off; what is not for today is no part of the day.
_CAP = """
UPDATE interactions_reminder AS r SET later = ranked.later
FROM (
    SELECT o.id, greatest(o.due, o.snoozed_until) <= %(day)s AND row_number() OVER (
        PARTITION BY o.assignee_id, greatest(o.due, o.snoozed_until) <= %(day)s
        ORDER BY o.made_by_id IS NULL AND o.touched_at IS NULL, o.priority, o.due, o.id) > %(most)s AS later
    FROM interactions_reminder AS o
    WHERE o.state = 'open' AND (%(owners)s::bigint[] IS NULL OR o.assignee_id = ANY (%(owners)s))
) AS ranked
WHERE r.id = ranked.id AND r.later <> ranked.later AND r.made_by_id IS NULL AND r.touched_at IS NULL
"""


def cap_days(cursor: CursorWrapper, day: date, owners: list[int] | None = None) -> int:
    """Leave each manager (of `owners`; None: all) REMINDERS_A_DAY for `day` or before; the rest shows on demand."""
    cursor.execute(_CAP, {"day": day, "most": settings.REMINDERS_A_DAY, "owners": owners})
    return int(cursor.rowcount)


PUBLISH_REMINDERS = PublishReminders()
