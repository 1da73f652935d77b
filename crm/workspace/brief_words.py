"""The brief in the words of the page: one line a kind, each fact with where it is from, how to say it, and what to tap.

What is suggested to be said never lets on that the bank saw the customer look; what to verify is said neutrally and
links to the panel, which says no more than a manager may read.
"""

from datetime import date

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.money import short_amount
from crm.workspace.brief_facts import MOST, Known, Looked, asks, holds, promises
from crm.workspace.brief_parts import Act, Due, Fact, Line, cut, day_text, due, quoted
from customers.models import Channel, Family, Holding
from interactions.care.greetings import Greeting, greeting
from interactions.models import (
    ChannelEvent,
    Complaint,
    ComplaintState,
    EventChannel,
    EventKind,
    Interaction,
    Mood,
    PauseReason,
    Refusal,
    Reminder,
    ReminderKind,
    Topic,
)
from interactions.policy_words import topic_label
from interactions.reasons import day_words, why


def lines(known: Known) -> list[Line]:
    """All that there is to say of `known`, in the order of the brief."""
    written = (write(known) for write in (_hurt, _promised, _mood, _looked, _coming, _verify, _avoid))
    return [line for line in written if line is not None]


# What hurt


def _hurt(known: Known) -> Line | None:
    if not known.hurts:
        return None
    held = [complaint for complaint in known.hurts if holds(complaint)]
    shown = held or known.hurts[:1]
    facts = [_complaint(complaint, known, first=complaint is shown[0]) for complaint in shown]
    return Line("hurt", "message-square-warning", _("Last hurt"), facts, held=bool(held))


def _complaint(complaint: Complaint, known: Known, *, first: bool) -> Fact:
    offered = _("Offer first: %(offer)s") % {"offer": complaint.offer} if complaint.offer else ""
    may = known.may_acknowledge and complaint.acknowledged_at is None
    label = _("Acknowledged in person")
    act = Act(label, "interactions:complaint-acknowledge", complaint.pk, go=first) if may else None
    return Fact(
        source="complaints-panel",
        lead=day_text(bank_day(complaint.received_at), known.day),
        text=f"{quoted(complaint.text)} {_ending(complaint, known.day)}",
        offer=offered,
        how=_acknowledged(complaint),
        act=act,
    )


def _ending(complaint: Complaint, today: date) -> str:
    if complaint.state == ComplaintState.OPEN or complaint.closed_at is None:
        words = (
            _("Still open, an answer was due %(day)s.")
            if complaint.due < today
            else _("Still open, answer due %(day)s.")
        )
        return words % {"day": day_text(complaint.due, today)}
    day = day_text(bank_day(complaint.closed_at), today)
    ended = _("Closed %(day)s: %(ending)s") % {"day": day, "ending": cut(complaint.ending)}
    if complaint.satisfaction is None:
        return ended
    return _("%(ended)s (satisfaction %(rating)d of 5)") % {"ended": ended, "rating": complaint.satisfaction}


def _acknowledged(complaint: Complaint) -> str:
    if complaint.acknowledged_at is None:
        return _("No sales prompts until somebody has said sorry in person.")
    at = timezone.localtime(complaint.acknowledged_at)
    said = {
        "who": complaint.acknowledged_by.display_name if complaint.acknowledged_by else "",
        "at": at.strftime("%H:%M") if at.date() == bank_day() else day_words(at.date()),
    }
    if complaint.state == ComplaintState.OPEN:
        return _("%(who)s said sorry in person (%(at)s); no sales prompts until it is closed.") % said
    return _("%(who)s said sorry in person (%(at)s); sales prompts are back.") % said


# What was promised and asked


def _promised(known: Known) -> Line | None:
    """Promises by their day, those without one last; then questions, the oldest first."""
    open_promises = sorted(
        (talk for talk in known.talks if promises(talk)), key=lambda talk: (talk.promise_due or date.max, talk.at)
    )
    questions = sorted((talk for talk in known.talks if asks(talk)), key=lambda talk: talk.at)
    facts = [_promise(talk, known) for talk in open_promises[:MOST]]
    facts += [_question(talk, known) for talk in questions[:MOST]]
    if not facts:
        return None
    label = _("Last promise") if open_promises else _("Open question")
    return Line("promise", "handshake" if open_promises else "circle-question-mark", label, facts)


