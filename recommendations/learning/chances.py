"""How likely something is to be welcome, learned from what became of the same thing before. Pure.

The first sensible step of learning: no model to train, nothing to explain away. Every chance is a share of welcomed
offers, pulled towards the share of the wider group as long as few outcomes stand behind it, so that it is defined from
zero outcomes on (the m-estimate: Cestnik, Estimating Probabilities, ECAI 1990). Old outcomes fade: what was welcome a
year ago may annoy today.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import exp, log

PRIOR = 0.3  # the chance before anything is known
STRENGTH = 20.0  # as many outcomes as the wider group's share weighs against a group's own

Row = Sequence[Hashable]


@dataclass(frozen=True)
class Factor:
    """What outcomes are grouped by: places in a row. within: the wider factor it lies in, None for all outcomes.

    Rule × segment lies within rule; the columns of a campaign's history lie within all outcomes, each by itself.
    """

    places: tuple[int, ...]
    within: "Factor | None" = None

    def cell(self, row: Row) -> tuple[Hashable, ...]:
        return tuple(row[place] for place in self.places)


@dataclass
class Seen:
    """The outcomes of a group, faded: how many, and how many of them were welcome."""

    count: float = 0.0
    welcome: float = 0.0

    def share(self, wider: float, strength: float) -> float:
        """The share of welcome ones, pulled towards `wider` as by `strength` outcomes of it."""
        return (self.welcome + strength * wider) / (self.count + strength)


class Chances:
    """Learns from rows and their outcomes, in the order of time; asked about a row, answers 0 < chance < 1.

    Factors that lie one within the other end in the narrowest one's share. Factors side by side add their evidence as
    odds, as if they told independently: the order of chances is then meant, not their height.
    """

    def __init__(self, factors: Sequence[Factor], *, prior: float = PRIOR, strength: float = STRENGTH) -> None:
        self._factors = tuple(factors)
        self._prior, self._strength = prior, strength
        self._all = Seen()
        self._cells: list[defaultdict[tuple[Hashable, ...], Seen]] = [defaultdict(Seen) for _ in self._factors]

    def fade(self, share: float) -> None:
        """Let everything seen so far weigh only `share` of itself."""
        for seen in (self._all, *(seen for cells in self._cells for seen in cells.values())):
            seen.count *= share
            seen.welcome *= share

    def learn(self, rows: Sequence[Row], welcome: Sequence[bool]) -> None:
        """Take in the outcomes of `rows`, one each."""
        for row, good in zip(rows, welcome, strict=True):
            self.add(row, 1, good)

    def add(self, row: Row, count: float, welcome: float) -> None:
        """Take in `count` outcomes of `row` at once, `welcome` of them welcome; both may have faded."""
        cells = (self._cells[place][factor.cell(row)] for place, factor in enumerate(self._factors))
        for seen in (self._all, *cells):
            seen.count += count
            seen.welcome += welcome

    def chance(self, row: Row) -> float:
        """How likely `row` is to be welcome."""
        every = self._all.share(self._prior, self._strength)
        shares: dict[Factor | None, float] = {None: every}
        odds = _logit(every)
        for factor, cells in zip(self._factors, self._cells, strict=True):
            wider = shares[factor.within]
            # Not by indexing: asking must not make a group of what was never seen.
            shares[factor] = cells.get(factor.cell(row), Seen()).share(wider, self._strength)
            odds += _logit(shares[factor]) - _logit(wider)
        return 1 / (1 + exp(-odds))


def _logit(share: float) -> float:
    return log(share / (1 - share))
