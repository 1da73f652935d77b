"""Making the staged suggestions live, and leaving alone what people have dealt with."""

from datetime import timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication

WRONG_RESTS = 180  # days, unless what the rule sees has changed
STALE_AFTER = 90  # days after which one offered or welcomed, and no longer fitting, ends


class PublishSuggestions(NightPublication):
    """One live suggestion a customer and need. What a customer was offered keeps its product and its evidence.

    Open ones follow the staged ones and end with them; one put off comes back, or ends, on its day. A refused need
    rests by the gate, one based on a wrong fact until its evidence changes or half a year is over.
    """

    name = "suggestions"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {
            "run": night.run, "day": night.day, "aside": list(night.aside),
            "wrong_since": night.day - timedelta(days=WRONG_RESTS),
            "stale_since": night.day - timedelta(days=STALE_AFTER),
        }  # fmt: skip
        cursor.execute(_WRONG_BEFORE, given)
        count = 0
        for statement in (_UPDATE, _OVER, _INSERT):
            cursor.execute(statement, given)
            count += cursor.rowcount
        return count


# Amounts move every day: a number counts as changed from a fifth on, anything else when it differs.
_WRONG_BEFORE = """
DELETE FROM recommendations_stagedsuggestion AS s USING recommendations_suggestion AS w
WHERE s.run = %(run)s AND w.customer_id = s.customer_id AND w.need = s.need AND w.state = 'wrong'
    AND w.changed_at >= %(wrong_since)s
    AND NOT EXISTS (
        SELECT FROM jsonb_each(w.evidence) AS old FULL JOIN jsonb_each(s.evidence) AS new ON new.key = old.key
        WHERE CASE WHEN jsonb_typeof(old.value) = 'number' AND jsonb_typeof(new.value) = 'number'
            THEN abs(CAST(new.value AS numeric) - CAST(old.value AS numeric)) > 0.2 * abs(CAST(old.value AS numeric))
            ELSE new.value IS DISTINCT FROM old.value END)
"""
_UPDATE = """
UPDATE recommendations_suggestion AS l
SET rule_id = s.rule_id, product_id = s.product_id, evidence = s.evidence, score = s.score, weighing = s.weighing,
    asked_on = %(day)s, state = 'open', later_until = NULL,
    changed_at = CASE WHEN l.state = 'open' AND l.product_id = s.product_id THEN l.changed_at ELSE now() END
FROM recommendations_stagedsuggestion AS s
WHERE s.run = %(run)s AND s.product_id IS NOT NULL AND l.customer_id = s.customer_id AND l.need = s.need
    AND l.source = 'night' AND (l.state = 'later' AND l.later_until <= %(day)s
        OR l.state = 'open' AND ROW(l.rule_id, l.product_id, l.evidence, l.score)
            IS DISTINCT FROM ROW(s.rule_id, s.product_id, s.evidence, s.score))
"""
_OVER = """
UPDATE recommendations_suggestion AS l SET state = 'over', changed_at = now()
FROM customers_customer AS c
WHERE c.id = l.customer_id AND l.state IN ('open', 'offered', 'interested', 'later')
    AND l.customer_id <> ALL (%(aside)s)
    AND (c.status <> 'active'
        OR (l.source = 'night' AND (l.state = 'open' OR l.state = 'later' AND l.later_until <= %(day)s)
            OR (l.source = 'manager' OR l.state IN ('offered', 'interested')) AND l.changed_at < %(stale_since)s
                AND (l.later_until IS NULL OR l.later_until <= %(day)s))
        AND NOT EXISTS (SELECT FROM recommendations_stagedsuggestion AS s
            WHERE s.run = %(run)s AND s.product_id IS NOT NULL AND s.customer_id = l.customer_id AND s.need = l.need))
"""
_INSERT = """
INSERT INTO recommendations_suggestion
    (customer_id, need, rule_id, product_id, evidence, score, weighing, state, source, since, asked_on, changed_at)
SELECT s.customer_id, s.need, s.rule_id, s.product_id, s.evidence, s.score, s.weighing, 'open', 'night', %(day)s,
    %(day)s, now()
FROM recommendations_stagedsuggestion AS s
JOIN customers_customer AS c ON c.id = s.customer_id AND c.status = 'active'
WHERE s.run = %(run)s AND s.product_id IS NOT NULL AND NOT EXISTS (SELECT FROM recommendations_suggestion AS l
    WHERE l.customer_id = s.customer_id AND l.need = s.need
        AND l.state IN ('open', 'offered', 'interested', 'later'))
ORDER BY s.customer_id, s.need
ON CONFLICT DO NOTHING
"""

PUBLISH_SUGGESTIONS = PublishSuggestions()