def _promise(talk: Interaction, known: Known) -> Fact:
    who = talk.by.display_name if talk.by else ""
    return Fact(
        source="timeline-panel",
        due=due(talk.promise_due, known.day) if talk.promise_due else None,
        lead=_talked(talk, known.day),
        text=quoted(talk.promise),
        how=_("Promised by %(who)s.") % {"who": who} if who else "",
        act=Act(_("Kept"), "interactions:promise-kept", talk.pk),
    )


def _question(talk: Interaction, known: Known) -> Fact:
    return Fact(
        source="timeline-panel",
        lead=_talked(talk, known.day),
        text=_("Asked and not answered yet: %(question)s") % {"question": cut(talk.question)},
        act=Act(_("Answered"), "interactions:question-answered", talk.pk),
    )


def _talked(talk: Interaction, today: date) -> str:
    return _("%(day)s, %(channel)s") % {
        "day": day_text(bank_day(talk.at), today), "channel": Channel(talk.channel).label,
    }  # fmt: skip


# The mood of the last talk

_HOW_TO_MEET = {
    Mood.UPSET.value: gettext_lazy("Listen first. Say what was understood before anything else."),
    Mood.HURRIED.value: gettext_lazy("Slow down and keep it short: say first how long it will take."),
}
_FACES = {Mood.PLEASED: "smile", Mood.CALM: "meh", Mood.HURRIED: "annoyed", Mood.UPSET: "frown"}


def _mood(known: Known) -> Line | None:
    talk = known.last_talk
    if talk is None or not (talk.mood or talk.summary):
        return None
    mood = str(Mood(talk.mood).label) if talk.mood in Mood.values else ""
    said = quoted(talk.summary) if talk.summary else ""
    fact = Fact(
        source="timeline-panel",
        lead=_talked(talk, known.day),
        text=_("%(mood)s. %(said)s") % {"mood": mood[:1].upper() + mood[1:], "said": said} if mood else said,
        how=str(_HOW_TO_MEET.get(talk.mood, "")),
    )
    icon = _FACES[Mood(talk.mood)] if mood else "message-circle"
    return Line("mood", icon, _("Last talk"), [fact])


# What they looked at

_DID = {
    EventKind.VIEWED: gettext_lazy("%(channel)s: looked at “%(subject)s”"),
    EventKind.CALCULATED: gettext_lazy("%(channel)s: calculated “%(subject)s”"),
    EventKind.APPLIED: gettext_lazy("%(channel)s: applied for “%(subject)s”"),
}
# How to come to speak of it as anybody might, without having seen anything.
_QUESTIONS: dict[str, StrOrPromise] = {
    Topic.DEPOSIT: gettext_lazy("Is there money lying about that you do not need for now?"),
    Topic.WEALTH: gettext_lazy("Are you content with how your savings are placed?"),
    Topic.FUND: gettext_lazy("Are you content with how your savings are placed?"),
    Topic.INSURANCE: gettext_lazy("Has anything changed at home that you would like to be covered for?"),
    Topic.PENSION: gettext_lazy("Have you begun to think of the time after work?"),
    Topic.EDUCATION: gettext_lazy("How is school going, and what comes next for the child?"),
    Topic.HOUSE: gettext_lazy("Are you thinking of looking at a flat some time?"),
    Topic.LOAN: gettext_lazy("Is anything bigger planned this year?"),
    Topic.CARD: gettext_lazy("How does the card serve you?"),
    Topic.FX: gettext_lazy("Is a journey abroad coming up?"),
    Topic.BUSINESS: gettext_lazy("How is business?"),
    Topic.FAMILY: gettext_lazy("How is everybody at home?"),
}
_ANY_QUESTION = gettext_lazy("Is there anything new that we could help with?")


