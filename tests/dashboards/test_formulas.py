"""The formulas, against published figures and at their edges."""

import pytest

from crm.dashboards.formulas import Figure, score, surely_above, surely_below, wilson
from crm.dashboards.reading import Row
from crm.dashboards.talk import whom
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


def test_a_score_is_the_sum_of_its_parts_and_stops_at_a_hundred():
    points = score(Figure(9, 10), Figure(8, 10), Figure(50, 100), Figure(200, 100))
    assert (points.satisfaction, points.follow_up, points.activity, points.business) == pytest.approx((36, 24, 10, 5))
    assert points.total == pytest.approx(75)
    assert score(Figure(10, 10), Figure(10, 10), Figure(10, 10), Figure(900, 100)).total == 100


@pytest.mark.parametrize("small", range(4))
def test_one_small_sample_is_enough_for_no_score(small):
    figures = [Figure(10, 10)] * 4
    figures[small] = Figure(9, 9)
    assert score(*figures) is None


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
