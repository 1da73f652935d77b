"""Making the staged needs live, without touching what a person decided about them."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication, Part
from customers.models import Family
from recommendations.facts import MET_RESTS
from recommendations.models import Need

# A need is met once the customer has a product of one of these families that they had not when it was first seen.
MET_BY: dict[Need, tuple[Family, ...]] = {
    Need.GOAL_SAVING: (Family.TIME, Family.WEALTH),
    Need.PENSION: (Family.PENSION,),
    Need.TRAVEL: (Family.CARD,),
    Need.HOUSE: (Family.LOAN,),
    Need.REINVESTMENT: (Family.CERTIFICATE, Family.WEALTH),
    Need.BUSINESS: (Family.LOAN,),
    Need.COVER: (Family.INSURANCE,),
    Need.GROWTH: (Family.WEALTH, Family.FUND),
    Need.LITERACY: (Family.WEALTH, Family.FUND),
}


class PublishNeeds(NightPublication):
    """One standing need of a kind. Found ones follow the staged ones; confirmed, refused and postponed are people's.

    It runs before the suggestions are made live, and takes the staged ones of needs that are met away.
    """

    name = "needs"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {
            "run": night.run, "day": night.day, "aside": list(night.aside), "rests": MET_RESTS,
            **_met_by(),
        }  # fmt: skip
        count = 0
        for statement in (_MET, _DROP_MET, _UPDATE, _SEEN_AGAIN, _NO_LONGER_SEEN, _GONE, _REOPEN, _INSERT):
            cursor.execute(statement, given)
            count += 0 if statement is _DROP_MET else cursor.rowcount
        return count


def _met_by() -> dict[str, list[str]]:
    return {"needs": [need.value for need in MET_BY], "families": [",".join(met) for met in MET_BY.values()]}


def meeting(cursor: CursorWrapper, night: Night, part: Part) -> list[tuple[int, str]]:
    """The customers and needs of `part` that the staged figures meet."""
    cursor.execute(_MEETING, {"run": night.run, "first": part.first, "last": part.last, **_met_by()})
    return list(cursor.fetchall())


_IS_MET = """n.state IN ('found', 'confirmed', 'postponed')
    AND string_to_array(f.families, ',') && string_to_array(m.families, ',')
    AND NOT string_to_array(n.families_then, ',') && string_to_array(m.families, ',')"""
_MEETING = f"""
SELECT n.customer_id, n.need FROM recommendations_customerneed AS n
JOIN customers_stagedfeatures AS f ON f.run = %(run)s AND f.customer_id = n.customer_id
JOIN unnest(%(needs)s::text[], %(families)s::text[]) AS m (need, families) ON m.need = n.need
WHERE n.customer_id BETWEEN %(first)s AND %(last)s AND {_IS_MET}
"""
_STAGED = """EXISTS (SELECT FROM recommendations_stagedsuggestion AS s
    WHERE s.run = %(run)s AND s.customer_id = n.customer_id AND s.need = n.need)"""
_MET = f"""
UPDATE recommendations_customerneed AS n
SET state = 'met', ending = 'product', ended_on = %(day)s, last_seen = %(day)s, changed_at = now(), before = NULL
FROM customers_features AS f, unnest(%(needs)s::text[], %(families)s::text[]) AS m (need, families)
WHERE f.customer_id = n.customer_id AND m.need = n.need AND {_IS_MET}
    AND n.customer_id <> ALL (%(aside)s)
"""
_DROP_MET = """
DELETE FROM recommendations_stagedsuggestion AS s USING recommendations_customerneed AS n
WHERE s.run = %(run)s AND n.customer_id = s.customer_id AND n.need = s.need AND n.state = 'met'
    AND n.ended_on + %(rests)s > %(day)s
"""
_UPDATE = """
UPDATE recommendations_customerneed AS n
SET rule_id = s.rule_id, found_by = s.found_by, evidence = s.evidence, confidence = s.sure, last_seen = NULL,
    state = 'found', source = s.source, later_until = NULL
