"""Finding one's way on a long line of time: kinds, words, months, pins, earlier talks; and that it stays fast."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.audit.models import Entry as AuditEntry
from customers import life_events
from customers.models import WalkInReason
from customers.walk_in import open_walk_in
from interactions import reminders
from interactions.models import ChannelEvent, Complaint, Interaction, Pin
from interactions.timeline.density import months
from interactions.timeline.reading import Asked, read
from tests.interactions.test_timeline import (
    ALL,
    NOON,
    TODAY,
    agrees,
    bank_lives_on_one_day,  # noqa: F401 - fixture
    complaint,
    event,
    panel,  # noqa: F401 - fixture
    talk,
    words,
)

DAY = 24 * 60


def address(customer, name="timeline", *more) -> str:
    return reverse(f"interactions:{name}", args=[customer.number, *more])


def everything(bank, customer) -> None:
    agrees(customer, bank.owner)
    talk(customer, bank.owner, 10, summary="面谈记录", channel="visit", topics=("house",))
    event(customer, 20, "viewed", subject="个人住房贷款利率")
    event(customer, 30, "transaction", "atm", subject="取现", amount=500_000)
    complaint(customer, 40, text="排队太久", ending="致歉")
    life_events.add(
        customer, life_events.Told("move", date(2020, 3, 1), "month", False, note="搬到浦东"), by=bank.owner
    )
    done = reminders.set_next(customer, TODAY, by=bank.owner, text="问问新家")
    reminders.finish(done, by=bank.owner, outcome="已问候")


@pytest.mark.parametrize(
    ("kind", "sees"),
    [
        ("talks", {"面谈记录"}),
        ("online", {"个人住房贷款利率"}),
        ("counter", {"取现"}),
        ("complaints", {"排队太久"}),
        ("life", {"搬到浦东"}),
        ("done", {"问问新家", "已问候"}),
    ],
)
def test_filters_by_kind(kind, sees, bank, customer, panel):  # noqa: F811
    everything(bank, customer)
    of_all = {"面谈记录", "个人住房贷款利率", "取现", "排队太久", "搬到浦东", "问问新家", "已问候"}
    assert {word for word in of_all if word in words(panel())} == of_all
    shown = words(panel(kind=kind))
    assert {word for word in of_all if word in shown} == sees


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("浦东", "搬到浦东"),
        ("致歉", "排队太久"),
        ("贷款利", "个人住房贷款利率"),
        ("mortgage", "面谈记录"),
        ("林悦", "面谈记录"),
        ("取", "取现"),
    ],
)
def test_words_are_found_wherever_they_stand(asked, found, bank, customer, panel):  # noqa: F811
    everything(bank, customer)
    shown = words(panel(words=asked))
    assert found in shown
    assert "100%" not in words(panel(words="100%"))
    assert "Nothing of this kind" in words(panel(words="没有这句话"))


def test_a_search_keeps_to_the_customer(bank, customer, panel):  # noqa: F811
    from tests.factories import make_customer

    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    talk(other, bank.owner, 1, summary="别人的话")
    assert "别人的话" not in words(panel(words="别人"))


def test_a_day_is_jumped_to_and_the_months_say_where_much_is(bank, customer, sign_in, panel):  # noqa: F811
    for month in range(12):
        talk(customer, bank.owner, month * 30 * DAY, summary=f"第{month}次")
    for number in range(6):
        event(customer, 90 * DAY + number * 60, "transaction", "atm")
    shown = panel(until="2026-07-31")
    assert "第4次" in shown
    assert "第3次" not in shown
    assert "Later" in words(shown)
    found = {month.first: month for month in months(customer, Asked(), ALL, TODAY)}
    assert found[date(2026, 8, 1)].count == 7
    assert found[date(2026, 8, 1)].level == 5
    assert found[date(2026, 11, 1)].level == 1
    assert min(found) == date(2025, 12, 1)
    of_talks = {month.first: month for month in months(customer, Asked(kind="talks"), ALL, TODAY)}
    assert of_talks[date(2026, 8, 1)].count == 1
    later = sign_in(bank.owner).get(address(customer), {"since": "2026-08-01", "until": ""}).content.decode()
    assert words(later).index("第0次") < words(later).index("第3次")
    assert "第4次" not in later


def test_a_session_opens_into_its_steps(bank, customer, panel):  # noqa: F811
    agrees(customer, bank.owner)
    event(customer, 0, "calculated", subject="月供试算", seconds=300)
    for minutes in (3, 8):
        event(customer, minutes, "viewed", subject="房贷利率", seconds=60)
    event(customer, 5, "queued", "branch", subject="个人窗口")  # at the same time, elsewhere: parts nothing
    event(customer, 12, "login")
    event(customer, 43, "login")
    shown = words(panel())
    assert "Calculated “月供试算” mobile bank · 7 minutes · 11:48–12:00" in shown
    assert "Looked at “房贷利率” ×2" in shown
    assert "4 steps" in shown
    assert shown.count("Signed in") == 2  # a step, and a visit of its own 31 minutes before


def test_an_earlier_talk_about_the_same_is_one_tap_away(bank, customer, panel):  # noqa: F811
    promised = talk(customer, bank.owner, 20 * DAY, topics=("loan",), promise="发试算")
    talk(customer, bank.owner, 40 * DAY, topics=("loan", "house"))
    talk(customer, bank.owner, 60 * DAY, topics=("fund",))
    talk(customer, bank.owner, 10, topics=("loan",))
    Interaction.objects.filter(pk=promised.pk).update(promise_kept_at=NOON)
    shown = words(panel(until=TODAY.isoformat()))
    assert "the promise made then: Nov 3 about the same: Oct 14" in shown
    assert 'href="/customers/620100000001/timeline/?until=2026-11-03"' in panel()


def test_a_pin_stays_on_top_with_who_and_is_audited(bank, customer, sign_in, panel):  # noqa: F811
    old = talk(customer, bank.owner, 400 * DAY, summary="要记住的一句")
    for number in range(40):
        talk(customer, bank.owner, number * DAY, summary="日常")
    assert "要记住的一句" not in panel()
    browser = sign_in(bank.owner)
    for _twice in range(2):
        pinned = browser.post(address(customer, "timeline-pin", "talk", old.pk))
        assert (pinned.status_code, pinned.headers["HX-Trigger"]) == (204, "timeline-changed")
    shown = words(panel())
    assert shown.index("要记住的一句") < shown.index("日常")
    assert "pinned by 林悦" in shown
    assert Pin.objects.count() == 1
    entries = AuditEntry.objects.filter(object_type="timeline entry")
    assert [(entry.object_ids, entry.detail) for entry in entries] == [([customer.pk], {"pinned": True})]
    assert browser.post(address(customer, "timeline-unpin", "talk", old.pk)).status_code == 204
    assert "要记住的一句" not in panel()


def test_only_what_stands_on_this_line_is_pinned(bank, customer, sign_in):
    from tests.factories import make_customer

    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    alien, own = talk(other, bank.owner, 1), talk(customer, bank.owner, 1)
    browser = sign_in(bank.owner)
    for source, pk in (("talk", alien.pk), ("smoke", own.pk), ("event", own.pk + 999_999)):
        assert browser.post(address(customer, "timeline-pin", source, pk)).status_code == 404
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    assert sign_in(bank.agent).post(address(customer, "timeline-pin", "talk", own.pk)).status_code == 404
    assert not Pin.objects.exists()


def test_who_serves_for_a_moment_sees_no_money_no_looks_and_no_life(bank, customer, sign_in):
    everything(bank, customer)
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    shown = words(sign_in(bank.agent).get(address(customer)).content.decode())
    assert "面谈记录" in shown
    assert "排队太久" in shown
    assert "Did: 取现 ATM" in shown
    for hidden in ("个人住房贷款利率", "5k", "搬到浦东", "问问新家", "Pin to the top"):
        assert hidden not in shown


# Thousands of entries


@pytest.fixture
def long_line(bank, customer):
    """5,000 entries over three years: 4,000 events, 900 conversations, 100 complaints."""
    agrees(customer, bank.owner)
    start = datetime(2026, 11, 23, 2, tzinfo=UTC)
    kinds = ("viewed", "login", "transaction")
    ChannelEvent.objects.bulk_create([
        ChannelEvent(
            customer=customer, channel=("mobile", "atm", "web")[n % 3], kind=kinds[n % 3], subject="账户明细",
            at=start - timedelta(hours=6 * (n // 3), minutes=n % 3), reference=f"L{n}",
        )
        for n in range(4000)
    ])  # fmt: skip
    Interaction.objects.bulk_create([
        Interaction(customer=customer, channel="phone", by=bank.owner, topics=["deposit"], summary=f"第 {n} 次",
                    at=start - timedelta(hours=29 * n))
        for n in range(900)
    ])  # fmt: skip
    Complaint.objects.bulk_create([
        Complaint(customer=customer, number=f"L{n}", text="排队", received_at=start - timedelta(days=10 * n), due=TODAY)
        for n in range(100)
    ])  # fmt: skip
    return customer


def test_a_long_line_is_paged_to_its_end_and_each_page_costs_the_same(long_line, bank, sign_in):
    browser = sign_in(bank.owner)
    browser.get(reverse("notices"))
    asked, counts, seen, until = 0, set(), 0, ""
    while True:
        with CaptureQueriesContext(connection) as queries:
            html = browser.get(address(long_line), {"until": until, "more": "1"} if until else {}).content.decode()
        counts.add(len(queries) - (not until))  # the first asks for the months as well
        seen += len(re.findall(r'<li class="ev', html))
        following = re.search(r'"until": "([\d-]+)", "more"', html)
        if not following:
            break
        until, asked = following.group(1), asked + 1
        if asked == 12:
            until = "2024-02-20"  # to the far end of it
    assert len(counts) == 1, counts
    assert max(counts) <= 11
    assert seen > 400


def test_a_page_of_a_long_line_is_read_along_indexes(long_line):
    with CaptureQueriesContext(connection) as queries:
        read(long_line, Asked(until=date(2025, 6, 30)), ALL)
    assert len(queries) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "event_customer_at" in plan
    # Of a customer of few talks the index of the foreign key serves as well as the one in the order of time.
    assert re.search("interaction_customer_at|interactions_interaction_customer_id", plan)
    assert "Seq Scan on interactions_channelevent" not in plan
    assert "Seq Scan on interactions_interaction" not in plan
    read_rows = [int(float(rows)) for rows in re.findall(r"Index Scan[^\n]*actual[^\n]*rows=([\d.]+)", plan)]
    assert max(read_rows) <= 151, plan
