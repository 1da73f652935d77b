"""The panel of surveys: what the customer answered, whom sampling drew, and the link to hand over."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions.models import Complaint, Interaction, SurveyAbout
from interactions.qr import qr_svg
from interactions.satisfaction import sampling, words
from interactions.satisfaction.inviting import NotNowError, answered_of, invite
from interactions.satisfaction.panel import line_of, shown


@require_GET
def surveys_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _panel(request, customer_read(signed_in(request), number))


@require_POST
def survey_invite(request: HttpRequest, number: str) -> HttpResponse:
    """A link for a contact that was drawn: shown once, to copy or to be scanned."""
    user = signed_in(request)
    customer = customer_write(user, number)
    asked = (request.POST.get("about", ""), request.POST.get("of", ""))
    chosen = [one for one in sampling.contacts(customer, timezone.now()) if one.chosen]
    drawn = next((one for one in chosen if (one.about, str(one.pk)) == asked), None)
    if drawn is None:
        raise Http404
    model = Complaint if drawn.about == SurveyAbout.COMPLAINT else Interaction
    try:
        invited = invite(model.objects.select_related("customer").get(pk=drawn.pk), by=user)
    except NotNowError:  # asked a moment ago in another window: the panel says so
        return _panel(request, customer)
    return _panel(request, customer, link=invited.link)


def _panel(request: HttpRequest, customer: Customer, link: str = "") -> HttpResponse:
    now = timezone.now()
    wait = None if link else sampling.why_wait(customer, now)
    answers = answered_of(customer)
    context = {
        "customer": customer, "answers": [shown(one) for one in answers], "line": line_of(answers), "link": link,
        "qr": qr_svg(link) if link else "", "why_not": words.why_not(wait) if wait else "",
        "contacts": [] if wait or link else [(one, words.drawn_words(one), words.about_label(one.about))
                                              for one in sampling.contacts(customer, now)[:4]],
    }  # fmt: skip
    return render(request, "interactions/_surveys.html", context)
