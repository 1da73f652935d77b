"""Events of names that nobody knows: which customer they are, says a supervisor, with the reason."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, is_htmx, redirect_whole_page
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import customer_write
from interactions import identities
from interactions.models import ChannelEvent
from interactions.policy_forms import AttachForm


@requires_role(Role.SUPERVISOR)
@require_GET
def unresolved(request: HttpRequest) -> HttpResponse:
    groups = identities.waiting()
    look(Action.LIST, by=signed_in(request), object_type="channel event", detail={"groups": len(groups)})
    seen = sum(group.count for group in groups)
    full = len(groups) == identities.GROUPS or seen == identities.NEWEST
    context = {"groups": groups, "newest": identities.NEWEST, "full": full}
    return render(request, "interactions/unresolved.html", context)


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form for one unknown name, by an event of it. POST: it is the customer with this number."""
    user = signed_in(request)
    event = get_object_or_404(ChannelEvent, pk=pk, customer=None, external_index__isnull=False)
    form = AttachForm(request.POST if request.method == "POST" else None, auto_id=f"attach-{pk}-%s")
    if form.is_bound and form.is_valid() and _attached(form, event, user):
        unresolved_page = redirect("interactions:unresolved")
        return redirect_whole_page(unresolved_page.url) if is_htmx(request) else unresolved_page
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_attach.html", {"event": event, "form": form}, status=status)


def _attached(form: AttachForm, event: ChannelEvent, user: User) -> bool:
    """Whether the event's name was given to the customer; otherwise the reason stands at the number."""
    try:
        customer = customer_write(user, form.cleaned_data["number"].strip().upper())
        identities.attach(event, customer, reason=form.cleaned_data["reason"], by=user)
    except (Http404, PermissionDenied) as refused:
        form.add_error("number", str(refused))
    except identities.IdentityTakenError:
        form.add_error("number", _("Another customer is known by this name already."))
    return not form.errors
