"""The household and relations of a customer: the panel with its picture, and the forms that change it.

A form lives in a slot beside the panel's content, which reloads by itself: what is being typed survives that.
"""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, tells
from crm.staff.access import signed_in
from crm.staff.models import User
from customers import family_picture, households, relations
from customers.access import customer_read, customer_write, visible_to
from customers.family_forms import GroupForm, RelationForm, is_number
from customers.models import Customer, HouseholdMember, Relation

CHANGED = "customer-changed"


def done() -> HttpResponse:
    """Empties the form's slot; the panels listen to what changed."""
    return tells(HttpResponse(""), CHANGED)


@require_GET
def household_panel(request: HttpRequest, number: str) -> HttpResponse:
    user, day = signed_in(request), bank_day()
    customer = customer_read(user, number)
    kept, rows = relations.of(customer), households.memberships_around(customer)
    ids = relations.others(customer, kept) | {row.customer_id for row in rows} | {customer.pk}
    visible = relations.shown(user, ids)
    visible.setdefault(customer.pk, customer)
    people = relations.people(customer, kept, visible, day)
    groups = households.groups(customer, rows, visible)
    context = {
        "customer": customer,
        "people": people,
        "picture": family_picture.draw(customer.name, people),
        "groups": groups,
        "main": groups[0] if groups and groups[0].mine.main else None,
        "currency": settings.BASE_CURRENCY,
        "may_group": any(person.customer for person in people),
    }
    return render(request, "customers/_household.html", context)


@require_http_methods(["GET", "POST"])
def relation_add(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    if "close" in request.GET:
        return HttpResponse("")
    form = RelationForm(request.POST if request.method == "POST" else None, auto_id="relation-%s")
    if form.is_bound and form.is_valid() and _related(user, customer, form):
        return done()
    context = {"customer": customer, "form": form}
    return render(request, "customers/_relation.html", context, status=UNPROCESSABLE if form.errors else 200)


def _related(user: User, customer: Customer, form: RelationForm) -> bool:
    """Keep the relation; False, with the error at its field, where it cannot be kept."""
    data = form.cleaned_data
    other = None
    if is_number(data["who"]):
        other = visible_to(user).in_service().filter(number=data["who"]).first()
        if other is None or other.pk == customer.pk:
            form.add_error("who", _("You look after no other customer with this number. A name can always be kept."))
            return False
    try:
        relations.add(
            customer, data["kind"], by=user, other=other, name="" if other else data["who"],
            young=data["young"], guardian=form.given(),
        )  # fmt: skip
    except relations.GuardianNeededError:
        form.ask_guardian()
        return False
    except relations.AlreadyRelatedError:
        form.add_error("who", _("This relation is there already."))
        return False
    if other is not None and data["together"]:
        households.live_together(customer, other, by=user)
    return True


@require_POST
def relation_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    mine = Relation.objects.filter(Q(customer=customer) | Q(other=customer))
    relations.remove(get_object_or_404(mine, pk=pk), customer=customer, by=user)
    return done()


@require_http_methods(["GET", "POST"])
def group_add(request: HttpRequest, number: str) -> HttpResponse:
    """A group of this customer and of related customers whom the user sees."""
    user = signed_in(request)
    customer = customer_write(user, number)
    if "close" in request.GET:
        return HttpResponse("")
    visible = relations.shown(user, relations.others(customer, relations.of(customer)))
    others = sorted(visible.values(), key=lambda other: other.sort_name)
    form = GroupForm(request.POST if request.method == "POST" else None, others=others, auto_id="group-%s")
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        members = [other for other in others if other.number in data["members"]]
        households.found(customer, data["name"], data["kind"], members, by=user)
        return done()
    context = {"customer": customer, "form": form}
    return render(request, "customers/_group.html", context, status=UNPROCESSABLE if form.errors else 200)


def _member(customer: Customer, pk: int) -> HouseholdMember:
    mine = HouseholdMember.objects.select_related("household", "customer")
    return get_object_or_404(mine, pk=pk, customer=customer)


@require_POST
def group_main(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    households.make_main(_member(customer_write(user, number), pk), by=user)
    return done()


@require_POST
def group_leave(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    households.leave(_member(customer_write(user, number), pk), by=user)
    return done()
