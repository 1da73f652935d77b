"""Where customers without a suggestion fell, counted by branch and rule while the night decides, and made live."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication, Part
from recommendations.gate import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recommendations.night.matching import Ruling
    from recommendations.night.suggestions import Fell, Found

SUGGESTED, NO_RULE = "suggested", "no_rule"
# How far a customer came, the furthest last: the gate's rules in their order, then what is chosen among.
_FAR = {outcome: place for place, outcome in enumerate([*Rule.values, "other_rule", "arbitration", SUGGESTED])}


def stage(
    cursor: CursorWrapper,
    night: Night,
    part: Part,
    found: "Sequence[Ruling]",
    needs: "Mapping[tuple[int, str], Found]",
    fell: "Fell",
) -> None:
    """Stage the counts of `part`: of each rule, and once a customer (rule None) at the step they came furthest to."""
    outcomes: dict[tuple[int, int], str] = dict(fell)
    outcomes.update({(one.customer, one.place): SUGGESTED for one in needs.values() if one.product is not None})
    furthest: dict[int, str] = {}
    for (customer, _place), outcome in outcomes.items():
        if customer not in furthest or _FAR[outcome] > _FAR[furthest[customer]]:
            furthest[customer] = outcome
    branch = _branches(cursor, part, list(furthest))
    counts: Counter[tuple[int, int | None, str]] = Counter()
    for (customer, place), outcome in outcomes.items():
        counts[branch[customer], found[place].rule, outcome] += 1
    matched: Counter[int] = Counter()
    for customer, outcome in furthest.items():
        counts[branch[customer], None, outcome] += 1
        matched[branch[customer]] += 1
    for branch_id, customers in _in_service(cursor, part):
        counts[branch_id, None, NO_RULE] = customers - matched[branch_id]
    _insert(cursor, night, part, {key: count for key, count in counts.items() if count > 0})


def _branches(cursor: CursorWrapper, part: Part, ids: list[int]) -> dict[int, int]:
    if not ids:
        return {}
    cursor.execute(
        "SELECT id, branch_id FROM customers_customer WHERE id BETWEEN %s AND %s AND id = ANY (%s)",
        [part.first, part.last, ids],
    )
    return dict(cursor.fetchall())


def _in_service(cursor: CursorWrapper, part: Part) -> list[tuple[int, int]]:
    cursor.execute(
        "SELECT branch_id, count(*) FROM customers_customer"
        " WHERE id BETWEEN %s AND %s AND status = 'active' GROUP BY branch_id",
        [part.first, part.last],
    )
    return list(cursor.fetchall())


def _insert(cursor: CursorWrapper, night: Night, part: Part, counts: Mapping[tuple[int, int | None, str], int]) -> None:
    columns: dict[str, list[Any]] = defaultdict(list)
    for (branch, rule, outcome), count in counts.items():
        for name, value in (("branch", branch), ("rule", rule), ("outcome", outcome), ("count", count)):
            columns[name].append(value)
    if not columns:
        return
    cursor.execute(
        "INSERT INTO recommendations_stagedfunnelcount (run, first, branch_id, rule_id, outcome, customers)"
        " SELECT %(run)s, %(first)s, s.* FROM unnest(%(branch)s::bigint[], %(rule)s::bigint[], %(outcome)s::text[],"
        " %(count)s::integer[]) AS s (branch, rule, outcome, customers)",
        {"run": night.run, "first": part.first, **columns},
    )


class PublishFunnel(NightPublication):
    """Brings the counts up to this night's."""

    name = "funnel"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        count = 0
        for statement in (_UPDATE, _INSERT, _GONE):
            cursor.execute(statement, {"run": night.run})
            count += cursor.rowcount
        return count


_NEW = """
(SELECT branch_id, rule_id, outcome, CAST(sum(customers) AS integer) AS customers
FROM recommendations_stagedfunnelcount WHERE run = %(run)s GROUP BY branch_id, rule_id, outcome) AS s
"""
_SAME = "l.branch_id = s.branch_id AND l.rule_id IS NOT DISTINCT FROM s.rule_id AND l.outcome = s.outcome"
_UPDATE = f"""
UPDATE recommendations_funnelcount AS l SET customers = s.customers FROM {_NEW}
WHERE {_SAME} AND l.customers <> s.customers
"""
_INSERT = f"""
INSERT INTO recommendations_funnelcount (branch_id, rule_id, outcome, customers)
SELECT s.* FROM {_NEW} WHERE NOT EXISTS (SELECT FROM recommendations_funnelcount AS l WHERE {_SAME})
"""
_GONE = f"""
DELETE FROM recommendations_funnelcount AS l WHERE NOT EXISTS (SELECT FROM {_NEW} WHERE {_SAME})
"""

PUBLISH_FUNNEL = PublishFunnel()
