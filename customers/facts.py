"""Learnt facts of a customer: reading them with where they come from, and keeping an answer.

Facts that are columns of Customer stay there; their row in Fact says only who told it, when and how surely, and speaks
no more once the column holds something else. What no row speaks of is from the bank's records.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers import knowing
from customers.consent import needs_guardian
from customers.identifiers import IDENTIFIERS
from customers.life_events import Allowed, allowed
from customers.models import Churn, Confidence, Customer, Fact, Features, LifeKind, LifeState, Source
from customers.relations import children_of

RELATED = "related"  # not asked: it follows from what was written down elsewhere; never stored
LATER_DAYS = 30  # "not now": asked again after so many days
EVENTS_COUNT_DAYS = 730


@dataclass(frozen=True)
class Learnt:
    """A fact as the panel shows it: its value in words, and its provenance. declined: there is no value, and none is
    to be asked for."""

    fact: knowing.Fact
    value: StrOrPromise
    source: StrOrPromise
    on: date | None
    confidence: StrOrPromise
    by: str
    declined: bool


@dataclass(frozen=True)
class Picture:
    """All that is learnt of a customer, the one question, and how complete it is in percent."""

    learnt: list[Learnt]
    question: knowing.Question | None
    why: str
    complete: int


def read(customer: Customer, day: date, ask: str = "") -> Picture:
    """What is learnt of `customer`, and what to ask now, or `ask` where it names a fact. Six queries."""
    rows = {row.name: row for row in customer.facts.select_related("by")}
    features = Features.objects.filter(customer=customer).first()
    since = day - timedelta(days=EVENTS_COUNT_DAYS)
    events = customer.life_events.filter(state=LifeState.CONFIRMED, planned=False, on__gt=since, on__lte=day)
    allows = allowed(customer)
    kinds = list(events.values_list("kind", flat=True))
    if "children" not in rows and (count := max(children_of(customer), kinds.count(LifeKind.BIRTH))):
        rows["children"] = Fact(name="children", value="one" if count == 1 else "more", source=RELATED, on=day)
    known = _known(customer, rows, features, kinds, allows, day)
    chosen = knowing.BY_NAME.get(ask)
    if needs_guardian(customer) and not allows.child:
        question: knowing.Question | None = None  # nothing of a child is stored before its guardian agreed
    elif chosen is not None and knowing.applies(ask, known):
        question = knowing.Question(chosen, knowing.Why.WHOLE)
    else:
        question = knowing.next_question(known)
    learnt = [
        _learnt(customer, fact, rows.get(fact.name)) for fact in knowing.FACTS
        if fact.name in known.told and knowing.applies(fact.name, known)
    ]  # fmt: skip
    return Picture(learnt, question, _why(question, known) if question else "", knowing.completeness(known))


def _known(
    customer: Customer, rows: dict[str, Fact], features: Features | None, events: list[str], allows: Allowed, day: date
) -> knowing.Known:
    columns = {fact.name for fact in knowing.FACTS if fact.column and getattr(customer, fact.name)}
    answered = {name for name, row in rows.items() if row.value and name not in IDENTIFIERS}
    own = {name for name in answered if name in knowing.BY_NAME and not knowing.BY_NAME[name].column}
    seen = features if allows.portrait else None  # what the figures say is used with consent only
    return knowing.Known(
        told=frozenset(columns | own | set(customer.declined)),
        resting=frozenset(name for name, row in rows.items() if row.later_until and row.later_until > day),
        events=frozenset(events),
        age=customer.age(day),
        children=rows["children"].value if "children" in rows else "",
        child_may_be_asked=allows.child,
        mortgage=bool(seen and seen.mortgage_since),
        falling=bool(seen and seen.churn in (Churn.LIGHT, Churn.SEVERE)),
        near_upgrade=bool(seen and seen.near_upgrade),
        saving_months=(seen.saving_months_12 or 0) if seen else 0,
        business=bool(seen and (seen.business_growth or 0) > 0),
    )


def _learnt(customer: Customer, fact: knowing.Fact, row: Fact | None) -> Learnt:
    if fact.name in customer.declined:
        return Learnt(fact, "", "", None, "", "", declined=True)
    value = getattr(customer, fact.name) if fact.column else (row.value if row else "")
    words = fact.choices.get(value, value)
    if row is None or (fact.column and row.value != value):
        return Learnt(fact, words, Source.BANK.label, None, Confidence.LIKELY.label, "", declined=False)
    if row.source == RELATED:
        return Learnt(fact, words, _("from the relations and events"), None, Confidence.SURE.label, "", declined=False)
    by = row.by.display_name if row.by else ""
    return Learnt(fact, words, row.get_source_display(), row.on, row.get_confidence_display(), by, declined=False)


def _why(question: knowing.Question, known: knowing.Known) -> str:
    """Why it is asked, in a sentence that could be said aloud."""
    if question.why is knowing.Why.WHOLE:
        cell = {"area": question.fact.area.label, "time": question.fact.time.label}
        return _("It belongs to the whole picture: %(area)s, %(time)s.") % cell
    if question.why is knowing.Why.SAVING:
        return _("Money was put aside in %(months)d of the last 12 months.") % {"months": known.saving_months}
    if question.why is knowing.Why.AGE:
        return _("At %(age)d it is a common matter.") % {"age": known.age}
    return {
        knowing.Why.REACH: _("So that contacts come the way the customer wishes."),
        knowing.Why.HOUSE: _("A house is being paid off: who lives in it decides what may help."),
        knowing.Why.FAMILY_EVENT: _("A marriage was noted: plans may have changed."),
        knowing.Why.CHILD: _("There are children, and their guardian agreed."),
        knowing.Why.CHANGED: _("A new job was noted."),
        knowing.Why.FALLING: _("Less is kept with us than before."),
        knowing.Why.NEAR_UPGRADE: _("The next service tier is near."),
        knowing.Why.BUSINESS: _("Business receipts are growing."),
    }[question.why]


def note(customer: Customer, name: str, value: str, *, by: User | None, source: str = Source.MANAGER,
         confidence: str = Confidence.SURE) -> None:  # fmt: skip
    """Keep where the fact `name` comes from, part of the caller's transaction; `value` is "" for what is sealed."""
    stored = "" if name in IDENTIFIERS else value
    Fact.objects.update_or_create(
        customer=customer, name=name,
        defaults={"value": stored, "source": source, "confidence": confidence, "on": bank_day(), "by": by,
                  "later_until": None},
    )  # fmt: skip


