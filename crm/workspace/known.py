"""“How do you know that?”: what the bank knows of a customer, in words to hand over on paper.

Nothing of it says what is looked for among movements, or that anything was found: neither warnings nor cases are read
here (PIPL Art. 17, 24, 44-48; telling of a report is an offence).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.audit.models import Action, Entry, Result
from crm.workspace.known_life import life
from crm.workspace.known_parts import MANY, Counts, Known, counts_of, ten_years_after_end
from customers import consent, profile
from customers.life_events import SENSITIVE, Allowed
from customers.models import ConsentPurpose, Customer, Family, PortraitRule, ServiceModel
from customers.portrait.words import reason
from customers.query_language import read

LOOKED_WITHIN = timedelta(days=365)
_OPENED = (Action.VIEW, Action.REVEAL, Action.WALK_IN)
PROFILING: consent.Topic = (ConsentPurpose.PROFILING.value, "", "")


@dataclass(frozen=True)
class Looks:
    """How many people opened the customer, and how often, within a year; `often` is capped at MANY + 1."""

    people: int
    often: int


@dataclass(frozen=True)
class KnownPage:
    known: list[Known]
    standings: list[consent.Standing]
    personal: bool
    looks: Looks


def known_page(customer: Customer, day: date) -> KnownPage:
    """All that the page says of `customer` on `day`."""
    standings = consent.standings_of(customer, consent.notices())
    counts = counts_of(customer, day)
    given = {(one.purpose, one.channel, one.recipient) for one in standings if one.allows}
    allows = Allowed(SENSITIVE in given, consent.CHILD in given, PROFILING in given)
    return KnownPage(
        known=[
            _person(customer),
            _products(customer, counts),
            *_assessed(counts),
            _movements(counts),
            _talks(counts),
            _channels(counts),
            *life(customer, counts, allows, day),
            _drawn(counts, allows.portrait, day),
        ],
        standings=[one for one in standings if one.consent is not None],
        personal=allows.portrait,
        looks=_looks(customer),
    )


def _person(customer: Customer) -> Known:
    line = _("%(purpose)s: %(about)s")
    told = [line % {"purpose": fact.field.label, "about": fact.shown} for fact in profile.facts(customer) if fact.shown]
    return Known(
        _("Who you are"),
        [_("Name: %(name)s") % {"name": customer.name}, *told],
        _("You told us when you opened an account, or later, or it stands in your identity document."),
        _("To know that it is you, and to reach you. Banks have to know who their customers are."),
        ten_years_after_end(),
    )


def _products(customer: Customer, counts: Counts) -> Known:
    families = dict(Family.choices)
    counted = customer.accounts.order_by("family").values_list("family").annotate(count=Count("pk"))
    what = [
        _("%(family)s: %(count)d") % {"family": str(families.get(family, family)), "count": count}
        for family, count in counted
    ]
    if counts.loans:
        what.append(ngettext("%(count)d loan", "%(count)d loans", counts.loans) % {"count": counts.loans})
    return Known(
        _("What you have with us"),
        what or [_("Nothing at present.")],
        _("From the contracts you signed with us."),
        _("To keep your accounts and to do what the contracts say."),
        ten_years_after_end(),
    )


def _assessed(counts: Counts) -> list[Known]:
    """The questionnaire on risk and what the credit bureau said, each where there is one."""
    found = []
    if counts.risk:
        found.append(
            Known(
                _("How much risk suits you"),
                [_("Your answers to our questionnaire, and the level they give.")],
                _("You filled it in yourself."),
                _("Banks may offer only what fits the customer. An answer counts for a year."),
                ten_years_after_end(),
            )
        )
    if counts.credit:
        found.append(
            Known(
                _("Your credit record"),
                [_("A score that says how reliably loans are paid back.")],
                _("From the credit bureau, which we ask only with your authorisation."),
                _("To decide about a loan you ask for."),
                ten_years_after_end(),
            )
        )
    return found


def _capped(count: int) -> str:
    return _("more than %(count)d") % {"count": MANY} if count > MANY else str(count)


def _movements(counts: Counts) -> Known:
    what = [_("Payments and withdrawals on your accounts: %(count)s") % {"count": _capped(counts.moves)}]
    if counts.first_move is not None:
        what.append(_("The first that we see here is of %(day)s.") % {"day": counts.first_move.isoformat()})
    return Known(
        _("Money in and out"),
        what,
        _("From your accounts: each payment is booked there."),
        _("To carry out your payments, and because the law asks banks to keep them."),
        _("10 years from the day of each payment: the law asks for it."),
    )


def _talks(counts: Counts) -> Known:
    what = [_("Talks and messages between you and us: %(count)s") % {"count": _capped(counts.talks)}]
    if counts.tags:
        what.append(_("Words our people noted: %(words)s") % {"words": _(", ").join(counts.tags)})
    return Known(
        _("What we spoke about"),
        what,
        _("Your manager noted it after a talk, a call or a visit. Your complaints and wishes are there too."),
        _("So that you need not say things twice, and that we keep what we promise."),
        ten_years_after_end(),
    )


def _channels(counts: Counts) -> Known:
    return Known(
        _("In the app, online and at the machine"),
        [_("What you did there: %(count)s") % {"count": _capped(counts.events)}],
        _("The app, the online bank and the machines pass it on when you use them signed in."),
        _("To go on where you stopped, and to help when something does not work."),
        ten_years_after_end(),
    )


def _drawn(counts: Counts, personal: bool, day: date) -> Known:
    if not personal:
        return Known(
            _("What we conclude"),
            [_("You have not agreed to personal suggestions: we make none.")],
            _("Nothing is drawn from your data for offers."),
            _("Without your consent we do not do it."),
            _("Nothing new is added."),
        )
    return Known(
        _("What we conclude"),
        [
            *_served(counts.served, day),
            *(_tag(tag, day) for tag in counts.portrait),
            _("What may be useful to you, such as saving for a goal. Your manager sees the reason each time."),
        ],
        _("A computer draws it at night from the data on this page. It decides nothing: a person does."),
        _("To suggest what fits and to leave out what does not. You agreed to this, and can end it below."),
        _("Until you end it. Each night replaces what was concluded before."),
    )


def _tag(tag: dict[str, Any], day: date) -> str:
    """One statement of the portrait, with the reason."""
    rule = PortraitRule(**{name: tag[name] for name in ("name_zh", "name_en", "reason_zh", "reason_en")})
    said = {"name": rule.name, "reason": reason(rule, tag["values"], day), "day": tag["since"]}
    return _("“%(name)s”, since %(day)s. %(reason)s") % said


def _served(served: dict[str, Any] | None, day: date) -> list[str]:
    """How the customer is served, and from what that follows; the bank's own name of the group says nothing more."""
    if served is None:
        return [_("How we serve you, and how often we should get in touch.")]
    said = [_("You are served by: %(who)s.") % {"who": ServiceModel(served["served"]).label}]
    if served["interval"]:
        often = ngettext(
            "We should get in touch at least every %(days)d day.",
            "We should get in touch at least every %(days)d days.", served["interval"],
        )  # fmt: skip
        said.append(often % {"days": served["interval"]})
    try:
        names = [str(field.label) for field in read(served["rule"], day).fields()]
    except ValidationError:  # a name that a newer version no longer knows
        names = []
    if names:
        said.append(_("That follows from: %(figures)s.") % {"figures": pgettext("list", ", ").join(names)})
    return [" ".join(said)]


def _looks(customer: Customer) -> Looks:
    """People who opened the customer's page or a number of theirs. Within a year; never who they are."""
    found: Sequence[int | None] = list(
        Entry.objects.about("customer", customer.pk)
        .filter(at__gte=timezone.now() - LOOKED_WITHIN, action__in=_OPENED, result=Result.OK)
        .order_by()
        .values_list("actor_id", flat=True)[: MANY + 1]
    )
    return Looks(people=len(set(found)), often=len(found))
