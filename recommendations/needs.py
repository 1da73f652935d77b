"""The needs of a customer: what is shown, and what a person decides about them in one tap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Customer
from recommendations import words
from recommendations.models import (
    LIVE,
    STANDING,
    CustomerNeed,
    Need,
    NeedSource,
    NeedState,
    Rule,
    Suggestion,
)

LATER_DAYS = 90
UNDO = timedelta(minutes=10)
MOST = 20
DECISIONS = (NeedState.CONFIRMED, NeedState.REFUSED, NeedState.POSTPONED)
_RANK = {NeedState.CONFIRMED: 0, NeedState.FOUND: 1, NeedState.POSTPONED: 2, NeedState.REFUSED: 3}


class TooLateError(Exception):
    """The need has ended, or what was decided can no longer be taken back."""


@dataclass(frozen=True)
class ShownNeed:
    """A need as a page says it. fits: the product suggested for it, "" where a talk is all there is."""

    need: CustomerNeed
    why: str
    sure: str
    how_sure: str
    fits: str
    talk: str


@dataclass(frozen=True)
class ShownNeeds:
    """asking: found and confirmed ones, the surest first; resting: put off or not so; ended: the last that were met."""

    asking: list[ShownNeed]
    resting: list[CustomerNeed]
    ended: list[CustomerNeed]


def shown(customer: Customer, day: date) -> ShownNeeds:
    """The needs of `customer` as of `day`; three queries, however many there are."""
    if customer.restricted:
        return ShownNeeds([], [], [])
    found = list(customer.needs.select_related("rule").order_by("-first_seen", "-pk")[:MOST])
    standing = [one for one in found if one.state in STANDING]
    resting = [one for one in standing if _rests(one, day)]
    asking = sorted(
        (one for one in standing if one not in resting), key=lambda one: (_RANK[NeedState(one.state)], -one.confidence)
    )
    live = Suggestion.objects.filter(customer=customer, state__in=LIVE).select_related("product")
    fits = {one.need: one.product.name for one in live} if asking else {}
    rules = _rules({pk for one in asking for pk in one.found_by})
    ended = [one for one in found if one.state == NeedState.MET]
    return ShownNeeds([_shown(one, fits.get(one.need, ""), rules, day) for one in asking], resting, ended[:3])


def _rests(need: CustomerNeed, day: date) -> bool:
    put_off = need.state == NeedState.POSTPONED and need.later_until is not None and need.later_until > day
    return need.state == NeedState.REFUSED or put_off


def _rules(ids: Iterable[int]) -> dict[int, Rule]:
    wanted = list(ids)
    return Rule.objects.in_bulk(wanted) if wanted else {}


def _shown(need: CustomerNeed, fits: str, rules: dict[int, Rule], day: date) -> ShownNeed:
    return ShownNeed(
        need=need,
        why=words.need_reason(need, day),
        sure=f"{need.confidence:.0%}",
        how_sure=_how_sure(need, rules),
        fits=fits,
        talk="" if fits else words.need_talk(need, day),
    )


def _how_sure(need: CustomerNeed, rules: dict[int, Rule]) -> str:
    """How the confidence comes about, in one sentence."""
    if need.state == NeedState.CONFIRMED or need.source == NeedSource.MANAGER:
        return _("Somebody who knows the customer said so.")
    seen = [f"{rules[pk].name} {rules[pk].sure}%" for pk in need.found_by if pk in rules]
    if len(seen) > 1:
        return _("Several signs together: %(signs)s.") % {"signs": _(", ").join(seen)}
    return _("One sign: %(sign)s.") % {"sign": seen[0]} if seen else ""


@transaction.atomic
def decide(need: CustomerNeed, state: str, *, by: User, later_until: date | None = None) -> CustomerNeed:
    """Note that the need is confirmed, not so, or to be asked about later (from `later_until` on, or LATER_DAYS).

    Suggestions for a need that is not so, or put off, are blocked by the gate from now on. Tapped twice, it is one.
    Raises TooLateError where it has ended; ValueError for a state nobody decides.
    """
    if state not in DECISIONS:
        raise ValueError(state)
    locked = CustomerNeed.objects.select_for_update().get(pk=need.pk)
    if locked.state not in STANDING:
        raise TooLateError
    if locked.state == state and locked.by_id == by.pk and later_until in (None, locked.later_until):
        return locked
    locked.before = _memory(locked)
    locked.state, locked.by, locked.changed_at = NeedState(state), by, timezone.now()
    locked.later_until = None
    if state == NeedState.POSTPONED:
        locked.later_until = later_until or bank_day() + timedelta(days=LATER_DAYS)
    if state == NeedState.CONFIRMED:
        locked.confidence = 1
    locked.save()
    _record(locked, by, {"decided": state})
    return locked


def _memory(need: CustomerNeed) -> dict[str, object]:
    return {
        "state": need.state, "by": need.by_id, "confidence": need.confidence,
        "later_until": need.later_until.isoformat() if need.later_until else None,
    }  # fmt: skip


@transaction.atomic
def undo(need: CustomerNeed, *, by: User) -> None:
    """Take back what `by` has just decided, or added. Raises TooLateError."""
    locked = CustomerNeed.objects.select_for_update().get(pk=need.pk)
    if not undoable(locked, by):
        raise TooLateError
    if locked.before.get("new"):
        locked.delete()
    else:
        until = locked.before["later_until"]
        locked.state, locked.by_id = locked.before["state"], locked.before["by"]
        locked.confidence, locked.later_until = (
            locked.before["confidence"],
            date.fromisoformat(until) if until else None,
        )
        locked.before, locked.changed_at = None, timezone.now()
        locked.save()
    _record(locked, by, {"undone": need.state})


def undoable(need: CustomerNeed, by: User) -> bool:
    recent = timezone.now() - need.changed_at <= UNDO
    return need.before is not None and need.by_id == by.pk and need.state in STANDING and recent


def just_decided(customer: Customer, by: User) -> CustomerNeed | None:
    """What `by` has just decided about a need of `customer` and can take back."""
    since = timezone.now() - UNDO
    return customer.needs.filter(
        by=by, changed_at__gte=since, before__isnull=False, state__in=STANDING
    ).order_by("-changed_at").first()  # fmt: skip


@transaction.atomic
def add(customer: Customer, need: str, said: str, *, by: User) -> CustomerNeed:
    """Keep a need that the customer spoke of: sure, and no night overwrites it. One that stands is confirmed by it."""
    said = " ".join(said.split())[:200]
    standing = customer.needs.select_for_update().filter(need=need, state__in=STANDING).first()
    if standing is not None:
        decided = decide(standing, NeedState.CONFIRMED, by=by)
        decided.evidence = {**decided.evidence, "said": said} if said else decided.evidence
        decided.save(update_fields=["evidence"])
        return decided
    made = CustomerNeed.objects.create(
        customer=customer, need=Need(need), state=NeedState.CONFIRMED, source=NeedSource.MANAGER, confidence=1,
        evidence={"said": said}, first_seen=bank_day(), by=by, before={"new": True},
        families_then=_families(customer),
    )  # fmt: skip
    _record(made, by, {"added": need})
    return made


def _families(customer: Customer) -> str:
    features = getattr(customer, "features", None)
    return (features.families or "") if features is not None else ""


def _record(need: CustomerNeed, by: User, detail: dict[str, str]) -> None:
    record(
        Action.CHANGE, by=by, object_type="need", object_ids=[need.customer_id], label=need.customer.number,
        detail={"need": need.need, **detail},
    )  # fmt: skip
