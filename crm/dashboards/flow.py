"""Moves between segments as a flow: where customers stood 90 days ago on the left, where they stand on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.dashboards.formulas import Figure

WIDE, TALL, GAP = 1000, 240, 14  # units of the chart; GAP between two bars of a side
LEFT, RIGHT, BAR = 190, 800, 10  # where the bars stand; names and numbers are outside of them
LEAST = 3.0  # the height of the thinnest band: one customer among thousands is still seen


@dataclass(frozen=True)
class Band:
    """From one segment to another; path: closed, between the two bars."""

    source: str
    target: str
    number: int
    path: str
    key: str


@dataclass(frozen=True)
class Post:
    """A bar at a side with the name of its segment."""

    name: str
    number: int
    x: float
    y: float
    height: float
    label_x: float
    left: bool


@dataclass(frozen=True)
class Flow:
    bands: list[Band]
    posts: list[Post]
    height: int


def flow(moves: Mapping[str, Figure], names: Sequence[tuple[str, str]]) -> Flow | None:
    """The chart of moves ("from>to" by code -> customers). names: code and name of segments in their order, the best
    served first; None without moves.
    """
    order = {code: place for place, (code, _name) in enumerate(names)}
    found: dict[tuple[str, str], int] = {}
    for key, figure in moves.items():
        source, _arrow, target = key.partition(">")
        if source in order and target in order and figure.part > 0:
            found[source, target] = figure.part
    if not found:
        return None
    called = dict(names)
    sides = [sorted({pair[side] for pair in found}, key=order.__getitem__) for side in (0, 1)]
    scale = (TALL - GAP * (max(len(side) for side in sides) - 1)) / sum(found.values())
    heights = {pair: max(LEAST, number * scale) for pair, number in found.items()}
    posts: list[Post] = []
    tops: list[dict[tuple[str, str], float]] = []
    for side, codes in enumerate(sides):
        top = 0.0
        places: dict[tuple[str, str], float] = {}
        for code in codes:
            facing = [(order[pair[1 - side]], pair) for pair in found if pair[side] == code]
            own = [pair for _place, pair in sorted(facing)]
            start = top
            for pair in own:
                places[pair] = top
                top += heights[pair]
            x, label_x = (LEFT, LEFT - 8) if side == 0 else (RIGHT - BAR, RIGHT + 8)
            number = sum(found[pair] for pair in own)
            posts.append(Post(called[code], number, x, round(start, 1), round(top - start, 1), label_x, side == 0))
            top += GAP
        tops.append(places)
    bands = [
        Band(called[source], called[target], number,
             _band(tops[0][source, target], tops[1][source, target], heights[source, target]), f"{source}>{target}")
        for (source, target), number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]  # fmt: skip
    return Flow(bands, posts, round(max(post.y + post.height for post in posts)) + 4)


def _band(left: float, right: float, height: float) -> str:
    """A closed path of two curves between the bars."""
    start, end = LEFT + BAR, RIGHT - BAR
    middle = (start + end) / 2
    a, b, c, d = (round(value, 1) for value in (left, right, right + height, left + height))
    return f"M{start} {a}C{middle} {a} {middle} {b} {end} {b}L{end} {c}C{middle} {c} {middle} {d} {start} {d}Z"
