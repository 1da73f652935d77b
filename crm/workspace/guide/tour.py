"""The first day: a few steps over the pages one works on. Where one stands is kept with the person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import Role, Tour, User
from customers.access import visible_to


@dataclass(frozen=True)
class Step:
    """page: the name of a URL. target: a CSS selector of what the step is about."""

    page: str
    target: str
    title: StrOrPromise
    text: StrOrPromise


@dataclass(frozen=True)
class Standing:
    """The step somebody is at. here: whether this is its page."""

    step: Step
    number: int
    of: int
    here: bool

    @property
    def last(self) -> bool:
        return self.number == self.of


SEARCH = _(
    "Ctrl K from anywhere: a name, its pinyin or initials, the end of a phone number. The customer opens with Enter."
)
HELP = _("The question mark says in a few lines what the page you are on is for. This tour starts again from there.")
MANAGER = (
    Step("today", "#today-list", _("Your day"), _(
        "Whom to contact and why, what is late first. Each line says its reason; done, later and a note are one tap."
    )),
    Step("today", ".bar .search", _("Find anybody"), SEARCH),
    Step("customers:list", "#results", _("Your customers"), _(
        "The whole book, narrowed as you like and kept as a view. Warnings and birthdays are one choice away."
    )),
    Step("customer", "#brief-panel", _("Before you meet"), _(
        "Twenty seconds before they sit down: what hurt last time, what was promised, what not to speak of."
    )),
    Step("customer", "#log-bar", _("Log as you talk"), _(
        "A sentence and the next step are enough. What you type is kept while you type, also when the phone rings."
    )),
    Step("scorecard:mine", ".score-card", _("Your score"), _(
        "How each part is computed, and a way to object. How much you sell is no part of it."
    )),
)  # fmt: skip
SUPERVISOR = (
    Step("dashboards:board", ".meas", _("The board"), _(
        "Satisfaction first, then activity and follow-up. Every number opens the customers behind it."
    )),
    Step("dashboards:board", ".talk", _("Whom to talk to"), _(
        "One name, said only where chance does not explain the difference. Nobody is named on a few answers."
    )),
    Step("scorecard:team", "table.score", _("Scorecards"), _(
        "By name, not by rank. Your people see the same card and may object; you answer within ten working days."
    )),
    Step("team", ".form", _("Leave cover"), _(
        "Somebody is away: say who stands in and until when. It ends by itself."
    )),
    Step("complaints:list", "#work", _("Complaints"), _(
        "Every open complaint with its day. What is late, and what nobody handles yet, stands first."
    )),
)  # fmt: skip
AGENT = (
    Step("customers:walk-in", ".form", _("Somebody stands before you"), _(
        "A customer number, phone or ID number and a reason open any customer for thirty minutes."
    )),
    Step("customers:walk-in", ".bar .search", _("Find anybody"), SEARCH),
    Step("complaints:list", "#work", _("Complaints"), _(
        "Take a complaint down on the customer's page; follow it here."
    )),
    Step("complaints:list", "#help-open", _("Help where you stand"), HELP),
)  # fmt: skip
COMPLIANCE = (
    Step("customers:cases", ".filters", _("Cases"), _(
        "Everything the night found, patterns that managers never hear of among it. Narrow by state and kind."
    )),
    Step("dashboards:fairness", "#work", _("Fairness"), _(
        "Whether people of an age, a sex or a district are treated alike, with intervals and what stands out."
    )),
    Step("notices", "#work", _("Notices"), _(
        "What the system has to tell you comes here; the bell counts what is new."
    )),
    Step("notices", "#help-open", _("Help where you stand"), HELP),
)  # fmt: skip
ADMIN = (
    Step("notices", "#work", _("Notices"), _("A night that failed or is late is told here and on every page.")),
    Step("notices", ".rail a[href='/admin/']", _("The admin site"), _(
        "People, branches, segments, rules, products, weights of the score and nights are kept there."
    )),
    Step("my-settings", "#work", _("My settings"), _("Your language, and whether a mail comes in the morning.")),
    Step("my-settings", "#help-open", _("Help where you stand"), HELP),
)  # fmt: skip
BY_ROLE = (
    (Role.MANAGER, MANAGER), (Role.SUPERVISOR, SUPERVISOR), (Role.AGENT, AGENT), (Role.COMPLIANCE, COMPLIANCE),
    (Role.ADMIN, ADMIN),
)  # fmt: skip


def steps_for(user: User) -> Sequence[Step]:
    """The steps of the first of a person's roles; none without a role."""
    return next((steps for role, steps in BY_ROLE if role in user.roles), ())


def standing(user: User, request: HttpRequest) -> Standing | None:
    """The step `user` is at; None where the tour is over, left, or not offered by itself."""
    if user.tour not in (Tour.NEW, Tour.ON) or (user.tour == Tour.NEW and not settings.FIRST_DAY_TOUR):
        return None
    steps = steps_for(user)
    if user.tour_step >= len(steps):
        return None
    step = steps[user.tour_step]
    name = request.resolver_match.view_name if request.resolver_match else ""
    # Who has no customers yet is told of their pages on the list.
    here = name == step.page or (step.page, name) == ("customer", "customers:list")
    return Standing(step, user.tour_step + 1, len(steps), here)


@transaction.atomic
def go(user: User, act: str) -> str:
    """Start, go on, go back, leave or resume the tour; returns the address to stand at, "" for where one is."""
    steps = steps_for(user)
    user.tour, user.tour_step = _moved(user, act, len(steps))
    user.save(update_fields=["tour", "tour_step"])
    if act in ("start", "leave") or user.tour == Tour.DONE:
        record(Action.CHANGE, by=user, object_type="user", label=str(user), detail={"tour": user.tour})
    return _address(user, steps[user.tour_step]) if user.tour == Tour.ON else ""


def _moved(user: User, act: str, count: int) -> tuple[Tour, int]:
    at = min(user.tour_step, max(0, count - 1))
    if act == "leave" or not count:
        return Tour.LEFT, at
    if act == "next":
        return (Tour.DONE, 0) if at + 1 >= count else (Tour.ON, at + 1)
    return Tour.ON, {"start": 0, "back": max(0, at - 1)}.get(act, at)


def _address(user: User, step: Step) -> str:
    """The page of a step; of a customer, the first of one's own, and the list where there is none."""
    if step.page != "customer":
        return reverse(step.page)
    number = visible_to(user).filter(owner=user).in_service().order_by("pk").values_list("number", flat=True).first()
    return reverse("customer", args=[number]) if number else reverse("customers:list")
