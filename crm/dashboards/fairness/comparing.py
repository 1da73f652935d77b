"""Whether groups of people fare alike: each group's rate against that of all others. Pure.

Two-proportion z test with pooled variance, two-sided, each group against all others together, the p values corrected
over the groups of a dimension by Holm (S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979). A
difference beyond chance can still be small: it stands out where the lower rate is below four fifths of the higher one
(the four-fifths rule of 29 CFR 1607.4 D, a custom, no law of this country).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from crm.dashboards.formulas import Figure, wilson

SURE = 0.05
FOUR_FIFTHS = 0.8


@dataclass(frozen=True)
class Compared:
    """One group. interval: of its rate, 95 %, None of nobody. p: corrected; None where there is nothing to compare.

    stands_out: the difference is beyond chance and the ratio of the rates beyond four fifths.
    """

    group: str
    figure: Figure
    others: Figure
    interval: tuple[float, float] | None
    p: float | None
    stands_out: bool

    @property
    def differs(self) -> bool:
        """Beyond chance, be it little or much."""
        return self.p is not None and self.p < SURE


def compare(groups: Mapping[str, Figure]) -> list[Compared]:
    """Each of `groups` (name -> people it concerned of all in it) against all others, in their order."""
    total = sum(groups.values(), Figure())
    others = {name: Figure(total.part - own.part, total.whole - own.whole) for name, own in groups.items()}
    raw = {name: p_of(own, others[name]) for name, own in groups.items()}
    corrected = _holm([p for p in raw.values() if p is not None])
    found = []
    for name, own in groups.items():
        p = None if raw[name] is None else corrected.pop(0)
        sure = p is not None and p < SURE
        found.append(
            Compared(name, own, others[name], wilson(own), p, sure and _ratio(own, others[name]) < FOUR_FIFTHS)
        )
    return found


def p_of(one: Figure, other: Figure) -> float | None:
    """How likely chance alone makes two rates differ so much; None where a sample is small or nothing varies."""
    if one.small or other.small:
        return None
    share = (one.part + other.part) / (one.whole + other.whole)
    spread = sqrt(share * (1 - share) * (1 / one.whole + 1 / other.whole))
    if not spread:
        return None
    return erfc(abs(one.part / one.whole - other.part / other.whole) / spread / sqrt(2))


def _holm(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    found, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, values[place] * (len(values) - rank)))
        found[place] = highest
    return found


def _ratio(one: Figure, other: Figure) -> float:
    """The lower rate as a share of the higher."""
    rates = sorted((one.rate or 0.0, other.rate or 0.0))
    return rates[0] / rates[1] if rates[1] else 1.0
