"""Messages on the customer's page, and the outbox of a person's scope."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx, tells
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions import tasks
from interactions.messaging import approved, listing, outbox, writing
from interactions.messaging.asking import kept, moment_words, sentences
from interactions.messaging.forms import ReasonForm, WriteForm
from interactions.models import Message, MessageLanguage, TemplateVersion

CHANGED = "messages-changed, interactions-changed"
SENDING = ("send", "later", "copy")


@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The newest messages to a customer."""
    user = signed_in(request)
    customer = customer_read(user, number)
    context = {"customer": customer, "rows": listing.of_customer(customer), "draft": writing.draft_of(user, customer)}
    return render(request, "interactions/messages/_panel.html", context)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the form, with the draft. POST act: choose another template, keep and show the preview, or send."""
    user = signed_in(request)
    customer = customer_write(user, number)
    act = request.POST.get("act", "choose")
    if act == "discard" and request.method == "POST":
        writing.discard(user, customer)
        return tells(HttpResponse(status=204), "messages-changed, message-written")
    form, version, language = _form(request, user, customer)
    if version is None:
        return _writing(request, customer, form, None, None, status=UNPROCESSABLE if act in SENDING else 200)
    valid = form.is_valid() if form.is_bound else False
    if request.method == "POST":
        typed = {name: form.data.get(name, "").replace("\x00", "")[:400] for name in form.open_places}
        draft = writing.keep(user, customer, version, language, typed)
        if act in SENDING and valid and (answer := _sent(form, draft, user, act)):
            return answer
    seen = writing.preview(customer, version, language, form.values() if form.is_bound else {}, timezone.now())
    status = UNPROCESSABLE if act in SENDING and request.method == "POST" else 200
    return _writing(request, customer, form, version, seen, act=act, status=status)


def _form(request: HttpRequest, user: User, customer: Customer) -> tuple[WriteForm, TemplateVersion | None, str]:
    """The form as posted, or filled with the draft; the version chosen in it, and the language."""
    usable = list(approved.usable())
    draft = writing.draft_of(user, customer)
    data: Any = request.POST if request.method == "POST" else None
    if data is None and draft is not None:
        data = {"template": str(draft.version.template_id), "language": draft.language, **draft.asked}
    elif data is not None and draft is not None:
        data = {**draft.asked, **data.dict()}
    wanted = (data or {}).get("template", "")
    version = next((one for one in usable if str(one.template_id) == wanted), None)
    language = (data or {}).get("language", "")
    language = language if language in MessageLanguage.values else MessageLanguage.CHINESE.value
    form = WriteForm(data, usable=usable, chosen=version, language=language, today=bank_day(), auto_id="message-%s")
    return form, version, language


def _sent(form: WriteForm, draft: Message, user: User, act: str) -> HttpResponse | None:
    """The draft leaves: into the outbox, or into the author's hands. None where the policy says no at this moment."""
    now = timezone.now()
    seen = writing.preview(draft.customer, draft.version, draft.language, form.values(), now)
    by_system, reachable = writing.ways(draft.version, draft.customer)
    if act != "copy" and not (by_system and reachable):
        form.add_error(None, _("This message can only be copied and sent by hand."))
        return None
    if not seen.verdict.allowed and (act == "copy" or seen.verdict.next_free is None):
        form.add_error(None, _("It cannot be sent: see why below."))
        return None
    with transaction.atomic():
        writing.make(draft, seen)
        if act == "copy":
            outbox.copied(draft, by=user)
        else:
            outbox.queue(draft, by=user, now=now, active=act == "later")
            transaction.on_commit(tasks.send_soon)
    return tells(HttpResponse(status=204), "messages-changed, message-written")


def _writing(
    request: HttpRequest, customer: Customer, form: WriteForm, version: TemplateVersion | None,
    seen: writing.Preview | None, *, act: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    by_system, reachable = writing.ways(version, customer) if version is not None else (False, True)
    verdict = seen.verdict if seen is not None else None
    context = {
        "customer": customer, "form": form, "version": version, "seen": seen, "by_system": by_system,
        "reachable": reachable, "reasons": sentences(kept(verdict.reasons)) if verdict else [],
        "next_free": moment_words(verdict.next_free) if verdict and verdict.next_free else "",
        "told": status == UNPROCESSABLE, "live": act == "preview",
    }  # fmt: skip
    if status != UNPROCESSABLE and act != "preview" and form.is_bound:
        form.errors.clear()  # nobody has asked to send it yet
    part = "#preview" if act == "preview" else ""
    return render(request, f"interactions/messages/_write.html{part}", context, status=status)


@requires_role(Role.MANAGER, Role.SUPERVISOR, Role.AGENT)
@require_GET
def outbox_page(request: HttpRequest) -> HttpResponse:
    """What is to be decided, failed and waits among the customers one sees."""
    user = signed_in(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in listing.TABS else "unknown"
    after = request.GET.get("after", "")
    rows, following = listing.in_scope(user, tab, int(after) if after.isdecimal() and len(after) < 18 else None)
    ids = sorted({row.message.customer_id for row in rows})
    look(Action.LIST, by=user, object_type="customer", object_ids=ids, detail={"messages": tab})
    context = {"rows": rows, "tab": tab, "following": following}
    if is_htmx(request):
        return render(request, "interactions/messages/outbox.html#rows", context)
    return render(request, "interactions/messages/outbox.html", {**context, "counts": listing.counts(user)})


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, number: str, pk: int, act: str) -> HttpResponse:
    """GET: the question for a reason. POST: what a person decides about a message of this customer."""
    user = signed_in(request)
    customer = customer_write(user, number)
    message = get_object_or_404(Message.objects.select_related("version__template"), pk=pk, customer=customer)
    if act not in ACTS:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, auto_id=f"decide-{pk}-%s")
    if act == "by_hand" and request.method == "POST":
        return _decided(message, act, "", user)
    if form.is_bound and form.is_valid():
        return _decided(message, act, form.cleaned_data["reason"], user)
    context = {"customer": customer, "message": message, "act": act, "form": form, "words": ACTS[act]()}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/messages/_decide.html", context, status=status)


ACTS = {
    "arrived": lambda: _("It arrived"),
    "again": lambda: _("Send it anew"),
    "drop": lambda: _("Leave it"),
    "cancel": lambda: _("Cancel the message"),
    "by_hand": lambda: _("I have sent it"),
}


def _decided(message: Message, act: str, reason: str, user: User) -> HttpResponse:
    now = timezone.now()
    try:
        match act:
            case "arrived":
                outbox.arrived(message, reason, by=user, now=now)
            case "again":
                outbox.send_again(message, reason, by=user, now=now)
                transaction.on_commit(tasks.send_soon)
            case "drop":
                outbox.give_up(message, reason, by=user, now=now)
            case "cancel":
                outbox.cancel(message, reason, by=user, now=now)
            case _:
                outbox.sent_by_hand(message, by=user, now=now)
    except outbox.DecidedAlreadyError:
        pass  # the panel that is fetched anew shows what it is now
    return tells(HttpResponse(status=204), CHANGED)
