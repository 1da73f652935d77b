"""The hand-off card, and handing a customer over: nothing has to be told twice, and nothing is told that need not be."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Action
from crm.audit.models import Entry as AuditEntry
from customers import consent
from customers.models import Customer, RiskWarning, WalkInReason
from customers.walk_in import open_walk_in
from interactions import complaints, handover, identities, refusals
from interactions.log import Said, log_contact
from interactions.models import ChannelEvent, Handover, Reminder
from recommendations.models import Answer
from tests.customers.money import hold, make_account
from tests.factories import make_customer
from tests.recommendations.people import suggest

TODAY = date(2026, 11, 23)
SUGGESTED = ("cash-r1", "idle-balance")
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=True)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def event(customer, kind, subject, channel="mobile", **fields) -> None:
    number = f"E{ChannelEvent.objects.count()}"
    at = NOON - timedelta(hours=3)
    ChannelEvent.objects.create(
        customer=customer, channel=channel, kind=kind, subject=subject, at=at, reference=number, **fields
    )


def card_of(browser, customer, **asked) -> str:
    """The card as the browser puts it together: how to meet them follows by itself."""
    page = reverse("handoff", args=[customer.number])
    shown = browser.get(page, asked)
    follows = browser.get(page, {"meet": ""}) if "?meet" in shown.content.decode() else None
    return words(shown) + (words(follows) if follows else "")


@pytest.fixture
def known(bank, customer):
    """A customer of whom everything is known that a card could hold, and what it must not."""
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    Customer.objects.filter(pk=customer.pk).update(preferred_channel="wechat")
    told = Said(
        "phone",
        summary="等了五十分钟，很不高兴",
        mood="upset",
        promise="发续存方案",
        promise_due=TODAY,
        question="能组合贷吗",
    )
    log_contact(customer, by=bank.owner, said=told)
    complaints.receive(customer, text="排队太久", by=bank.owner)
    refusals.refuse(customer, "fund", by=bank.owner, reason="不想再听")
    event(customer, "viewed", "稳健固收理财")
    event(customer, "asked", "网点几点开门", "wechat")
    event(customer, "transaction", "大额转账", "web", amount=16_000_000)
    RiskWarning.objects.create(customer=customer, detector="large_move", cause="x", day=TODAY)
    hold(make_account(customer), TODAY, 88_888)
    index, tail = identities.external("wechat", "wx_zhang_0001")
    waiting = ChannelEvent.objects.create(
        channel="wechat",
        external_index=index,
        external_tail=tail,
        kind="asked",
        subject="周末办卡",
        at=NOON,
        reference="W",
    )
    identities.attach(waiting, customer, reason="showed the app", by=bank.supervisor)
    return customer


def test_a_service_agent_reads_what_serves_and_nothing_else(bank, known, sign_in):
    open_walk_in(bank.agent, known, WalkInReason.COUNTER)
    shown = card_of(sign_in(bank.agent), known)
    for said in (
        "发续存方案", "能组合贷吗", "Upset.", "等了五十分钟", "排队太久", "Still open", "funds", "不想再听", "Mr 张", "WeChat",
        "林悦", "城南支行", "网点几点开门", "周末办卡", "…0001",
    ):  # fmt: skip
        assert said in shown, said
    for hidden in ("稳健固收理财", "160", "verify", "888", "Acknowledged in person", "matures"):
        assert hidden not in shown, hidden


def test_the_page_of_a_walk_in_has_the_card_instead_of_the_brief(bank, known, sign_in):
    open_walk_in(bank.agent, known, WalkInReason.COUNTER)
    page = sign_in(bank.agent).get(reverse("customer", args=[known.number])).content.decode()
    assert 'id="handoff-panel"' in page
    assert 'id="brief-panel"' not in page
    of_owner = sign_in(bank.owner).get(reverse("customer", args=[known.number])).content.decode()
    assert 'id="handoff-panel"' in of_owner
    assert 'id="brief-panel"' in of_owner


def test_who_looks_after_them_sees_the_card_when_they_ask_for_it(bank, known, sign_in):
    browser = sign_in(bank.owner)
    assert "发续存方案" not in card_of(browser, known)
    shown = card_of(browser, known, card="")
    assert "发续存方案" in shown
    assert "稳健固收理财" in shown  # with consent, for who looks after them
    consent.withdraw(known, ("profiling", "", ""), means="phone", by=bank.owner)
    assert "稳健固收理财" not in card_of(browser, known, card="")


def test_a_stored_only_customer_has_a_bare_card(bank, known, sign_in):
    Customer.objects.filter(pk=known.pk).update(status="restricted")
    shown = card_of(sign_in(bank.owner), known, card="")
    assert "发续存方案" not in shown
    assert "Hand over now" not in shown


def hand(browser, customer, **fields):
    data = {"to": "A3001 周敏", "place": "counter", "text": "带了身份证，要并三笔定期"} | fields
    return browser.post(reverse("interactions:hand-over", args=[customer.number]), data)


def test_a_customer_is_handed_from_the_phone_to_the_counter(bank, known, sign_in):
    answer = hand(sign_in(bank.owner), known)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "handed-over")
    agent = sign_in(bank.agent)
    page = reverse("customer", args=[known.number])
    assert agent.get(page).status_code == 404
    notices = agent.get(reverse("notices")).content.decode()
    assert "林悦 hands 张伟明 over to you: 带了身份证，要并三笔定期" in notices
    place = re.search(r"/interactions/handed-over/\d+/", notices).group()
    assert "带了身份证" in agent.get(place).content.decode()
    assert agent.get(page).status_code == 404  # looking at a notice opens nothing
    taken = agent.post(place)
    assert (taken.status_code, taken.url) == (302, page)
    assert agent.get(page).status_code == 200
    card = words(agent.get(reverse("handoff", args=[known.number])))
    assert "林悦 to 周敏, at the counter: 带了身份证，要并三笔定期" in card
    assert "taken over 12:0" in card
    assert AuditEntry.objects.filter(action=Action.WALK_IN, actor_id=bank.agent.pk, object_label=known.number).exists()
    made = AuditEntry.objects.get(object_type="handover", action=Action.CREATE)
    assert made.detail == {"to": str(bank.agent), "place": "counter"}
    assert "周敏 served your customer 张伟明" in sign_in(bank.owner).get(reverse("notices")).content.decode()


def test_nobody_else_takes_it_and_not_after_the_day(bank, known, sign_in, time_machine):
    made = handover.hand_over(known, to=bank.agent, place="phone", text="x", by=bank.owner)
    place = reverse("interactions:handed-over", args=[made.pk])
    for actor in (bank.owner, bank.colleague, bank.outsider):
        assert sign_in(actor).post(place).status_code == 404
    time_machine.move_to(NOON + timedelta(hours=12))
    late = sign_in(bank.agent).post(place)
    assert late.status_code == 422
    assert "has ended" in words(late)
    assert sign_in(bank.agent).get(reverse("customer", args=[known.number])).status_code == 404


def test_the_manager_who_gets_their_customer_back_has_it_on_their_list(bank, known, sign_in):
    open_walk_in(bank.agent, known, WalkInReason.COUNTER)
    assert hand(sign_in(bank.agent), known, to="R1001", place="phone", text="想问提前还贷").status_code == 200
    reminder = Reminder.objects.get(cause__startswith="handover:")
    assert (reminder.assignee, reminder.due, reminder.text, reminder.made_by) == (
        bank.owner,
        TODAY,
        "想问提前还贷",
        bank.agent,
    )
    assert "想问提前还贷" in words(sign_in(bank.owner).get(reverse("today")))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "R1001"}, "other than yourself"),
        ({"to": "M9001"}, "Choose a colleague who serves customers"),
        ({"to": "nobody"}, "Nobody who works here"),
        ({"to": ""}, "To whom?"),
        ({"text": ""}, "This field is required"),
        ({"place": "moon"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(fields, said, bank, customer, sign_in):
    answer = hand(sign_in(bank.owner), customer, **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "text" in fields or "带了身份证" in answer.content.decode()
    assert not Handover.objects.exists()


def test_the_sentence_is_forgotten_after_two_days(bank, customer, sign_in):
    made = handover.hand_over(customer, to=bank.agent, place="phone", text="要并三笔定期", by=bank.owner)
    page = reverse("handoff", args=[customer.number])
    assert "要并三笔定期" in words(sign_in(bank.owner).get(page))
    Handover.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=3))
    assert "要并三笔定期" not in words(sign_in(bank.owner).get(page))


def test_events_of_a_name_join_the_line_once_it_is_known(bank, known, sign_in):
    line = words(sign_in(bank.owner).get(reverse("interactions:timeline", args=[known.number])))
    assert "Asked: 周末办卡" in line
    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    assert "周末办卡" not in words(sign_in(bank.owner).get(reverse("interactions:timeline", args=[other.number])))


def test_answers_to_suggestions_stand_on_the_line_but_not_for_who_serves(bank, customer, sign_in):
    made = suggest(customer, *SUGGESTED)
    Answer.objects.create(suggestion=made, state_before="open", state="interested", by=bank.owner)
    page = reverse("interactions:timeline", args=[customer.number])
    assert "Suggested “" in words(sign_in(bank.owner).get(page, {"kind": "suggestions"}))
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    assert "Suggested “" not in words(sign_in(bank.agent).get(page))