def _looked(known: Known) -> Line | None:
    """Of a topic that rests nothing is said at all: who refused it is not watched for it."""
    looked = [one for one in known.looked if one.event.topic not in known.resting]
    if not looked:
        return None
    facts = [_look(one, known) for one in looked]
    days = (known.day - bank_day(looked[0].event.at)).days
    label = _("Looked at today") if days <= 0 else _("Looked at yesterday") if days == 1 else _("Looked at lately")
    return Line("looked", "smartphone", label, facts)


def _look(looked: Looked, known: Known) -> Fact:
    event = looked.event
    did = _DID[EventKind(event.kind)] % {"channel": _channel(event), "subject": _subject(event)}
    times = ngettext("%(times)d time", "%(times)d times", looked.times) % {"times": looked.times}
    return Fact(
        source="timeline-panel",
        lead=did,
        text=pgettext("between clauses", ", ").join((times, _span(looked, known.day))),
        how=_how_to_ask(looked, known),
    )


def _subject(event: ChannelEvent) -> str:
    return event.subject or (str(Topic(event.topic).label) if event.topic in Topic.values else _("something"))


def _channel(event: ChannelEvent) -> str:
    label = str(EventChannel(event.channel).label)
    return label[:1].upper() + label[1:]


def _span(looked: Looked, today: date) -> str:
    """When: on one day from the first to the last moment, else the days."""
    first, last = timezone.localtime(looked.first), timezone.localtime(looked.event.at)
    day = day_text(last.date(), today)
    if first.date() != last.date():
        return _("%(first)s to %(last)s") % {"first": day_text(first.date(), today), "last": day}
    if looked.times == 1:
        return f"{day} {last:%H:%M}"
    return f"{day} {first:%H:%M}–{last:%H:%M}"


def _how_to_ask(looked: Looked, known: Known) -> str:
    """How to raise it; while sales wait, not at all."""
    if known.hold is not None:
        return _("Not before the complaint is settled.")
    if known.paused is not None:
        return _("Only if the customer speaks of it: sales are paused.")
    question = _QUESTIONS.get(looked.event.topic, _ANY_QUESTION)
    never = ngettext(
        "You may ask: “%(question)s” Do not say that you saw them look %(times)d time.",
        "You may ask: “%(question)s” Do not say that you saw them look %(times)d times.",
        looked.times,
    )
    return never % {"question": question, "times": looked.times}


# The days that come


def _coming(known: Known) -> Line | None:
    dated: list[tuple[date, Fact]] = [
        (one.matures_on, _maturity(one, known.day)) for one in known.maturing if one.matures_on
    ]
    if known.birthday:
        dated.append((known.birthday, _birthday(known.birthday, known.day)))
    if known.assessment:
        dated.append((known.assessment[1], _assessment(*known.assessment, known.day)))
    dated += [(_day_of(care), _care(care, known.day)) for care in known.cares]
    if known.follow_up:
        day = _day_of(known.follow_up)
        dated.append((day, _follow_up(known.follow_up, day, known.day)))
    if not dated:
        return None
    dated.sort(key=lambda one: one[0])
    return Line("coming", "calendar-clock", _("Coming up"), [fact for _day, fact in dated])


def _day_of(reminder: Reminder) -> date:
    return max(reminder.due, reminder.snoozed_until or reminder.due)


def _maturity(holding: Holding, today: date) -> Fact:
    name = holding.product or str(Family(holding.family).label)
    amount = "" if holding.amount is None else short_amount(holding.amount, holding.currency)
    rate = _("%(rate)s%% a year") % {"rate": f"{holding.rate:.2f}"} if holding.rate is not None else ""
    what = pgettext("between clauses", ", ").join(part for part in (amount, rate) if part)
    day = _weekday(holding.matures_on, today) if holding.matures_on else ""
    return Fact(
        source="holdings-panel",
        due=due(holding.matures_on, today, _("today")) if holding.matures_on else None,
        lead=name,
        text=_("%(what)s, matures %(day)s") % {"what": what, "day": day}
        if what
        else _("matures %(day)s") % {"day": day},
    )


