"""What the night proposes of customers' lives, from features just made live: a new loan for a house is a house bought.

A proposal is an event that waits for a person's yes or no. A cause is proposed once, also after a no.
"""

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication

RECENT_DAYS = 90

_HOUSES = """
INSERT INTO customers_lifeevent (
    customer_id, kind, "on", precision, planned, note, state, source, confidence, cause, of_child, created_at)
SELECT f.customer_id, 'house', f.mortgage_since, 'day', false, '', 'proposed', 'system', 'likely',
    'mortgage:' || to_char(f.mortgage_since, 'YYYY-MM-DD'), false, now()
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id AND c.status = 'active'
WHERE f.mortgage_since > %(day)s::date - %(recent)s AND f.mortgage_since <= %(day)s
    AND NOT EXISTS (SELECT FROM customers_lifeevent AS known
        WHERE known.customer_id = f.customer_id AND known.kind = 'house'
            AND known."on" BETWEEN f.mortgage_since - 400 AND f.mortgage_since + 400)
ORDER BY f.customer_id
ON CONFLICT DO NOTHING
"""


class ProposeLifeEvents(NightPublication):
    """Comes after the features. A house that somebody knows of already is not proposed."""

    name = "life events"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute(_HOUSES, {"day": night.day, "recent": RECENT_DAYS})
        return int(cursor.rowcount)


PROPOSE_LIFE_EVENTS = ProposeLifeEvents()
