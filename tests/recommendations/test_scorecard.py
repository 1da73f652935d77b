"""The preliminary assessment of a loan: what speaks for it and against it, and what nobody knows."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from recommendations.credit.scorecard import Band, Card, Facts, Grade, Trait, assess

UP = (Band(None, 0), Band(1, 20), Band(3, 40))
DOWN = (Band(None, 40), Band(0.5, 20), Band(3, 0))
CARD = Card(
    bands={trait: DOWN if trait in {Trait.PENALTY, Trait.BURDEN, Trait.OVERDUE} else UP for trait in Trait}
    | {Trait.BUREAU: (Band(None, 0), Band(650, 40)), Trait.ASSETS: (Band(None, 0), Band(0.1, 10), Band(1, 30)),
       Trait.OVERDUE: (Band(None, 60), Band(31, 0))},
    grades=((Grade.A, 0.8), (Grade.B, 0.65), (Grade.C, 0.5), (Grade.D, 0.0)),
)  # fmt: skip
STRONG = Facts(
    asked=10_000_00, payment=900_00, owed=0, income=15_000_00, income_months=6, inflow=16_000_00, lowest=8_000_00,
    savings=60_000_00, assets=90_000_00, months=60, penalties=0, overdue=0, bureau=760,
)  # fmt: skip
AMOUNT = st.none() | st.integers(0, 10**9)
FACTS = st.builds(
    Facts, asked=st.integers(1, 10**9), payment=st.integers(1, 10**8), owed=AMOUNT, income=AMOUNT,
    income_months=st.none() | st.integers(0, 6), inflow=AMOUNT, lowest=st.none() | st.integers(-(10**9), 10**9),
    savings=AMOUNT, assets=AMOUNT, months=st.none() | st.integers(0, 600), penalties=st.none() | st.integers(0, 20),
    overdue=st.none() | st.integers(0, 700), bureau=st.none() | st.integers(300, 900),
)  # fmt: skip


def one(facts):
    return assess([facts], CARD)[0]


def test_a_strong_case_is_graded_so_and_nothing_is_missing():
    found = one(STRONG)
    assert (found.grade, found.missing, found.speaks_against) == (Grade.A, (), ())
    assert len(found.speaks_for) == 3


def test_what_costs_most_stands_first_among_the_reasons_against():
    found = one(replace(STRONG, overdue=90, penalties=1, assets=0))
    assert [mark.trait for mark in found.speaks_against] == [Trait.OVERDUE, Trait.ASSETS, Trait.PENALTY]
    assert found.grade not in {Grade.A, Grade.OPEN}


def test_of_whom_little_is_known_no_grade_is_given_and_what_is_missing_is_named():
    found = one(Facts(asked=10_000_00, payment=900_00, owed=0, bureau=800))
    assert found.grade is Grade.OPEN
    assert {mark.trait for mark in found.marks} == {Trait.BUREAU}
    assert Trait.BURDEN in found.missing
    assert Trait.PENALTY in found.missing


def test_the_new_loan_itself_counts_in_the_burden():
    light, heavy = one(STRONG), one(replace(STRONG, payment=12_000_00))
    burden = [next(m.value for m in found.marks if m.trait is Trait.BURDEN) for found in (light, heavy)]
    assert burden == [0.06, 0.8]


WORSE = {"owed": 1, "penalties": 1, "overdue": 1}
BETTER = {"income", "income_months", "inflow", "lowest", "savings", "assets", "months", "bureau"}


@given(FACTS, st.sampled_from(sorted(BETTER | set(WORSE))), st.integers(1, 10**8))
def test_no_good_news_lowers_the_share_and_no_bad_news_raises_it(facts, name, more):
    before = getattr(facts, name)
    if before is None:
        return
    changed = one(replace(facts, **{name: before + more}))
    share, now = one(facts).share, changed.share
    if share is None or now is None or {m.trait for m in changed.marks} != {m.trait for m in one(facts).marks}:
        return
    assert now <= share + 1e-9 if name in WORSE else now >= share - 1e-9


@given(st.lists(FACTS, max_size=5))
def test_a_batch_is_assessed_as_each_by_itself(batch):
    assert assess(batch, CARD) == [one(facts) for facts in batch]


def test_neither_age_nor_sex_is_asked():
    assert not {"age", "birth_date", "gender", "sex"} & {field.name for field in fields(Facts)}
