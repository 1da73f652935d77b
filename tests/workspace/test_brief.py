"""The brief: its order, what holds sales, what is kept silent, who sees what, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from crm.lib.dates import bank_day
from crm.workspace.brief import brief
from customers import consent
from customers.models import Holding, RiskAssessment, RiskWarning, WalkInReason
from customers.walk_in import open_walk_in
from interactions import complaints, log, refusals, reminders
from interactions.log import Said
from interactions.models import ChannelEvent, Mood, PauseReason, Topic

PROFILING = ("profiling", "", "")


@pytest.fixture(autouse=True)
def english():
    """A brief is in the language of the page; here no page asks."""
    with translation.override("en"):
        yield


def looks(customer, subject="个人住房贷款利率", *, times=1, topic=Topic.HOUSE, kind="viewed", days=1):
    at = timezone.now() - timedelta(days=days)
    for number in range(times):
        ChannelEvent.objects.create(
            customer=customer, channel="mobile", kind=kind, topic=topic, subject=subject,
            at=at + timedelta(minutes=number), reference=f"{subject}-{kind}-{number}",
        )  # fmt: skip


def complained(customer, bank, *, offer="优先窗口", closed=True):
    complaint = complaints.receive(customer, text="排队 52 分钟", by=bank.owner)
    if closed:
        complaints.close(complaint, ending="王海主管致歉", offer=offer, satisfaction=3, by=bank.owner)
        complaint.refresh_from_db()
    return complaint


def everything(customer, bank):
    """All that a brief can speak of."""
    day = bank_day()
    complained(customer, bank)
    log.log_contact(
        customer, by=bank.owner,
        said=Said(channel="phone", summary="先别推东西", promise="三种续存方案", promise_due=day, question="能组合贷吗？",
                  mood=Mood.HURRIED, next_on=day + timedelta(days=3)),
    )  # fmt: skip
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    looks(customer, times=4)
    Holding.objects.create(
        reference="H1", customer=customer, family="time", product="三年定期", amount=60_000_000, rate="2.6",
        matures_on=day + timedelta(days=6),
    )  # fmt: skip
    RiskAssessment.objects.create(
        customer=customer, assessed_on=day - timedelta(days=400), level=3, valid_until=day - timedelta(days=35)
    )
    RiskWarning.objects.create(customer=customer, detector="large_move", cause="x", day=day)
    refusals.refuse(customer, Topic.FUND, by=bank.owner)


def text_of(line):
    return " ".join(f"{fact.lead} {fact.text} {fact.offer} {fact.how}" for fact in line.facts)


def line_of(made, kind):
    return next((line for line in made.lines if line.kind == kind), None)


def panel(browser, customer, name="brief"):
    return browser.get(reverse(name, args=[customer.number])).content.decode()


def test_the_order_is_always_the_same_and_what_hurt_comes_first(bank, customer):
    everything(customer, bank)
    made = brief(customer, bank.owner, bank_day())
    assert [line.kind for line in made.lines] == ["hurt", "promise", "mood", "looked", "coming", "verify", "avoid"]
    hurt = text_of(made.lines[0])
    assert "排队 52 分钟" in hurt
    assert "王海主管致歉" in hurt
    assert "Offer first: 优先窗口" in hurt
    promise, question = made.lines[1].facts
    assert (promise.due.kind, promise.due.text, promise.text) == ("today", "due today", "“三种续存方案”")
    assert "能组合贷吗？" in question.text
    coming = text_of(made.lines[4])
    assert coming.index("Risk assessment C3") < coming.index("Next contact") < coming.index("三年定期 600k")


def test_nothing_to_say_says_so(bank, customer, sign_in):
    assert brief(customer, bank.owner, bank_day()).lines == []
    assert "Nothing presses" in panel(sign_in(bank.owner), customer)


def test_a_promise_that_is_late_is_said_in_days(bank, customer):
    day = bank_day()
    for promise, ahead in (("later", 9), ("late", -2), ("whenever", None)):
        due = day + timedelta(days=ahead) if ahead is not None else None
        log.log_contact(customer, by=bank.owner, said=Said(channel="phone", promise=promise, promise_due=due))
    facts = line_of(brief(customer, bank.owner, day), "promise").facts
    assert [fact.text for fact in facts] == ["“late”", "“later”", "“whenever”"]
    assert [(fact.due.kind, fact.due.text) if fact.due else None for fact in facts] == [
        ("late", "2 days overdue"),
        ("coming", "in 9 days"),
        None,
    ]


def test_a_kept_promise_is_gone(bank, customer, sign_in):
    kept = log.log_contact(customer, by=bank.owner, said=Said(channel="phone", promise="三种续存方案"))
    browser = sign_in(bank.owner)
    address = reverse("interactions:promise-kept", args=[customer.number, kept.pk])
    assert address in panel(browser, customer)
    browser.post(address)
    assert line_of(brief(customer, bank.owner, bank_day()), "promise") is None


def test_the_hold_ends_when_somebody_said_sorry_in_person(bank, customer, sign_in):
    complaint = complained(customer, bank)
    browser = sign_in(bank.owner)
    shown = panel(browser, customer)
    address = reverse("interactions:complaint-acknowledge", args=[customer.number, complaint.pk])
    assert "held-back" in shown
    assert address in shown
    assert browser.post(address).status_code == 200
    shown = panel(browser, customer)
    assert "held-back" not in shown
    assert address not in shown
    assert "林悦 said sorry in person" in shown
    assert "sales prompts are back" in shown


def test_an_open_complaint_holds_though_somebody_said_sorry(bank, customer):
    complaint = complained(customer, bank, closed=False)
    complaints.acknowledge(complaint, by=bank.owner)
    hurt = line_of(brief(customer, bank.owner, bank_day()), "hurt")
    assert hurt.held
    assert "no sales prompts until it is closed" in hurt.facts[0].how
    assert hurt.facts[0].act is None


def test_without_consent_nothing_is_said_of_what_they_looked_at(bank, customer, sign_in):
    looks(customer)
    made = brief(customer, bank.owner, bank_day())
    assert line_of(made, "looked") is None
    assert not made.looks_read
    shown = panel(sign_in(bank.owner), customer)
    assert "个人住房贷款利率" not in shown
    assert "have not agreed" in shown
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    assert "个人住房贷款利率" in text_of(line_of(brief(customer, bank.owner, bank_day()), "looked"))
    consent.withdraw(customer, PROFILING, means="phone", by=bank.owner)
    assert line_of(brief(customer, bank.owner, bank_day()), "looked") is None


def test_looks_are_counted_with_how_to_ask_without_letting_on(bank, customer):
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    looks(customer, times=4)
    looks(customer, "买房月供", kind="calculated", days=3)
    looks(customer, "很久以前", days=20)
    line = line_of(brief(customer, bank.owner, bank_day()), "looked")
    assert line.label == "Looked at yesterday"
    assert [fact.lead.split("“")[1] for fact in line.facts] == ["个人住房贷款利率”", "买房月供”"]
    assert line.facts[0].text.startswith("4 times")
    assert "You may ask: “Are you thinking of looking at a flat some time?”" in line.facts[0].how
    assert "Do not say that you saw them look 4 times" in line.facts[0].how


def test_what_was_refused_is_listed_with_until_and_not_watched(bank, customer):
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    looks(customer, "指数基金", topic=Topic.FUND)
    refusals.refuse(customer, Topic.FUND, by=bank.owner, reason="别再跟我说了")
    refusals.refuse(customer, Topic.INSURANCE, by=bank.owner, open_ended=True)
    made = brief(customer, bank.owner, bank_day())
    assert line_of(made, "looked") is None
    avoided = text_of(line_of(made, "avoid"))
    until = bank_day() + timedelta(days=45)
    assert f"not before {until:%b} {until.day}" in avoided
    assert "别再跟我说了" in avoided
    assert "not before they ask for it" in avoided
    refusals.reopen(customer, Topic.FUND, by=bank.owner)
    assert "funds" not in text_of(line_of(brief(customer, bank.owner, bank_day()), "avoid"))


def test_a_pause_is_told_and_silences_questions(bank, customer):
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    looks(customer)
    refusals.pause(customer, PauseReason.BEREAVEMENT, bank_day() + timedelta(days=20), by=bank.owner)
    made = brief(customer, bank.owner, bank_day())
    assert "bereavement" in text_of(line_of(made, "avoid"))
    assert "You may ask" not in text_of(line_of(made, "looked"))


def test_a_warning_is_a_link_and_nothing_else(bank, customer, sign_in):
    RiskWarning.objects.create(customer=customer, detector="large_move", cause="x", day=bank_day())
    (fact,) = line_of(brief(customer, bank.owner, bank_day()), "verify").facts
    assert (fact.source, fact.lead) == ("warnings-panel", "Please verify the purpose with the customer.")
    assert [fact.text, fact.how, fact.offer, fact.due] == ["", "", "", None]
    RiskWarning.objects.all().delete()
    RiskWarning.objects.create(customer=customer, detector="structuring", cause="x", day=bank_day())
    assert line_of(brief(customer, bank.owner, bank_day()), "verify") is None


def test_who_serves_at_the_counter_sees_nothing_that_leads_to_an_offer(bank, customer, sign_in):
    everything(customer, bank)
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    made = brief(customer, bank.agent, bank_day())
    assert [line.kind for line in made.lines] == ["hurt", "promise", "mood", "coming", "verify", "avoid"]
    assert "Risk assessment" not in text_of(line_of(made, "coming"))
    assert "三年定期" in text_of(line_of(made, "coming"))
    browser = sign_in(bank.agent)
    shown = panel(browser, customer)
    assert "个人住房贷款利率" not in shown
    assert "complaint-acknowledge" not in shown
    page = panel(browser, customer, "customer")
    assert "suggestions-panel" not in page
    assert "Contact budget" not in page


def test_every_line_links_to_a_panel_of_the_page(bank, customer, sign_in):
    everything(customer, bank)
    browser = sign_in(bank.owner)
    page = panel(browser, customer, "customer")
    sources = set(re.findall(r'href="#([\w-]+)"', panel(browser, customer)))
    assert len(sources) >= 6
    assert all(f'id="{source}"' in page for source in sources)


def test_restricted_data_prepare_nothing(bank, customer, sign_in):
    everything(customer, bank)
    customer.status = "restricted"
    customer.save()
    assert brief(customer, bank.owner, bank_day()).lines == []
    assert "only stored" in panel(sign_in(bank.owner), customer)


def test_the_head_says_what_to_keep_to(bank, customer, sign_in, settings):
    everything(customer, bank)
    consent.withdraw(customer, ("marketing", "sms", ""), means="phone", by=bank.owner)
    log.log_contact(customer, by=bank.owner, said=Said(channel="phone", kind="marketing"))
    shown = panel(sign_in(bank.owner), customer, "customer-header")
    assert "C3" in shown
    assert "expired" in shown
    assert "21:00–09:00" in shown
    assert "no offers by SMS" in shown
    assert "1 of 3 used" in shown
    assert "last spoken today" in shown
    assert "ideally every 45 days" in shown


def test_the_next_contact_moves_with_the_reminder(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    reminders.set_next(customer, bank_day() - timedelta(days=2), by=bank.owner)
    assert "was due" in panel(browser, customer, "customer-header")
    reminders.set_next(customer, bank_day() + timedelta(days=5), by=bank.owner)
    assert "was due" not in panel(browser, customer, "customer-header")


def test_the_next_contact_is_planned_in_one_tap(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    shown = panel(browser, customer, "customer-header")
    days = re.findall(r'"next_on":"([\d-]+)"', shown)
    assert 'aria-pressed="true"' not in shown
    assert browser.post(reverse("interactions:next", args=[customer.number]), {"next_on": days[-1]}).status_code == 200
    assert re.search(rf'"next_on":"{days[-1]}".*?aria-pressed="true"', panel(browser, customer, "customer-header"))
    assert "planned by 林悦" in panel(browser, customer)


@pytest.mark.parametrize("name", ["brief", "customer", "customer-header"])
def test_queries_are_at_most_twelve_for_owner_and_for_the_counter(name, bank, customer, sign_in):
    everything(customer, bank)
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    for person in (bank.owner, bank.agent):
        browser = sign_in(person)
        browser.get(reverse("notices"))  # the first request of a session also notes when it was seen
        with CaptureQueriesContext(connection) as queries:
            panel(browser, customer, name)
        assert len(queries) <= 12, "\n".join(query["sql"][:160] for query in queries)
