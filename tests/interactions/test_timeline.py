"""One line of time over conversations, what customers did on the channels, and complaints."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import consent
from interactions.log import Said, log_contact
from interactions.models import ChannelEvent, Complaint, Interaction, Reminder
from interactions.timeline.parts import Entry
from interactions.timeline.reading import Asked, read
from interactions.timeline.sight import Sight
from tests.factories import make_customer

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def bank_lives_on_one_day(settings) -> None:
    settings.BANK_DAY = TODAY.isoformat()


@pytest.fixture
def panel(bank, customer, sign_in):
    """`panel(channel="app")` gives the timeline's HTML as the owner sees it."""
    browser = sign_in(bank.owner)

    def get(**asked) -> str:
        answer = browser.get(reverse("interactions:timeline", args=[customer.number]), asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def event(customer, minutes: int, kind: str = "login", channel: str = "mobile", **fields) -> ChannelEvent:
    """Something `customer` did `minutes` before noon."""
    moment = NOON - timedelta(minutes=minutes)
    return ChannelEvent.objects.create(
        customer=customer, channel=channel, kind=kind, at=moment, reference=f"E{ChannelEvent.objects.count()}", **fields
    )


def talk(customer, by, minutes: int, **said) -> Interaction:
    moment = NOON - timedelta(minutes=minutes)
    return log_contact(customer, by=by, said=Said(**{"channel": "phone", "summary": "x"} | said, at=moment))


def complaint(customer, minutes: int, **fields) -> Complaint:
    moment = NOON - timedelta(minutes=minutes)
    number = f"TS-{Complaint.objects.count()}"
    return Complaint.objects.create(customer=customer, number=number, received_at=moment, due=TODAY, **fields)


def agrees(customer, by) -> None:
    consent.give(customer, ("profiling", "", ""), means="phone", by=by)


def test_all_three_sources_stand_in_one_order(bank, customer, panel):
    agrees(customer, bank.owner)
    talk(customer, bank.owner, 10, summary="回访", mood="calm")
    event(customer, 20, "viewed", subject="个人住房贷款利率", seconds=240)
    complaint(customer, 30, text="排队 52 分钟", ending="致歉", offer="优先窗口")
    shown = words(panel())
    assert shown.index("回访") < shown.index("个人住房贷款利率") < shown.index("排队 52 分钟")
    assert "林悦" in shown
    assert "4 minutes" in shown
    assert "calm" in shown


def test_we_acted_is_filled_and_what_came_from_the_customer_is_hollow(bank, customer, panel):
    talk(customer, bank.owner, 1)
    talk(customer, bank.owner, 2, direction="in")
    event(customer, 3)
    assert re.findall(r'<li class="(ev[ a-z]*)"', panel()) == ["ev ours", "ev", "ev"]


def test_equal_events_of_one_session_are_one_line(bank, customer, panel):
    agrees(customer, bank.owner)
    for minutes in (5, 8, 12, 14):
        event(customer, minutes, "viewed", subject="个人住房贷款利率", seconds=60)
    event(customer, 90, "viewed", subject="个人住房贷款利率")  # another session
    shown = words(panel())
    assert "“个人住房贷款利率” ×4" in shown
    assert "4 steps" in shown
    assert shown.count("个人住房贷款利率") == 1 + 4 + 1  # the title, its steps, the other session


def test_sums_of_money_are_not_thrown_together(bank, customer, panel):
    for minutes in (1, 2):
        event(customer, minutes, "transaction", "atm", subject="取现", amount=500_000)
    shown = words(panel())
    assert "×" not in shown
    assert "Did: 取现 5k ATM" in shown
    assert shown.count("取现") == 2 + 2  # two sums, and the two steps


def test_what_was_looked_at_is_left_out_without_the_consent_and_the_page_says_so(bank, customer, panel):
    event(customer, 1, "viewed", subject="基金")
    event(customer, 2, "calculated", subject="贷款")
    event(customer, 3, "applied", subject="信用卡")
    event(customer, 4, "transaction", "atm", subject="取现")
    shown = words(panel())
    assert "取现" in shown
    assert "基金" not in shown
    assert "贷款" not in shown
    assert "信用卡" not in shown
    assert "they have not agreed to personal suggestions" in shown
    agrees(customer, bank.owner)
    shown = words(panel())
    assert "基金" in shown
    assert "not agreed" not in shown
    consent.withdraw(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    assert "基金" not in words(panel())


@pytest.mark.parametrize(
    ("channel", "sees"),
    [
        ("", {"面谈", "致电", "微聊", "柜台", "取现", "登录", "投诉"}),
        ("counter", {"面谈", "柜台"}),
        ("phone", {"致电"}),
        ("wechat", {"微聊"}),
        ("app", {"登录"}),
        ("atm", {"取现"}),
    ],
)
def test_filters_by_channel(channel, sees, bank, customer, panel):
    for way, text in (("visit", "面谈"), ("phone", "致电"), ("wechat", "微聊")):
        talk(customer, bank.owner, 1, channel=way, summary=text)
    event(customer, 2, "queued", "branch", subject="柜台")
    event(customer, 3, "transaction", "atm", subject="取现")
    event(customer, 4, "login", "mobile", subject="登录")
    complaint(customer, 5, text="投诉")
    shown = words(panel(channel=channel))
    assert {word for word in ("面谈", "致电", "微聊", "柜台", "取现", "登录", "投诉") if word in shown} == sees


ALL = Sight(serves_only=False, intents=True)


def keys(entries) -> list[tuple[object, ...]]:
    return [(entry.at, entry.source, entry.row.pk, len(entry.rows)) for entry in entries]


def test_pages_follow_each_other_both_ways_without_a_gap_or_a_repetition(bank, customer):
    """Many at the very same moment, in all tables: the order still tells them apart."""
    for number in range(40):
        minutes = (number // 4) * 24 * 60
        talk(customer, bank.owner, minutes)
        event(customer, minutes, channel="atm", kind="transaction", amount=number)
        complaint(customer, minutes, text="x")
    back, asked = [], Asked()
    while True:
        page = read(customer, asked, ALL)
        back += page.entries
        if page.earlier is None:
            break
        asked = Asked(until=page.earlier)
    assert len(back) == len(set(keys(back)))
    assert sum(len(entry.rows) for entry in back) == 120
    moments = [entry.at for entry in back]
    assert moments == sorted(moments, reverse=True)
    forth: list[Entry] = []
    since = back[-1].at.date()
    while since:
        page = read(customer, Asked(since=since), ALL)
        forth = page.entries + forth
        since = page.later
    assert keys(forth) == keys(back)


def test_a_day_too_full_for_a_page_is_read_whole(bank, customer):
    for number in range(200):
        event(customer, number * 3, "transaction", "atm", amount=1)
    event(customer, 3 * 24 * 60)
    page = read(customer, Asked(), ALL)
    assert sum(len(entry.rows) for entry in page.entries) == 200
    assert sum(len(entry.rows) for entry in read(customer, Asked(until=page.earlier), ALL).entries) == 1


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "0001-01-01", "99999-01-01"])
def test_a_day_that_is_none_is_told_at_its_field(day, bank, customer, sign_in):
    talk(customer, bank.owner, 1, summary="回访")
    answer = sign_in(bank.owner).get(reverse("interactions:timeline", args=[customer.number]), {"until": day})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.content.decode()
    assert "回访" in answer.content.decode()


def test_an_unknown_filter_is_not_found(bank, customer, sign_in):
    address = reverse("interactions:timeline", args=[customer.number])
    assert sign_in(bank.owner).get(address, {"channel": "smoke"}).status_code == 404


def test_a_page_costs_the_same_however_long_the_history(bank, customer, sign_in):
    agrees(customer, bank.owner)
    browser = sign_in(bank.owner)
    address = reverse("interactions:timeline", args=[customer.number])
    browser.get(address)
    counts = []
    for _round in range(2):
        for number in range(40):
            talk(customer, bank.owner, number, promise="p")
            event(customer, number, "viewed")
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12, counts


def test_promises_and_questions_are_settled_with_one_tap(bank, customer, sign_in, panel):
    said = talk(customer, bank.owner, 1, promise="发方案", promise_due=date(2026, 11, 20), question="能组合贷吗")
    assert re.search(r'class="late">\s*by 2026-11-20', panel())
    browser = sign_in(bank.owner)
    kept = browser.post(reverse("interactions:promise-kept", args=[customer.number, said.pk]))
    assert "kept 20" in words(kept.content.decode())
    assert "reminders-changed" in kept.headers["HX-Trigger"]
    assert Reminder.objects.get(kind="promise").state == "done"
    answered = browser.post(reverse("interactions:question-answered", args=[customer.number, said.pk]))
    assert "answered 20" in words(answered.content.decode())
    assert "/kept/" not in panel()
    assert "/answered/" not in panel()


def test_another_customers_promise_is_not_settled_through_this_one(bank, customer, sign_in):
    other = make_customer("620100000002", "李静", bank.other_branch, owner=bank.outsider)
    said = talk(other, bank.outsider, 1, promise="p")
    answer = sign_in(bank.owner).post(reverse("interactions:promise-kept", args=[customer.number, said.pk]))
    assert answer.status_code == 404
    assert Interaction.objects.get().promise_kept_at is None


def test_what_is_written_cannot_become_markup(bank, customer, panel):
    talk(customer, bank.owner, 1, summary="<script>alert(1)</script>", promise="<b>")
    event(customer, 2, subject="<img src=x>")
    shown = panel()
    assert "<script>" not in shown
    assert "<img" not in shown