FROM recommendations_stagedsuggestion AS s
WHERE s.run = %(run)s AND n.customer_id = s.customer_id AND n.need = s.need
    AND (n.state = 'found' AND ROW(n.rule_id, n.found_by, n.evidence, n.confidence, n.last_seen)
            IS DISTINCT FROM ROW(s.rule_id, s.found_by, s.evidence, s.sure, NULL::date)
        OR n.state = 'postponed' AND n.later_until <= %(day)s AND n.source <> 'manager')
"""
_SEEN_AGAIN = f"""
UPDATE recommendations_customerneed AS n SET last_seen = NULL
WHERE n.state IN ('confirmed', 'refused', 'postponed') AND n.last_seen IS NOT NULL AND {_STAGED}
"""
_NO_LONGER_SEEN = f"""
UPDATE recommendations_customerneed AS n SET last_seen = %(day)s
WHERE n.state IN ('confirmed', 'refused', 'postponed') AND n.source <> 'manager' AND n.last_seen IS NULL
    AND n.customer_id <> ALL (%(aside)s) AND NOT {_STAGED}
"""
_GONE = f"""
UPDATE recommendations_customerneed AS n
SET state = 'gone', ended_on = %(day)s, last_seen = coalesce(n.last_seen, %(day)s), changed_at = now(), before = NULL,
    ending = CASE WHEN c.status <> 'active' THEN 'left' ELSE 'unseen' END
FROM customers_customer AS c
WHERE c.id = n.customer_id AND n.customer_id <> ALL (%(aside)s) AND (
    c.status <> 'active' AND n.state IN ('found', 'confirmed', 'refused', 'postponed')
    OR (n.state = 'found' OR n.state = 'postponed' AND n.later_until <= %(day)s) AND n.source <> 'manager'
        AND NOT {_STAGED})
"""
_NONE_STANDING = """NOT EXISTS (SELECT FROM recommendations_customerneed AS l
    WHERE l.customer_id = s.customer_id AND l.need = s.need
        AND l.state IN ('found', 'confirmed', 'refused', 'postponed'))"""
_REOPEN = f"""
UPDATE recommendations_customerneed AS n
SET state = 'found', source = s.source, rule_id = s.rule_id, found_by = s.found_by, evidence = s.evidence,
    confidence = s.sure, first_seen = %(day)s, last_seen = NULL, ended_on = NULL, ending = '', later_until = NULL,
    by_id = NULL, changed_at = now(), before = NULL,
    families_then = coalesce((SELECT f.families FROM customers_features AS f WHERE f.customer_id = s.customer_id), '')
FROM recommendations_stagedsuggestion AS s JOIN customers_customer AS c ON c.id = s.customer_id AND c.status = 'active'
WHERE s.run = %(run)s AND n.customer_id = s.customer_id AND n.need = s.need AND n.state = 'gone' AND {_NONE_STANDING}
    AND n.id = (SELECT max(o.id) FROM recommendations_customerneed AS o
        WHERE o.customer_id = s.customer_id AND o.need = s.need AND o.state = 'gone')
"""
_INSERT = f"""
INSERT INTO recommendations_customerneed (customer_id, need, state, source, rule_id, found_by, evidence, confidence,
    first_seen, families_then, ending, changed_at)
SELECT s.customer_id, s.need, 'found', s.source, s.rule_id, s.found_by, s.evidence, s.sure, %(day)s,
    coalesce(f.families, ''), '', now()
FROM recommendations_stagedsuggestion AS s
JOIN customers_customer AS c ON c.id = s.customer_id AND c.status = 'active'
LEFT JOIN customers_features AS f ON f.customer_id = s.customer_id
WHERE s.run = %(run)s AND {_NONE_STANDING}
ORDER BY s.customer_id, s.need
ON CONFLICT DO NOTHING
"""

PUBLISH_NEEDS = PublishNeeds()
