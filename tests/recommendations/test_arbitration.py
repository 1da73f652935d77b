"""What is chosen among what fits: at most three, one a need, the same whatever the order, and never by age or sex."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from recommendations.arbitration import Candidate, Weight, ranked, score, surely
from recommendations.models import Need

share = st.floats(0, 1, allow_nan=False)
weights = st.builds(Weight, benefit=st.floats(1, 3), chance=st.floats(0, 3), value=share)
candidates = st.builds(
    Candidate, key=st.integers(0, 10**6), need=st.sampled_from(Need.values), benefit=st.integers(1, 10), chance=share,
    sure=share, value=st.integers(0, 10), order=st.integers(0, 300), service=st.booleans(),
)  # fmt: skip
several = st.lists(candidates, max_size=12, unique_by=lambda one: one.key)


@given(several, weights, st.randoms(use_true_random=False))
def test_at_most_three_one_a_need_and_the_same_in_any_order(found, weight, chance):
    kept = ranked(found, weight)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert ranked(shuffled, weight) == kept
    assert len(kept) <= 3
    assert len({one.need for one in kept}) == len(kept)
    assert set(kept) <= set(found)
    assert [score(one, weight) for one in kept] == sorted((score(one, weight) for one in kept), reverse=True)
    if len(kept) < 3:
        assert {one.need for one in found} == {one.need for one in kept}


@given(candidates, candidates, weights)
def test_the_value_to_the_bank_never_outranks_the_benefit(one, other, weight):
    other = replace(other, chance=one.chance, sure=one.sure)
    if one.benefit > other.benefit and one.chance * one.sure > 1e-2:
        assert score(one, weight) >= score(other, weight)


@given(candidates, weights, st.sampled_from(["benefit", "chance", "sure", "value"]), share)
def test_more_of_anything_good_never_scores_less(one, weight, name, more):
    better = {"benefit": min(10, one.benefit + 1), "value": min(10, one.value + 1)}
    value = better.get(name, max(getattr(one, name), more))
    assert score(replace(one, **{name: value}), weight) >= score(one, weight)


def test_age_and_sex_are_no_part_of_what_is_weighed():
    assert not {"age", "gender", "sex", "birth_date"} & {field.name for field in fields(Candidate)}


@given(st.lists(share, min_size=1, max_size=6), share)
def test_another_sign_makes_a_need_surer_and_never_quite_sure(chances, more):
    assert surely([*chances, more]) >= surely(chances)
    assert surely(chances) <= 0.95
