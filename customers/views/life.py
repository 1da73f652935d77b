"""Life events of a customer, and the one thing still to learn."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.models import User
from customers import consent, facts, knowing, life_events, profile
from customers.access import customer_read, customer_write
from customers.family_forms import AnswerForm, LifeEventForm
from customers.models import Customer
from customers.relations import GuardianNeededError
from customers.views.family import done


@require_GET
def life_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_read(signed_in(request), number)
    context = {"customer": customer, "life": life_events.read(customer, bank_day())}
    return render(request, "customers/_life.html", context)


@require_http_methods(["GET", "POST"])
def life_add(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    if "close" in request.GET:
        return HttpResponse("")
    form = LifeEventForm(request.POST if request.method == "POST" else None, today=bank_day(), auto_id="life-%s")
    context: dict[str, object] = {"customer": customer, "form": form}
    if form.is_bound and form.is_valid():
        try:
            life_events.add(customer, form.told(), by=user, guardian=form.given())
        except GuardianNeededError:
            form.ask_guardian()
        except life_events.HealthNotAgreedError:
            form.add_error("kind", _("Health is kept only with its own consent. Without it, pause sales instead."))
            context["offer_pause"] = True
        else:
            return done()
    return render(request, "customers/_life_event.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def life_decide(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Yes or no to a proposal, or what became of a plan. Decided by somebody else meanwhile: the panel says what is."""
    user = signed_in(request)
    customer = customer_write(user, number)
    event = get_object_or_404(customer.life_events, pk=pk)
    said = request.POST.get("said", "")
    try:
        if said in ("yes", "no"):
            life_events.decide(event, customer, so=said == "yes", by=user)
        elif said in ("happened", "later", "off"):
            life_events.settle(event, customer, outcome=said, by=user, day=bank_day())
        else:
            raise Http404
    except life_events.DecidedAlreadyError:
        pass
    return done()


@require_GET
def learning_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_read(signed_in(request), number)
    return _learning(request, customer)


def _learning(request: HttpRequest, customer: Customer, form: AnswerForm | None = None) -> HttpResponse:
    asked = request.GET.get("ask", "") or request.POST.get("fact", "")
    picture = facts.read(customer, bank_day(), asked)
    context: dict[str, object] = {"customer": customer, "picture": picture, "form": form}
    if picture.question and picture.question.fact.column:
        context["opened"] = profile.stamp(customer, picture.question.fact.name)
    return render(request, "customers/_learning.html", context, status=UNPROCESSABLE if form else 200)


@require_POST
def learning_answer(request: HttpRequest, number: str) -> HttpResponse:
    """The answer to the one question, that it was declined, or that it did not come up."""
    user = signed_in(request)
    customer = customer_write(user, number)
    fact = knowing.BY_NAME.get(request.POST.get("fact", ""))
    if fact is None:
        raise Http404
    if "later" in request.POST:
        facts.leave_for_later(customer, fact.name, by=user)
        return done()
    if "declined" in request.POST:
        _decline(customer, fact, user)
        return done()
    form = AnswerForm(request.POST, fact=fact)
    if form.is_valid() and _answered(customer, fact, form, user, request.POST.get("opened", "")):
        return done()
    return _learning(request, customer, form)


def _decline(customer: Customer, fact: knowing.Fact, user: User) -> None:
    if fact.column:
        profile.decline(customer, fact.name, by=user)
    else:
        facts.decline(customer, fact.name, by=user)


def _answered(customer: Customer, fact: knowing.Fact, form: AnswerForm, user: User, opened: str) -> bool:
    """Keep the answer; False, with the error at its field, where nothing may be kept of a child yet, or where somebody
    else kept another since the question was shown (`opened`)."""
    of_child = fact.name == consent.CHILD_FACT or consent.needs_guardian(customer)
    if of_child and not life_events.allowed(customer).child:
        form.add_error("value", _("A child under 14: record the guardian's consent first."))
        return False
    value = form.cleaned_data["value"]
    if fact.column:
        try:
            profile.change(customer, fact.name, value, by=user, opened=opened)
        except profile.ChangedMeanwhileError:
            form.add_error("value", _("Somebody has just written down another answer. It stands in the profile."))
            return False
    else:
        facts.answer(customer, fact.name, value, by=user)
    return True
