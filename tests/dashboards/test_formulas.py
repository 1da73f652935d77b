"""The formulas, against published figures and at their edges."""

import random
from dataclasses import replace

import pytest

from crm.dashboards.care.talk import whom
from crm.dashboards.formulas import Figure, Weights, ces, csat, nps, score, surely_above, surely_below, t_95, wilson
from crm.dashboards.reading import Row
from crm.lib.charts import apart, spark


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, Stat. Med. 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_intervals_of_shares_are_those_published(part, whole, low, high):
    assert wilson(Figure(part, whole)) == pytest.approx((low, high), abs=0.00006)


def test_nothing_asked_has_neither_rate_nor_interval():
    assert Figure().rate is None
    assert wilson(Figure()) is None
    assert not surely_above(Figure(), 0.1)


PARTS = ("satisfaction", "follow_up", "activity", "care", "business")


def parts(*given: Figure) -> dict[str, Figure]:
    return dict(zip(PARTS, given, strict=True))


def test_a_score_is_the_sum_of_its_parts_and_stops_at_a_hundred():
    points = score(parts(Figure(9, 10), Figure(8, 10), Figure(50, 100), Figure(40, 100), Figure(200, 100)))
    assert [getattr(points, part) for part in PARTS] == pytest.approx([31.5, 20, 7.5, 6, 5])
    assert points.total == pytest.approx(70)
    assert score(parts(*[Figure(10, 10)] * 4, Figure(900, 100))).total == 100


@pytest.mark.parametrize("small", PARTS)
def test_one_small_sample_is_enough_for_no_score_unless_it_counts_for_nothing(small):
    figures = dict.fromkeys(PARTS, Figure(10, 10)) | {small: Figure(9, 9)}
    assert score(figures) is None
    weights = replace(Weights(25, 25, 25, 25, 25), **{small: 0})
    assert score(figures, weights) is not None


def figures(**measures):
    return {name: Figure(*figure) for name, figure in measures.items()}


TOTAL = figures(csat=(270, 300), on_time=(264, 300), welcomed=(72, 300), refused=(9, 300))


def test_who_sells_well_and_is_late_is_named_first():
    tired = Row("方俊", "R1", figures(csat=(18, 22), on_time=(44, 58), welcomed=(31, 100), refused=(8, 100)))
    sour = Row("何川", "R2", figures(csat=(20, 40), on_time=(50, 58), welcomed=(20, 100), refused=(2, 100)))
    talk = whom([sour, tired], TOTAL)
    assert (talk.row.name, talk.why) == ("方俊", "tired")
    assert surely_below(tired.figures["on_time"], 0.88)
    talk = whom([sour, Row("苏曼", "R3", figures(csat=(19, 20), on_time=(50, 55)))], TOTAL)
    assert (talk.row.name, talk.why) == ("何川", "satisfaction")


def test_nobody_is_named_for_what_chance_explains():
    rows = [
        Row("林悦", "R1", figures(csat=(17, 20), on_time=(17, 20), welcomed=(6, 20), refused=(1, 20))),
        Row("罗倩", "R2", figures(csat=(0, 4), on_time=(0, 4), welcomed=(4, 4), refused=(4, 4))),
        Row("", "pool", figures(csat=(0, 90))),
    ]
    assert whom(rows, TOTAL) is None


def test_a_line_leaves_gaps_and_labels_keep_their_distance():
    drawn = spark([1.0, None, 3.0, 2.0])
    assert drawn.path.count("M") == 2
    assert spark([None, 1.0]) is None
    assert apart([50, 10, 12, 52], 15) == [50, 10, 25, 65]


def test_nps_is_promoters_minus_detractors_and_zero_counts():
    found = nps(Figure(70 - 12, 100), Figure(70 + 12, 100))
    assert found.value == pytest.approx(58)
    assert (found.low, found.high) == pytest.approx((42.743, 69.879), abs=0.001)
    assert nps(Figure(-3, 3), Figure(3, 3)).value == -100
    assert nps(Figure(-3, 3), Figure(3, 3)).low >= -100
    assert nps(Figure(), Figure()) is None


def test_the_interval_of_nps_holds_the_truth_as_often_as_it_says():
    """Drawn from 50 % promoters, 30 % passive, 20 % detractors: NPS 30."""
    draws, hits = random.Random(7), 0
    for _survey in range(2000):
        answers = draws.choices((1, 0, -1), (50, 30, 20), k=30)
        found = nps(Figure(sum(answers), 30), Figure(sum(map(abs, answers)), 30))
        hits += found.low <= 30 <= found.high
    assert 0.935 <= hits / 2000 <= 0.97


def test_ces_is_a_mean_with_students_interval():
    answers = [2, 3, 3, 1, 5, 2, 4, 2, 1, 7]
    found = ces(Figure(sum(answers), 10), Figure(sum(one * one for one in answers), 10))
    assert found.value == 3.0
    assert (found.low, found.high) == pytest.approx((3 - 1.3490, 3 + 1.3490), abs=0.001)
    assert ces(Figure(5, 1), Figure(25, 1)).low is None
    assert ces(Figure(), Figure()) is None


@pytest.mark.parametrize(
    ("freedom", "point"), [(1, 12.7062), (4, 2.7764), (5, 2.5706), (9, 2.2622), (30, 2.0423), (120, 1.9799)]
)
def test_points_of_students_t_are_those_of_the_tables(freedom, point):
    assert t_95(freedom) == pytest.approx(point, abs=0.001)


def test_csat_is_a_per_cent_with_wilsons_interval():
    found = csat(Figure(20, 20))
    assert (found.value, found.n, found.method) == (100, 20, "Wilson")
    assert found.low == pytest.approx(83.89, abs=0.01)
