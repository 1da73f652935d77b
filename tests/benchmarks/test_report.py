"""The benchmark's table says honestly what was reached and what was not."""

import pytest

from benchmarks.client import Call
from benchmarks.report import Spread, at_least_percent, at_least_share, at_most_times, table


def test_a_share_is_reached_at_its_denominator_and_missed_below():
    reached = at_least_share("page", [1 / 12], 12)
    missed = at_least_share("page", [1 / 12.5], 12)
    assert (reached.figure, reached.ok) == ("1/12.0", True)
    assert (missed.figure, missed.ok) == ("1/12.5", False)


def test_a_percentage_and_a_multiple_are_compared_with_their_limits():
    assert at_least_percent("import", [0.2, 0.1, 0.15], 10).figure == "15.0%"
    assert not at_least_percent("import", [0.099], 10).ok
    assert at_most_times("growth", 1.3, 1.3).ok
    assert not at_most_times("growth", 1.31, 1.3).ok


def test_the_spread_lies_around_the_median():
    spread = Spread.of([float(value) for value in range(1, 102)])
    assert (spread.p10, spread.p50, spread.p90, spread.p95) == pytest.approx((11, 51, 91, 96))
    assert Spread.of([3.0]) == Spread(3.0, 3.0, 3.0, 3.0)


def test_the_table_has_four_columns_and_says_no_to_a_miss():
    lines = table([at_most_times("a long name", 2, 1.3), at_least_share("b", [0.5], 12)]).splitlines()
    assert lines[0].split(" | ")[0].strip() == "benchmark"
    assert [line.split(" | ")[-1] for line in lines[2:]] == ["no", "yes"]
    assert lines[2].index("|") == lines[3].index("|")


def test_a_search_is_a_form_with_its_token():
    request = Call("/search/", session="s", form={"q": "张伟"}, htmx=True).encoded()
    head, _blank, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /search/ HTTP/1.1\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert body == b"q=%E5%BC%A0%E4%BC%9F"
