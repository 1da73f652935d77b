"""Family, groups and what was learnt come over with a merge, and go back as they were."""

from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from customers import duplicates, households, merging, relations
from customers.models import (
    Consent,
    Customer,
    DuplicatePair,
    Fact,
    HouseholdMember,
    LifeEvent,
    Relation,
    RelationKind,
)  # fmt: skip
from tests.customers.merging import (
    DAY,
    dump,
    give_children,
    give_events,
    give_facts,
    give_groups,
    make_family,
    make_two,
    relate,
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


kin = st.sets(st.tuples(st.integers(0, 2), st.sampled_from(RelationKind.values)), max_size=5)
children = st.dictionaries(st.sampled_from(["小宝", "小贝", "小明"]), st.booleans(), max_size=3)
groups = st.permutations(["张家", "李家", "球友"]).flatmap(lambda names: st.integers(0, 3).map(lambda n: names[:n]))
told = st.dictionaries(
    st.sampled_from(["children", "home", "occupation"]),
    st.tuples(st.integers(0, 3), st.sampled_from(["", "own", "rent"])), max_size=3,
)  # fmt: skip
events = st.dictionaries(
    st.sampled_from(["", "mortgage:1", "mortgage:2"]),
    st.sampled_from(["proposed", "confirmed", "rejected"]),
    max_size=3,
)
household = st.tuples(kin, children, groups, st.booleans(), told, events)


def kin_of(customer, relatives):
    """Who is what to `customer`, as their page has it: (place in `relatives`, kind)."""
    rows = [row for row in relations.of(customer) if row.other_id is not None]
    ids = [each.pk for each in relatives]
    people = relations.people(customer, rows, {each.pk: each for each in relatives}, DAY)
    return sorted((ids.index(each.customer.pk), str(each.kind)) for each in people)


# Both know the same people and words, and contradict one another, in as many places as there are.
FULL = (
    {(0, "child"), (1, "spouse"), (2, "guarantor"), (2, "partner")}, {"小宝": True, "小贝": False}, ["张家", "李家"], True,
    {"children": (1, "own"), "home": (2, "")}, {"": "confirmed", "mortgage:1": "proposed", "mortgage:2": "rejected"},
)  # fmt: skip
OTHER = (
    {(0, "parent"), (1, "spouse"), (2, "guaranteed")}, {"小宝": True, "小贝": True}, ["张家", "球友"], True,
    {"children": (0, "rent"), "home": (1, "rent")}, {"": "confirmed", "mortgage:1": "confirmed", "mortgage:2": "proposed"},
)  # fmt: skip
SAME_HOME: Any = ({(1, "child")}, {"小宝": False}, ["球友", "李家", "张家"], False, {}, {})


@given(first=household, second=household, between=st.sets(st.sampled_from(RelationKind.values), max_size=2),
       turned=st.booleans())  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(first=FULL, second=OTHER, between={"spouse"}, turned=False)
@example(first=FULL, second=OTHER, between={"child", "guarantor"}, turned=True)
@example(first=SAME_HOME, second=FULL, between=set(), turned=False)
def test_family_and_what_was_learnt_come_over_whole_and_go_back_as_they_were(bank, first, second, between, turned):
    two, relatives = make_family(bank)
    survivor, other = reversed(two) if turned else two
    for customer, (related, named, grouped, has_main, facts, happened) in ((survivor, first), (other, second)):
        for place, kind in related:
            relate(customer, relatives[place], kind)
        give_children(customer, named)
        give_groups(customer, grouped, grouped[-1] if grouped and has_main else "")
        give_facts(customer, facts)
        give_events(customer, happened)
    for kind in between:
        relate(survivor, other, kind)
    before = dump(survivor, other, *relatives)

    done = merging.merge(survivor, other, [], by=bank.owner)
    connection.check_constraints()
    assert kin_of(survivor, relatives) == sorted(first[0] | second[0])
    young = {name: first[1].get(name, False) or second[1].get(name, False) for name in {*first[1], *second[1]}}
    assert dict(Relation.objects.filter(customer=survivor, other=None).values_list("name", "young")) == young
    kept = set(Consent.objects.filter(customer=survivor).values_list("pk", flat=True))
    assert set(Relation.objects.filter(customer=survivor, young=True).values_list("consent_id", flat=True)) <= kept
    assert set(survivor.households.values_list("household__name", flat=True)) == {*first[2], *second[2]}
    main = next((grouped[-1] for _k, _n, grouped, has, *_ in (first, second) if grouped and has), None)
    assert list(survivor.households.filter(main=True).values_list("household__name", flat=True)) == [main] * bool(main)
    assert set(survivor.facts.values_list("name", flat=True)) == {*first[4], *second[4]}
    assert survivor.life_events.exclude(cause="").count() == len({*first[5], *second[5]} - {""})
    assert survivor.life_events.filter(cause="").count() == ("" in first[5]) + ("" in second[5])

    merging.undo(done, by=bank.owner)
    assert dump(survivor, other, *relatives) == before


def test_a_decision_beats_a_proposal_and_the_newer_fact_wins_but_not_now_is_no_answer(bank):
    survivor, other = make_two(bank, occupation="医生")
    give_events(survivor, {"mortgage:1": "proposed"})
    give_events(other, {"mortgage:1": "confirmed"})
    give_facts(survivor, {"home": (5, "rent"), "goal": (5, "house"), "occupation": (1, "教师")})
    give_facts(other, {"home": (2, "own"), "goal": (1, ""), "occupation": (9, "医生")})
    merging.merge(survivor, other, ["occupation"], by=bank.owner)
    assert [each.state for each in LifeEvent.objects.filter(customer=survivor)] == ["confirmed"]
    kept = dict(Fact.objects.filter(customer=survivor).values_list("name", "value"))
    assert kept == {"home": "own", "goal": "house", "occupation": "医生"}  # the last: what the profile holds now


def test_what_either_declined_to_tell_of_their_life_is_not_asked_again(bank):
    survivor, other = make_two(bank)
    Customer.objects.filter(pk=other.pk).update(declined=["children", "goal"])
    give_facts(survivor, {"goal": (1, "house")})
    merging.merge(survivor, other, [], by=bank.owner)
    survivor.refresh_from_db()
    assert survivor.declined == ["children"]


def test_a_group_that_ended_since_does_not_stand_again(bank):
    survivor, other = make_two(bank)
    for customer in (survivor, other):
        give_groups(customer, ["张家"], "张家")
    done = merging.merge(survivor, other, [], by=bank.owner)
    households.leave(HouseholdMember.objects.get(customer=survivor), by=bank.owner)
    merging.undo(done, by=bank.owner)
    connection.check_constraints()
    assert not HouseholdMember.objects.exists()


def test_a_relation_that_was_changed_since_blocks_taking_back(bank):
    (survivor, other), relatives = make_family(bank)
    for customer, relative in ((other, 0), (other, 1), (survivor, 1)):
        relate(customer, relatives[relative], "spouse")
    done = merging.merge(survivor, other, [], by=bank.owner)
    later = merging.merge(relatives[2], relatives[1], [], by=bank.owner)  # of a relation that went: the other end
    with pytest.raises(merging.UndoBlockedError, match=r"^1 of what .*: relations\.$"):
        merging.undo(done, by=bank.owner)
    merging.undo(later, by=bank.owner)
    moved = Relation.objects.get(customer=relatives[0])
    relations.remove(moved, customer=relatives[0], by=bank.owner)
    with pytest.raises(merging.UndoBlockedError, match=r"^1 of what .*: relations\.$"):
        merging.undo(done, by=bank.owner)


def test_relations_are_counted_from_either_side_before_and_after(bank):
    (survivor, other), relatives = make_family(bank)
    for relative in relatives:
        relate(other, relative, "spouse")
    relate(survivor, relatives[0], "child")
    pair = DuplicatePair.objects.create(a=survivor, b=other, reasons=["birth_name"], strength=3, found_on=DAY)
    assert ("relations", [1, 3]) in duplicates.comes_over(pair)
    assert ("relations", 3) in duplicates.came_over(merging.merge(survivor, other, [], by=bank.owner))
