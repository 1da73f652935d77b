"""What is learned from outcomes, and how that would have done on a history."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from recommendations.learning.chances import PRIOR, Chances, Factor
from recommendations.learning.ranking import alift, auc

BANK = Path(project.BASE_DIR).parent / "shared" / "data" / "uci_bank" / "bank-full.csv"
RULE = Factor((0,))
RULE_IN_SEGMENT = Factor((0, 1), within=RULE)
OUTCOMES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.booleans()), max_size=60)


def learner(outcomes=()):
    found = Chances([RULE, RULE_IN_SEGMENT])
    found.learn([(rule, segment) for rule, segment, _good in outcomes], [good for *_row, good in outcomes])
    return found


def test_before_any_outcome_every_chance_is_the_usual_one():
    assert learner().chance(("a", "x")) == pytest.approx(PRIOR)


def test_a_segment_without_outcomes_of_its_own_has_the_chance_of_its_rule():
    found = learner([("a", "x", True)] * 40)
    assert found.chance(("a", "y")) > 0.6
    assert found.chance(("a", "x")) > found.chance(("a", "y")) > found.chance(("b", "y"))


def test_few_outcomes_move_the_chance_a_little_and_many_move_it_far():
    few, many = learner([("a", "x", True)] * 2), learner([("a", "x", True)] * 200)
    assert PRIOR < few.chance(("a", "x")) < 0.5
    assert many.chance(("a", "x")) > 0.9


def test_old_outcomes_fade():
    found = learner([("a", "x", True)] * 100)
    found.fade(0.01)
    found.learn([("a", "x")] * 10, [False] * 10)
    assert found.chance(("a", "x")) < 0.3


@given(OUTCOMES)
def test_one_more_welcome_outcome_never_lowers_the_chance(outcomes):
    before, after = learner(outcomes), learner([*outcomes, ("a", "x", True)])
    assert 0 < before.chance(("a", "x")) <= after.chance(("a", "x")) < 1


@given(OUTCOMES)
def test_the_chance_lies_between_what_was_seen_and_what_is_usual(outcomes):
    own = [good for rule, segment, good in outcomes if (rule, segment) == ("a", "x")]
    wider = [good for rule, _segment, good in outcomes if rule == "a"]
    every = [good for *_row, good in outcomes]
    shares = [PRIOR, *(sum(seen) / len(seen) for seen in (own, wider, every) if seen)]
    assert min(shares) - 1e-9 <= learner(outcomes).chance(("a", "x")) <= max(shares) + 1e-9


RANKED = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30)


@given(RANKED)
def test_auc_is_the_share_of_pairs_in_the_right_order(ranked):
    pairs = [
        1.0 if good > bad else 0.5 if good == bad else 0.0
        for good, is_good in ranked if is_good for bad, is_bad in ranked if not is_bad
    ]  # fmt: skip
    found = auc([chance for chance, _good in ranked], [good for _chance, good in ranked])
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_alift_of_a_perfect_order_of_any_order_and_of_the_reverse():
    welcome = [True] * 10 + [False] * 90
    best = [float(100 - place) for place in range(100)]
    assert alift(best, welcome) == pytest.approx(0.95)
    assert alift([1.0] * 100, welcome) == pytest.approx(0.5)
    assert alift([-value for value in best], welcome) == pytest.approx(0.05)


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path


def run(path, *options):
    said = StringIO()
    call_command("backtest", str(path), *options, stdout=said)
    return said.getvalue()


def test_what_the_history_tells_is_found_and_what_comes_later_is_not_known_before(tmp_path):
    rows = [("job", "y")]
    rows += [("clerk", "yes"), ("nurse", "no")] * 50  # learned from
    rows += [("clerk", "no"), ("nurse", "yes")] * 50  # all turned round: nobody could know
    said = run(write(tmp_path / "h.csv", rows), "--target", "y", "--window", "100", "--step", "100")
    assert "100 rows judged: pooled AUC 0.000" in said


def test_a_turn_of_taste_is_learned_within_its_half_life(tmp_path):
    rows = [("job", "y")]
    rows += [("clerk", "yes"), ("nurse", "no")] * 100
    rows += [("clerk", "no"), ("nurse", "yes")] * 100
    said = run(write(tmp_path / "h.csv", rows), "--target", "y", "--window", "200", "--step", "50")
    assert said.splitlines()[-2].split()[-1] == "1.000"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("job", "y"), ("clerk", "perhaps")], "perhaps"),
        ([("job", "y"), ("clerk",)], "2"),
        ([("job", "z"), ("clerk", "yes")], "y"),
        ([("job", "y"), ("clerk", "yes")], "1"),
    ],
)
def test_a_file_that_is_no_history_is_refused_in_words(tmp_path, rows, why):
    with pytest.raises(CommandError, match=why):
        run(write(tmp_path / "h.csv", rows), "--target", "y")


@pytest.mark.skipif(not BANK.is_file(), reason="the campaign of the Portuguese bank is not here")
def test_on_a_real_campaign_it_ranks_better_than_chance():
    last = run(BANK, "--target", "y", "--drop", "duration").splitlines()[-1]
    assert last.startswith("35,211 rows judged")
    assert float(last.split("ALIFT ")[1]) > 0.6