@transaction.atomic
def answer(customer: Customer, name: str, value: str, *, by: User) -> None:
    """Keep what the customer said of a fact that is no column. Raises ValueError for an answer it does not have."""
    fact = knowing.BY_NAME[name]
    if fact.column or value not in fact.choices:
        raise ValueError(f"{value} is no answer to {name}")
    note(customer, name, value, by=by)
    if name in customer.declined:
        customer.declined = [other for other in customer.declined if other != name]
        customer.save(update_fields=["declined"])
    _record(customer, by, {"fact": name, "to": value})


@transaction.atomic
def decline(customer: Customer, name: str, *, by: User) -> None:
    """The customer does not want to tell it: forgotten, and never asked again."""
    customer.facts.filter(name=name).delete()
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if name not in locked.declined:
        locked.declined = [*locked.declined, name]
        locked.save(update_fields=["declined"])
    customer.declined = locked.declined
    _record(customer, by, {"fact": name, "declined": True})


@transaction.atomic
def leave_for_later(customer: Customer, name: str, *, by: User) -> None:
    """It did not come up: not asked for LATER_DAYS. What is known of it stays."""
    until = bank_day() + timedelta(days=LATER_DAYS)
    created = {"value": "", "on": bank_day(), "by": by, "later_until": until}
    Fact.objects.update_or_create(
        customer=customer, name=name, defaults={"later_until": until}, create_defaults=created
    )
    _record(customer, by, {"fact": name, "later": True})


def _record(customer: Customer, by: User, detail: dict[str, object]) -> None:
    record(Action.CHANGE, by=by, object_type="customer", object_ids=[customer.pk], label=customer.number, detail=detail)
