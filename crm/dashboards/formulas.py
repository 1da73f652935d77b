"""The formulas of dashboards: pure, each with its source. Shares are 0 to 1, None where nothing is to divide by."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964  # the 97.5 % point of the normal distribution
SMALL = 10  # fewer answers than this are shown as a small sample: neither a rate nor a rank (domain: measures)

# The parts of the score, in points (docs: dashboards). Sales volume is none of them.
SATISFACTION, FOLLOW_UP, ACTIVITY, BUSINESS = 40, 30, 20, 10
FULL_PRODUCTS = 4.0  # product families per customer from which the points for business are full


@dataclass(frozen=True)
class Figure:
    """`part` of `whole`: a share or an average."""

    part: int = 0
    whole: int = 0

    @property
    def rate(self) -> float | None:
        """part / whole."""
        return self.part / self.whole if self.whole else None

    @property
    def small(self) -> bool:
        """Whether there is too little to speak of a rate."""
        return self.whole < SMALL

    @property
    def fair(self) -> float | None:
        """The rate where there is enough to speak of one."""
        return None if self.small else self.rate

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.part + other.part, self.whole + other.whole)


def wilson(figure: Figure, z: float = Z_95) -> tuple[float, float] | None:
    """The interval of a share (95 % by default), within 0 to 1 also for small samples and shares of 0 or 1.

    E. B. Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference, JASA 22, 209-212.
    """
    if not figure.whole:
        return None
    n, share = figure.whole, figure.part / figure.whole
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    divisor = 1 + z * z / n
    return max(0.0, (centre - spread) / divisor), min(1.0, (centre + spread) / divisor)


@dataclass(frozen=True)
class Score:
    """Points by part; `total` is their sum, of 100."""

    satisfaction: float
    follow_up: float
    activity: float
    business: float

    @property
    def total(self) -> float:
        return self.satisfaction + self.follow_up + self.activity + self.business


def score(csat: Figure, on_time: Figure, active: Figure, products: Figure) -> Score | None:
    """Points of a manager: satisfied answers 40, follow-ups on time 30, active customers 20, products held 10.

    None where one of the samples is small. Product families per customer measure how widely the bank serves, and are
    full at FULL_PRODUCTS: selling more to one customer gives nothing.
    """
    if csat.small or on_time.small or active.small or products.small:
        return None
    families = (products.rate or 0) / FULL_PRODUCTS
    return Score(
        SATISFACTION * (csat.rate or 0),
        FOLLOW_UP * (on_time.rate or 0),
        ACTIVITY * (active.rate or 0),
        BUSINESS * min(1.0, families),
    )


def surely_above(figure: Figure, share: float | None) -> bool:
    """Whether the share of `figure` lies above `share` beyond what chance makes of its sample."""
    interval = wilson(figure)
    return interval is not None and share is not None and not figure.small and interval[0] > share


def surely_below(figure: Figure, share: float | None) -> bool:
    """As `surely_above`, below."""
    interval = wilson(figure)
    return interval is not None and share is not None and not figure.small and interval[1] < share
