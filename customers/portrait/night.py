"""The night's portraits: the tags that the bank's rules draw, over the staged features, of who agreed to a portrait."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightPublication, NightStep, Part
from customers import consent
from customers.feature_fields import FIELDS
from customers.models import ConsentPurpose, PortraitRule, StagedFeatures
from customers.portrait.words import columns_of
from customers.query_language import read

log = logging.getLogger("zhike.night")


@dataclass(frozen=True)
class Drawing:
    """A rule in use, as a condition, and the columns that a tag of it keeps as its evidence."""

    rule: int
    condition: Q
    columns: tuple[str, ...]


def drawings(day: date) -> list[Drawing]:
    """The rules in use. One that cannot be read, or would hold for everybody, is left out: the admin refuses both."""
    found: list[Drawing] = []
    for rule in PortraitRule.objects.filter(active=True):
        try:
            condition = read(rule.condition, day)
        except ValidationError as error:
            log.error("portrait tag %s is left out: %s", rule.code, " ".join(error.messages))
            continue
        if condition.tree is None:
            continue
        named = [field.source for field in condition.fields()]
        shown = columns_of(rule.reason_zh) + columns_of(rule.reason_en)
        proof = [FIELDS[rule.proof].source] if rule.proof in FIELDS else []
        columns = tuple(sorted({*named, *shown, *proof}))
        found.append(Drawing(rule.pk, condition.condition(), columns))
    return found


# The last answer of each customer on portraits; see customers.consent.
_AGREED = """
SELECT customer_id FROM (
    SELECT DISTINCT ON (customer_id) customer_id, given_at, withdrawn_at, notice_version
    FROM customers_consent WHERE purpose = %s AND customer_id BETWEEN %s AND %s
    ORDER BY customer_id, greatest(given_at, withdrawn_at) DESC, id DESC
) AS answered
WHERE given_at IS NOT NULL AND withdrawn_at IS NULL AND notice_version >= %s
"""


class Portraits(NightStep):
    """Stages the tags with the values they rest on, in one pass over the staged features."""

    name = "portraits"
    label = gettext_lazy("Portraits")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        found = drawings(night.day)
        if not found:
            return 0
        held, given = _held(found, night, part)
        tags = ", ".join(
            f"({one.rule}::bigint, CASE WHEN d.rule_{one.rule} THEN {_object(one.columns)} END)" for one in found
        )
        first_version = consent.notices().valid_from.get(ConsentPurpose.PROFILING.value, 1)
        cursor.execute(
            f"""
            INSERT INTO customers_stagedportrait (run, customer_id, rule_id, values)
            SELECT d.run, d.customer_id, t.rule, t.evidence
            FROM ({held}) AS d JOIN ({_AGREED}) AS a ON a.customer_id = d.customer_id
            CROSS JOIN LATERAL (VALUES {tags}) AS t (rule, evidence)
            WHERE t.evidence IS NOT NULL
            """,  # noqa: S608 (names of the code)
            (*given, ConsentPurpose.PROFILING.value, part.first, part.last, first_version),
        )
        return int(cursor.rowcount)


def _held(found: Sequence[Drawing], night: Night, part: Part) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of the staged customers of `part`: for each rule whether it holds, and the columns named."""
    cases: dict[str, Case] = {
        f"rule_{one.rule}": Case(
            When(one.condition, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for one in found
    }
    columns = sorted({column for one in found for column in one.columns})
    staged = (
        StagedFeatures.objects.filter(run=night.run, customer_id__range=(part.first, part.last))
        .annotate(**cases)
        .values("run", "customer_id", *columns, *cases)
    )
    sql, given = staged.query.sql_with_params()
    return str(sql), tuple(given)


def _object(columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', d.{name}" for name in columns)
    return f"jsonb_build_object({pairs})"


class PublishPortraits(NightPublication):
    """Makes the staged tags live. What somebody said is wrong stays so until its evidence is new."""

    name = "portraits"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {"run": night.run, "day": night.day, "aside": list(night.aside)}
        count = 0
        for statement in (_OUT_OF_SERVICE, _OVER, _UPDATE, _INSERT):
            cursor.execute(statement, given)
            count += cursor.rowcount
        for rule in PortraitRule.objects.filter(active=True).exclude(proof=""):
            if rule.proof in FIELDS:
                cursor.execute(_AGAIN, {**given, "rule": rule.pk, "proof": FIELDS[rule.proof].source})
                count += cursor.rowcount
        return count


_OUT_OF_SERVICE = """
DELETE FROM customers_portraittag AS t USING customers_customer AS c
WHERE c.id = t.customer_id AND c.status <> 'active'
"""
# Those who were set aside keep what they have.
_OVER = """
DELETE FROM customers_portraittag AS t
WHERE t.state = 'live' AND t.customer_id <> ALL (%(aside)s::bigint[]) AND NOT EXISTS (
    SELECT FROM customers_stagedportrait AS s
    WHERE s.run = %(run)s AND s.customer_id = t.customer_id AND s.rule_id = t.rule_id)
"""
_UPDATE = """
UPDATE customers_portraittag AS t SET values = s.values
FROM customers_stagedportrait AS s
WHERE s.run = %(run)s AND s.customer_id = t.customer_id AND s.rule_id = t.rule_id
    AND t.state = 'live' AND t.values IS DISTINCT FROM s.values
"""
_INSERT = """
INSERT INTO customers_portraittag (customer_id, rule_id, values, since, state)
SELECT s.customer_id, s.rule_id, s.values, %(day)s, 'live'
FROM customers_stagedportrait AS s
WHERE s.run = %(run)s AND NOT EXISTS (
    SELECT FROM customers_portraittag AS t WHERE t.customer_id = s.customer_id AND t.rule_id = s.rule_id)
ORDER BY s.customer_id, s.rule_id
"""
# New evidence after a "wrong": half as much again, or a later day. Days are written as text that sorts by time.
_AGAIN = """
UPDATE customers_portraittag AS t SET state = 'live', values = s.values, since = %(day)s
FROM customers_stagedportrait AS s
WHERE s.run = %(run)s AND s.customer_id = t.customer_id AND s.rule_id = t.rule_id
    AND t.rule_id = %(rule)s AND t.state = 'wrong'
    AND CASE jsonb_typeof(s.values -> %(proof)s)
        WHEN 'number' THEN CASE WHEN jsonb_typeof(t.values -> %(proof)s) = 'number'
            THEN (s.values ->> %(proof)s)::numeric > (t.values ->> %(proof)s)::numeric
                AND (s.values ->> %(proof)s)::numeric >= 1.5 * (t.values ->> %(proof)s)::numeric ELSE true END
        WHEN 'string' THEN coalesce((s.values ->> %(proof)s) > (t.values ->> %(proof)s), true)
        ELSE false END
"""

PORTRAITS = Portraits()
PUBLISH_PORTRAITS = PublishPortraits()
