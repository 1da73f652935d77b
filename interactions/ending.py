"""Working off a customer's reminders: what was said is logged, what was due ends or moves, and the next step is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.utils.translation import pgettext_lazy

from crm.staff.models import User
from customers.models import Channel, Customer, RiskWarning, WarningState
from customers.warnings import AlreadyExplainedError, explain, for_managers
from interactions import reminders
from interactions.log import Said, log_contact
from interactions.models import Outcome, Reminder, ReminderKind


class Result(models.TextChoices):
    """How it went, as one taps it."""

    REACHED = "reached", pgettext_lazy("result", "reached")
    NOT_REACHED = "not_reached", pgettext_lazy("result", "not reached")
    WECHAT = "wechat", pgettext_lazy("result", "WeChat")
    IN_PERSON = "visit", pgettext_lazy("result", "in person")


_CHANNELS = {
    Result.REACHED: Channel.PHONE,
    Result.NOT_REACHED: Channel.PHONE,
    Result.WECHAT: Channel.WECHAT,
    Result.IN_PERSON: Channel.VISIT,
}


@dataclass(frozen=True)
class Told:
    """What a person tells. reason: why there is no next step, where next_on is None."""

    result: str
    summary: str = ""
    next_on: date | None = None
    reason: str = ""


@transaction.atomic
def work_off(customer: Customer, chosen: Sequence[Reminder], told: Told, *, by: User) -> None:
    """Log the contact with `customer` and deal with the reminders `chosen`.

    After a conversation they are done, what the customer said is kept at a warning among them, and next_on plans the
    next contact. Who was not reached is called again: they move to next_on, or are dismissed where there is none.
    """
    if told.result == Result.NOT_REACHED:
        _call_again(customer, chosen, told, by)
        return
    outcome = told.summary or told.reason
    for reminder in chosen:
        reminders.finish(reminder, by=by, outcome=outcome)
        if reminder.kind == ReminderKind.WARNING and told.summary:
            _keep_what_was_said(customer, reminder, told.summary, by)
    channel = _CHANNELS[Result(told.result)]
    log_contact(customer, by=by, said=Said(channel=channel, summary=told.summary, next_on=told.next_on))


def _call_again(customer: Customer, chosen: Sequence[Reminder], told: Told, by: User) -> None:
    next_on = None if chosen else told.next_on
    said = Said(channel=Channel.PHONE, outcome=Outcome.NO_ANSWER, summary=told.summary, next_on=next_on)
    log_contact(customer, by=by, said=said)
    for reminder in chosen:
        if told.next_on is not None:
            reminders.snooze(reminder, told.next_on, by=by, reason=str(Outcome.NO_ANSWER))
        else:
            reminders.dismiss(reminder, by=by, reason=told.reason)


def _keep_what_was_said(customer: Customer, reminder: Reminder, note: str, by: User) -> None:
    """The warning behind `reminder` has been talked about: one sentence is enough for both."""
    asked = for_managers().filter(customer=customer, state=WarningState.OPEN)
    warning: RiskWarning | None = asked.filter(pk=reminder.cause).first() if reminder.cause.isdigit() else None
    if warning is None:
        return
    try:
        explain(warning, note=note[:1000], by=by)
    except AlreadyExplainedError:
        return
