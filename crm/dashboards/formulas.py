"""The formulas of dashboards: pure, each with its source. Shares are 0 to 1, None where nothing is to divide by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import sqrt

Z_95 = 1.959964  # the 97.5 % point of the normal distribution
SMALL = 10  # fewer answers than this are shown as a small sample: neither a rate nor a rank (domain: measures)

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
class Estimate:
    """A figure of answers with its 95 % interval and how that was found; None where `n` is too small for it."""

    value: float
    low: float | None
    high: float | None
    n: int
    method: str


def csat(figure: Figure) -> Estimate | None:
    """Satisfied answers (4, 5 of 5) / answers x 100; Wilson's interval. None without answers."""
    interval = wilson(figure)
    if interval is None or figure.rate is None:
        return None
    return Estimate(100 * figure.rate, 100 * interval[0], 100 * interval[1], figure.whole, "Wilson")


def nps(difference: Figure, spread: Figure) -> Estimate | None:
    """Per cent of answers 9, 10 minus per cent of 0 to 6 (F. Reichheld, HBR 12/2003): -100 to 100.

    difference: promoters - detractors / answers; spread: promoters + detractors / answers. The interval is the adjusted
    Wald one with three answers added, 3/4 to promoters and to detractors each (B. Rocks, Interval Estimation for the
    Net Promoter Score, The American Statistician 70/4, 2016, 365-372), which holds its 95 % from small samples on.
    """
    if not difference.whole:
        return None
    n = difference.whole + 3
    share = difference.part / n
    variance = (spread.part + 1.5) / n - share * share
    half = Z_95 * sqrt(max(0.0, variance) / n)
    low, high = max(-1.0, share - half), min(1.0, share + half)
    return Estimate(100 * difference.part / difference.whole, 100 * low, 100 * high, difference.whole, "adjusted Wald")


def ces(total: Figure, squares: Figure) -> Estimate | None:
    """The mean of the efforts, 1 easy to 7 hard (M. Dixon and others, HBR 7/2010), with Student's t interval.

    total: their sum / answers; squares: the sum of their squares / answers. Of one answer there is no interval.
    """
    n = total.whole
    if not n:
        return None
    mean = total.part / n
    if n < 2:
        return Estimate(mean, None, None, n, "Student's t")
    variance = max(0.0, (squares.part - n * mean * mean) / (n - 1))
    half = t_95(n - 1) * sqrt(variance / n)
    return Estimate(mean, max(1.0, mean - half), min(7.0, mean + half), n, "Student's t")


def moved(now: Estimate, then: Estimate) -> str:
    """ "rising" or "falling" where the difference of two estimates is more than chance explains, else "".

    The interval of the difference is made of the two (MOVER: G. Y. Zou and A. Donner, Statistics in Medicine 27, 2008,
    1693-1702; for shares with Wilson's interval it is method 10 of R. G. Newcombe, ibid. 17, 1998, 873-890). Windows
    that overlap share answers: their difference varies less than is assumed here, so "" is said rather too often.
    """
    low, high = difference(now, then) or (0.0, 0.0)
    return "rising" if low > 0 else "falling" if high < 0 else ""


def difference(now: Estimate, then: Estimate) -> tuple[float, float] | None:
    """The 95 % interval of `now` less `then`; None where one has no interval or too few answers."""
    if now.low is None or now.high is None or then.low is None or then.high is None or min(now.n, then.n) < SMALL:
        return None
    between = now.value - then.value
    return (
        between - sqrt((now.value - now.low) ** 2 + (then.high - then.value) ** 2),
        between + sqrt((now.high - now.value) ** 2 + (then.value - then.low) ** 2),
    )


# The 97.5 % points of Student's t for 1 to 4 degrees of freedom, where the series below is too coarse.
_T_FEW = (12.7062, 4.3027, 3.1824, 2.7764)


def t_95(freedom: int) -> float:
    """The 97.5 % point of Student's t (M. Abramowitz and I. Stegun, Handbook, 26.7.5; from 5 on exact to 0.001)."""
    if freedom <= len(_T_FEW):
        return _T_FEW[freedom - 1]
    z, v = Z_95, float(freedom)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / v + g2 / v**2 + g3 / v**3 + g4 / v**4


@dataclass(frozen=True)
class Weights:
    """The points each part of a score can give, 100 in all. Sales volume is none of them (docs: dashboards)."""

    satisfaction: int = 35
    follow_up: int = 25
    activity: int = 15
    care: int = 15
    business: int = 10


USUAL = Weights()


@dataclass(frozen=True)
class Score:
    """Points by part; `total` is their sum, of 100."""

    satisfaction: float
    follow_up: float
    activity: float
    care: float
    business: float

    @property
    def total(self) -> float:
        return self.satisfaction + self.follow_up + self.activity + self.care + self.business


def attained(part: str, figure: Figure) -> float | None:
    """How much of a part's points `figure` gives, 0 to 1; None where the sample is small.

    Shares give themselves. Product families per customer ("business") measure how widely the bank serves, and are full
    at FULL_PRODUCTS: selling more to one customer gives nothing.
    """
    rate = figure.fair
    return min(1.0, rate / FULL_PRODUCTS) if part == "business" and rate is not None else rate


def score(figures: Mapping[str, Figure], weights: Weights = USUAL) -> Score | None:
    """Points of a manager from the figure of each part, by the names of Weights.

    None where the sample of a part that counts is small.
    """
    points = {}
    for part, weight in asdict(weights).items():
        share = attained(part, figures[part])
        if share is None and weight:
            return None
        points[part] = weight * (share or 0)
    return Score(**points)


def surely_above(figure: Figure, share: float | None) -> bool:
    """Whether the share of `figure` lies above `share` beyond what chance makes of its sample."""
    interval = wilson(figure)
    return interval is not None and share is not None and not figure.small and interval[0] > share


def surely_below(figure: Figure, share: float | None) -> bool:
    """As `surely_above`, below."""
    interval = wilson(figure)
    return interval is not None and share is not None and not figure.small and interval[1] < share


def median(counts: Mapping[int, int]) -> float | None:
    """The middle of values given as value -> how often; of an even number the mean of the two in the middle."""
    total = sum(counts.values())
    if not total:
        return None
    low = high = None
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if low is None and seen >= (total + 1) // 2:
            low = value
        if seen >= total // 2 + 1:
            high = value
            break
    return ((low or 0) + (high or 0)) / 2
