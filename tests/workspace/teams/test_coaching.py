"""A supervisor's word about how a customer was served: the two of them read it, nobody else."""

import pytest
from django.urls import reverse

from crm.audit.models import Entry
from crm.staff.models import Notice
from customers.models import Coaching
from interactions.models import Interaction

MINE = reverse("teams:coaching")
TODAY = reverse("teams:today")


@pytest.fixture
def talk(bank, customer):
    return Interaction.objects.create(customer=customer, channel="phone", by=bank.owner, summary="问了装修进度")


def say(browser, customer, talk, **said):
    address = reverse("teams:say", args=[customer.number]) + f"?talk={talk.pk}"
    return browser.post(address, {"kind": "praise", "text": "问得真好", **said})


def test_praise_reaches_the_manager_and_nobody_else(bank, customer, talk, sign_in):
    assert say(sign_in(bank.supervisor), customer, talk).status_code == 302
    assert "问得真好" in sign_in(bank.owner).get(MINE).content.decode()
    assert "问得真好" in sign_in(bank.supervisor).get(MINE).content.decode()
    for other in (bank.colleague, bank.outsider):
        assert "问得真好" not in sign_in(other).get(MINE).content.decode()
    assert "问得真好" not in Notice.objects.get(user=bank.owner).text()


def test_it_stands_on_today_until_it_is_read(bank, customer, talk, sign_in):
    say(sign_in(bank.supervisor), customer, talk)
    browser = sign_in(bank.owner)
    assert "问得真好" in browser.get(TODAY).content.decode()
    browser.post(reverse("teams:read", args=[Coaching.objects.get().pk]))
    assert "问得真好" not in browser.get(TODAY).content.decode()
    assert "问得真好" in browser.get(MINE).content.decode()


def test_only_the_two_answer(bank, customer, talk, sign_in):
    say(sign_in(bank.supervisor), customer, talk)
    answer = reverse("teams:reply", args=[Coaching.objects.get().pk])
    assert sign_in(bank.colleague).post(answer, {"text": "x"}).status_code == 404
    assert sign_in(bank.owner).post(answer, {"text": "谢谢，下次也这样"}).status_code == 302
    assert sign_in(bank.owner).post(answer, {"text": ""}).status_code == 422
    assert "谢谢，下次也这样" in sign_in(bank.supervisor).get(MINE).content.decode()
    assert Notice.objects.filter(user=bank.supervisor).exists()


def test_what_a_supervisor_opens_for_it_is_audited(bank, customer, talk, sign_in):
    page = sign_in(bank.supervisor).get(reverse("teams:manager", args=[bank.owner.pk])).content.decode()
    assert "问了装修进度" in page
    assert Entry.objects.filter(action="list", actor_id=bank.supervisor.pk, object_ids__contains=[customer.pk]).exists()
    say(sign_in(bank.supervisor), customer, talk)
    assert Entry.objects.filter(object_type="coaching", object_ids__contains=[customer.pk]).exists()


def test_a_manager_of_another_branch_is_not_coached(bank, customer, talk, sign_in):
    browser = sign_in(bank.supervisor)
    assert browser.get(reverse("teams:manager", args=[bank.outsider.pk])).status_code == 404
    foreign = Interaction.objects.create(customer=customer, channel="visit", by=bank.outsider, summary="x")
    assert say(browser, customer, foreign).status_code == 404


def test_an_empty_word_is_refused_with_the_reason(bank, customer, talk, sign_in):
    assert say(sign_in(bank.supervisor), customer, talk, text="").status_code == 422
    assert not Coaching.objects.exists()
