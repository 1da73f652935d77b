"""Sign-in for every page, the idle time-out, and each person's language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.htmx import is_htmx, redirect_whole_page

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# One session write a minute is exact enough for a time-out of thirty, and spares a write on every request.
SEEN_EVERY = 60


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, except that a panel whose session has ended sends the whole page to sign-in, not itself."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if is_htmx(request):
            return redirect_whole_page(resolve_url(settings.LOGIN_URL))
        return super().handle_no_permission(request, view_func)


class IdleTimeoutMiddleware:
    """Signs a person out after SESSION_IDLE without a request (MLPS level 3: 30 minutes)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._watch(request)
        return self.get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        seen = request.session.get("seen", now)
        if now - seen > settings.SESSION_IDLE.total_seconds():
            record(Action.SIGN_OUT, by=request.user, reason="idle")
            logout(request)
        elif now - seen > SEEN_EVERY or "seen" not in request.session:
            request.session["seen"] = now


class TemporaryPasswordMiddleware:
    """Who signed in with a password that somebody else has read chooses another before anything else."""

    OPEN = ("change-password", "sign-in", "sign-out", "set-language", "healthz")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if not getattr(request.user, "temporary_password", False) or (match and match.url_name in self.OPEN):
            return None
        url = resolve_url("change-password")
        return redirect_whole_page(url) if is_htmx(request) else redirect(url)


class NoStoreMiddleware:
    """Keeps what a signed-in person sees out of every cache, the shared branch PC's own included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response


class LanguageMiddleware:
    """The signed-in person's language; before sign-in the cookie's; else Chinese, whatever the browser asks for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Language", language)
        return response
