"""What is still to learn: one question with its reason, answered in a tap, never asked again once declined."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.dates import bank_day
from customers import consent, facts, knowing, life_events
from customers.models import Customer, Fact, Features
from tests.factories import make_customer

NAMES = st.frozensets(st.sampled_from(sorted(knowing.BY_NAME)))
KNOWN = st.builds(
    knowing.Known,
    told=NAMES,
    resting=NAMES,
    events=st.frozensets(st.sampled_from(["house", "marriage", "job", "birth"])),
    age=st.none() | st.integers(0, 100),
    children=st.sampled_from(["", "none", "one", "more", "grown"]),
    child_may_be_asked=st.booleans(),
    mortgage=st.booleans(),
    falling=st.booleans(),
    near_upgrade=st.booleans(),
    saving_months=st.integers(0, 12),
    business=st.booleans(),
)


@given(known=KNOWN)
def test_nothing_is_asked_that_is_known_declined_left_for_later_or_makes_no_sense(known):
    question = knowing.next_question(known)
    left = [name for name in knowing.BY_NAME if name not in known.told | known.resting and knowing.applies(name, known)]
    if question is None:
        assert left == []
    else:
        assert question.fact.name in left
    if not (known.child_may_be_asked and known.children in ("one", "more")):
        assert question is None or question.fact.name != "child_study"


@given(known=KNOWN)
def test_every_answer_makes_the_picture_more_complete_until_it_is_whole(known):
    before = knowing.completeness(known)
    assert 0 <= before <= 100
    for _step in range(len(knowing.FACTS) + 1):
        question = knowing.next_question(known)
        if question is None:
            break
        known = knowing.Known(**{**vars(known), "told": known.told | {question.fact.name}})
        assert knowing.completeness(known) > before
        before = knowing.completeness(known)
    assert knowing.next_question(known) is None


def test_what_happened_decides_what_is_asked_first():
    basics = frozenset({"preferred_channel"})
    ask = knowing.next_question
    assert ask(knowing.Known()).fact.name == "preferred_channel"
    house = ask(knowing.Known(told=basics, mortgage=True))
    assert (house.fact.name, house.why) == ("children", knowing.Why.HOUSE)
    assert ask(knowing.Known(told=basics, falling=True)).fact.name == "elsewhere"
    assert ask(knowing.Known(told=basics, saving_months=10)).fact.name == "goal"
    assert ask(knowing.Known(told=basics, age=55)).fact.name == "pension"
    assert ask(knowing.Known(told=basics, age=25)).why is knowing.Why.WHOLE


def test_all_nine_cells_have_something_to_learn_and_every_fact_has_a_rule():
    assert {(fact.area, fact.time) for fact in knowing.FACTS} == {
        (area, time) for area in knowing.Area for time in knowing.Time
    }
    assert {name for name, _why, _timely in knowing.RULES} == set(knowing.BY_NAME)
    assert all(len(fact.name) <= 24 for fact in knowing.FACTS)


@pytest.fixture
def reachable(customer):
    customer.preferred_channel = "phone"
    customer.save()
    return customer


def panel(browser, customer, ask=""):
    return browser.get(reverse("customers:learning", args=[customer.number]), {"ask": ask}).content.decode()


def answer(browser, customer, **data):
    return browser.post(reverse("customers:learning-answer", args=[customer.number]), data)


def test_one_tap_keeps_the_answer_with_its_source_date_and_confidence(bank, reachable, sign_in):
    browser = sign_in(bank.owner)
    Features.objects.create(customer=reachable, saving_months_12=10)
    consent.give(reachable, life_events.PORTRAIT, means="phone", by=bank.owner)
    page = panel(browser, reachable)
    assert "Is there something you are saving for?" in page
    assert "Money was put aside in 10 of the last 12 months." in page
    kept = answer(browser, reachable, fact="goal", value="education")
    assert kept.headers["HX-Trigger"] == "customer-changed"
    page = panel(browser, reachable)
    assert "Is there something you are saving for?" not in page
    assert f'said to the manager, 林悦, <span class="nw">{bank_day().isoformat()}</span>, sure' in page
    row = Fact.objects.get(name="goal")
    assert (row.value, row.source, row.on, row.by) == ("education", "manager", bank_day(), bank.owner)
    assert answer(browser, reachable, fact="goal", value="yacht").status_code == 422
    assert answer(browser, reachable, fact="shoe_size", value="42").status_code == 404


def test_the_figures_decide_nothing_without_consent(bank, reachable, sign_in):
    Features.objects.create(customer=reachable, saving_months_12=10)
    page = panel(sign_in(bank.owner), reachable)
    assert "put aside" not in page


def test_declined_is_never_asked_again_and_counts_as_known(bank, reachable, sign_in):
    browser = sign_in(bank.owner)
    before = facts.read(reachable, bank_day()).complete
    answer(browser, reachable, fact="elsewhere", declined="1")
    answer(browser, reachable, fact="income_band", declined="1")
    reachable.refresh_from_db()
    assert set(reachable.declined) == {"elsewhere", "income_band"}
    picture = facts.read(reachable, bank_day())
    assert picture.complete > before
    assert "declined to say, not asked again" in panel(browser, reachable)
    answer(browser, reachable, fact="elsewhere", value="some")  # told after all
    assert "elsewhere" not in Customer.objects.get(pk=reachable.pk).declined


def test_not_now_rests_for_a_month_and_forgets_nothing(bank, reachable, sign_in):
    browser = sign_in(bank.owner)
    first = facts.read(reachable, bank_day()).question.fact
    answer(browser, reachable, fact=first.name, later="1")
    assert facts.read(reachable, bank_day()).question.fact != first
    again = facts.read(reachable, bank_day() + timedelta(days=facts.LATER_DAYS))
    assert again.question.fact == first
    answer(browser, reachable, fact="goal", value="house")
    answer(browser, reachable, fact="goal", later="1")
    assert Fact.objects.get(name="goal").value == "house"


def test_a_column_keeps_its_value_and_gets_its_provenance(bank, reachable, sign_in):
    browser = sign_in(bank.owner)
    answer(browser, reachable, fact="occupation", value="工程师")
    reachable.refresh_from_db()
    assert reachable.occupation == "工程师"
    told = next(one for one in facts.read(reachable, bank_day()).learnt if one.fact.name == "occupation")
    assert (told.by, told.on) == ("林悦", bank_day())
    # A file brings another one: it is no longer what the manager was told.
    Customer.objects.filter(pk=reachable.pk).update(occupation="教师")
    read = facts.read(Customer.objects.get(pk=reachable.pk), bank_day())
    told = next(one for one in read.learnt if one.fact.name == "occupation")
    assert (told.value, told.by, told.on) == ("教师", "", None)


def test_an_answer_does_not_go_over_another_that_came_meanwhile(bank, reachable, sign_in):
    page = panel(sign_in(bank.owner), reachable, ask="employer")
    stamp = page.split('name="opened" value="')[1].split('"')[0]
    Customer.objects.filter(pk=reachable.pk).update(employer="联创贸易")
    refused = answer(sign_in(bank.owner), reachable, fact="employer", value="宏基建设", opened=stamp)
    assert refused.status_code == 422
    assert 'value="宏基建设"' in refused.content.decode()
    assert Customer.objects.get(pk=reachable.pk).employer == "联创贸易"


def test_nothing_is_asked_about_a_child_before_its_guardian_agreed(bank, reachable, sign_in):
    browser = sign_in(bank.owner)
    answer(browser, reachable, fact="children", value="one")
    assert answer(browser, reachable, fact="child_study", value="abroad").status_code == 422
    consent.give(reachable, consent.CHILD, means="phone", by=bank.owner, guardian="刘芳")
    page = panel(browser, reachable)
    assert "Shall the child study abroad one day?" in page
    assert answer(browser, reachable, fact="child_study", value="abroad").status_code == 200
    consent.withdraw(reachable, consent.CHILD, means="phone", by=bank.owner)
    assert not Fact.objects.filter(name="child_study").exists()
    child = make_customer("620100000009", "张可", bank.branch, owner=bank.owner, birth_date=date(2020, 1, 1))
    assert "Nothing needs to be asked now" in panel(browser, child)
    assert answer(browser, child, fact="origin", value="here").status_code == 422
