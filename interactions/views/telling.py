"""Telling the other panels of a page what changed."""

from django.http import HttpResponse

CHANGED = "interactions-changed, suggestions-changed"


def tells(response: HttpResponse, events: str = CHANGED) -> HttpResponse:
    """`response` with the `events` that panels listen to on the body."""
    response.headers["HX-Trigger"] = events
    return response
