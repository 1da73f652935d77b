"""Today, the page on which a manager's day begins: the list, its rows, its figures, and what is new."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.lib.money import short_amount
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from crm.workspace import today_figures, today_news
from crm.workspace.today import BUCKETS, PROMISES, Today, count, today_of
from customers.access import customer_read
from interactions import reminders
from interactions.reasons import day_words
from interactions.reminder_forms import DayForm

MOST_AT_ONCE = 200
NOON, EVENING = 12, 18


@requires_role(Role.MANAGER)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The whole list; `?bucket=` narrows it to one. As a panel: the list alone, after something changed."""
    user, day = signed_in(request), bank_day()
    bucket = request.GET.get("bucket", "")
    if bucket and bucket not in {kind.key for kind in (*BUCKETS, PROMISES)}:
        raise Http404
    found = today_of(user, day, bucket=bucket)
    if request.GET.get("part") == "buckets":  # the counts alone show nobody
        return render(request, "workspace/today.html#buckets", {"list": found, "bucket": bucket})
    _looked(user, found)
    context = {
        "list": found,
        "bucket": bucket,
        "day": day,
        "greeting": _greeting(),
        "many": ManyForm(today=day),
    }
    return render(request, "workspace/today.html#list" if is_htmx(request) else "workspace/today.html", context)


@requires_role(Role.MANAGER)
@require_GET
def row(request: HttpRequest, number: str) -> HttpResponse:
    """A customer's row as it is now. Where it left the bucket it was in (`?was=`), a line says what comes next."""
    user, day = signed_in(request), bank_day()
    customer = customer_read(user, number)
    found = today_of(user, day, number=number)
    bucket = next((one.kind for one in found.buckets if one.rows), None)
    moved = bucket.label if bucket is not None and request.GET.get("was", bucket.key) != bucket.key else ""
    planned = reminders.next_of(customer)
    context = {
        "row": next(iter(found.shown), None),
        "customer": customer,
        "moved": moved,
        "planned": day_words(reminders.day_of(planned)) if planned else "",
    }
    return render(request, "workspace/_today_row.html", context)


@requires_role(Role.MANAGER)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    currency = settings.BASE_CURRENCY
    found = today_figures.figures(signed_in(request), bank_day(), settings.TIME_ZONE)
    change = found.change
    words = "" if change is None else f"{'+' if change >= 0 else '−'}{short_amount(abs(change), currency)}"
    context = {"figures": found, "currency": currency, "change": words}
    return render(request, "workspace/_today_figures.html", context)


@requires_role(Role.MANAGER)
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    found = today_news.news(user, bank_day())
    shown = [one.customer_id for one in found.moves] + [one.customer_id for one in found.done]
    look(Action.LIST, by=user, object_type="customer", object_ids=shown, detail={"page": "today"})
    return render(request, "workspace/_today_news.html", {"news": found})


@requires_role(Role.MANAGER)
@require_GET
def to_do(request: HttpRequest) -> HttpResponse:
    """The count at the rail's entry; empty where there is nothing to do."""
    number = count(signed_in(request), bank_day())
    return HttpResponse(str(number) if number else "", content_type="text/plain")


class ManyForm(DayForm):
    """Several rows at once. pks: the reminders of each row, separated by commas."""

    action = forms.ChoiceField(choices=[("done", ""), ("snooze", "")])
    outcome = forms.CharField(max_length=200, required=False)

    def pks(self) -> list[int]:
        """The reminders chosen; what is no number is left out."""
        rows = self.data.getlist("rows") if hasattr(self.data, "getlist") else []
        words = [word for row in rows[:MOST_AT_ONCE] for word in row.split(",")]
        return [int(word) for word in words if word.isdecimal() and len(word) < 19]

    def _choose(self, cleaned: dict[str, object]) -> None:
        if cleaned.get("action") == "snooze":
            super()._choose(cleaned)
        elif cleaned.get("action") == "done" and not cleaned.get("outcome"):
            self.add_error("outcome", _("What came of it? A word is enough."))


@requires_role(Role.MANAGER)
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """End, or put off, the reminders of the rows that were chosen; nothing is logged as a contact."""
    user = signed_in(request)
    form = ManyForm(request.POST, today=bank_day())
    if not form.is_valid():
        return render(request, "workspace/_today_many.html", {"form": form}, status=UNPROCESSABLE)
    if form.cleaned_data["action"] == "done":
        reminders.finish_many(user, form.pks(), outcome=form.cleaned_data["outcome"])
    else:
        reminders.snooze_many(user, form.pks(), form.cleaned_data["next_on"])
    response = render(request, "workspace/_today_many.html", {"form": ManyForm(today=bank_day())})
    trigger_client_event(response, "list-changed")
    return trigger_client_event(response, "reminders-changed")


def _looked(user: User, found: Today) -> None:
    ids = [row.customer["customer_id"] for row in found.shown]
    look(Action.LIST, by=user, object_type="customer", object_ids=ids, detail={"page": "today"})


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return _("Good morning")
    return _("Good afternoon") if hour < EVENING else _("Good evening")
