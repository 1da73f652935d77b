"""The questions and their scales. Pure.

CSAT 1 to 5; NPS 0 to 10 (F. Reichheld, The One Number You Need to Grow, HBR 12/2003: 0 counts); CES 1 to 7 of effort
(M. Dixon and others, Stop Trying to Delight Your Customers, HBR 7/2010).
"""

from dataclasses import dataclass

from interactions.models import SurveyKind

FORMULA = 1  # of what is computed from answers; a change of scale or of what counts as low takes the next number


@dataclass(frozen=True)
class Scale:
    """From `least` to `most`, both possible; low: the answers that open a case; most_first: 5 stands for the best."""

    least: int
    most: int
    low: frozenset[int]
    high_is_good: bool = True

    def holds(self, score: int) -> bool:
        return self.least <= score <= self.most

    def is_low(self, score: int) -> bool:
        """Whether the answer says that something went wrong for the customer."""
        return score in self.low

    def goodness(self, score: int) -> float:
        """0 worst to 1 best, for a line over answers of several kinds."""
        share = (score - self.least) / (self.most - self.least)
        return share if self.high_is_good else 1 - share


# Low: unsatisfied (1, 2 of 5); detractors (0 to 6); hard or very hard (6, 7 of 7).
SCALES = {
    SurveyKind.CSAT.value: Scale(1, 5, frozenset({1, 2})),
    SurveyKind.NPS.value: Scale(0, 10, frozenset(range(7))),
    SurveyKind.CES.value: Scale(1, 7, frozenset({6, 7}), high_is_good=False),
}
