"""What a customer said to a suggestion, in one tap, with all that follows of it; and taking that back."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop, override

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import User
from customers.models import Channel, Customer
from interactions import refusals, reminders
from interactions.log import Said, log_contact
from interactions.models import (
    CONVERSATIONS,
    Direction,
    Interaction,
    Kind,
    Refusal,
    Reminder,
    ReminderKind,
    ReminderState,
)
from interactions.taking_back import take_back
from interactions.working_days import on_or_after
from recommendations.facts import offer, people
from recommendations.gate import Blocked, decide
from recommendations.models import LIVE, Answer, Regime, Suggestion, SuggestionState
from recommendations.words import answer_reason

OFFERING = (SuggestionState.OFFERED, SuggestionState.INTERESTED)
ANSWERS = (*OFFERING, SuggestionState.LATER, SuggestionState.REFUSED, SuggestionState.WRONG)
LATER_DAYS, MOST_LATER_DAYS = 30, 365
FOLLOW_UP_DAYS = 3  # after "interested"
UNDO = timedelta(minutes=10)


class GateRefusedError(Exception):
    """The gate does not let the product be offered to the customer; `blocked` says by which rule."""

    def __init__(self, blocked: Blocked) -> None:
        super().__init__(blocked.rule)
        self.blocked = blocked


class NoLongerOpenError(Exception):
    """The suggestion has ended meanwhile, or what was answered can no longer be taken back."""


@transaction.atomic
def answer(
    suggestion: Suggestion, state: str, *, by: User, reason: str = "", later_until: date | None = None
) -> Answer:
    """Note `state`, one of ANSWERS, as the customer's answer, with all that follows of it.

    offered, interested: the gate is asked again; a contact of the day counts in the budget, once; interested: a
    follow-up. later: it comes back on `later_until` (LATER_DAYS from today). refused: the need rests, longer each time.
    Tapped twice, it is one answer.
    Raises GateRefusedError, NoLongerOpenError; ValueError for a state that is no answer.
    """
    if state not in ANSWERS:
        raise ValueError(state)
    locked = _locked(suggestion.pk)
    if (told := _told_just_now(locked, state, by)) is not None:
        return told
    if locked.state not in LIVE:
        raise NoLongerOpenError
    day = bank_day()
    until = later_until or day + timedelta(days=LATER_DAYS)
    if state in OFFERING:
        _ask_gate(locked, day)
        locked.asked_on = day
    said = Answer.objects.create(
        suggestion=locked, state_before=locked.state, state=state, by=by,
        reason=until.isoformat() if state == SuggestionState.LATER else reason[:200],
    )  # fmt: skip
    _move(locked, state, said, until)
    _follow(locked, said, day)
    _record(locked, by, {"answer": state, "reason": said.reason})
    suggestion.state = state
    return said


def _told_just_now(suggestion: Suggestion, state: str, by: User) -> Answer | None:
    last = suggestion.answers.filter(undone_at=None).order_by("-pk").first() if suggestion.state == state else None
    return just_given([last], by) if last is not None and last.state == state else None


def _locked(pk: int) -> Suggestion:
    return Suggestion.objects.select_for_update(of=("self",)).select_related("customer", "rule", "product").get(pk=pk)


def _ask_gate(suggestion: Suggestion, day: date) -> None:
    person = people([suggestion.customer_id], day)[suggestion.customer_id]
    verdict = decide([person], [offer(suggestion.product, suggestion.need)], day)[0][0]
    if verdict is not None:
        raise GateRefusedError(verdict)


def _move(suggestion: Suggestion, state: str, said: Answer, until: date) -> None:
    suggestion.state, suggestion.changed_at = state, said.at
    if state in OFFERING and suggestion.offered_at is None:
        suggestion.offered_at = said.at
    if state == SuggestionState.LATER:
        suggestion.later_until = until
    suggestion.save(update_fields=["state", "changed_at", "offered_at", "later_until", "asked_on"])


def _follow(suggestion: Suggestion, said: Answer, day: date) -> None:
    """What follows of `said` in other rooms."""
    if said.state == SuggestionState.REFUSED:
        began = timezone.now()
        refusal = refusals.refuse(
            suggestion.customer, suggestion.need, by=said.by, reason=_in_words(said.reason, said.by)
        )
        # One that stood already is not this answer's to take back.
        said.refusal = refusal.pk if refusal.at >= began else None
        said.save(update_fields=["refusal"])
    if said.state in OFFERING and suggestion.product.regime != Regime.NONE:
        _count_contact(suggestion, said, day)
    if said.state == SuggestionState.INTERESTED:
        _plan_follow_up(suggestion, said.by, day)


def _in_words(reason: str, by: User) -> str:
    """A reason of one tap as the person read it: other rooms show the words of a refusal as they are."""
    with override(by.language or get_language()):
        return answer_reason(reason)


def _count_contact(suggestion: Suggestion, said: Answer, day: date) -> None:
    """A marketing contact of the day, unless there is one: the contact budget counts days, not products."""
    today = Interaction.objects.filter(customer=suggestion.customer, at__gte=start_of_day(day)).order_by("-at")
    if today.filter(kind=Kind.MARKETING, direction=Direction.OUT).exists():
        return
    channel = today.filter(channel__in=CONVERSATIONS).values_list("channel", flat=True).first()
    log_contact(
        suggestion.customer,
        by=said.by,
        said=Said(
            channel=channel or suggestion.customer.preferred_channel or Channel.VISIT.value,
            kind=Kind.MARKETING.value,
            topics=tuple(filter(None, [offer(suggestion.product, suggestion.need).topic])),
            summary=_about(suggestion, said.by, gettext_noop("Offered: %(product)s")),
            at=said.at,
            reference=_reference(said),
        ),
    )


def _reference(said: Answer) -> str:
    return f"answer:{said.pk}"


def _plan_follow_up(suggestion: Suggestion, by: User, day: date) -> None:
    """A follow-up, unless the person has planned one: what was agreed with the customer is not moved."""
    planned = suggestion.customer.reminders.filter(kind=ReminderKind.FOLLOW_UP, state=ReminderState.OPEN, assignee=by)
    if not planned.exists():
        text = _about(suggestion, by, gettext_noop("Interested: %(product)s"))
        reminders.set_next(suggestion.customer, _follow_up_day(day), by=by, text=text)


def _follow_up_day(day: date) -> date:
    return on_or_after(day + timedelta(days=FOLLOW_UP_DAYS))


def _about(suggestion: Suggestion, by: User, text: str) -> str:
    """`text` about the product, in the language of who writes it down."""
    with override(by.language or get_language()):
        return gettext(text) % {"product": suggestion.product.name}


@transaction.atomic
def explain(said: Answer, *, by: User, reason: str = "", later_until: date | None = None) -> None:
    """Add to the answer just given why not, what is wrong, or when to come back. Raises NoLongerOpenError."""
    locked = _standing(said.pk, by)
    if locked.state == SuggestionState.LATER and later_until is not None:
        locked.reason = later_until.isoformat()
        Suggestion.objects.filter(pk=locked.suggestion_id).update(later_until=later_until)
    else:
        locked.reason = reason[:200]
        if locked.refusal is not None:
            Refusal.objects.filter(pk=locked.refusal).update(reason=_in_words(locked.reason, by))
    locked.save(update_fields=["reason"])
    _record(locked.suggestion, by, {"answer": locked.state, "reason": locked.reason})


@transaction.atomic
def undo(said: Answer, *, by: User) -> None:
    """Take the answer back with all that followed of it. Raises NoLongerOpenError where it is too late for that."""
    locked = _standing(said.pk, by)
    suggestion = locked.suggestion
    others = Suggestion.objects.filter(customer=suggestion.customer, need=suggestion.need, state__in=LIVE)
    if others.exclude(pk=suggestion.pk).exists():
        raise NoLongerOpenError
    locked.undone_at = said.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    _move_back(suggestion, locked)
    if locked.refusal is not None:
        refusal = Refusal.objects.filter(pk=locked.refusal).first()
        if refusal is not None:
            refusals.undo(refusal, by=by)
    for contact in Interaction.objects.filter(reference=_reference(locked), customer=suggestion.customer):
        take_back(contact, by=by)
    if locked.state == SuggestionState.INTERESTED:
        _take_back_follow_up(suggestion.customer, locked)
    _record(suggestion, by, {"undone": locked.state})


def _standing(pk: int, by: User) -> Answer:
    """The answer, locked with its suggestion, if it is the last one and may still be changed by who gave it."""
    suggestion = _locked(Answer.objects.values_list("suggestion_id", flat=True).get(pk=pk))
    last = suggestion.answers.filter(undone_at=None).order_by("-pk").first()
    if last is None or last.pk != pk or last.by_id != by.pk or timezone.now() - last.at > UNDO:
        raise NoLongerOpenError
    if suggestion.state != last.state:  # the night has ended it meanwhile
        raise NoLongerOpenError
    last.suggestion = suggestion
    return last


def _move_back(suggestion: Suggestion, said: Answer) -> None:
    earlier = suggestion.answers.filter(undone_at=None).order_by("pk")
    offered = earlier.filter(state__in=OFFERING).first()
    put_off = earlier.filter(state=SuggestionState.LATER).last()
    suggestion.state, suggestion.changed_at = said.state_before, timezone.now()
    suggestion.offered_at = offered.at if offered else None
    suggestion.later_until = date.fromisoformat(put_off.reason) if put_off else None
    suggestion.save(update_fields=["state", "changed_at", "offered_at", "later_until"])


def _take_back_follow_up(customer: Customer, said: Answer) -> None:
    """The follow-up that came of the answer; one that was there before, or was moved since, stays."""
    Reminder.objects.filter(
        customer=customer, kind=ReminderKind.FOLLOW_UP, state=ReminderState.OPEN,
        made_by=said.by, created_at__gte=said.at, due=_follow_up_day(bank_day(said.at)),
    ).delete()  # fmt: skip


def just_given(said: Iterable[Answer], by: User) -> Answer | None:
    """Of a customer's answers, newest first, the one that `by` has just noted and can still take back."""
    since = timezone.now() - UNDO
    return next((answer for answer in said if answer.by_id == by.pk and answer.at >= since), None)


def _record(suggestion: Suggestion, by: User, detail: dict[str, str]) -> None:
    record(
        Action.CHANGE, by=by, object_type="suggestion", object_ids=[suggestion.customer_id],
        label=suggestion.customer.number,
        detail={"suggestion": suggestion.pk, "product": suggestion.product.code, "need": suggestion.need, **detail},
    )  # fmt: skip
