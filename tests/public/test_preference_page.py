"""The preference centre: closing at once, opening only with the code that went to the customer."""

import re
from datetime import time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from crm.audit.models import Entry
from customers import consent
from interactions import refusals
from interactions.contact_policy import Code
from interactions.models import ContactWish, PreferenceCode
from interactions.preferences.links import make_link, revoke_link
from interactions.standing import reasons_against, standing_of
from tests.factories import make_customer

ALL_TOPICS = ["deposit", "wealth", "fund", "insurance", "pension", "education", "house", "loan", "card", "fx",
              "business", "activity"]  # fmt: skip


@pytest.fixture
def mailed(bank, settings):
    """A customer with an e-mail address who agreed to SMS, WeChat and personal suggestions."""
    settings.CODE_SENDERS = ["interactions.preferences.sending.by_mail"]
    made = make_customer("620100000009", "李敏", bank.branch, owner=bank.owner, email="li@example.com",
                         phone="+8613800138009")  # fmt: skip
    for topic in (("marketing", "sms", ""), ("marketing", "wechat", ""), ("profiling", "", "")):
        consent.give(made, topic, means="phone", by=bank.owner)
    return made


@pytest.fixture
def path(bank, mailed, path_of):
    return path_of(make_link(mailed, by=bank.owner).address)


def wishes(**changes):
    return {"channels": ["sms", "wechat"], "topics": ALL_TOPICS, "hours": "any", "personal": "on", "surveys": "on",
            "preferred": ""} | changes  # fmt: skip


def code_of_mail() -> str:
    return re.search(r"\d{6}", mail.outbox[-1].body).group()


def refused(customer) -> frozenset[str]:
    return standing_of(customer, timezone.localdate()).refused_channels


def test_the_page_shows_what_stands_and_nobody(public, path, mailed):
    page = public.get(path + "?lang=en").content.decode()
    assert re.search(r'value="sms"[^>]*checked', page)
    assert not re.search(r'value="phone"[^>]*checked', page)
    for secret in (mailed.name, mailed.number, "8009", "li@", "林悦"):
        assert secret not in page


def test_closing_needs_no_code_and_counts_at_once(public, path, mailed):
    saved = public.post(path + "?lang=en", wishes(
        channels=["wechat"], topics=[one for one in ALL_TOPICS if one != "insurance"], hours="morning", personal="",
        surveys="", preferred="wechat",
    ))  # fmt: skip
    assert "Offers by SMS: no" in saved.content.decode()
    assert not mail.outbox
    standing = standing_of(mailed, timezone.localdate())
    assert refused(mailed) == {"sms"}
    assert standing.resting == {"insurance": None, "survey": None}
    wish = ContactWish.objects.get()
    assert (wish.quiet_from, wish.quiet_until) == (time(12), time(9))
    mailed.refresh_from_db()
    assert mailed.preferred_channel == "wechat"
    answers = consent.standings(mailed.consents.all(), {})
    assert answers["profiling", "", ""].answer is consent.Answer.WITHDRAWN
    done = Entry.objects.filter(object_type="customer", object_label=mailed.number, actor_label__startswith="customer ")
    assert {entry.actor_label for entry in done} == {f"customer {mailed.number}"}
    assert done.count() == 6


def test_chosen_hours_hold_for_every_offer(public, path, mailed):
    public.post(path, wishes(hours="morning"))
    day = timezone.localtime().replace(hour=10, minute=0)

    def quiet_until(hour):
        found = reasons_against(mailed, channel="sms", moment=day.replace(hour=hour))
        return [reason.facts["until"].hour for reason in found if reason.code is Code.QUIET_HOURS]

    assert (quiet_until(10), quiet_until(15), quiet_until(22)) == ([], [9], [9])


def test_no_offers_at_all_is_one_tap(public, path, mailed):
    assert "No offers at all any more" in public.post(path + "?lang=en", {"nothing": "1"}).content.decode()
    assert refused(mailed) == {"phone", "sms", "wechat", "email", "app", "visit"}


