"""The board of one manager, of one segment, of a month that is over; and the moves between segments."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.dashboards.flow import flow
from crm.dashboards.formulas import Figure
from crm.dashboards.models import BranchMeasure
from crm.lib.dates import month_of
from customers.models import Membership, Segment, SegmentMove
from tests.dashboards.bank import DAY, ago, publish, talk
from tests.factories import make_customer

BOARD = reverse("dashboards:board")


@pytest.fixture
def two_books(bank):
    """Twelve satisfied customers of the owner, of whom eleven are in a segment; ten who are not, of the colleague."""
    segment = Segment.objects.filter(rule__isnull=False, active=True).order_by("order")[0]
    made = []
    for number in range(22):
        owner = bank.owner if number < 12 else bank.colleague
        one = make_customer(f"6501{number:08d}", "魏紫薇", bank.branch, owner=owner)
        talk(one, owner, ago(1), satisfaction=5 if number < 12 else 1)
        if number < 11:
            Membership.objects.create(customer=one, segment=segment, rule=segment.rule, since=DAY)
        made.append(one)
    publish()
    return segment, made


def satisfied(board) -> tuple[str, str]:
    tile = board.tiles[0]
    return tile.values[0].text, tile.about.text


def test_one_manager_and_one_segment(bank, two_books, sign_in):
    segment, _made = two_books
    browser = sign_in(bank.supervisor)
    assert satisfied(browser.get(BOARD).context["board"]) == ("54.5%", "22")
    mine = browser.get(BOARD, {"whom": "m:R1002"}).context["board"]
    assert satisfied(mine) == ("0.0%", "10")
    assert (mine.people, mine.lines) == (None, [])
    grouped = browser.get(BOARD, {"whom": f"s:{segment.code}"}).context["board"]
    assert satisfied(grouped) == ("100.0%", "11")
    answer = browser.get(grouped.tiles[0].about.url)
    assert len(answer.context["rows"]) == 11
    assert {row.owner for row in browser.get(mine.tiles[0].about.url).context["rows"]} == {"罗倩"}


@pytest.mark.parametrize("asked", [{"whom": "m:R1005"}, {"whom": "s:nobody"}, {"until": "2020-01-31"}])
def test_who_or_what_is_not_there(asked, bank, two_books, sign_in):
    assert sign_in(bank.supervisor).get(BOARD, asked).status_code == 404


def test_a_month_that_is_over_says_what_it_said_and_opens_nothing(bank, two_books, sign_in):
    ended = month_of(DAY) - timedelta(days=1)
    BranchMeasure.objects.create(day=ended, measured="csat", branch=bank.branch, part=30, whole=40)
    browser = sign_in(bank.supervisor)
    assert ended in browser.get(BOARD).context["board"].periods
    page = browser.get(BOARD, {"until": ended.isoformat()})
    assert satisfied(page.context["board"]) == ("75.0%", "40")
    assert "/dashboards/behind/" not in page.content.decode()


def test_moves_are_drawn_stand_in_a_table_and_open_their_customers(bank, two_books, sign_in):
    _segment, made = two_books
    first, second, third = Segment.objects.filter(rule__isnull=False, active=True).order_by("order")[:3]
    for person, one, other, days in (
        (0, first, second, 50), (0, second, third, 9), (1, first, third, 3), (2, second, first, 1), (3, first, second, 95),
    ):  # fmt: skip
        SegmentMove.objects.create(
            customer=made[person], day=DAY - timedelta(days=days), from_segment=one, to_segment=other,
            from_rule=one.rule, to_rule=other.rule,
        )  # fmt: skip
    publish()
    browser = sign_in(bank.supervisor)
    bands = browser.get(BOARD).context["board"].flow.bands
    assert [(band.key, band.number) for band in bands] == [
        (f"{first.code}>{third.code}", 2), (f"{second.code}>{first.code}", 1)
    ]  # fmt: skip
    asked = {"measure": "moved", "of": bands[0].key, "branch": "0101"}
    found = browser.get(reverse("dashboards:behind"), asked).context["rows"]
    assert {row.pk for row in found} == {made[0].pk, made[1].pk}
    assert browser.get(reverse("dashboards:behind"), asked | {"of": "part"}).status_code == 404


def test_bars_are_as_high_as_what_leaves_and_reaches_them():
    drawn = flow({"a>b": Figure(30), "a>c": Figure(10), "b>c": Figure(20), "x>a": Figure(5)}, [(c, c) for c in "abc"])
    left = {post.name: post for post in drawn.posts if post.left}
    right = {post.name: post for post in drawn.posts if not post.left}
    assert {name: post.number for name, post in left.items()} == {"a": 40, "b": 20}
    assert {name: post.number for name, post in right.items()} == {"b": 30, "c": 30}
    assert left["a"].height == pytest.approx(2 * left["b"].height, abs=0.2)
    assert flow({}, [("a", "a")]) is None
