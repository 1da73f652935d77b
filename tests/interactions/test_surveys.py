"""Who is asked: drawn by hash, within limits; and the panel on the customer's page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interactions import complaints, refusals
from interactions.models import Interaction, Survey, SurveyRule
from interactions.satisfaction.answering import answer
from interactions.satisfaction.inviting import NotNowError, invite
from interactions.satisfaction.sampling import Wait, contacts, mark_of, why_wait


@pytest.fixture
def visit(bank, customer):
    return Interaction.objects.create(customer=customer, channel="visit", by=bank.owner)


def everybody() -> None:
    SurveyRule.objects.update(percent=100)


def test_the_draw_is_even_and_the_same_whenever_it_is_asked():
    marks = [mark_of("visit", number) for number in range(20_000)]
    assert marks == [mark_of("visit", number) for number in range(20_000)]
    for share in (10, 30, 50):
        assert sum(mark < share for mark in marks) / len(marks) == pytest.approx(share / 100, abs=0.012)
    assert mark_of("visit", 1) != mark_of("call", 1)


def test_a_share_of_none_draws_nobody_and_of_all_everybody(customer, visit):
    for percent, chosen in ((0, False), (100, True)):
        SurveyRule.objects.update(percent=percent)
        assert [one.chosen for one in contacts(customer, timezone.now())] == [chosen]


def test_only_talks_of_the_last_days_can_be_asked_about(bank, customer, visit):
    now = timezone.now()
    Interaction.objects.create(customer=customer, channel="phone", by=bank.owner, at=now - timedelta(days=20))
    Interaction.objects.create(customer=customer, channel="phone", by=bank.owner, outcome="no_answer")
    Interaction.objects.create(customer=customer, channel="sms", by=bank.owner)
    assert [one.pk for one in contacts(customer, timezone.now())] == [visit.pk]


def test_at_most_once_in_ninety_days_and_a_lost_link_is_replaced(bank, customer, visit):
    now = timezone.now()
    invite(visit, by=bank.owner)
    invite(visit, by=bank.owner)  # the first was not used: this one takes its place
    assert Survey.objects.filter(revoked_at=None).count() == 1
    other = Interaction.objects.create(customer=customer, channel="phone", by=bank.owner)
    with pytest.raises(NotNowError) as refused:
        invite(other, by=bank.owner)
    assert refused.value.why is Wait.ASKED
    assert Survey.objects.filter(revoked_at=None).count() == 1
    Survey.objects.update(invited_at=now - timedelta(days=91))
    invite(other, by=bank.owner)


def test_nobody_is_asked_in_a_complaint_a_bereavement_or_against_their_word(bank, customer, visit):
    now = timezone.now()
    case = complaints.receive(customer, text="排队", about=bank.colleague, by=bank.owner)
    assert why_wait(customer, now) is Wait.COMPLAINT
    complaints.close(case, ending="加开窗口", by=bank.owner)
    assert why_wait(customer, now) is None
    refusals.pause(customer, "personal", timezone.localdate() + timedelta(days=9), by=bank.owner)
    assert why_wait(customer, now) is None
    refusals.pause(customer, "bereavement", timezone.localdate() + timedelta(days=9), by=bank.owner)
    assert why_wait(customer, now) is Wait.BEREAVEMENT
    refusals.end_pause(customer, by=bank.owner)
    refusals.refuse(customer, "survey", by=bank.owner, open_ended=True)
    assert why_wait(customer, now) is Wait.REFUSED


def test_the_panel_hands_over_a_link_only_for_what_was_drawn(bank, customer, visit, sign_in):
    browser, url = sign_in(bank.owner), reverse("interactions:survey-invite", args=[customer.number])
    asked = {"about": "visit", "of": str(visit.pk)}
    SurveyRule.objects.update(percent=0)
    assert "not drawn" in browser.get(reverse("interactions:surveys", args=[customer.number])).content.decode()
    assert browser.post(url, asked).status_code == 404
    everybody()
    page = browser.post(url, asked).content.decode()
    assert "/s/" in page
    assert "<svg" in page
    assert "style=" not in page
    assert Survey.objects.get().invited_by == bank.owner
    later = browser.get(reverse("interactions:surveys", args=[customer.number])).content.decode()
    assert "at most once in 90 days" in later
    assert "/s/" not in later


def test_the_panel_shows_answers_with_what_they_were_about_and_the_case(bank, customer, visit, sign_in):
    link = invite(visit, by=bank.owner).link.rstrip("/").rsplit("/", 1)[1]
    answer(link, 1, "没人理我", language="zh-hans", now=timezone.now())
    page = sign_in(bank.owner).get(reverse("interactions:surveys", args=[customer.number])).content.decode()
    assert "没人理我" in page
    assert "opened case TS-" in page
    assert "林悦" in page


def test_the_policy_panel_makes_shows_once_and_takes_back_the_preference_link(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    made = browser.post(reverse("interactions:preference-link-make", args=[customer.number])).content.decode()
    assert "/p/" in made
    shown = browser.get(reverse("interactions:preference-link", args=[customer.number])).content.decode()
    assert "/p/" not in shown
    assert "A link opens until" in shown
    gone = browser.post(reverse("interactions:preference-link-revoke", args=[customer.number])).content.decode()
    assert "No link opens at present." in gone
