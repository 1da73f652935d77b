"""Why a portrait tag is there, in words."""

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext

from customers.feature_fields import FIELDS
from customers.models import PortraitRule

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def reason(rule: PortraitRule, values: dict[str, Any], day: date) -> str:
    """The reason of `rule` with the customer's `values` (column -> as stored), as pages write them on `day`."""
    return PLACEHOLDER.sub(lambda match: _value(match.group(1), values, day), rule.reason)


def _value(name: str, values: dict[str, Any], day: date) -> str:
    field = FIELDS.get(name)
    if field is None:  # a name that a newer version no longer knows
        return gettext("unknown")
    return field.written(field.value(values.get(field.source), day))


def columns_of(text: str) -> list[str]:
    """The columns of the features that a reason names."""
    return [FIELDS[name].source for name in PLACEHOLDER.findall(text) if name in FIELDS]


def unknown_names(text: str) -> list[str]:
    """What stands in braces and is no feature."""
    return [name for name in PLACEHOLDER.findall(text) if name not in FIELDS]
