"""What changed since one's own last visit: by others, by the customer and by the night."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from customers import consent, life_events, profile
from customers.models import RiskWarning
from interactions import complaints, reminders
from interactions.log import Said, log_contact
from interactions.models import ChannelEvent, Interaction
from tests.factories import make_customer


@pytest.fixture
def visit(bank, customer):
    """`visit(hours)`: the owner had the page open so many hours ago."""

    def opened(hours: float, who=None) -> None:
        Entry.objects.create(
            action="view", object_type="customer", object_label=customer.number, object_ids=[customer.pk],
            actor_id=(who or bank.owner).pk, at=timezone.now() - timedelta(hours=hours),
        )  # fmt: skip

    return opened


@pytest.fixture
def panel(bank, customer, sign_in):
    def shown(who=None) -> str:
        return sign_in(who or bank.owner).get(reverse("since", args=[customer.number])).content.decode()

    return shown


def test_the_first_visit_says_nothing(customer, panel):
    assert panel().strip() == ""


def test_nothing_changed_is_said(visit, panel):
    visit(5)
    assert "nothing changed" in panel()


def test_what_others_did_is_new_and_what_one_did_oneself_is_not(bank, customer, visit, panel):
    visit(48)
    log_contact(customer, by=bank.colleague, said=Said(channel="phone", summary="问了大额存单"))
    log_contact(customer, by=bank.owner, said=Said(channel="phone", summary="自己记的"))
    profile.change(customer, "occupation", "教师", by=bank.supervisor, opened=profile.stamp(customer, "occupation"))
    complaints.receive(customer, text="等了一个小时", by=bank.colleague)
    page = panel()
    assert "罗倩, phone: “问了大额存单”" in page
    assert "王海: occupation" in page
    assert "等了一个小时" in page
    assert "自己记的" not in page


def test_a_visit_of_minutes_ago_is_still_this_visit(bank, customer, visit, panel):
    visit(48)
    log_contact(customer, by=bank.colleague, said=Said(channel="phone", summary="问了大额存单"))
    visit(0.1)
    assert "问了大额存单" in panel()
    visit(0.01, who=bank.colleague)  # somebody else's looks count for them alone
    assert "问了大额存单" in panel()


def test_before_the_last_visit_nothing_is_new(bank, customer, visit, panel):
    log_contact(customer, by=bank.colleague, said=Said(channel="phone", summary="很早的事"))
    Interaction.objects.update(created_at=timezone.now() - timedelta(hours=3))
    visit(2)
    assert "nothing changed" in panel()


def test_what_the_customer_looked_at_is_told_with_their_consent_alone(bank, customer, visit, panel):
    visit(24)
    ChannelEvent.objects.create(customer=customer, channel="mobile", kind="viewed", subject="个人养老金", reference="1")
    ChannelEvent.objects.create(customer=customer, channel="mobile", kind="learnt", subject="看懂利率", reference="2")
    page = panel()
    assert "Learnt in “看懂利率”" in page
    assert "个人养老金" not in page
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    assert "个人养老金" in panel()


def test_warnings_are_counted_and_not_described(customer, visit, panel):
    visit(24)
    for detector, cause in (("large_move", "1"), ("structuring", "2")):
        RiskWarning.objects.create(
            customer=customer, detector=detector, cause=cause, day=timezone.localdate(), evidence=[]
        )
    page = panel()
    assert "1 new point to ask about" in page
    assert "structuring" not in page


def test_reminders_done_and_lives_told_by_others(bank, customer, visit, panel):
    visit(24)
    planned = reminders.set_next(customer, timezone.localdate(), by=bank.colleague)
    reminders.finish(planned, by=bank.colleague, outcome="到期转存了", next_on=None)
    life_events.add(
        customer, life_events.Told("move", timezone.localdate(), "day", False), by=bank.colleague
    )  # fmt: skip
    page = panel()
    assert "罗倩: 到期转存了" in page
    assert "life events" in page


def test_who_may_not_see_the_customer_is_told_nothing(bank, customer, sign_in):
    make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    assert sign_in(bank.outsider).get(reverse("since", args=[customer.number])).status_code == 404
