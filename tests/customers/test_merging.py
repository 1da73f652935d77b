"""A merge loses nothing, and taking it back leaves everything as it was."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.audit.models import Entry
from customers import consent, merging, moving, search
from customers.access import visible_to
from customers.identifiers import sealed_columns
from customers.models import (
    Account,
    Balance,
    ChangedDay,
    Consent,
    Customer,
    CustomerMonth,
    Holding,
    MergeChange,
    Relation,
    RiskAssessment,
    Transaction,
)  # fmt: skip
from customers.moving_relations import RELATIONS
from customers.sharing import share
from interactions import reminders
from interactions.models import Interaction, LastContact, Reminder
from recommendations.models import Suggestion
from tests.customers.importing import HEADER, counts, write_csv
from tests.customers.merging import (
    DAY,
    NOON,
    count,
    customer_tables,
    dump,
    give_consents,
    give_contacts,
    give_reminders,
    give_rest,
    give_suggestions,
    make_family,
    make_two,
    relate,
)  # fmt: skip
from tests.customers.money import hold, make_account, move, run_night
from tests.factories import make_customer

ID_1, ID_2 = "110101198005170011", "11010119800517002X"
# What stays with the closed one: permissions end with it, the night takes its sums, an upload keeps the row it wrote.
STAYS = {
    "customers_keptrow",
    "customers_share",
    "customers_walkin",
    "customers_customermonth",
    "guardian_userobjectpermission",
}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


days = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=3, unique_by=lambda each: each[0])
causes = st.lists(
    st.tuples(st.sampled_from(["2024", "2025", "2026"]), st.booleans()), max_size=3, unique_by=lambda each: each[0]
)
states = st.lists(st.sampled_from(["open", "offered", "refused", "later"]), max_size=3)
person = st.tuples(st.integers(0, 3), days, causes, states)


@given(first=person, second=person, taken=st.sets(st.sampled_from(merging.MERGEABLE)), base=st.integers(0, 5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_merge_loses_nothing_and_taking_it_back_restores_every_row(bank, first, second, taken, base):
    survivor, other = make_two(bank)
    for customer, (contacts, answers, reminded, suggested), ago in ((survivor, first, 1), (other, second, base)):
        give_contacts(customer, bank.owner, contacts, base=ago)
        give_consents(customer, answers)
        give_reminders(customer, bank.owner, reminded)
        give_rest(customer, bank.owner)  # assessments before the suggestions that rest on them
        give_suggestions(customer, bank.owner, suggested)
    before = dump(survivor, other)
    tables = ("interactions_interaction", "customers_holding", "customers_consent", "interactions_reminder")
    had = {table: (count(survivor, table), count(other, table)) for table in tables}

    done = merging.merge(survivor, other, taken, by=bank.owner)
    for table in tables:
        lost = done.changes.filter(table=table, what="removed").count()
        assert count(survivor, table) + lost == sum(had[table])
        assert count(other, table) == 0
    assert not done.changes.filter(table__in=("interactions_interaction", "customers_holding"), what="removed").exists()
    assert count(survivor, "customers_consent") == len(
        {days for _n, given, *_ in (first, second) for days, _w in given}
    )

    merging.undo(done, by=bank.owner)
    assert dump(survivor, other) == before


def test_every_table_of_customers_is_named_in_a_mover():
    named = {each.name for each in (*moving.belongings(), *RELATIONS)}
    elsewhere = {("customers_transaction", "customer_id"), ("customers_balance", "customer_id")}
    left = {(table, column) for table, column in customer_tables() if table not in STAYS}
    assert left - named - elsewhere == set(), "name it in one of MERGE_MOVERS, or in STAYS"


def test_relations_are_written_anew_and_one_between_the_two_goes(bank):
    one = make_customer("620955555551", "李静", bank.branch)
    survivor, other = make_two(bank)
    last = make_customer("620955555552", "李静", bank.branch)
    older = make_customer("620955555553", "张大明", bank.branch)
    Relation.objects.create(customer=one, other=other, kind="child")
    Relation.objects.create(customer=other, other=last, kind="spouse")
    Relation.objects.create(customer=survivor, other=other, kind="partner")
    Relation.objects.create(customer=survivor, other=older, kind="parent")
    Relation.objects.create(customer=other, other=older, kind="parent")
    before = dump(one, survivor, other, last, older)
    done = merging.merge(last, other, [], by=bank.owner)
    found = set(Relation.objects.values_list("customer", "other", "kind"))
    assert found == {
        (one.pk, last.pk, "child"), (survivor.pk, last.pk, "partner"), (survivor.pk, older.pk, "parent"),
        (last.pk, older.pk, "parent"),
    }  # fmt: skip
    merging.undo(done, by=bank.owner)
    assert dump(one, survivor, other, last, older) == before
    done = merging.merge(survivor, other, [], by=bank.owner)
    assert (survivor.pk, other.pk) not in set(Relation.objects.values_list("customer", "other"))
    assert Relation.objects.filter(customer=survivor, other=older).count() == 1
    merging.undo(done, by=bank.owner)
    assert dump(one, survivor, other, last, older) == before


def test_a_relation_that_turns_round_says_the_same(bank):
    survivor, child = make_two(bank)
    other = make_customer("620955555554", "张伟明", bank.branch)
    Relation.objects.create(customer=child, other=other, kind="parent")
    merging.merge(survivor, other, [], by=bank.owner)
    assert list(Relation.objects.values_list("customer", "other", "kind")) == [(survivor.pk, child.pk, "child")]


def test_nothing_is_left_with_the_one_who_goes(bank):
    (survivor, other), relatives = make_family(bank)
    for customer in (survivor, other):
        give_contacts(customer, bank.owner, 2)
        give_consents(customer, [(1, False)])
        give_reminders(customer, bank.owner, [("2026", False)])
        give_suggestions(customer, bank.owner, ["open", "offered", "refused"])
        give_rest(customer, bank.owner)
        for relative in relatives:
            relate(customer, relative, "child")
    make_customer("620966666666", "张伟明", bank.branch, merged_into=other, status="closed")
    hanging = [each for each in customer_tables() if each[0] not in STAYS]  # by the foreign keys of all models
    for table, column in hanging:
        assert rows_of(other, table, column), f"{table}.{column}: a new table; give it a row here"
    merging.merge(survivor, other, [], by=bank.owner)
    connection.check_constraints()
    for table, column in hanging:
        assert not rows_of(other, table, column), f"{table}.{column}: name it in a MERGE_MOVERS, or in STAYS"


def rows_of(customer, table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [customer.pk])
        return cursor.fetchone()[0]


def test_identifiers_are_sealed_anew_and_found_once(bank):
    survivor, other = make_two(bank, id_number=ID_1)
    merging.merge(survivor, other, ["id_number", "email"], by=bank.owner)
    survivor.refresh_from_db()
    other.refresh_from_db()
    assert (survivor.identifier("id_number"), survivor.identifier("email")) == (ID_1, "z@example.com")
    assert (other.status, other.merged_into_id) == ("closed", survivor.pk)
    assert [other.identifier(name) for name in ("phone", "id_number", "email")] == ["", "", ""]
    assert search.find_exactly(ID_1) == search.find_exactly("13800138000") == survivor


def test_two_different_id_numbers_are_never_merged(bank):
    survivor, other = make_two(bank, id_number=ID_1)
    Customer.objects.filter(pk=survivor.pk).update(**sealed_columns(survivor.number, {"id_number": ID_2}))
    with pytest.raises(merging.NotMergeableError, match="two persons"):
        merging.merge(survivor, other, [], by=bank.owner)
    assert not MergeChange.objects.exists()


def test_what_was_withdrawn_or_assessed_with_more_care_holds(bank):
    survivor, other = make_two(bank)
    Consent.objects.create(customer=survivor, purpose="profiling", notice_version=1, given_at=NOON)
    Consent.objects.create(
        customer=other, purpose="profiling", notice_version=1, given_at=NOON, withdrawn_at=NOON + timedelta(hours=1)
    )
    for customer, level in ((survivor, 4), (other, 2)):
        RiskAssessment.objects.create(customer=customer, assessed_on=DAY, level=level, valid_until=DAY)
    merging.merge(survivor, other, [], by=bank.owner)
    assert not any(each.allows for each in consent.standings_of(survivor, consent.notices()))
    assert [each.level for each in RiskAssessment.objects.filter(customer=survivor)] == [2]


def test_the_newest_contact_and_an_ended_reminder_stay(bank):
    survivor, other = make_two(bank)
    give_contacts(survivor, bank.owner, 1, base=5)
    give_contacts(other, bank.owner, 1, base=2)
    give_reminders(survivor, bank.owner, [("2026", False)])
    give_reminders(other, bank.owner, [("2026", True)])
    merging.merge(survivor, other, [], by=bank.owner)
    assert LastContact.objects.get(customer=survivor).at == NOON - timedelta(days=2)
    assert Reminder.objects.get(customer=survivor).state == "done"


def test_movements_follow_their_accounts_and_the_next_night_adds_them_up(bank):
    survivor, other = make_two(bank)
    mine, theirs = make_account(survivor), make_account(other)
    for account, amount in ((mine, 100), (theirs, 40)):
        move(account, date(2026, 10, 5), amount)
        hold(account, date(2026, 10, 5), amount)
    run_night(DAY)
    done = merging.merge(survivor, other, [], by=bank.owner)
    assert not Transaction.objects.filter(customer_id=other.pk).exists()
    run_night(DAY)
    assert CustomerMonth.objects.get(customer_id=survivor.pk, month=date(2026, 10, 1)).inflow == 14_000
    assert not CustomerMonth.objects.filter(customer_id=other.pk).exists()
    move(Account.objects.get(pk=theirs.pk), date(2026, 10, 6), 1)  # came in since: it stays with its account
    merging.undo(done, by=bank.owner)
    run_night(DAY)
    sums = {each.customer_id: each.inflow for each in CustomerMonth.objects.all()}
    assert sums == {survivor.pk: 10_000, other.pk: 4_100}
    assert Balance.objects.filter(customer_id=other.pk).count() == 1
    assert not ChangedDay.objects.exists()


def test_what_was_edited_since_blocks_taking_back_and_says_so(bank):
    survivor, other = make_two(bank)
    give_contacts(other, bank.owner, 1)
    give_reminders(other, bank.owner, [("2026", False)])
    done = merging.merge(survivor, other, ["email"], by=bank.owner)
    Interaction.objects.filter(customer=survivor).update(summary="something else")
    reminders.finish(Reminder.objects.get(customer=survivor), by=bank.owner, outcome="ok")
    Customer.objects.filter(pk=survivor.pk).update(email_sealed=None)
    with pytest.raises(merging.UndoBlockedError) as blocked:
        merging.undo(done, by=bank.owner)
    said = " ".join(blocked.value.reasons)
    assert "contacts" in said
    assert "reminders" in said
    assert f"The profile of {survivor.number} has been changed since." in said
    assert count(other, "interactions_interaction") == 0


def test_files_and_nights_block_nothing(bank):
    survivor, other = make_two(bank)
    Holding.objects.create(reference="H1", customer=other, family="time", amount=5)
    done = merging.merge(survivor, other, [], by=bank.owner)
    Holding.objects.update(amount=6)
    run_night(DAY)
    merging.undo(done, by=bank.owner)
    assert Holding.objects.get().customer == other
    assert Holding.objects.get().amount == 6


def test_after_thirty_days_or_a_further_merge_it_stays(bank, time_machine):
    survivor, other = make_two(bank)
    third = make_customer("620955555555", "张伟明", bank.branch, owner=bank.owner)
    done = merging.merge(survivor, other, [], by=bank.owner)
    later = merging.merge(third, survivor, [], by=bank.owner)
    other.refresh_from_db()
    assert other.merged_into_id == third.pk
    with pytest.raises(merging.UndoBlockedError, match="take that back first"):
        merging.undo(done, by=bank.owner)
    merging.undo(later, by=bank.owner)
    time_machine.move_to(timezone.now() + timedelta(days=31))
    with pytest.raises(merging.UndoBlockedError, match="30 days"):
        merging.undo(done, by=bank.owner)


def test_the_number_that_went_leads_to_the_survivor_for_who_may_see_it(bank, sign_in):
    survivor, other = make_two(bank)
    Customer.objects.filter(pk=other.pk).update(owner=bank.colleague)
    merging.merge(survivor, other, [], by=bank.supervisor)
    page = reverse("customer", args=[other.number])
    for actor in (bank.owner, bank.supervisor):
        answer = sign_in(actor).get(page)
        assert (answer.status_code, answer.url) == (302, reverse("customer", args=[survivor.number]))
    assert sign_in(bank.outsider).get(page).status_code == 404
    assert list(search.find(visible_to(bank.owner), other.number, 8)) == [survivor]
    assert list(search.find(visible_to(bank.owner), "张伟明", 8)) == [survivor]
    assert list(search.find(visible_to(bank.outsider), other.number, 8)) == []
    assert f"number {survivor.number}: one person" in sign_in(bank.colleague).get(reverse("notices")).content.decode()


def test_a_share_of_the_one_who_goes_opens_nothing_more(bank, sign_in):
    survivor, other = make_two(bank)
    share(other, to=bank.outsider, until=NOON + timedelta(days=3650), reason="x", by=bank.supervisor)
    merging.merge(survivor, other, [], by=bank.owner)
    assert sign_in(bank.outsider).get(reverse("customer", args=[survivor.number])).status_code == 404


def test_both_the_merge_and_taking_it_back_are_audited(bank):
    survivor, other = make_two(bank)
    merging.undo(merging.merge(survivor, other, ["email"], by=bank.owner), by=bank.owner)
    details = [entry.detail for entry in Entry.objects.filter(object_ids=[survivor.pk, other.pk]).order_by("id")]
    assert [(each.get("merged"), each.get("merge_undone")) for each in details] == [
        (other.number, None), (None, other.number),
    ]  # fmt: skip


def test_what_was_answered_comes_over_and_one_suggestion_a_need_stays_live(bank):
    survivor, other = make_two(bank)
    give_suggestions(survivor, bank.owner, ["open", "offered"])
    give_suggestions(other, bank.owner, ["offered", "later", "open"])
    merging.merge(survivor, other, [], by=bank.owner)
    found = sorted(Suggestion.objects.filter(customer=survivor).values_list("need", "state"))
    assert found == [("house", "offered"), ("pension", "offered"), ("pension", "over")]


def test_files_that_still_name_the_number_that_went_reach_the_survivor(bank, tmp_path):
    survivor, other = make_two(bank)
    account = make_account(other)
    merging.merge(survivor, other, [], by=bank.owner)

    def load(kind, header, *rows):
        return counts(kind, write_csv(tmp_path / f"{kind}.csv", [header, *rows]))

    parties = [[account.number, each.number, "owner"] for each in (survivor, other)]
    header = ["account", "customer", "role"]
    assert load("account-parties", header, parties[1]) == (0, 0, 1, 0)
    assert load("account-parties", header, *parties) == (0, 0, 1, 1)  # said of both: once
    assert load("holdings", ["reference", "family", "customer"], ["CARD1", "信用卡", other.number]) == (1, 0, 0, 0)
    assert Holding.objects.get(reference="CARD1").customer == survivor
    assert Account.objects.get(pk=account.pk).customer == survivor
    assert load("customers", HEADER, [other.number, "张伟明", "0101", "13800138000", ""]) == (0, 0, 0, 1)
