"""Customers who may be in the bank twice: the list, the two side by side, merging them, and taking that back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import duplicates, merging
from customers.access import customer_write
from customers.models import DuplicatePair, Merge, PairState

JUDGES = (Role.MANAGER, Role.SUPERVISOR)


@requires_role(*JUDGES)
@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """The pairs of whom one may see both."""
    user = signed_in(request)
    state = request.GET.get("state") or PairState.OPEN
    if state not in PairState.values:
        raise Http404
    cursor = request.GET.get("after", "")[:400]
    rows, following = duplicates.visible_pairs(user, state, cursor)
    seen = sorted({side.pk for row in rows for side in (row.a, row.b)})
    look(Action.LIST, by=user, object_type="customer", object_ids=seen, detail={"duplicates": state})
    context = {"rows": rows, "following": following, "state": state, "states": PairState.choices}
    template = "customers/duplicates.html"
    return render(request, f"{template}#rows" if is_htmx(request) and cursor else template, context)


@requires_role(*JUDGES)
@require_http_methods(["GET", "POST"])
def duplicate_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the two side by side, or their merge. POST: they are merged."""
    user = signed_in(request)
    pair = duplicates.pair_of(user, pk)
    look(Action.VIEW, by=user, object_type="customer", object_ids=[pair.a_id, pair.b_id], label=pair.a.number)
    if pair.state == PairState.MERGED and (done := duplicates.merge_of(pair)):
        return _merged(request, pair, done)
    form = duplicates.MergeForm(request.POST if request.method == "POST" else None, pair=pair)
    refused = ""
    if form.is_bound and form.is_valid():
        a, b = (customer_write(user, each.number) for each in (pair.a, pair.b))
        survivor, other = (a, b) if form.cleaned_data["survivor"] == "a" else (b, a)
        try:
            merging.merge(survivor, other, form.taken(), by=user)
            return redirect("customers:duplicate", pk=pk)
        except merging.NotMergeableError as error:
            refused = str(error)
    context = {
        "pair": pair,
        "sides": [("a", pair.a), ("b", pair.b)],
        "reasons": duplicates.reason_words(pair),
        "form": form,
        "counts": duplicates.comes_over(pair),
        "refused": refused,
        "days": merging.UNDO_DAYS,
    }
    return render(request, "customers/duplicate.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _merged(request: HttpRequest, pair: DuplicatePair, done: Merge, status: int = 200) -> HttpResponse:
    context = {"pair": pair, "standing": merging.standing(done), "came": duplicates.came_over(done)}
    return render(request, "customers/duplicate_merged.html", context, status=status)


@requires_role(*JUDGES)
@require_POST
def duplicate_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """The two are two persons, or it is open again."""
    user = signed_in(request)
    pair = duplicates.pair_of(user, pk)
    state = request.POST.get("state", "")
    if state not in (PairState.OPEN, PairState.DISMISSED):
        raise Http404
    duplicates.judge(pair, state, by=user)
    return redirect("customers:duplicates")


@requires_role(*JUDGES)
@require_POST
def duplicate_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The merge is taken back; where something stands in the way, its page says what."""
    user = signed_in(request)
    pair = duplicates.pair_of(user, pk)
    done = duplicates.merge_of(pair)
    if done is None:
        raise Http404
    try:
        merging.undo(done, by=user)
    except merging.UndoBlockedError:
        return _merged(request, pair, done, UNPROCESSABLE)
    return redirect("customers:duplicate", pk=pk)
