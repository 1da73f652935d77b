"""Small responses for htmx."""

from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (django-htmx marks the request)."""
    return bool(getattr(request, "htmx", False))


def redirect_whole_page(url: str) -> HttpResponse:
    """Leave the page for `url`: what a panel answers when it has no content to swap in."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def tells(response: HttpResponse, events: str) -> HttpResponse:
    """`response` with the `events` that panels listen to on the body, separated by commas."""
    response.headers["HX-Trigger"] = events
    return response
