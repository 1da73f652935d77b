"""The way to the customers beside the one whose page is open."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.lib.dates import bank_day
from crm.staff.access import signed_in
from crm.staff.models import Role, User
from crm.workspace.today import BUCKETS, PROMISES, today_of
from customers import saved_views, walking
from customers.access import customer_read
from customers.lists import BOOK_LABELS, COUNT_CAP
from customers.models import Customer
from customers.walking import Beside, Place, Way

ALL = "all"
CARRIED = ("in", "today", "n", "of", "at")


def carried(request: HttpRequest) -> str:
    """Of a page's query string what says along which list one goes; "" where one came from elsewhere."""
    if "in" not in request.GET and "today" not in request.GET:
        return ""
    return urlencode({name: request.GET[name][: walking.LONGEST] for name in CARRIED if name in request.GET})


@require_GET
def walk(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    if "today" in request.GET:
        context = _along_today(user, customer, request.GET["today"], walking.place_in(request.GET))
    else:
        context = _along_list(user, customer, request.GET.get("in", ""), walking.place_in(request.GET))
    return render(request, "workspace/_walk.html", context)


def _along_list(user: User, customer: Customer, within: str, place: Place) -> dict[str, object]:
    asked = QueryDict(within[: walking.LONGEST])
    views = saved_views.seen_by(user) if asked.get("view") else []
    view = next((one for one in views if str(one.pk) == asked["view"]), None)
    book = BOOK_LABELS.get(asked.get("book", ""), _("Customers"))
    return {
        "way": walking.way(user, within, customer, place),
        "place": place,
        "many": place.of > COUNT_CAP,
        "cap": COUNT_CAP,
        "name": view.name if view else book,
        "back": f"{reverse('customers:list')}?{within}",
    }


def _along_today(user: User, customer: Customer, bucket: str, place: Place) -> dict[str, object]:
    """Today changes as one works: who is done stands no longer in it, and the way goes on at the same number."""
    kind = next((one for one in (*BUCKETS, PROMISES) if one.key == bucket), None)
    numbers: list[str] = []
    if Role.MANAGER in user.roles:
        found = today_of(user, bank_day(), bucket=bucket if kind else "")
        numbers = [row.customer["number"] for row in found.shown]
    at, gone = place.number, customer.number not in numbers
    if not gone:
        at = numbers.index(customer.number) + 1
    at = min(at, len(numbers) + 1) if gone else at

    def there(number: int) -> Beside | None:
        if not 1 <= number <= len(numbers):
            return None
        return Beside(numbers[number - 1], urlencode({"today": bucket, "n": number}))

    back = reverse("today") + (f"?bucket={kind.key}" if kind else "")
    return {
        "way": Way(there(at - 1), there(max(at, 1) if gone else at + 1)),
        "place": Place(0 if gone else at, len(numbers)),
        "name": kind.label if kind else _("Today"),
        "back": back,
    }
