"""Help for the page one is on, and the steps of the tour."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from crm.lib.htmx import is_htmx
from crm.staff.access import signed_in
from crm.staff.models import Tour
from crm.workspace.guide.topics import NAMES
from crm.workspace.guide.tour import go, steps_for

ACTS = ("start", "resume", "next", "back", "leave")


@require_GET
def help_page(request: HttpRequest, topic: str) -> HttpResponse:
    """A few lines about a page: in the dialog of the question mark, or as a page of its own."""
    if topic not in NAMES:
        raise Http404
    user = signed_in(request)
    context = {
        "topic": topic,
        "text": f"help/{topic}.html",
        "has_tour": bool(steps_for(user)),
        "resumes": user.tour == Tour.LEFT and user.tour_step > 0,
    }
    return render(request, "help/_help.html" if is_htmx(request) else "help/page.html", context)


@require_POST
def tour(request: HttpRequest) -> HttpResponse:
    """One step of the tour on or back, from the start, or out of it."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return redirect(go(signed_in(request), act) or back)
