"""The pages and panels of a customer. Each begins by fetching through access, which also audits the look."""

from datetime import timedelta

from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from crm.audit.models import Action, Entry, Result
from crm.lib.htmx import UNPROCESSABLE, tells
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers import consent, profile, sharing
from customers import walk_in as walk_ins
from customers.access import customer_read, customer_write
from customers.forms import ConsentForm, ProfileFieldForm, RevealForm, ShareForm, WalkInForm
from customers.identifiers import IDENTIFIERS, spoken
from customers.models import Customer, Means, Share
from customers.reveal import reveal

CHANGED = "customer-changed"
LOOKS_SHOWN = timedelta(days=30)


@requires_role(Role.MANAGER, Role.AGENT)
@require_http_methods(["GET", "POST"])
def walk_in(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = WalkInForm(request.POST or None)
    left = walk_ins.look_ups_left(user)
    if form.is_bound and form.is_valid():
        customer = walk_ins.look_up(user, form.cleaned_data["identifier"]) if left else None
        if customer is not None:
            walk_ins.open_walk_in(user, customer, form.cleaned_data["reason"])
            return redirect("customer", number=customer.number)
        form.add_error("identifier", _not_found(left))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "customers/walk_in.html", {"form": form, "left": left}, status=status)


def _not_found(left: int) -> str:
    if not left:
        return _("You have looked up as many customers as one person may in a day. Ask your supervisor.")
    return _("No customer has exactly this number. Check it against the document; a name or a part is not enough.")


def _into_panel(response: HttpResponse, panel: str) -> HttpResponse:
    """A saved form answers with its whole panel; a refused one stays where it was."""
    return reswap(retarget(response, panel), "innerHTML")


def _profile(request: HttpRequest, customer: Customer) -> HttpResponse:
    context = {"customer": customer, "facts": profile.facts(customer)}
    return render(request, "customers/_profile.html", context)


@require_GET
def profile_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _profile(request, customer_read(signed_in(request), number))


@require_http_methods(["GET", "POST"])
def profile_field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Edit one fact in place, or note that the customer declined to tell it."""
    user = signed_in(request)
    customer = customer_write(user, number)
    if name not in profile.FIELDS:
        raise Http404
    field = profile.FIELDS[name]
    form = ProfileFieldForm(request.POST or None, customer=customer, name=name)
    context: dict[str, object] = {"customer": customer, "field": field, "form": form}
    if request.method == "POST":
        opened = request.POST.get("opened", "")
        try:
            if "declined" in request.POST and not field.required:
                profile.decline(customer, name, by=user, opened=opened)
                return tells(_into_panel(_profile(request, customer), "#profile-panel"), CHANGED)
            if form.is_valid():
                profile.change(customer, name, form.cleaned_data["value"], by=user, opened=opened)
                return tells(_into_panel(_profile(request, customer), "#profile-panel"), CHANGED)
        except profile.ChangedMeanwhileError:
            context |= _conflict(request, customer, field)
    else:
        context |= {"opened": profile.stamp(customer, name), "original": profile.shown(customer, field)}
    context = {"opened": request.POST.get("opened", ""), "original": request.POST.get("original", ""), **context}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "customers/_profile_field.html", context, status=status)


def _conflict(request: HttpRequest, customer: Customer, field: profile.ProfileField) -> dict[str, object]:
    """What a form shows whose field somebody else changed meanwhile: what it was, what it is now and by whom.

    Saving again then goes over the value that is shown.
    """
    customer.refresh_from_db()
    row = customer.facts.filter(name=field.name).select_related("by").first()
    return {
        "conflict": True,
        "opened": profile.stamp(customer, field.name),
        "original": request.POST.get("original", "")[:200],
        "current": profile.shown(customer, field),
        "current_declined": field.name in customer.declined,
        "current_by": row.by if row else None,
        "declining": "declined" in request.POST,
    }


@require_http_methods(["GET", "POST"])
def reveal_identifier(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """GET: masked, or with ?choose the reasons to tap. POST with a reason: the whole value, for a minute."""
    user = signed_in(request)
    customer = customer_read(user, number)
    if name not in IDENTIFIERS:
        raise Http404
    context: dict[str, object] = {"customer": customer, "name": name, "masked": customer.masked(name)}
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        context["plain"] = spoken(name, reveal(customer, name, by=user, reason=form.cleaned_data["reason"]))
    elif request.method == "POST" or "choose" in request.GET:
        context["form"] = form
    return render(request, "customers/_identifier.html", context, status=UNPROCESSABLE if form.errors else 200)


def _consents(request: HttpRequest, customer: Customer) -> HttpResponse:
    context = {"customer": customer, "standings": consent.standings_of(customer, consent.notices())}
    return render(request, "customers/_consents.html", context)


@require_GET
def consent_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _consents(request, customer_read(signed_in(request), number))


@require_http_methods(["GET", "POST"])
def consent_answer(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the question with its notice and the means to tap. POST: the answer, recorded."""
    user = signed_in(request)
    customer = customer_write(user, number)
    form = ConsentForm(request.POST if request.method == "POST" else request.GET, customer=customer)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["answer"] == "give":
            consent.give(
                customer,
                form.topic,
                means=form.cleaned_data["means"],
                by=user,
                guardian=form.cleaned_data["guardian"],
            )
        else:
            consent.withdraw(customer, form.topic, means=form.cleaned_data["means"], by=user)
        return _into_panel(_consents(request, customer), "#consents-panel")
    notice = consent.notices().current.get(form.data.get("purpose", ""))
    if notice is None:
        raise Http404
    context = {
        "customer": customer,
        "form": form,
        "notice": notice,
        "means": Means.choices[:3],
        "asked": {name: form.data.get(name, "") for name in ("purpose", "channel", "recipient", "answer")},
    }
    return render(
        request,
        "customers/_consent_answer.html",
        context,
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )


@require_GET
def looks_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Who opened this customer or revealed an identifier in the last 30 days."""
    customer = customer_read(signed_in(request), number)
    looks = (
        Entry.objects.about("customer", customer.pk)
        .filter(
            at__gte=timezone.now() - LOOKS_SHOWN,
            action__in=[Action.VIEW, Action.REVEAL, Action.WALK_IN],
            result=Result.OK,
        )
        .order_by()
        .values("actor_label", "action")
        .annotate(times=Count("id"), last=Max("at"))
        .order_by("-last")[:20]
    )
    rows = [{**row, "action": Action(row["action"]).label} for row in looks]
    return render(request, "customers/_looks.html", {"customer": customer, "looks": rows})


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def sharing_panel(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    if customer.branch_id not in scope(user).branch_ids:
        raise Http404
    form = ShareForm(request.POST or None, supervisor=user)
    if form.is_bound and form.is_valid():
        sharing.share(
            customer,
            to=form.cleaned_data["to"],
            until=form.until(),
            reason=form.cleaned_data["reason"],
            by=user,
        )
        form = ShareForm(supervisor=user)
    shares = Share.objects.live().filter(content_object=customer).select_related("user", "given_by")
    context = {"customer": customer, "form": form, "shares": shares}
    return render(request, "customers/_sharing.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.SUPERVISOR)
@require_POST
def share_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    if customer.branch_id not in scope(user).branch_ids:
        raise Http404
    sharing.end_share(get_object_or_404(Share.objects.live(), content_object=customer, pk=pk), by=user)
    return redirect("customers:sharing", number=number)
