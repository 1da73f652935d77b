"""What the learner would have brought on a bank's own campaign history, in the order of time."""

import csv
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from django.utils.translation import gettext as _

from recommendations.learning.chances import Chances, Factor
from recommendations.learning.ranking import alift, auc

WELCOME = frozenset({"yes", "y", "1", "true", "是"})
UNWELCOME = frozenset({"no", "n", "0", "false", "否"})
BINS = 10  # a column of numbers is cut into so many parts of equal size, by what was seen before
FEWEST_NUMBERS = 20  # different values from which on a column of numbers is cut


class HistoryError(Exception):
    """The file is no campaign history; the message says why, in the reader's language."""


@dataclass(frozen=True)
class History:
    """columns: their names; rows: their values as read; welcome: the outcome of each row."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    welcome: list[bool]


@dataclass(frozen=True)
class Window:
    """One judged part of the history, `first` to before `last`, with the learner's figures on it."""

    first: int
    last: int
    welcome: int
    auc: float | None


@dataclass(frozen=True)
class Verdict:
    windows: list[Window]
    pooled_auc: float | None
    alift: float | None
    judged: int


def read(path: Path, target: str, drop: Sequence[str] = ()) -> History:
    """The history in a CSV file (comma, semicolon or tab). Raises HistoryError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            dialect = csv.Sniffer().sniff(stream.readline(), delimiters=",;\t")
            stream.seek(0)
            lines = list(csv.reader(stream, dialect))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HistoryError(_("%(file)s cannot be read: %(why)s") % {"file": path.name, "why": error}) from error
    head, body = tuple(lines[0]), lines[1:]
    for name in (target, *drop):
        if name not in head:
            raise HistoryError(_("there is no column “%(name)s”") % {"name": name})
    if ragged := next((number for number, line in enumerate(body, 2) if len(line) != len(head)), None):
        raise HistoryError(_("line %(line)d has another number of columns than the first") % {"line": ragged})
    kept = [place for place, name in enumerate(head) if name not in {target, *drop}]
    return History(
        columns=tuple(head[place] for place in kept),
        rows=[tuple(line[place] for place in kept) for line in body],
        welcome=list(_outcomes(line[head.index(target)] for line in body)),
    )


def _outcomes(values: Iterator[str]) -> Iterator[bool]:
    for number, value in enumerate(values, 2):
        word = value.strip().lower()
        if word not in WELCOME | UNWELCOME:
            raise HistoryError(
                _("line %(line)d: the outcome “%(value)s” is neither yes nor no") % {"line": number, "value": value}
            )
        yield word in WELCOME


def backtest(history: History, *, window: int, step: int, half_life: int) -> Verdict:
    """Learn from the first `window` rows; judge the next `step`, then learn from them too; and so on to the end.

    half_life: rows after which an outcome weighs half. What is judged is learned from only afterwards: nobody knows
    next week's outcomes. Raises HistoryError where the history is too short.
    """
    size = len(history.rows)
    if not 0 < window < size:
        raise HistoryError(
            _("the history has %(size)d rows: too few to learn from %(window)d and judge the rest")
            % {"size": size, "window": window}
        )
    grouped = _grouped(history, window)
    learner = Chances([Factor((place,)) for place in range(len(history.columns))])
    chances: list[float] = []
    windows: list[Window] = []
    for first, last in _parts(size, window, step):
        rows, outcomes = grouped[first:last], history.welcome[first:last]
        if first >= window:
            found = [learner.chance(row) for row in rows]
            chances += found
            windows.append(Window(first, last, sum(outcomes), auc(found, outcomes)))
        learner.fade(0.5 ** (len(rows) / half_life))
        learner.learn(rows, outcomes)
    judged = history.welcome[window:]
    return Verdict(windows, auc(chances, judged), alift(chances, judged), len(judged))


def _parts(size: int, window: int, step: int) -> Iterator[tuple[int, int]]:
    """(first, before last) of parts of `step` rows, of which one begins at `window`."""
    for start, end in ((0, window), (window, size)):
        for first in range(start, end, step):
            yield first, min(first + step, end)


def _grouped(history: History, window: int) -> list[tuple[Hashable, ...]]:
    """The rows with their numbers cut into parts, by the numbers of the first `window` rows alone."""
    cuts = [_cuts([row[place] for row in history.rows[:window]]) for place in range(len(history.columns))]
    return [tuple(_part(value, cut) for value, cut in zip(row, cuts, strict=True)) for row in history.rows]


def _cuts(values: Sequence[str]) -> list[float] | None:
    """Where a column of numbers is cut; None for words, and for numbers of few values, which are words too."""
    numbers = [number for value in values if (number := _number(value)) is not None]
    if len(numbers) < 0.9 * len(values) or len(set(numbers)) < FEWEST_NUMBERS:
        return None
    numbers.sort()
    return sorted({numbers[len(numbers) * part // BINS] for part in range(1, BINS)})


def _part(value: str, cuts: list[float] | None) -> Hashable:
    if cuts is None or (number := _number(value)) is None:
        return value
    return bisect_right(cuts, number)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