def test_opening_waits_for_the_code(public, path, mailed):
    page = public.post(path + "?lang=en", wishes(channels=["wechat", "phone"])).content.decode()
    assert "Offers by SMS: no" in page
    assert "Offers by phone: yes" in page
    assert "your e-mail address" in page
    assert "li@" not in page
    assert "phone" not in {
        topic[1] for topic, one in consent.standings(mailed.consents.all(), {}).items() if one.allows
    }
    done = public.post(path + "code/?lang=en", {"code": code_of_mail()})
    assert "Offers by phone: yes" in done.content.decode()
    answers = consent.standings(mailed.consents.all(), {})
    assert answers["marketing", "phone", ""].allows
    assert answers["marketing", "phone", ""].consent.recorded_by is None
    again = public.post(path + "code/?lang=en", {"code": code_of_mail()})
    assert again.status_code == 422


def test_a_topic_reopens_with_the_code(public, path, mailed, bank):
    refusals.refuse(mailed, "fund", by=bank.owner)
    public.post(path, wishes())
    assert "fund" in standing_of(mailed, timezone.localdate()).resting
    public.post(path + "code/", {"code": code_of_mail()})
    assert "fund" not in standing_of(mailed, timezone.localdate()).resting


def test_five_wrong_codes_end_it(public, path, mailed):
    public.post(path, wishes(channels=["sms", "wechat", "phone"]))
    right = code_of_mail()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        assert f"{left} more times" in public.post(path + "code/?lang=en", {"code": wrong}).content.decode()
    assert "counts no more" in public.post(path + "code/?lang=en", {"code": wrong}).content.decode()
    assert public.post(path + "code/", {"code": right}).status_code == 422
    assert "phone" not in {
        topic[1] for topic, one in consent.standings(mailed.consents.all(), {}).items() if one.allows
    }


def test_a_code_ends_after_ten_minutes_and_an_old_one_with_the_next(public, path):
    public.post(path, wishes(channels=["sms", "wechat", "phone"]))
    first = code_of_mail()
    public.post(path, wishes(channels=["sms", "wechat", "visit"]))
    if code_of_mail() != first:
        assert public.post(path + "code/", {"code": first}).status_code == 422
    PreferenceCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert public.post(path + "code/", {"code": code_of_mail()}).status_code == 422


def test_codes_are_sent_three_an_hour_at_most(public, path):
    for _time in range(5):
        last = public.post(path + "?lang=en", wishes(channels=["sms", "wechat", "phone"])).content.decode()
    assert len(mail.outbox) == 3
    assert "Too many codes" in last


def test_who_cannot_be_sent_a_code_is_told_where_to_ask_and_closing_still_works(
    public, bank, customer, path_of, settings
):
    settings.CODE_SENDERS = ["interactions.preferences.sending.by_mail"]
    consent.give(customer, ("marketing", "sms", ""), means="phone", by=bank.owner)
    path = path_of(make_link(customer, by=bank.owner).address)
    page = public.post(path + "?lang=en", wishes(channels=["phone"], personal="")).content.decode()
    assert "tell us at the branch" in page
    assert refused(customer) == {"sms"}


def test_the_phone_stands_nowhere(public, bank, customer, path_of, settings):
    settings.CODE_SENDERS = ["interactions.preferences.sending.to_console"]
    path = path_of(make_link(customer, by=bank.owner).address)
    page = public.post(path + "?lang=en", wishes(channels=["phone"], personal="")).content.decode()
    assert "ending in 00" in page
    assert "138" not in page
    assert "8000" not in page


def test_links_that_open_nothing_look_alike(public, bank, mailed, customer, path_of):
    now = timezone.now()
    expired = path_of(make_link(mailed, by=bank.owner, now=now - timedelta(days=60)).address)
    replaced = path_of(make_link(mailed, by=bank.owner).address)
    revoked = path_of(make_link(mailed, by=bank.owner).address)
    revoke_link(mailed, by=bank.owner)
    restricted = path_of(make_link(customer, by=bank.owner).address)
    customer.status = "restricted"
    customer.save()
    paths = [expired, replaced, revoked, restricted, "/p/guess.guess/", revoked[:-3] + "/"]
    pages = {one: public.get(one) for one in paths}
    assert {page.status_code for page in pages.values()} == {404}
    assert len({re.sub(r"href=.[^>]*lang=en.", "", page.content.decode()) for page in pages.values()}) == 1
    assert public.post(revoked, {"nothing": "1"}).status_code == 404
    assert public.post(revoked + "code/", {"code": "123456"}).status_code == 404
    assert refused(mailed) == frozenset()
