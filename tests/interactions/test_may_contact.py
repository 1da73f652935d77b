"""Asking about one contact: what is kept for customers, what the bank sets, and how both are said on the page."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from crm.audit.models import Entry
from crm.lib.dates import bank_day, start_of_day
from crm.lib.night import Night, Part
from customers import consent
from interactions import complaints, policy_words, refusals
from interactions.contact_policy import Code
from interactions.models import ActiveHours, ChannelEvent, ContactLimit, ContactRules, ContactWish, Interaction
from interactions.night.hours import HOURS
from interactions.standing import may_contact, standing_of
from tests.factories import make_customer

CHANNELS = ("phone", "sms", "wechat", "email", "app", "visit")


@pytest.fixture
def willing(bank, customer):
    """A customer who agreed to offers by every channel and to a portrait."""
    for channel in CHANNELS:
        consent.give(customer, ("marketing", channel, ""), means="phone", by=bank.owner)
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    return customer


def at(hour, minute=0, *, days=0):
    return timezone.make_aware(datetime.combine(bank_day() + timedelta(days=days), time(hour, minute)))


def ask(customer, channel="sms", purpose="marketing", topic="", moment=None):
    return may_contact([customer.pk], channel, purpose, topic, moment or at(10))[customer.pk]


def codes(verdict):
    return [reason.code for reason in verdict.reasons]


def offered(customer, channel, *, days_ago=0):
    moment = timezone.now() - timedelta(days=days_ago)
    Interaction.objects.create(customer=customer, channel=channel, kind="marketing", at=moment)


def set_rules(*limits, **changed):
    usual = {"cap": 3, "days": 30, "quiet_from": time(21), "quiet_until": time(9), "reason": "test"}
    rules = ContactRules.objects.create(**usual | changed)
    for limit in limits:
        ContactLimit.objects.create(rules=rules, **limit)


def test_free_it_is_allowed_at_that_very_moment(willing):
    verdict = ask(willing)
    assert (verdict.allowed, verdict.reasons, verdict.next_free) == (True, (), at(10))


def test_never_asked_no_day_can_be_named(customer):
    verdict = ask(customer)
    assert (verdict.allowed, codes(verdict), verdict.next_free) == (False, [Code.CHANNEL_UNASKED], None)


def test_service_goes_on_and_care_keeps_quiet_hours_and_mourning(bank, willing):
    complaints.receive(willing, text="queued", by=bank.agent)
    refusals.pause(willing, "bereavement", bank_day() + timedelta(days=30), by=bank.owner)
    for _n in range(4):
        offered(willing, "sms")
    assert ask(willing, purpose="service", moment=at(23)).allowed
    assert codes(ask(willing, purpose="care", moment=at(23))) == [Code.PAUSED, Code.QUIET_HOURS]
    assert codes(ask(willing)) == [Code.COMPLAINT_OPEN, Code.PAUSED, Code.BUDGET_SPENT]
    willing.status = "deceased"
    willing.save()
    assert codes(ask(willing, purpose="service")) == [Code.NOT_SERVED]


def test_a_channel_has_a_limit_of_its_own_besides_the_one_over_all(willing):
    set_rules({"channel": "sms", "cap": 1, "days": 10})
    offered(willing, "sms", days_ago=2)
    verdict = ask(willing)
    assert codes(verdict) == [Code.CHANNEL_BUDGET_SPENT]
    assert verdict.next_free == at(9, days=8)
    with translation.override("en"):
        said = policy_words.sentence(verdict.reasons[0])
    assert "1 of 1 offers by SMS within 10 days are used" in said
    assert ask(willing, "phone").allowed
    assert standing_of(willing, bank_day()).channel_budgets["sms"].spent


def test_a_window_longer_than_the_usual_one_is_read_as_far_back(willing):
    set_rules({"channel": "phone", "cap": 1, "days": 90})
    offered(willing, "phone", days_ago=80)
    assert codes(ask(willing, "phone")) == [Code.CHANNEL_BUDGET_SPENT]


def test_zero_is_none_and_unlimited_is_said_explicitly(willing):
    set_rules({"channel": "sms", "cap": 0, "days": 10}, cap=None, unlimited=True)
    for _n in range(9):
        offered(willing, "phone")
    assert ask(willing, "phone").allowed
    verdict = ask(willing)
    assert (codes(verdict), verdict.next_free) == ([Code.CHANNEL_BUDGET_SPENT], None)
    with pytest.raises(IntegrityError, match="contact_rules_bound"), transaction.atomic():
        set_rules(cap=None)
    with pytest.raises(IntegrityError, match="contact_rules_bound"), transaction.atomic():
        set_rules(cap=3, unlimited=True)


def test_quiet_hours_are_a_channels_own_and_the_customers_wish_wins(willing):
    set_rules({"channel": "phone", "cap": 9, "days": 1, "quiet_from": time(18), "quiet_until": time(10)})
    evening = at(19)
    assert codes(ask(willing, "phone", moment=evening)) == [Code.QUIET_HOURS]
    assert ask(willing, "sms", moment=evening).allowed
    ContactWish.objects.create(customer=willing, quiet_from=time(9), quiet_until=time(17))
    assert ask(willing, "phone", moment=evening).allowed
    asked = ask(willing, "sms", moment=at(11))
    assert (codes(asked), asked.next_free) == ([Code.QUIET_HOURS], at(17))


def test_it_is_quiet_by_the_customers_clock(willing):
    ContactWish.objects.create(customer=willing, time_zone="Europe/Prague")
    noon_in_shanghai = at(12)  # five or six in the morning in Prague
    verdict = ask(willing, moment=noon_in_shanghai)
    assert codes(verdict) == [Code.QUIET_HOURS]
    assert verdict.next_free.astimezone(ZoneInfo("Europe/Prague")).hour == 9
    assert ask(willing, moment=at(20)).allowed


def events(customer, *hours, channel="mobile"):
    for n, hour in enumerate(hours):
        moment = start_of_day(bank_day() - timedelta(days=1 + n)) + timedelta(hours=hour, minutes=5)
        reference = f"{customer.pk}-{channel}-{n}"
        ChannelEvent.objects.create(customer=customer, channel=channel, kind="login", at=moment, reference=reference)


def night_of_hours():
    with connection.cursor() as cursor:
        return HOURS.work(cursor, Night(run=1, day=bank_day(), full=False), Part(1, 10**9))


def test_what_is_written_waits_for_the_hours_in_which_the_customer_looks(bank, willing):
    events(willing, 7, 19, 19, 20, 20, 20)
    assert night_of_hours() == 1
    assert ActiveHours.objects.get().hours == [7, 19, 20]
    assert night_of_hours() == 0
    verdict = ask(willing, "app")
    assert (codes(verdict), verdict.next_free) == ([Code.INACTIVE_HOURS], at(19))  # seven is quiet
    assert ask(willing, "app", moment=at(20, 30)).allowed
    assert ask(willing, "phone").allowed
    consent.withdraw(willing, ("profiling", "", ""), means="phone", by=bank.owner)
    assert ask(willing, "app").allowed  # what they do is no longer looked at


def test_few_looks_say_nothing_and_hours_of_long_ago_are_gone(willing):
    events(willing, 19, 19, 20)
    events(willing, 3, 3, 3, 3, 3, 3, channel="atm")
    assert night_of_hours() == 0
    ActiveHours.objects.create(customer=willing, hours=[22])
    night_of_hours()
    assert not ActiveHours.objects.exists()


def test_the_preferred_channel_is_advised_unless_refused(bank, willing):
    willing.preferred_channel = "wechat"
    willing.save()
    assert ask(willing, "sms").prefer == "wechat"
    assert ask(willing, "wechat").prefer == ""
    consent.withdraw(willing, ("marketing", "wechat", ""), means="phone", by=bank.owner)
    assert ask(willing, "sms").prefer == ""


def test_one_thing_after_the_other_the_next_moment_is_behind_all(bank, willing):
    refusals.refuse(willing, "fund", by=bank.owner)  # 45 days
    refusals.pause(willing, "wish", bank_day() + timedelta(days=60), by=bank.owner)
    assert ask(willing, topic="fund").next_free == at(9, days=60)
    assert ask(willing, topic="card", moment=at(23)).next_free == at(9, days=60)


def test_thousands_cost_as_many_queries_as_one(bank, willing):
    others = [make_customer(f"6203{n:08d}", "魏紫薇", bank.branch, owner=bank.owner).pk for n in range(5)]
    with CaptureQueriesContext(connection) as queries:
        verdicts = may_contact([willing.pk, *others, 10**9], "sms", "marketing", "", at(10))
    assert len(queries) == 3
    assert list(verdicts) == [willing.pk, *others]
    assert [verdict.allowed for verdict in verdicts.values()] == [True] + [False] * 5


def test_the_page_says_it_all_in_words(willing, sign_in, bank):
    set_rules({"channel": "sms", "cap": 2, "days": 30})
    offered(willing, "sms")
    events(willing, 19, 19, 20, 20, 20, 20)
    night_of_hours()
    willing.preferred_channel = "wechat"
    willing.save()
    page = sign_in(bank.owner).get(reverse("interactions:policy", args=[willing.number])).content.decode()
    assert "1 of 3 used, next free" in page
    assert "SMS: 1 of 2 used" in page
    assert "21:00–09:00" in page
    assert "19:00–21:00" in page
    assert "WeChat" in page


def test_an_offer_outside_the_policy_is_kept_and_said(bank, customer, sign_in):
    complaints.receive(customer, text="queued", by=bank.agent)
    owner = sign_in(bank.owner)
    told = {"channel": "phone", "kind": "marketing", "summary": "Told of the fund", "outcome": "talked"}
    check = reverse("interactions:log-check", args=[customer.number])
    assert "is open: sales wait" in owner.post(check, told).content.decode()
    assert owner.post(check, told | {"kind": "service"}).content.decode().strip() == ""
    assert owner.post(check, told | {"direction": "in"}).content.decode().strip() == ""
    kept = owner.post(reverse("interactions:log", args=[customer.number]), told)
    assert kept.status_code == 200
    assert "Outside the contact policy" in kept.content.decode()
    assert Interaction.objects.get().summary == "Told of the fund"
    again = owner.post(reverse("interactions:log", args=[customer.number]), told | {"kind": "service"})
    assert "Outside the contact policy" not in again.content.decode()


# In the admin


def rules_form(**changed):
    empty = {"limits-TOTAL_FORMS": "1", "limits-INITIAL_FORMS": "0", "limits-0-channel": "", "limits-0-days": "30"}
    usual = {
        "cap": "2",
        "days": "14",
        "rest_days": "60",
        "quiet_from": "20:00",
        "quiet_until": "10:00",
        "reason": "calm",
    }
    return empty | usual | changed


def test_the_admin_sets_rules_that_hold_from_now_on_and_every_version_stays(bank, customer, sign_in):
    admin, url = sign_in(bank.admin), reverse("admin:interactions_contactrules_add")
    assert 'value="3"' in admin.get(url).content.decode()  # begins as what is in force
    limit = {"limits-0-channel": "sms", "limits-0-cap": "1", "limits-0-days": "7"}
    assert admin.post(url, rules_form(**limit)).status_code == 302
    budget = standing_of(customer, bank_day()).budget
    assert budget.cap == 2
    assert standing_of(customer, bank_day()).channel_budgets["sms"].cap == 1
    assert refusals.refuse(customer, "fund", by=bank.owner).until == bank_day() + timedelta(days=60)
    assert Entry.objects.filter(object_type="contactrules", action="create", actor_id=bank.admin.pk).exists()
    assert admin.post(url, rules_form(cap="", unlimited="on")).status_code == 302
    assert standing_of(customer, bank_day()).budget.cap is None
    assert ContactRules.objects.count() == 2
    first = reverse("admin:interactions_contactrules_change", args=[ContactRules.objects.order_by("pk")[0].pk])
    assert admin.post(first, rules_form()).status_code == 403
    assert "calm" in admin.get(reverse("admin:interactions_contactrules_changelist")).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cap": ""}, "A number (0: none at all)"),
        ({"unlimited": "on"}, "Either a number or unlimited"),
        ({"days": "0"}, "From 1 to 366 days"),
        ({"reason": ""}, "required"),
    ],
)
def test_rules_that_say_nothing_clear_are_refused_at_the_field(bank, sign_in, changed, said):
    answer = sign_in(bank.admin).post(reverse("admin:interactions_contactrules_add"), rules_form(**changed))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ContactRules.objects.exists()
