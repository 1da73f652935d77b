"""Why a customer is in a segment, in words: the conditions of its rule with the customer's own values."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.feature_fields import FIELDS, FeatureField
from customers.query_language import Condition, read

_LIMITS = {
    ">=": gettext_lazy("at least %(limit)s"),
    ">": gettext_lazy("above %(limit)s"),
    "<=": gettext_lazy("at most %(limit)s"),
    "<": gettext_lazy("below %(limit)s"),
    "!=": gettext_lazy("not %(limit)s"),
    "not in": gettext_lazy("none of %(limit)s"),
}


def reasons(rule_text: str, values: dict[str, Any], day: date) -> list[str]:
    """The conditions by which the rule held for `values` (column -> value) on `day`, one sentence each.

    The rule of everybody else has none of its own: that no other held is the reason.
    """
    try:
        rule = read(rule_text, day)
    except ValidationError:  # a name that a newer version no longer knows
        return []
    if rule.tree is None:
        return [_("The rules of no other segment hold.")]
    return [_sentence(condition, values, day) for condition in rule.reasons(values)]


def _sentence(condition: Condition, values: dict[str, Any], day: date) -> str:
    field = condition.field
    actual = field.written(field.value(values.get(field.source), day))
    limit = _limit(condition)
    return f"{field.label}: {actual} ({limit})" if limit else f"{field.label}: {actual}"


def _limit(condition: Condition) -> str:
    """What the rule asks for; "" where the actual value says it already."""
    wanted = _LIMITS.get(condition.operator)
    if wanted is None or condition.limit is None:
        return ""
    limit = condition.shown_limit
    shown = [condition.field.written(item) for item in (limit if isinstance(limit, list) else [limit])]
    return str(wanted) % {"limit": ", ".join(shown)}


def changes(changed: dict[str, list[Any]], day: date) -> list[str]:
    """What had changed in a move between segments: a sentence for each feature (column -> [before, now])."""
    fields: dict[str, FeatureField] = {}
    for field in FIELDS.values():
        fields.setdefault(field.source, field)
    return [
        f"{fields[column].label}: {_written(fields[column], before, day)} → {_written(fields[column], now, day)}"
        for column, (before, now) in changed.items()
        if column in fields
    ]


def _written(field: FeatureField, stored: Any, day: date) -> str:
    return field.written(field.value(stored, day))
