"""What a tile of the board is made of: a figure, of how many, its line over the months, and what is behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.dashboards.formulas import Figure
from crm.dashboards.models import Measured
from crm.dashboards.reading import Figures
from crm.lib.charts import Spark, spark

NONE = Figure()
Link = Callable[[str, str], str]  # measure and "part" or "whole" -> the address of the customers behind it


@dataclass(frozen=True)
class Piece:
    """A number as it stands on the page; url: of what is behind it, "" for nothing. label: the words before it."""

    text: str
    url: str = ""
    label: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Drawn:
    """A line over the months, and the same in words."""

    line: Spark | None
    words: str = ""


@dataclass(frozen=True)
class Tile:
    """about: of what time or of how many. change: against the day compared with. tone: "worse" or "better" where the
    change is more than chance explains."""

    label: str
    about: Piece
    values: list[Piece]
    notes: list[Piece]
    change: str
    drawn: Drawn
    tone: str = ""


@dataclass(frozen=True)
class Months:
    """What tiles are made of: the figures of the last day of each month, the newest last, and of the day compared."""

    days: Sequence[date | None]
    found: Mapping[date, Figures]
    compared: date | None
    link: Link
    keyed: Mapping[tuple[date, str], Mapping[str, Figure]] = field(default_factory=dict)

    def parted(self, day: date | None, parted: str) -> Mapping[str, Figure]:
        """The counts by key of `day`."""
        return self.keyed.get((day, parted), {}) if day else {}

    def at(self, day: date | None, measured: str) -> Figure:
        return self.found.get(day, {}).get(measured, NONE) if day else NONE

    def now(self, measured: str) -> Figure:
        return self.at(self.days[-1], measured)

    def rates(self, measured: str) -> list[float | None]:
        """By month; None where there was too little to speak of a rate, or the month it is about has only begun."""
        rates = [self.at(day, measured).fair for day in self.days]
        newest = self.days[-1]
        if measured == Measured.CONTACTED and newest and (newest + timedelta(days=1)).day != 1:
            rates[-1] = None
        return rates

    def parts(self, measured: str, number: Callable[[Figure], int]) -> list[float | None]:
        return [float(number(self.at(day, measured))) if day in self.found else None for day in self.days]


def percent(rate: float | None) -> str:
    """ "91.6%"; a dash for none."""
    return "—" if rate is None else f"{rate:.1%}"


def decimal(rate: float | None) -> str:
    """ "2.31"; a dash for none."""
    return "—" if rate is None else f"{rate:.2f}"


def count(number: int) -> str:
    return f"{number:,}"


def number(months: Months, measured: str, of: str, *, label: str = "", tone: str = "") -> Piece:
    """`part` or `whole` of the newest day, opening its customers."""
    figure = months.now(measured)
    amount = figure.part if of == "part" else figure.whole
    return Piece(count(amount), months.link(measured, of) if amount else "", label, tone if amount else "")


def rate(months: Months, measured: str, of: str = "part", write: Callable[[float | None], str] = percent) -> Piece:
    """The rate of the newest day, opening the customers who make it."""
    figure = months.now(measured)
    if figure.small:
        return Piece(_("small sample"), months.link(measured, "whole") if figure.whole else "", tone="few")
    amount = figure.part if of == "part" else figure.whole
    return Piece(write(figure.rate), months.link(measured, of) if amount else "")


def points(months: Months, measured: str) -> str:
    """The change of a share in percentage points."""
    now, then = months.now(measured).fair, months.at(months.compared, measured).fair
    if now is None or then is None:
        return ""
    return _("%(points)s points") % {"points": f"{(now - then) * 100:+.1f}"}


def drawn(values: Sequence[float | None], label: str, write: Callable[[float | None], str]) -> Drawn:
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Drawn(None)
    words = _("%(label)s by month, from %(first)s to %(last)s")
    trend = words % {"label": label, "first": write(known[0]), "last": write(known[-1])}
    return Drawn(spark(values), trend)


def share_line(months: Months, measured: str, label: str) -> Drawn:
    return drawn(months.rates(measured), label, percent)


def whole(rate: float | None) -> str:
    """ "1,234"; a dash for none."""
    return "—" if rate is None else count(round(rate))
