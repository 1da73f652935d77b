"""Whom to praise, whom to help, who is about to leave: with reasons, and never of a small sample."""

from datetime import timedelta

from django.urls import reverse

from crm.audit.models import Action, Entry
from crm.dashboards.formulas import Estimate, Figure, csat, difference, median, moved
from crm.dashboards.models import BranchMeasure, Measure
from crm.lib.dates import month_of, months_before
from interactions.models import ChurnEpisode, LastContact
from tests.dashboards.bank import DAY, ago, complain, feature, publish, talk
from tests.factories import make_customer

BOARD, LEAVING = reverse("dashboards:board"), reverse("dashboards:leaving")


def test_the_interval_of_a_difference_is_the_one_published():
    """Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10."""
    found = difference(csat(Figure(56, 70)), csat(Figure(48, 80)))
    assert [round(each / 100, 4) for each in found] == [0.0524, 0.3339]
    assert moved(csat(Figure(56, 70)), csat(Figure(48, 80))) == "rising"
    assert moved(csat(Figure(48, 80)), csat(Figure(56, 70))) == "falling"
    assert moved(csat(Figure(9, 10)), csat(Figure(10, 10))) == ""
    assert difference(Estimate(5, 4, 6, 9, ""), Estimate(1, 0, 2, 99, "")) is None


def test_the_middle_of_counted_values():
    assert median({}) is None
    assert median({2: 1, 9: 1, 30: 1}) == 9
    assert median({2: 1, 3: 1}) == 2.5
    assert median({1: 5, 40: 4}) == 1


def answered(bank, manager, satisfied, unsatisfied, start):
    for number in range(satisfied + unsatisfied):
        one = make_customer(f"64{start:02d}{number:08d}", "魏紫薇", bank.branch, owner=manager)
        talk(one, manager, ago(2), satisfaction=5 if number < satisfied else 1)
        LastContact.objects.create(customer=one, at=ago(2), channel="phone", by=manager)


def month_before(back: int):
    return months_before(month_of(DAY), back - 1) - timedelta(days=1)


def test_who_fell_is_to_be_helped_who_stands_out_to_be_praised(bank, sign_in):
    answered(bank, bank.owner, 12, 12, 1)
    answered(bank, bank.colleague, 40, 0, 2)
    publish()
    day = month_before(3)
    Measure.objects.create(
        day=day, measured="csat", branch=bank.branch, manager=bank.owner, part=38, whole=40
    )  # fmt: skip
    BranchMeasure.objects.create(day=day, measured="csat", branch=bank.branch, part=38, whole=40)
    people = sign_in(bank.supervisor).get(BOARD).context["board"].people
    assert [(one.name, one.reasons[0].text) for one in people.help] == [
        ("林悦", "satisfaction fell from 95.0% to 50.0%, n = 24")
    ]
    assert people.praise[0].name == "罗倩"
    assert people.praise[0].reasons[0].text == "satisfied: 100.0%, elsewhere 81.2%, n = 40"
    rows = sign_in(bank.supervisor).get(people.help[0].reasons[0].url).context["rows"]
    assert {row.owner for row in rows} == {"林悦"}


def test_small_samples_are_neither_praised_nor_helped(bank, sign_in):
    answered(bank, bank.owner, 40, 0, 1)
    answered(bank, bank.colleague, 0, 9, 2)
    publish()
    people = sign_in(bank.supervisor).get(BOARD).context["board"].people
    assert "罗倩" not in {one.name for one in (*people.praise, *people.help)}


def test_who_is_about_to_leave_with_reasons_and_audited(bank, sign_in):
    severe, light, far, calm = (
        make_customer(f"64090000000{n}", name, branch, owner=owner)
        for n, (name, branch, owner) in enumerate(
            [("张伟明", bank.branch, bank.owner), ("李明", bank.branch, None), ("何远山", bank.other_branch, None),
             ("王蕾", bank.branch, bank.owner)]
        )
    )  # fmt: skip
    feature(severe, aum=50, aum_year_ago=100, to_other_banks_3=70_000_00)
    feature(light, aum=500)
    for one, kind, state in (
        (severe, "severe", "open"), (light, "light", "open"), (far, "severe", "open"), (calm, "severe", "rescued"),
    ):  # fmt: skip
        ChurnEpisode.objects.create(
            customer=one, day=DAY, kind=kind, reached=month_of(DAY), fell_from="gold", floor=1, state=state,
            ended_on=None if state == "open" else DAY,
        )  # fmt: skip
    complain(light, ago(9), DAY)
    browser = sign_in(bank.supervisor)
    answer = browser.get(LEAVING)
    assert [(one.name, one.owner) for one in answer.context["leavers"]] == [("张伟明", "林悦"), ("李明", "")]
    first, second = (one.reasons for one in answer.context["leavers"])
    assert first == [
        "below the tier for a whole month",
        "nobody has spoken with them",
    ]  # no consent: nothing of figures
    assert second[:2] == ["below the tier since the end of a month", "a complaint is open"]
    entry = Entry.objects.filter(action=Action.LIST, actor_id=bank.supervisor.pk).latest("id")
    assert entry.object_ids == [severe.pk, light.pk]
    mine = browser.get(LEAVING, {"manager": "R1001"}).context["leavers"]
    assert [one.name for one in mine] == ["张伟明"]
    assert browser.get(LEAVING, {"branch": "0201"}).status_code == 404
