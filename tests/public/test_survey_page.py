"""A survey's link: opened by anybody, answered once, and silent about why it opens nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.links import new_link
from crm.staff.models import Notice
from interactions.models import Complaint, Interaction, Survey
from interactions.preferences.links import make_link
from interactions.satisfaction.inviting import invite

ENGLISH = "?lang=en"


@pytest.fixture
def visit(bank, customer):
    return Interaction.objects.create(customer=customer, channel="visit", by=bank.owner)


@pytest.fixture
def invited(bank, visit):
    return invite(visit, by=bank.owner)


def test_the_page_asks_one_question_and_tells_nothing_of_the_customer(public, path_of, invited, customer):
    page = public.get(path_of(invited.link) + ENGLISH)
    text = page.content.decode()
    assert "How satisfied were you with your last visit?" in text
    assert "城南支行" in text
    for secret in (customer.name, customer.number, "林悦", "R1001", "8000"):
        assert secret not in text
    assert "<script" not in text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert not page.cookies


def test_scanners_and_previews_use_nothing_up_and_an_answer_does(public, path_of, invited):
    path = path_of(invited.link)
    for _time in range(5):
        assert public.head(path).status_code == 200
        assert public.get(path, HTTP_PURPOSE="prefetch").status_code == 200
    thanks = public.post(path + ENGLISH, {"score": "5", "text": " 很好 "})
    assert "Your answer has arrived." in thanks.content.decode()
    survey = Survey.objects.get()
    assert (survey.score, survey.text, survey.language, survey.formula) == (5, "很好", "en", 1)
    assert not Complaint.objects.exists()
    again = public.post(path + ENGLISH, {"score": "1"})
    assert again.status_code == 404
    assert Survey.objects.get().score == 5
    entry = Entry.objects.get(object_type="survey answer")
    assert entry.actor_label == "customer 620100000001"
    assert entry.actor_id is None


@pytest.mark.parametrize("score", ["", "0", "6", "x", "-1", "４０"])
def test_a_number_off_the_scale_is_asked_again_with_what_was_typed(public, path_of, invited, score):
    page = public.post(path_of(invited.link) + ENGLISH, {"score": score, "text": "long queue"})
    assert page.status_code == 422
    assert "Please choose a number." in page.content.decode()
    assert "long queue" in page.content.decode()
    assert public.post(path_of(invited.link), {"score": "4"}).status_code == 200


def test_every_link_that_opens_nothing_gets_the_same_page(public, path_of, bank, visit, customer):
    now = timezone.now()
    expired = path_of(invite(visit, by=bank.owner, now=now - timedelta(days=200)).link)
    Survey.objects.all().delete()
    replaced = path_of(invite(visit, by=bank.owner).link)
    used = path_of(invite(visit, by=bank.owner).link)
    public.post(used, {"score": "5"})
    good_id, _dot, signature = used.removeprefix("/s/").rstrip("/").partition(".")
    links = [
        expired, replaced, used,
        f"/s/{good_id}.{signature[:-1]}x/", f"/s/x{good_id[1:]}.{signature}/", f"/s/{good_id}/", "/s/1/", "/s/%00/",
        f"/s/{new_link('zhike.survey')[0]}/",  # signed by us, never handed out
        path_of(make_link(customer, by=bank.owner).address).replace("/p/", "/s/"),  # a link of the other kind
        "/s/", "/", "/customers/", "/admin/", "/sign-in/",
    ]  # fmt: skip
    answers = {path: public.get(path) for path in links}
    assert {answer.status_code for answer in answers.values()} == {404}
    bodies = {re.sub(r"href=.[^>]*lang=en.", "", answer.content.decode()) for answer in answers.values()}
    assert len(bodies) == 1
    assert {public.post(path, {"score": "5"}).status_code for path in links} == {404}


def test_who_guesses_is_shut_out_for_a_while_with_the_same_page(public, path_of, invited, settings):
    settings.PUBLIC_WRONG_OF_ONE = 3
    good = path_of(invited.link)
    for _time in range(3):
        assert public.get(good).status_code == 200
        public.get("/s/guess/", REMOTE_ADDR="10.1.1.1")
    assert public.get(good, REMOTE_ADDR="10.1.1.1").status_code == 404
    assert public.post(good, {"score": "1"}, REMOTE_ADDR="10.1.1.1").status_code == 404
    assert public.get(good, REMOTE_ADDR="10.1.1.2").status_code == 200


def test_many_wrong_links_together_are_told_to_who_keeps_watch(public, settings, caplog):
    settings.PUBLIC_WRONG_OF_ALL = 4
    for number in range(6):
        public.get("/s/guess/", REMOTE_ADDR=f"10.1.1.{number}")
    assert [record.name for record in caplog.records if "guesses" in record.message] == ["zhike.public"]


def test_a_low_answer_opens_a_case_at_once_and_not_with_the_person_concerned(public, path_of, bank, invited, customer):
    thanks = public.post(path_of(invited.link) + ENGLISH, {"score": "2", "text": "等了一小时，没人解释"})
    assert "not be the person concerned" in thanks.content.decode()
    case = Complaint.objects.get()
    assert "等了一小时，没人解释" in case.text
    assert case.about == bank.owner
    assert case.handler == bank.supervisor
    assert Survey.objects.get().case == case
    told = {notice.user: notice.text() for notice in Notice.objects.all()}
    assert set(told) == {bank.owner, bank.supervisor}
    assert case.number in told[bank.owner]
    assert Entry.objects.get(object_type="complaint").actor_label == "customer 620100000001"


@pytest.mark.parametrize(
    ("kind", "score", "low"),
    [("csat", 3, False), ("csat", 1, True), ("nps", 0, True), ("nps", 6, True), ("nps", 7, False), ("ces", 6, True),
     ("ces", 5, False), ("ces", 1, False)],
)  # fmt: skip
def test_what_is_low_on_each_scale(public, path_of, bank, visit, kind, score, low):
    public.post(path_of(invite(visit, by=bank.owner, kind=kind).link), {"score": score})
    assert Survey.objects.get().score == score
    assert Complaint.objects.exists() is low


def test_robots_are_turned_away(public):
    assert b"Disallow: /" in public.get("/robots.txt").content
    assert public.get("/healthz").content == b"ok"
