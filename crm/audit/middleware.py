"""Gives every request an audit context: an id, the caller's address, and one INSERT for all its looks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from crm.audit.log import request_context


def client_address(request: HttpRequest) -> str | None:
    """The caller's address; behind PROXY_COUNT trusted proxies, the entry that the outermost of them wrote.

    Without proxies X-Forwarded-For is ignored: anybody can send one.
    """
    hops = settings.PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return str(forwarded[-hops])
    return str(request.META.get("REMOTE_ADDR", "")) or None


class AuditMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with request_context(client_address(request)) as context:
            response = self.get_response(request)
        response.headers["X-Request-ID"] = str(context.request_id)
        return response
