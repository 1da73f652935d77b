"""The night's third step: which segment each customer is served in, by the bank's rules over the staged features."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightPublication, NightStep, Part
from customers.models import Segment, StagedFeatures
from customers.night import rows
from customers.query_language import read

log = logging.getLogger("zhike.night")


@dataclass(frozen=True)
class Ruling:
    """A segment in use, with its rule as a condition (None: holds for everybody) and the columns the rule names."""

    segment: int
    rule: int
    condition: Q | None
    columns: tuple[str, ...]


def rulings(day: date) -> list[Ruling]:
    """The segments in use by order, up to the first that takes everybody. A rule that cannot be read is left out.

    The admin refuses such rules; one that a newer version no longer understands must not stop a night.
    """
    found: list[Ruling] = []
    for segment in Segment.objects.filter(active=True, rule__isnull=False).select_related("rule"):
        version = segment.rule
        assert version is not None  # the filter above
        try:
            rule = read(version.text, day)
        except ValidationError as error:
            log.error("segment %s is left out: %s", segment.code, " ".join(error.messages))
            continue
        columns = tuple(dict.fromkeys(field.source for field in rule.fields()))
        found.append(Ruling(segment.pk, version.pk, None if rule.tree is None else rule.condition(), columns))
        if rule.tree is None:
            break
    return found


class Segments(NightStep):
    """Stages each customer's segment with the values its rule was decided on."""

    name = "segments"
    label = gettext_lazy("Segments")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        found = rulings(night.day)
        if not found:
            return 0
        decided, given = _decided(found, night, part)
        rule = " ".join(f"WHEN {ruling.segment} THEN {ruling.rule}" for ruling in found)
        values = " ".join(f"WHEN {ruling.segment} THEN {_object(ruling.columns)}" for ruling in found)
        cursor.execute(
            f"""
            INSERT INTO customers_stagedmembership (run, customer_id, segment_id, rule_id, values)
            SELECT run, customer_id, segment, CASE segment {rule} END, CASE segment {values} END
            FROM ({decided}) AS d WHERE segment IS NOT NULL
            """,
            given,
        )
        return int(cursor.rowcount)


def _decided(found: Sequence[Ruling], night: Night, part: Part) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of the staged customers of `part` with `segment` and the columns that any rule names."""
    everybody = next((ruling.segment for ruling in found if ruling.condition is None), None)
    cases = [When(ruling.condition, then=Value(ruling.segment)) for ruling in found if ruling.condition is not None]
    columns = sorted({column for ruling in found for column in ruling.columns})
    staged = (
        StagedFeatures.objects.filter(run=night.run, customer_id__range=(part.first, part.last))
        .annotate(segment=Case(*cases, default=Value(everybody), output_field=IntegerField()))
        .values("run", "customer_id", "segment", *columns)
    )
    sql, given = staged.query.sql_with_params()
    return str(sql), tuple(given)


def _object(columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', {name}" for name in columns)
    return f"jsonb_build_object({pairs})"


class PublishSegments(NightPublication):
    """Makes the staged segments live and keeps the moves. Runs before features are published, to tell what changed."""

    name = "segments"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {"run": night.run, "day": night.day}
        count = 0
        for statement in (_MOVES, _UPDATE, _INSERT, _OUT_OF_SERVICE):
            cursor.execute(statement, given)
            count += cursor.rowcount
        cursor.execute(_NO_MOVES, given)
        return count


# Who came from one segment into another, with the features that either rule names and that changed. The few are found
# first and their features then fetched one by one: a join would read the features of everybody twice.
_MOVES = """
WITH moved AS MATERIALIZED (
    SELECT s.customer_id, l.segment_id AS from_segment_id, s.segment_id AS to_segment_id, l.rule_id AS from_rule_id,
        s.rule_id AS to_rule_id, l.values AS values_before, l.values || s.values AS named
    FROM customers_stagedmembership AS s
    JOIN customers_membership AS l ON l.customer_id = s.customer_id AND l.segment_id <> s.segment_id
    WHERE s.run = %(run)s
), known AS MATERIALIZED (
    SELECT m.*,
        (SELECT to_jsonb(f) FROM customers_stagedfeatures AS f
            WHERE f.run = %(run)s AND f.customer_id = m.customer_id) AS now,
        (SELECT to_jsonb(f) FROM customers_features AS f WHERE f.customer_id = m.customer_id) AS before
    FROM moved AS m
)
INSERT INTO customers_segmentmove
    (customer_id, day, from_segment_id, to_segment_id, from_rule_id, to_rule_id, changed)
SELECT k.customer_id, %(day)s, k.from_segment_id, k.to_segment_id, k.from_rule_id, k.to_rule_id,
    coalesce(c.changed, '{}')
FROM known AS k
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(named.key, jsonb_build_array(
               coalesce(k.values_before -> named.key, k.before -> named.key), k.now -> named.key)) AS changed
    FROM jsonb_object_keys(k.named) AS named (key)
    WHERE coalesce(k.values_before -> named.key, k.before -> named.key) IS DISTINCT FROM k.now -> named.key
) AS c
ON CONFLICT (customer_id, day) DO UPDATE
SET to_segment_id = excluded.to_segment_id, to_rule_id = excluded.to_rule_id, changed = excluded.changed
"""
# A second run of a day may take a move back.
_NO_MOVES = "DELETE FROM customers_segmentmove WHERE day = %(day)s AND from_segment_id = to_segment_id"
_UPDATE = f"""
UPDATE customers_membership AS l
SET since = CASE WHEN l.segment_id = s.segment_id THEN l.since ELSE %(day)s END,
    segment_id = s.segment_id, rule_id = s.rule_id, values = s.values
FROM customers_stagedmembership AS s
WHERE s.run = %(run)s AND l.customer_id = s.customer_id
    AND {rows.differs(("segment_id", "rule_id", "values"), "s", "l")}
"""
_INSERT = """
INSERT INTO customers_membership (customer_id, segment_id, rule_id, values, since)
SELECT s.customer_id, s.segment_id, s.rule_id, s.values, %(day)s
FROM customers_stagedmembership AS s
WHERE s.run = %(run)s AND NOT EXISTS (SELECT FROM customers_membership AS l WHERE l.customer_id = s.customer_id)
ORDER BY s.customer_id
"""
_OUT_OF_SERVICE = """
DELETE FROM customers_membership AS m USING customers_customer AS c
WHERE c.id = m.customer_id AND c.status <> 'active'
"""

SEGMENTS = Segments()
PUBLISH_SEGMENTS = PublishSegments()
