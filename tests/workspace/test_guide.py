"""Help where one stands, and the tour of the first day."""

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from crm.staff.models import Tour
from crm.workspace.guide.topics import NAMES
from crm.workspace.guide.tour import BY_ROLE, steps_for
from tests.factories import make_customer


@pytest.mark.parametrize("topic", sorted(NAMES))
def test_each_topic_has_a_text_as_a_page_and_for_the_dialog(topic, bank, sign_in):
    browser = sign_in(bank.owner)
    page = browser.get(reverse("help", args=[topic]))
    assert page.status_code == 200
    dialog = browser.get(reverse("help", args=[topic]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert "<h2>" in dialog
    assert "Show me around" in dialog


def test_a_topic_nobody_wrote_is_not_there(bank, sign_in):
    assert sign_in(bank.owner).get(reverse("help", args=["nothing"])).status_code == 404


def test_the_question_mark_knows_the_page(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    for address, topic in ((reverse("today"), "today"), (reverse("customer", args=[customer.number]), "customer")):
        assert f'href="/help/{topic}/"' in browser.get(address).content.decode()
    assert 'href="/help/start/"' in browser.get(reverse("notices")).content.decode()
    assert browser.get("/no-such-page/").status_code == 404


@pytest.mark.parametrize("role", [role for role, _steps in BY_ROLE])
def test_each_role_can_open_every_page_of_its_tour_and_ends_where_it_was(role, bank, sign_in):
    person = next(one for one in bank.actors().values() if role in one.roles)
    make_customer("620300000001", "魏紫薇", bank.branch, owner=bank.owner)
    browser, steps = sign_in(person), steps_for(person)
    assert 4 <= len(steps) <= 6
    answer = browser.post(reverse("tour"), {"act": "start"})
    for number, step in enumerate(steps, start=1):
        assert resolve(answer.url).view_name == step.page
        body = browser.get(answer.url).content.decode()
        assert f"step {number} of {len(steps)}" in body
        with override("en"):
            assert str(step.title) in body
        answer = browser.post(reverse("tour"), {"act": "next", "next": "/notices/"})
    assert answer.url == "/notices/"
    person.refresh_from_db()
    assert person.tour == Tour.DONE
    assert 'id="tour"' not in browser.get("/notices/").content.decode()


def test_it_comes_by_itself_on_the_first_day_and_not_again_once_left(bank, sign_in, settings):
    bank.owner.tour = Tour.NEW
    bank.owner.save()
    browser = sign_in(bank.owner)
    settings.FIRST_DAY_TOUR = False
    assert 'id="tour"' not in browser.get(reverse("today")).content.decode()
    settings.FIRST_DAY_TOUR = True
    assert "step 1 of 6" in browser.get(reverse("today")).content.decode()
    browser.post(reverse("tour"), {"act": "next"})
    assert browser.post(reverse("tour"), {"act": "leave", "next": "//elsewhere.example/"}).url == "/"
    assert 'id="tour"' not in browser.get(reverse("today")).content.decode()
    assert "Go on with the tour" in browser.get(reverse("help", args=["today"])).content.decode()
    browser.post(reverse("tour"), {"act": "resume"})
    assert "step 2 of 6" in browser.get(reverse("today")).content.decode()
    assert browser.post(reverse("tour"), {"act": "jump"}).status_code == 404


def test_a_manager_without_customers_is_shown_the_list_instead(bank, sign_in):
    bank.owner.tour, bank.owner.tour_step = Tour.ON, 2
    bank.owner.save()
    assert sign_in(bank.owner).post(reverse("tour"), {"act": "next"}).url == reverse("customers:list")
    assert "Before you meet" in sign_in(bank.owner).get(reverse("customers:list")).content.decode()
