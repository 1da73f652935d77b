"""“How do you know that?”: what the bank knows of a customer, in words to hand over on paper.

Nothing of it says what is looked for among movements, or that anything was found: neither warnings nor cases nor the
figures by which customers are grouped are read here (PIPL Art. 17, 24, 44-48; telling of a report is an offence).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.audit.models import Action, Entry, Result
from customers import consent, profile
from customers.models import ConsentPurpose, Customer, Family

LOOKED_WITHIN = timedelta(days=365)
MANY = 1000
_OPENED = (Action.VIEW, Action.REVEAL, Action.WALK_IN)
# One statement: each of these would else be a query of its own. Counts stop at MANY + 1.
_COUNTS = """
SELECT (SELECT count(*) FROM customers_loan WHERE customer_id = %(id)s),
       EXISTS (SELECT FROM customers_riskassessment WHERE customer_id = %(id)s),
       EXISTS (SELECT FROM customers_creditscore WHERE customer_id = %(id)s),
       (SELECT count(*) FROM (SELECT FROM customers_transaction WHERE customer_id = %(id)s LIMIT %(cap)s) AS moved),
       (SELECT min(booked_on) FROM customers_transaction WHERE customer_id = %(id)s),
       (SELECT count(*) FROM (SELECT FROM interactions_interaction WHERE customer_id = %(id)s LIMIT %(cap)s) AS spoken),
       (SELECT count(*) FROM (SELECT FROM interactions_channelevent WHERE customer_id = %(id)s LIMIT %(cap)s) AS done),
       ARRAY(SELECT word.name FROM customers_customertag AS put JOIN customers_tag AS word ON word.id = put.tag_id
             WHERE put.customer_id = %(id)s ORDER BY put.at, put.id)
"""
PROFILING: consent.Topic = (ConsentPurpose.PROFILING.value, "", "")


@dataclass(frozen=True)
class Known:
    """One kind of data: what is there, where from, what for, how long it is kept."""

    title: str
    what: list[str]
    source: str
    why: str
    kept: str


@dataclass(frozen=True)
class Counts:
    """How much is there of each kind; the columns of _COUNTS."""

    loans: int
    risk: bool
    credit: bool
    moves: int
    first_move: date | None
    talks: int
    events: int
    tags: list[str]


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


def known_page(customer: Customer) -> KnownPage:
    """All that the page says of `customer`."""
    standings = consent.standings_of(customer, consent.notices())
    counts = _counts(customer)
    personal = any(one.allows for one in standings if one.purpose == ConsentPurpose.PROFILING)
    return KnownPage(
        known=[
            _person(customer),
            _products(customer, counts),
            *_assessed(counts),
            _movements(counts),
            _talks(counts),
            _channels(counts),
            _drawn(customer, personal),
        ],
        standings=[one for one in standings if one.consent is not None],
        personal=personal,
        looks=_looks(customer),
    )


def _counts(customer: Customer) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"id": customer.pk, "cap": MANY + 1})
        return Counts(*cursor.fetchone())


def _ten_years_after_end() -> str:
    return _("As long as you are our customer, and 10 years after that: the law asks for it.")


def _person(customer: Customer) -> Known:
    line = _("%(purpose)s: %(about)s")
    told = [line % {"purpose": fact.field.label, "about": fact.shown} for fact in profile.facts(customer) if fact.shown]
    return Known(
        _("Who you are"),
        [_("Name: %(name)s") % {"name": customer.name}, *told],
        _("You told us when you opened an account, or later, or it stands in your identity document."),
        _("To know that it is you, and to reach you. Banks have to know who their customers are."),
        _ten_years_after_end(),
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
        _ten_years_after_end(),
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
                _ten_years_after_end(),
            )
        )
    if counts.credit:
        found.append(
            Known(
                _("Your credit record"),
                [_("A score that says how reliably loans are paid back.")],
                _("From the credit bureau, which we ask only with your authorisation."),
                _("To decide about a loan you ask for."),
                _ten_years_after_end(),
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
        _ten_years_after_end(),
    )


def _channels(counts: Counts) -> Known:
    return Known(
        _("In the app, online and at the machine"),
        [_("What you did there: %(count)s") % {"count": _capped(counts.events)}],
        _("The app, the online bank and the machines pass it on when you use them signed in."),
        _("To go on where you stopped, and to help when something does not work."),
        _ten_years_after_end(),
    )


def _drawn(customer: Customer, personal: bool) -> Known:
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
            _("In which group of customers we serve you, and how often we should get in touch."),
            _("What may be useful to you, such as saving for a goal. Your manager sees the reason each time."),
        ],
        _("A computer draws it at night from the data on this page. It decides nothing: a person does."),
        _("To suggest what fits and to leave out what does not. You agreed to this, and can end it below."),
        _("Until you end it. Each night replaces what was concluded before."),
    )


def _looks(customer: Customer) -> Looks:
    """People who opened the customer's page or a number of theirs. Within a year; never who they are."""
    found: Sequence[int | None] = list(
        Entry.objects.about("customer", customer.pk)
        .filter(at__gte=timezone.now() - LOOKED_WITHIN, action__in=_OPENED, result=Result.OK)
        .order_by()
        .values_list("actor_id", flat=True)[: MANY + 1]
    )
    return Looks(people=len(set(found)), often=len(found))
