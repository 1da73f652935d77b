"""Who gets which customer: nobody twice, nobody whom the customer complained about, households as one."""

from hypothesis import given
from hypothesis import strategies as st

from crm.workspace.teams.splitting import Person, Taker, Why, split


def person(pk, **fields):
    return Person(pk, **{"owner_id": None, "segment": 1, "visits": 1.0} | fields)


def test_by_load_the_next_goes_to_who_has_least_to_do():
    plan = split([person(n) for n in range(1, 11)], [Taker(1, visits=8), Taker(2)], by_load=True)
    assert sorted(plan.to.values()) == [1] + [2] * 9


def test_by_shares_every_segment_is_dealt_evenly():
    people = [person(n, segment=n % 2, visits=float(n % 2)) for n in range(60)]
    plan = split(people, [Taker(1, share=2), Taker(2, share=1)], by_load=False)
    for segment in (0, 1):
        mine = [one for one in people if one.segment == segment and plan.to[one.customer_id] == 1]
        assert len(mine) == 20


def test_nobody_gets_whom_they_were_complained_about_by():
    plan = split([person(1, against=frozenset({1})), person(2, against=frozenset({1, 2}))], [Taker(1), Taker(2)],
                 by_load=True)  # fmt: skip
    assert plan.to == {1: 2}
    assert plan.stays == {2: Why.COMPLAINED}


def test_a_complaint_of_one_counts_for_the_household():
    home = [person(1, household=7), person(2, household=7, against=frozenset({1}))]
    assert split(home, [Taker(1), Taker(2, visits=99)], by_load=True).to == {1: 2, 2: 2}


def test_a_household_goes_to_who_looks_after_others_of_it():
    assert split([person(1, household=7, kin=frozenset({2}))], [Taker(1), Taker(2, visits=50)], by_load=True).to == {
        1: 2
    }


def test_a_full_book_takes_nobody_and_the_reason_is_said():
    people = [person(1, top=True), person(2, top=True), person(3)]
    plan = split(people, [Taker(1, most=9, top=4, most_top=5)], by_load=True)
    assert plan.to == {1: 1, 3: 1}
    assert plan.stays == {2: Why.FULL}


def test_stored_only_customers_and_those_of_the_chosen_stay():
    plan = split([person(1, stored_only=True), person(2, owner_id=1)], [Taker(1)], by_load=True)
    assert plan.stays == {1: Why.STORED_ONLY, 2: Why.ALREADY}


people = st.lists(
    st.builds(
        Person,
        customer_id=st.integers(1, 200),
        owner_id=st.none() | st.integers(1, 6),
        segment=st.none() | st.integers(1, 4),
        visits=st.floats(0, 4, allow_nan=False),
        top=st.booleans(),
        stored_only=st.booleans(),
        household=st.none() | st.integers(1, 10),
        kin=st.frozensets(st.integers(1, 4), max_size=2),
        against=st.frozensets(st.integers(1, 4), max_size=4),
    ),
    max_size=40,
    unique_by=lambda one: one.customer_id,
)
takers = st.lists(
    st.builds(
        Taker,
        user_id=st.integers(1, 4),
        visits=st.floats(0, 50, allow_nan=False),
        customers=st.integers(0, 5),
        share=st.integers(1, 5),
        most=st.none() | st.integers(0, 20),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.user_id,
)


@given(people, takers, st.booleans())
def test_everybody_is_dealt_once_or_stays_and_no_rule_is_broken(customers, chosen, by_load):
    plan = split(customers, chosen, by_load=by_load)
    assert plan.to.keys() | plan.stays.keys() == {one.customer_id for one in customers}
    assert not plan.to.keys() & plan.stays.keys()
    limits = {one.user_id: one for one in chosen}
    by_id = {one.customer_id: one for one in customers}
    homes: dict[int, set[int]] = {}
    for pk, to in plan.to.items():
        assert to not in by_id[pk].against
        assert not by_id[pk].stored_only
        if by_id[pk].household is not None:
            homes.setdefault(by_id[pk].household, set()).add(to)
    assert all(len(who) == 1 for who in homes.values())
    for user, taker in limits.items():
        given_now = sum(1 for to in plan.to.values() if to == user)
        assert taker.most is None or not given_now or taker.customers + given_now <= taker.most
    assert split(list(reversed(customers)), chosen, by_load=by_load) == plan


def test_who_is_not_to_be_visited_is_dealt_by_number():
    plan = split([person(n, visits=0.0) for n in range(10)], [Taker(1, visits=9), Taker(2)], by_load=True)
    assert sorted(plan.to.values()) == [1] * 5 + [2] * 5
