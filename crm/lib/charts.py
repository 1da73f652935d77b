"""Geometry of small charts, drawn by templates as inline SVG: no script, readable in print, fast on a slow PC."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HEIGHT = 600, 190
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 24


@dataclass(frozen=True)
class Tick:
    """A label on an axis. at: its coordinate; value: what it stands for."""

    at: float
    value: int


@dataclass(frozen=True)
class Bar:
    """One bar; index: of its value."""

    x: float
    y: float
    width: float
    height: float
    index: int


def ticks(least: int, most: int, *, count: int = 4) -> list[Tick]:
    """Round values from at or below `least` to at or above `most`, with their heights."""
    span = max(most - least, 1)
    step = 10 ** len(str(span // count)) // 10 or 1
    step = next(factor * step for factor in (1, 2, 5, 10, 20) if factor * step * count >= span)
    low = least // step * step
    values = list(range(low, most + step, step))
    scale = Scale(values[0], values[-1])
    return [Tick(scale.y(value), value) for value in values]


@dataclass(frozen=True)
class Scale:
    """From values to heights."""

    least: int
    most: int

    def y(self, value: int) -> float:
        share = (value - self.least) / max(self.most - self.least, 1)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def positions(count: int, width: int = WIDE) -> list[float]:
    """The middles of `count` equal columns, left to right, in a chart `width` units wide."""
    column = (width - LEFT - RIGHT) / max(count, 1)
    return [round(LEFT + column * (index + 0.5), 1) for index in range(count)]


def line(values: Sequence[int | None], scale: Scale, width: int = WIDE) -> str:
    """The path of a line through the known `values`; it begins anew after an unknown one."""
    pieces, pen = [], "M"
    for x, value in zip(positions(len(values), width), values, strict=True):
        if value is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{x} {scale.y(value)}")
        pen = "L"
    return " ".join(pieces)


def bars(values: Sequence[int], scale: Scale, *, place: int, of: int) -> list[Bar]:
    """Bars from 0, the `place`-th of `of` side by side in each column."""
    column = (WIDE - LEFT - RIGHT) / max(len(values), 1)
    width = round(column * 0.7 / of, 1)
    found = []
    for index, (x, value) in enumerate(zip(positions(len(values)), values, strict=True)):
        top = scale.y(value)
        left = x - width * of / 2 + width * place
        found.append(Bar(round(left, 1), top, width, round(scale.y(0) - top, 1), index))
    return found


@dataclass(frozen=True)
class Spark:
    """A line without axes, `width` by `height`: its path, and where its last known point is."""

    path: str
    x: float
    y: float


def spark(values: Sequence[float | None], *, width: int = 86, height: int = 26) -> Spark | None:
    """The line through the known `values`, from the least at the bottom to the most at the top; None below two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    least, span = min(known), max(known) - min(known)
    step = (width - 3) / (len(values) - 1)
    pieces, pen, x, y = [], "M", 0.0, 0.0
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        share = (value - least) / span if span else 0.5
        x, y = round(index * step, 1), round(height - 2 - share * (height - 4), 1)
        pieces.append(f"{pen}{x} {y}")
        pen = "L"
    return Spark(" ".join(pieces), x, y)


def apart(heights: Sequence[float], least: float) -> list[float]:
    """`heights` moved down as little as keeps labels `least` apart, in their order from the top."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    moved, above = list(heights), float("-inf")
    for index in order:
        above = max(heights[index], above + least)
        moved[index] = above
    return moved