def _weekday(day: date, today: date) -> str:
    return _("%(day)s (%(weekday)s)") % {"day": day_text(day, today), "weekday": format_date(day, "D")}


def _birthday(on: date, today: date) -> Fact:
    said = greeting(ReminderKind.BIRTHDAY, {})
    return Fact(
        source="profile-panel", due=due(on, today, _("today")), lead=_("Birthday"), text=_weekday(on, today),
        how=_in_words(said),
    )  # fmt: skip


def _care(reminder: Reminder, today: date) -> Fact:
    reason = why(reminder.kind, reminder.values, reminder.text)
    return Fact(
        source="reminders-panel", lead=reason.sentence, text=reason.evidence,
        how=_in_words(greeting(reminder.kind, reminder.values)),
    )  # fmt: skip


def _in_words(said: Greeting | None) -> str:
    """How to say it, in the language of the page."""
    if said is None:
        return ""
    return said.zh if (get_language() or "").startswith("zh") else said.en


def _assessment(level: int, valid_until: date, today: date) -> Fact:
    ended = valid_until < today
    return Fact(
        source="customer-header",
        due=Due("today", _("expired") if ended else _("ends soon")),
        lead=_("Risk assessment C%(level)d") % {"level": level},
        text=_("valid until %(day)s") % {"day": day_text(valid_until, today)},
        how=_("Assess anew before anything with a risk is spoken of.") if ended else "",
    )


def _follow_up(reminder: Reminder, day: date, today: date) -> Fact:
    time = f" {reminder.at_time:%H:%M}" if reminder.at_time else ""
    return Fact(
        source="customer-header",
        due=due(day, today, _("today")),
        lead=_("Next contact"),
        text=f"{_weekday(day, today)}{time}",
        how=reminder.text
        or _("planned by %(who)s") % {"who": reminder.assignee.display_name if reminder.assignee else _("the team")},
    )


# What to verify, and what not to speak of


def _verify(known: Known) -> Line | None:
    """Nothing but the link: what stands behind it is said in the panel, in a manager's words."""
    if not known.warned:
        return None
    fact = Fact(source="warnings-panel", lead=_("Please verify the purpose with the customer."))
    return Line("verify", "shield-question-mark", _("Please ask"), [fact])


def _avoid(known: Known) -> Line | None:
    facts = []
    if known.paused:
        reason, until = known.paused
        why = str(PauseReason(reason).label) if reason in PauseReason.values else ""
        facts.append(
            Fact(
                source="policy-panel",
                lead=_("Sales"),
                text=_("paused until %(day)s (%(why)s)") % {"day": day_text(until, known.day), "why": why},
                how=_("Service and help with claims go on."),
            )
        )
    facts += [
        _resting(topic, known) for topic in sorted(known.resting, key=lambda t: _newest(t, known).at, reverse=True)
    ]
    if not facts:
        return None
    return Line("avoid", "ban", _("Not today"), facts)


def _newest(topic: str, known: Known) -> Refusal:
    return next(refusal for refusal in known.refusals if refusal.topic == topic)


def _resting(topic: str, known: Known) -> Fact:
    """The last refusal of `topic`, which one it was, and until when it rests."""
    told = [refusal for refusal in known.refusals if refusal.topic == topic]
    ends = [refusal.until for refusal in told if refusal.until is None or refusal.until > known.day]
    until = None if None in ends else max(day for day in ends if day is not None)
    said = {"day": day_text(bank_day(told[0].at), known.day), "count": len(told)}
    words = [_("refused %(day)s") % said if len(told) == 1 else _("refused %(day)s, %(count)d times so far") % said]
    if until is None:
        words.append(_("not before they ask for it"))
    else:
        words.append(_("not before %(day)s") % {"day": day_text(until, known.day)})
    return Fact(
        source="policy-panel",
        lead=topic_label(topic),
        text=pgettext("between clauses", ", ").join(words),
        how=cut(told[0].reason),
    )
