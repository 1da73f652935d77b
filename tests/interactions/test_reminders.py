"""What people do with reminders."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone, translation

from crm.audit.models import Entry
from crm.lib.dates import start_of_day
from crm.staff.cover import give_cover
from customers.models import Customer, Membership, Segment
from interactions import cadence, reminders
from interactions.models import Interaction, Reminder, ReminderKind
from interactions.reasons import why
from tests.factories import make_customer

DAY = date(2026, 11, 24)


def night_made(customer, user, kind: str = "losing", **fields) -> Reminder:
    values = {"cause": "2026-08-01", "due": DAY} | fields
    return Reminder.objects.create(customer=customer, assignee=user, kind=kind, **values)


def promise(customer, user, due: date | None = DAY) -> Interaction:
    return Interaction.objects.create(
        customer=customer, channel="phone", promise="周五前回电", promise_due=due, by=user,
        at=start_of_day(date(2026, 11, 16)) + timedelta(hours=10),
    )  # fmt: skip


def test_the_next_contact_is_planned_once_and_moves(customer, bank):
    first = reminders.set_next(customer, DAY, by=bank.owner, text="还款方案")
    again = reminders.set_next(customer, DAY + timedelta(days=3), by=bank.owner, at_time=time(10, 30))
    assert again.pk == first.pk
    found = Reminder.objects.get(customer=customer)
    assert (found.due, found.at_time, found.text) == (DAY + timedelta(days=3), time(10, 30), "还款方案")
    reminders.set_next(customer, DAY, by=bank.colleague)
    assert Reminder.objects.filter(customer=customer).count() == 2
    assert Entry.objects.filter(object_type="reminder", object_ids=[customer.pk]).count() == 3


def test_a_follow_up_that_was_done_makes_room_for_the_next(customer, bank):
    first = reminders.set_next(customer, DAY, by=bank.owner)
    assert reminders.finish(first, by=bank.owner, outcome="聊过", next_on=DAY + timedelta(days=7))
    assert [(one.state, one.due) for one in Reminder.objects.order_by("pk")] == [
        ("done", DAY),
        ("open", DAY + timedelta(days=7)),
    ]
    assert not reminders.finish(first, by=bank.colleague, outcome="too late")
    assert Reminder.objects.get(pk=first.pk).outcome == "聊过"


def test_a_promise_has_one_reminder_and_is_kept_by_finishing_it(customer, bank):
    interaction = promise(customer, bank.owner)
    reminder = reminders.promised(interaction)
    assert reminders.promised(interaction).pk == reminder.pk
    assert (reminder.due, reminder.assignee, reminder.text) == (DAY, bank.owner, "周五前回电")
    reminders.finish(reminder, by=bank.owner, outcome="已回电")
    interaction.refresh_from_db()
    assert interaction.promise_kept_at is not None
    with pytest.raises(ValueError, match="without"):
        reminders.promised(promise(customer, bank.owner, due=None))


def test_a_snoozed_reminder_comes_back_on_its_day(customer, bank):
    reminder = night_made(customer, bank.owner, later=True)
    assert reminders.snooze(reminder, DAY + timedelta(days=3), by=bank.owner, reason="在出差")
    found = reminders.of(bank.owner).get()
    assert (found.day, found.due, found.later) == (DAY + timedelta(days=3), DAY, False)
    assert found.touched_at is not None


def test_the_soonest_of_what_is_planned(customer, bank):
    assert reminders.next_of(customer) is None
    night_made(customer, bank.owner, due=DAY - timedelta(days=9))
    planned = reminders.set_next(customer, DAY + timedelta(days=5), by=bank.owner)
    assert reminders.next_of(customer) == planned
    kept = reminders.promised(promise(customer, bank.owner, due=DAY + timedelta(days=2)))
    assert reminders.next_of(customer) == kept
    reminders.snooze(kept, DAY + timedelta(days=6), by=bank.owner)
    assert reminders.next_of(customer) == planned


def test_reminders_go_with_the_customer_and_pool_customers_keep_who_planned(customer, bank):
    planned = reminders.set_next(customer, DAY, by=bank.owner)
    pooled = make_customer("C2", "李四", bank.branch)
    of_pool = reminders.set_next(pooled, DAY, by=bank.owner)
    assert set(reminders.of(bank.owner)) == {planned, of_pool}
    assert set(reminders.of(bank.colleague)) == set()
    Customer.objects.filter(pk=customer.pk).update(owner=bank.colleague)
    assert set(reminders.of(bank.owner)) == {of_pool}
    assert set(reminders.of(bank.colleague)) == {planned}
    Customer.objects.filter(pk=pooled.pk).update(status="restricted")
    assert set(reminders.of(bank.owner)) == set()


def test_covered_colleagues_reminders_are_there_while_the_cover_holds(customer, bank):
    night_made(customer, bank.owner)
    assert not reminders.of(bank.colleague).exists()
    give_cover(
        absent=bank.owner, to=bank.colleague, starts_at=timezone.now() - timedelta(hours=1),
        until=timezone.now() + timedelta(days=1), reason="leave", by=bank.supervisor,
    )  # fmt: skip
    assert reminders.of(type(bank.colleague).objects.get(pk=bank.colleague.pk)).count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_a_sentence_whatever_values_it_has(language):
    with translation.override(language):
        for kind in ReminderKind.values:
            assert why(kind, {}).sentence
            assert why(kind, {}, "自己写的").sentence == "自己写的"


def test_sentences_say_the_facts_behind_them():
    with translation.override("en"):
        birthday = why("birthday", {"on": "2026-11-28", "age": 60})
        assert (birthday.sentence, birthday.evidence) == (
            "60th birthday: congratulate, invite for a tea",
            "on Nov 28; turns 60",
        )
        assert why("losing", {"last": "2026-08-01", "interval": 60}).evidence == "to be contacted every 60 days"
        assert "60 years and 8 months" in why("retirement", {"on": "2027-05-01", "years": 60, "months": 8}).evidence
        money = why("maturity", {"product": "定期", "amount": 1000, "currency": "JPY", "on": "2026-12-01"})
        assert money.sentence == "定期 of 1k JPY matures"


def test_the_cadence_is_the_segments_or_the_banks_usual_one(customer, bank, settings):
    settings.CONTACT_INTERVAL_DEFAULT = 80
    assert cadence.interval_of(customer) == (40, 80)
    for code, expected in (("vip", (15, 30)), ("ordinary", (40, 80))):
        segment = Segment.objects.get(code=code)
        Membership.objects.update_or_create(
            customer=customer, defaults={"segment": segment, "rule": segment.rule, "since": DAY}
        )
        assert cadence.interval_of(customer) == expected
    customer.features = type(customer)._meta.get_field("features").related_model(customer=customer, aum=5)
    customer.features.save()
    assert cadence.interval_of(customer) is None
