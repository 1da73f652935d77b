"""What every page says of the night."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from crm.nightly.freshness import freshness


def night(request: HttpRequest) -> dict[str, Any]:
    """`night`: how fresh the figures are; asked for only where a template says it."""
    return {"night": SimpleLazyObject(freshness)}
