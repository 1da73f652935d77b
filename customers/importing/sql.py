"""Set-based decisions on staged rows: typed columns out of JSON, rules as CASE expressions, one pass over the set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.importing.kind import Counts
from customers.importing.plan import Plan


@dataclass(frozen=True)
class Rule:
    """A row is rejected where the SQL condition `when` holds; `{value}` in the message becomes the SQL `value`."""

    when: str
    message: str | Promise
    target: str = ""
    value: str = "''"


DUPLICATE = Rule(
    "t.line > t.first_line", _("This is the same as line {value}; only the first counts."), value="t.first_line"
)


def twice_since_merged(*columns: str) -> Rule:
    """Refuses a row of a customer who was merged (`given`) where the file says the same of whom they are now (`c`)."""
    same = "".join(f" AND other.{column} IS NOT DISTINCT FROM t.{column}" for column in columns)
    return Rule(
        f"given.merged_into_id IS NOT NULL AND EXISTS (SELECT FROM typed other WHERE other.customer = c.number{same})",
        _("the file says this under the number too that this customer was merged into."),
        "customer",
    )


@dataclass(frozen=True)
class Decision:
    """How staged rows become the temporary table `decided`.

    types: JSON name -> SQL type, given as columns of `t`, beside t.line, t.key and t.first_line (of the same key).
    joins: SQL after FROM t. columns: name -> SQL expression over t and the joins. rules: reasons to reject.
    windows: name -> window expression over `s` (staged) and `r` (typed), given as columns of `t` too.
    """

    types: Mapping[str, str]
    joins: str
    columns: Mapping[str, str]
    rules: Sequence[Rule]
    windows: Mapping[str, str] = field(default_factory=dict)


def decide(
    cursor: CursorWrapper, decision: Decision, *, batch: int, plan: Plan, parameters: Mapping[str, Any]
) -> tuple[int, int]:
    """Make the table `decided` for `batch` and note the reasons in staging. Returns how many rows: (valid, rejected).

    `decided` has the typed columns, `columns`, and `reason` ("" for a valid row).
    """
    _type(cursor, decision, batch)
    reasons, messages = _reasons(decision.rules, plan)
    columns = "".join(f", {expression} AS {name}" for name, expression in decision.columns.items())
    cursor.execute("DROP TABLE IF EXISTS pg_temp.decided")
    cursor.execute(
        f"""
        CREATE TEMP TABLE decided ON COMMIT DROP AS
        SELECT t.*{columns}, concat_ws(' ', nullif(t.known_reason, ''){reasons}) AS reason
        FROM typed t {decision.joins}
        """,  # noqa: S608 (all pieces are constants of the code; what comes from the file is a parameter)
        {**parameters, **messages},
    )
    cursor.execute("ANALYZE decided")
    cursor.execute(
        "UPDATE customers_stagedrow s SET reason = d.reason FROM decided d"
        " WHERE s.id = d.staged_id AND d.reason <> '' AND d.reason <> d.known_reason"
    )
    cursor.execute("SELECT count(*) FILTER (WHERE reason = ''), count(*) FILTER (WHERE reason <> '') FROM decided")
    valid, rejected = cursor.fetchone()
    return valid, rejected


def _type(cursor: CursorWrapper, decision: Decision, batch: int) -> None:
    """Make the table `typed` of the staged rows of `batch`.

    A table of its own, analysed before anything is joined to it: of rows that were copied a moment ago the planner
    knows nothing, takes them for a handful, and joins 200,000 of them in nested loops.
    """
    types = ", ".join(f"{name} {kind}" for name, kind in decision.types.items())
    windows = "".join(f", {expression} AS {name}" for name, expression in decision.windows.items())
    cursor.execute("DROP TABLE IF EXISTS pg_temp.typed")
    cursor.execute(
        f"""
        CREATE TEMP TABLE typed ON COMMIT DROP AS
        SELECT s.id AS staged_id, s.line, s.key, s.reason AS known_reason, r.*,
               CASE WHEN s.key <> '' THEN min(s.line) OVER (PARTITION BY s.key) END AS first_line{windows}
        FROM customers_stagedrow s CROSS JOIN LATERAL jsonb_to_record(s.data) AS r({types})
        WHERE s.batch_id = %s
        """,  # noqa: S608 (constants of the code)
        [batch],
    )
    cursor.execute("ANALYZE typed")


def _reasons(rules: Sequence[Rule], plan: Plan) -> tuple[str, dict[str, str]]:
    """The rules as arguments of concat_ws, and their messages as query parameters."""
    pieces, messages = [], {}
    for number, rule in enumerate(rules):
        label = f"{plan.labels[rule.target]}: " if rule.target in plan.labels else ""
        messages[f"message_{number}"] = f"{label}{rule.message}"
        pieces.append(
            f", CASE WHEN {rule.when} THEN"
            f" replace(%(message_{number})s, '{{value}}', coalesce(({rule.value})::text, '')) END"
        )
    return "".join(pieces), messages


def write(cursor: CursorWrapper, statement: str, parameters: Mapping[str, Any]) -> tuple[int, int]:
    """Run an INSERT … ON CONFLICT DO UPDATE and count what it wrote: (inserted, updated)."""
    cursor.execute(
        f"""
        WITH written AS ({statement} RETURNING (xmax = 0) AS inserted)
        SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM written
        """,  # noqa: S608 (a constant of the calling kind)
        parameters,
    )
    inserted, updated = cursor.fetchone()
    return inserted, updated


def counted(valid: int, rejected: int, inserted: int, updated: int) -> Counts:
    """The counts, where every valid row that was not written is unchanged."""
    return Counts(inserted, updated, valid - inserted - updated, rejected)
