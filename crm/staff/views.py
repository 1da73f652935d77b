"""Signing in and out, language, notices, and a supervisor's team."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import record
from crm.audit.models import Action, Result
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.cover import covers_in, end_cover, give_cover
from crm.staff.forms import CoverForm, PasswordForm, SignInForm
from crm.staff.models import Role
from crm.staff.notices import read_notices

LOCKED = 429


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInView(LoginView):
    """Sign-in for everybody, the admin site included. Success and failure are audited."""

    template_name = "staff/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = signed_in(self.request)
        record(Action.SIGN_IN, by=user)
        chosen = self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in dict(settings.LANGUAGES) and chosen != user.language:
            user.language = chosen
            user.save(update_fields=["language"])
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        name = form.data.get("username", "")[:20]
        record(Action.SIGN_IN, by=None, object_type="user", label=name, result=Result.DENIED)
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


def locked_out(request: HttpRequest, response: Any = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What a person sees whose account is locked after too many failures (django-axes calls this)."""
    name = str((credentials or {}).get("username", ""))[:20]
    record(Action.SIGN_IN, by=None, object_type="user", label=name, result=Result.DENIED, reason="locked")
    context = {
        "form": SignInForm(request),
        "locked_minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
    }
    return render(request, "staff/sign_in.html", context, status=LOCKED)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    record(Action.SIGN_OUT, by=signed_in(request))
    logout(request)
    response = redirect("sign-in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; the session goes on, others of this person end."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            user.temporary_password = False
            form.save()
            record(Action.CHANGE, by=user, object_type="user", object_ids=[user.pk], label=str(user), reason="password")
        update_session_auth_hash(request, user)
        return redirect("home")
    return render(request, "staff/password.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: for the signed-in person for good, before sign-in by cookie."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/notices.html", {"notices": read_notices(signed_in(request))})


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest) -> HttpResponseBase:
    """A supervisor's managers, who covers whom, and the form that gives a cover."""
    supervisor = signed_in(request)
    form = CoverForm(request.POST or None, supervisor=supervisor, initial={"absent": request.GET.get("absent", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        give_cover(
            absent=data["absent"],
            to=data["to"],
            starts_at=form.starts_at(),
            until=form.until(),
            reason=data["reason"],
            by=supervisor,
        )
        return redirect("team")
    context = {"form": form, "covers": covers_in(supervisor)}
    return render(request, "staff/team.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@requires_role(Role.SUPERVISOR)
@require_POST
def cover_end(request: HttpRequest, pk: int) -> HttpResponse:
    supervisor = signed_in(request)
    end_cover(get_object_or_404(covers_in(supervisor), pk=pk), by=supervisor)
    return redirect("team")
