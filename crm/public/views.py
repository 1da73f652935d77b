"""The pages of customers. Opening one changes nothing: link scanners and previews may; only a POST answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.audit.middleware import client_address
from crm.lib.htmx import UNPROCESSABLE
from crm.public.forms import PreferenceForm
from crm.public.guard import locked_out, note_wrong
from interactions.models import PreferenceLink, Survey
from interactions.preferences import codes, words
from interactions.preferences.codes import Outcome
from interactions.preferences.links import open_link
from interactions.preferences.wishes import Wish, carry_out, changes, nothing_more, state_of
from interactions.satisfaction import words as survey_words
from interactions.satisfaction.answering import LONGEST, answer, open_survey
from interactions.satisfaction.scales import SCALES


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


def gone(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One answer to every link that opens nothing, whatever the reason: who guesses learns nothing by it."""
    return render(request, "gone.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "failed.html", status=500)


def _wrong(request: HttpRequest) -> HttpResponse:
    note_wrong(client_address(request))
    return gone(request)


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, link: str) -> HttpResponse:
    if locked_out(client_address(request)):
        return gone(request)
    now = timezone.now()
    asked = open_survey(link, now)
    if asked is None:
        return _wrong(request)
    if request.method != "POST":
        return render(request, "survey.html", _survey_context(asked))
    score, text = request.POST.get("score", ""), request.POST.get("text", "")
    try:
        given = answer(link, int(score), text, language=get_language() or "", now=now)
    except ValueError:
        context = {**_survey_context(asked), "text": text[:LONGEST], "error": _("Please choose a number.")}
        return render(request, "survey.html", context, status=UNPROCESSABLE)
    if given is None:  # answered a moment ago in another window
        return _wrong(request)
    return render(request, "survey_thanks.html", {"branch": asked.branch.name, "low": given.case_id is not None})


def _survey_context(asked: Survey) -> dict[str, Any]:
    scale = SCALES[asked.kind]
    least, most = survey_words.ends(asked.kind)
    return {
        "question": survey_words.question(asked), "numbers": range(scale.least, scale.most + 1), "least": least,
        "most": most, "kind": asked.kind, "branch": asked.branch.name, "longest": LONGEST,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, link: str) -> HttpResponse:
    """What stands, as one form: what narrows is done at once, what widens waits for a code."""
    if locked_out(client_address(request)):
        return gone(request)
    found = open_link(link, timezone.now())
    if found is None:
        return _wrong(request)
    before = state_of(found.customer)
    if request.method != "POST":
        return _preferences(request, found, PreferenceForm(before))
    if "nothing" in request.POST:
        carry_out(found.customer, nothing_more(found.customer))
        return _saved(request, found, [_("No offers at all any more")])
    form = PreferenceForm(before, request.POST)
    if not form.is_valid():
        return _preferences(request, found, form, status=UNPROCESSABLE)
    narrower, wider = changes(before, form.wished())
    carry_out(found.customer, narrower)
    done = [words.wish_words(wish) for wish in narrower]
    return _ask_for_code(request, found, wider, done) if wider else _saved(request, found, done)


def _ask_for_code(request: HttpRequest, found: PreferenceLink, wider: list[Wish], done: list[str]) -> HttpResponse:
    outcome, sent_to = codes.send_code(found, wider, timezone.now())
    if outcome is not Outcome.SENT:
        said = words.outcome_words(outcome)
        return _preferences(request, found, PreferenceForm(state_of(found.customer)), saved=done, said=said)
    context = {"done": done, "waiting": [words.wish_words(wish) for wish in wider], "sent_to": sent_to}
    return render(request, "code.html", {**context, **_of(found)})


@require_http_methods(["POST"])
def code(request: HttpRequest, link: str) -> HttpResponse:
    """The code that was sent: with it, what was closed opens again."""
    if locked_out(client_address(request)):
        return gone(request)
    now = timezone.now()
    found = open_link(link, now)
    if found is None:
        return _wrong(request)
    waiting = codes.waiting_code(found, now)
    wishes = [words.wish_words(Wish(*wish)) for wish in waiting.wishes] if waiting else []
    outcome, left = codes.enter_code(found, request.POST.get("code", "").strip()[:12], now)
    if outcome is Outcome.RIGHT:
        return _saved(request, found, wishes)
    note_wrong(client_address(request))
    said = words.outcome_words(outcome, left)
    if outcome is Outcome.OVER:
        return _preferences(request, found, PreferenceForm(state_of(found.customer)), said=said, status=UNPROCESSABLE)
    context = {"waiting": wishes, "error": said, **_of(found)}
    return render(request, "code.html", context, status=UNPROCESSABLE)


def _of(found: PreferenceLink) -> dict[str, Any]:
    return {"branch": found.customer.branch.name}


def _saved(request: HttpRequest, found: PreferenceLink, done: list[str]) -> HttpResponse:
    return _preferences(request, found, PreferenceForm(state_of(found.customer)), saved=done or [_("Nothing changed")])


def _preferences(
    request: HttpRequest, found: PreferenceLink, form: PreferenceForm, *, saved: list[str] = [], said: str = "",  # noqa: B006
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "saved": saved, "said": said, **_of(found)}
    return render(request, "preferences.html", context, status=status)
