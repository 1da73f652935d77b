"""Small responses for htmx."""

import json
from typing import Any

from django.http import HttpResponse

UNPROCESSABLE = 422


def trigger(response: HttpResponse, **events: Any) -> HttpResponse:
    """Add `events` (name -> detail; underscores become dashes) to what the browser fires after the swap."""
    named = {name.replace("_", "-"): detail for name, detail in events.items()}
    response.headers["HX-Trigger"] = json.dumps(named)
    return response


def redirect_whole_page(url: str) -> HttpResponse:
    """Leave the page for `url`: what a panel answers when it has no content to swap in."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})
