"""Life events: as exact as is known, past or planned; health and children only with consent; proposals answered."""

from datetime import date, timedelta

import pytest
import time_machine as clock
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.dates import bank_day
from crm.lib.night import Night
from customers import consent, life_events
from customers.models import Consent, Features, LifeEvent, LifeKind, Precision
from customers.night.life import PROPOSE_LIFE_EVENTS

DAY = date(2026, 11, 24)
DATES = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@given(on=DATES, precision=st.sampled_from(Precision.values), day=DATES)
def test_a_plan_is_overdue_once_its_whole_time_is_over_and_not_before(on, precision, day):
    on = on.replace(day=1) if precision != "day" else on
    on = on.replace(month=1) if precision == "year" else on
    event = LifeEvent(kind="move", on=on, precision=precision, planned=True, state="confirmed")
    assert life_events.overdue(event, day) == (life_events.last_day(on, precision) < day)
    assert not life_events.overdue(LifeEvent(kind="move", on=on, precision=precision, state="confirmed"), day)
    assert life_events.last_day(on, precision) >= on


@given(kind=st.sampled_from(LifeKind.values), on=DATES, young=st.booleans())
def test_what_is_of_a_child_is_a_recent_birth_or_what_is_said_to_be(kind, on, young):
    child = life_events.of_child(kind, on, DAY, young=young)
    if kind == "birth":
        assert child == (date(2012, 12, 1) <= on < date(2026, 12, 1))
    else:
        assert child == (kind == "exam" and young)


@pytest.mark.parametrize(
    ("on", "precision", "planned", "words"),
    [
        (date(2028, 1, 1), "year", True, "year 2028, in about 2 years"),
        (date(2027, 6, 1), "month", True, "2027-06, in about 7 months"),
        (date(2024, 1, 1), "year", False, "year 2024"),
        (date(2026, 10, 3), "day", False, "2026-10-03"),
    ],
)
def test_when_is_said_as_exactly_as_it_is_known(on, precision, planned, words):
    from django.utils.translation import override

    with override("en"):
        assert life_events.when(LifeEvent(on=on, precision=precision, planned=planned), DAY) == words


def add(browser, customer, **data):
    form = {"year": str(bank_day().year), "confidence": "sure", **data}
    return browser.post(reverse("customers:life-add", args=[customer.number]), form)


def panel(browser, customer):
    return browser.get(reverse("customers:life", args=[customer.number])).content.decode()


def test_an_event_is_written_down_with_its_source_and_a_plan_with_a_year(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    kept = add(browser, customer, kind="retirement", year=str(bank_day().year + 2), planned="on", note="想早点退")
    assert kept.status_code == 200
    assert kept.headers["HX-Trigger"] == "customer-changed"
    page = panel(browser, customer)
    assert "in about 2 years" in page
    assert "想早点退" in page
    assert "said to the manager, 林悦" in page


def test_what_does_not_fit_keeps_what_was_typed(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    for wrong, error in (
        ({"year": str(bank_day().year - 2), "planned": "on"}, "This time is over"),
        ({"year": str(bank_day().year + 2)}, "This time is ahead"),
        ({"year": "2026", "month": "2", "day": "30"}, "This day does not exist"),
        ({"year": "2026", "day": "3"}, "A day needs its month"),
    ):
        answer = add(browser, customer, kind="move", note="城东", **wrong)
        assert answer.status_code == 422
        assert error in answer.content.decode()
        assert 'value="城东"' in answer.content.decode()
    assert not LifeEvent.objects.exists()


def test_illness_is_kept_only_with_its_own_consent_and_goes_with_it(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    refused = add(browser, customer, kind="illness", note="住院")
    assert refused.status_code == 422
    assert "Health is kept only with its own consent" in refused.content.decode()
    assert 'href="#policy-panel"' in refused.content.decode()
    assert not LifeEvent.objects.exists()
    consent.give(customer, life_events.SENSITIVE, means="written", by=bank.owner)
    assert add(browser, customer, kind="illness", note="住院").status_code == 200
    assert "illness" in panel(browser, customer)
    consent.withdraw(customer, life_events.SENSITIVE, means="phone", by=bank.owner)
    assert "illness" not in panel(browser, customer)
    assert not LifeEvent.objects.exists()


def test_a_birth_waits_for_the_guardian(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    assert add(browser, customer, kind="birth", note="女儿").status_code == 422
    assert not LifeEvent.objects.exists()
    assert add(browser, customer, kind="birth", note="女儿", guardian="张伟明", means="in_person").status_code == 200
    assert Consent.objects.get().guardian_name == "张伟明"
    assert add(browser, customer, kind="exam", young="on").status_code == 200  # it stands
    consent.withdraw(customer, consent.CHILD, means="phone", by=bank.owner)
    assert not LifeEvent.objects.exists()


def propose(day: date) -> int:
    with connection.cursor() as cursor:
        return PROPOSE_LIFE_EVENTS.publish(cursor, Night(run=1, day=day, full=False))


def test_the_night_proposes_a_house_from_a_new_loan_once_and_a_person_decides(bank, customer, sign_in):
    began = DAY - timedelta(days=40)
    Features.objects.create(customer=customer, mortgage_since=began)
    assert propose(DAY) == 1
    assert propose(DAY) == 0
    browser = sign_in(bank.owner)
    assert "house bought" not in panel(browser, customer)  # concluded from figures: only with the customer's consent
    consent.give(customer, life_events.PORTRAIT, means="phone", by=bank.owner)
    page = panel(browser, customer)
    assert "to be confirmed" in page
    assert f"A loan for a house began on {began.isoformat()}." in page
    event = LifeEvent.objects.get()
    decide = reverse("customers:life-decide", args=[customer.number, event.pk])
    assert browser.post(decide, {"said": "no"}).status_code == 200
    assert "house bought" not in panel(browser, customer)
    assert propose(DAY) == 0  # asked once
    assert browser.post(decide, {"said": "yes"}).status_code == 200  # too late: it stays decided
    event.refresh_from_db()
    assert event.state == "rejected"


def test_the_night_proposes_no_house_that_is_known_or_long_ago(bank, customer):
    Features.objects.create(customer=customer, mortgage_since=DAY - timedelta(days=90))
    assert propose(DAY) == 0
    Features.objects.update(mortgage_since=DAY - timedelta(days=10))
    life_events.add(customer, life_events.Told("house", DAY.replace(day=1), "month", False), by=bank.owner)
    assert propose(DAY) == 0


def test_an_overdue_plan_asks_what_became_of_it(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    next_year = bank_day().year + 1
    add(browser, customer, kind="move", year=str(next_year), planned="on")
    event = LifeEvent.objects.get()
    decide = reverse("customers:life-decide", args=[customer.number, event.pk])
    assert "what became of it" not in panel(browser, customer)
    with clock.travel(f"{next_year + 1}-02-01T10:00:00+08:00", tick=False):
        later = sign_in(bank.owner)
        assert "what became of it" in panel(later, customer)
        assert later.post(decide, {"said": "later"}).status_code == 200
        page = panel(later, customer)
        assert "what became of it" not in page
        assert f"year {next_year + 2}" in page
        assert later.post(decide, {"said": "happened"}).status_code == 200
        assert later.post(decide, {"said": "off"}).status_code == 200  # no plan any more
    event.refresh_from_db()
    assert not event.planned
    assert event.state == "confirmed"
    assert browser.post(decide, {"said": "x"}).status_code == 404
