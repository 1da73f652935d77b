"""What is worth knowing of a customer, and the one thing to ask next. Pure: no database, no clock.

Facts stand in nine cells, family, career and assets by past, present and future (KYC 九宫格). Never a long form: one
question, for a reason that is said, to be answered, declined or left for later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from customers.models import Channel, Education, IncomeBand, LifeKind, Marital

PENSION_ASKED_FROM = 40  # years of age


class Area(TextChoices):
    FAMILY = "family", _("family")
    CAREER = "career", _("career")
    ASSETS = "assets", _("assets")


class Time(TextChoices):
    PAST = "past", _("past")
    PRESENT = "present", _("present")
    FUTURE = "future", _("future")


Choices = Mapping[str, StrOrPromise]


@dataclass(frozen=True)
class Fact:
    """One thing to know. question: to be said as it stands. choices: the answers to tap, by value; none: a few words.

    column: whether it is a column of Customer.
    """

    name: str
    area: Area
    time: Time
    label: StrOrPromise
    question: StrOrPromise
    choices: Choices = field(default_factory=dict)
    column: bool = False


def _of(choices: type[TextChoices]) -> Choices:
    return dict(choices.choices)


FACTS = (
    Fact("origin", Area.FAMILY, Time.PAST, _("grew up"), _("Are you from here?"),
         {"here": _("here"), "elsewhere": _("elsewhere in the country"), "abroad": _("abroad")}),
    Fact("marital_status", Area.FAMILY, Time.PRESENT, _("marital status"), _("Are you married?"), _of(Marital), True),
    Fact("children", Area.FAMILY, Time.PRESENT, _("children"), _("Do you have children?"),
         {"none": _("none"), "one": _("one"), "more": _("two or more"), "grown": _("grown up")}),
    Fact("parents", Area.FAMILY, Time.PRESENT, _("supports parents"), _("Do you look after your parents?"),
         {"yes": _("yes"), "partly": _("in part"), "no": _("no")}),
    Fact("preferred_channel", Area.FAMILY, Time.PRESENT, _("preferred channel"), _("How do you like to be reached?"),
         _of(Channel), True),
    Fact("family_plans", Area.FAMILY, Time.FUTURE, _("family plans"), _("Is anything coming up in the family?"),
         {"wedding": _("a wedding"), "child": _("a child"), "move": _("a move"), "nothing": _("nothing special")}),
    Fact("child_study", Area.FAMILY, Time.FUTURE, _("the child's studies"), _("Shall the child study abroad one day?"),
         {"abroad": _("abroad"), "home": _("at home"), "open": _("not decided")}),
    Fact("education", Area.CAREER, Time.PAST, _("education"), _("What did you study?"), _of(Education), True),
    Fact("working_years", Area.CAREER, Time.PAST, _("years at work"), _("How long have you been working?"),
         {"0-5": _("up to 5 years"), "5-15": _("5 to 15 years"), "15+": _("more than 15 years")}),
    Fact("occupation", Area.CAREER, Time.PRESENT, _("occupation"), _("What do you do for a living?"), column=True),
    Fact("employer", Area.CAREER, Time.PRESENT, _("employer"), _("Where do you work?"), column=True),
    Fact("career_plans", Area.CAREER, Time.FUTURE, _("plans at work"), _("What comes next at work?"),
         {"stay": _("stays"), "change": _("a new job"), "own": _("an own business"), "retire": _("retirement")}),
    Fact("invested", Area.ASSETS, Time.PAST, _("experience with investments"), _("What have you invested in so far?"),
         {"none": _("nothing"), "safe": _("deposits and wealth"), "funds": _("funds"), "stocks": _("stocks")}),
    Fact("income_band", Area.ASSETS, Time.PRESENT, _("yearly income"), _("What is your income, roughly?"),
         _of(IncomeBand), True),
    Fact("home", Area.ASSETS, Time.PRESENT, _("home"), _("Do you own your home or rent it?"),
         {"paid": _("owned"), "loan": _("owned, with a loan"), "rent": _("rented"), "family": _("with the family")}),
    Fact("elsewhere", Area.ASSETS, Time.PRESENT, _("assets at other banks"), _("Do you also save at another bank?"),
         {"none": _("none"), "some": _("some"), "most": _("most of it")}),
    Fact("goal", Area.ASSETS, Time.FUTURE, _("saves for"), _("Is there something you are saving for?"),
         {"house": _("a house"), "education": _("education"), "pension": _("old age"), "business": _("a business"),
          "nothing": _("nothing in particular")}),
    Fact("pension", Area.ASSETS, Time.FUTURE, _("provision for old age"), _("What have you got for later?"),
         {"state": _("the state pension"), "company": _("also a company annuity"), "own": _("also own savings"),
          "none": _("nothing yet")}),
)  # fmt: skip
BY_NAME = {fact.name: fact for fact in FACTS}


class Why(StrEnum):
    """Why something is asked; the sentence is made of it in customers/facts.py."""

    REACH = "reach"
    HOUSE = "house"
    FAMILY_EVENT = "family_event"
    CHILD = "child"
    FALLING = "falling"
    NEAR_UPGRADE = "near_upgrade"
    SAVING = "saving"
    BUSINESS = "business"
    AGE = "age"
    CHANGED = "changed"
    WHOLE = "whole"


@dataclass(frozen=True)
class Known:
    """What the rules go by. told: facts known or declined; resting: not to be asked now.

    events: kinds of confirmed events of the last two years. age: None where unknown.
    """

    told: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    age: int | None = None
    children: str = ""
    child_may_be_asked: bool = False
    mortgage: bool = False
    falling: bool = False
    near_upgrade: bool = False
    saving_months: int = 0
    business: bool = False


@dataclass(frozen=True)
class Question:
    """The one thing to ask now, and why."""

    fact: Fact
    why: Why


Rule = tuple[str, Why, Callable[[Known], bool]]

# In this order: what is first needed, then what an event or the figures make timely, then the rest of the picture.
RULES: tuple[Rule, ...] = (
    ("preferred_channel", Why.REACH, lambda known: True),
    ("children", Why.HOUSE, lambda known: known.mortgage or LifeKind.HOUSE in known.events),
    ("family_plans", Why.FAMILY_EVENT, lambda known: LifeKind.MARRIAGE in known.events),
    ("child_study", Why.CHILD, lambda known: True),
    ("occupation", Why.CHANGED, lambda known: LifeKind.JOB in known.events),
    ("elsewhere", Why.FALLING, lambda known: known.falling),
    ("elsewhere", Why.NEAR_UPGRADE, lambda known: known.near_upgrade),
    ("goal", Why.SAVING, lambda known: known.saving_months >= 3),
    ("career_plans", Why.BUSINESS, lambda known: known.business),
    ("pension", Why.AGE, lambda known: known.age is not None and known.age >= PENSION_ASKED_FROM),
    ("home", Why.AGE, lambda known: known.age is not None and 28 <= known.age < PENSION_ASKED_FROM),
    *((name, Why.WHOLE, lambda known: True) for name in (
        "marital_status", "children", "occupation", "goal", "home", "income_band", "parents", "elsewhere", "invested",
        "career_plans", "family_plans", "employer", "working_years", "education", "origin", "pension",
    )),
)  # fmt: skip


def applies(name: str, known: Known) -> bool:
    """Whether the fact makes sense of this customer, so that it counts and may be asked."""
    if name == "child_study":
        return known.child_may_be_asked and known.children in ("one", "more")
    if name == "pension":
        return known.age is None or known.age >= PENSION_ASKED_FROM
    return True


def next_question(known: Known) -> Question | None:
    """What to ask now: the first rule whose fact is missing, is not resting and makes sense; None: nothing."""
    for name, why, timely in RULES:
        if name not in known.told and name not in known.resting and applies(name, known) and timely(known):
            return Question(BY_NAME[name], why)
    return None


def completeness(known: Known) -> int:
    """Facts known or declined, in percent of those that make sense of this customer; rounded down."""
    asked = [fact.name for fact in FACTS if applies(fact.name, known)]
    return 100 * sum(name in known.told for name in asked) // len(asked)
