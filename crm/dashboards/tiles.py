"""The eight tiles of the board: a figure, of how many, its line over the months, and what is behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.dashboards.formulas import Figure, ces, nps, wilson
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
    """about: of what time or of how many. change: against the day compared with."""

    label: str
    about: Piece
    values: list[Piece]
    notes: list[Piece]
    change: str
    drawn: Drawn


@dataclass(frozen=True)
class Months:
    """What tiles are made of: the figures of the last day of each month, the newest last, and of the day compared."""

    days: Sequence[date | None]
    found: Mapping[date, Figures]
    compared: date | None
    link: Link

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


def tiles(months: Months) -> list[Tile]:
    """The tiles in the order of the page, satisfaction first."""
    return [
        _csat(months), _active(months), _contacted(months), _on_time(months),
        _complaints(months), _suggestions(months), _products(months), _use(months),
    ]  # fmt: skip


def number(months: Months, measured: str, of: str, *, label: str = "", tone: str = "") -> Piece:
    """`part` or `whole` of the newest day, opening its customers."""
    figure = months.now(measured)
    amount = figure.part if of == "part" else figure.whole
    return Piece(count(amount), months.link(measured, of) if amount else "", label, tone if amount else "")


def _rate(months: Months, measured: str, of: str = "part", write: Callable[[float | None], str] = percent) -> Piece:
    """The rate of the newest day, opening the customers who make it."""
    figure = months.now(measured)
    if figure.small:
        return Piece(_("small sample"), months.link(measured, "whole") if figure.whole else "", tone="few")
    return Piece(write(figure.rate), months.link(measured, of))


def _points(months: Months, measured: str) -> str:
    """The change of a share in percentage points."""
    now, then = months.now(measured).fair, months.at(months.compared, measured).fair
    if now is None or then is None:
        return ""
    return _("%(points)s points") % {"points": f"{(now - then) * 100:+.1f}"}


def _drawn(values: Sequence[float | None], label: str, write: Callable[[float | None], str]) -> Drawn:
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Drawn(None)
    words = _("%(label)s by month, from %(first)s to %(last)s")
    trend = words % {"label": label, "first": write(known[0]), "last": write(known[-1])}
    return Drawn(spark(values), trend)


def _share_line(months: Months, measured: str, label: str) -> Drawn:
    return _drawn(months.rates(measured), label, percent)


def _whole(rate: float | None) -> str:
    return "—" if rate is None else count(round(rate))


def _csat(months: Months) -> Tile:
    label, figure = _("Satisfaction"), months.now(Measured.CSAT)
    interval = wilson(figure)
    notes = [number(months, Measured.CSAT, "part", label=_("rated 4 or 5"))]
    if interval:
        notes.append(Piece(f"{interval[0]:.1%} – {interval[1]:.1%}", label=_("95 per cent interval")))
    notes += _asked(months)
    return Tile(
        label, number(months, Measured.CSAT, "whole", label="n ="), [_rate(months, Measured.CSAT)], notes,
        _points(months, Measured.CSAT), _share_line(months, Measured.CSAT, label),
    )  # fmt: skip


def _asked(months: Months) -> list[Piece]:
    """NPS and CES with their intervals, where enough have answered."""
    pieces = []
    loyal = nps(months.now(Measured.NPS), months.now(Measured.NPS_SPREAD))
    if loyal and not months.now(Measured.NPS).small:
        text = f"{loyal.value:+.0f} ({loyal.low:+.0f} – {loyal.high:+.0f})"
        pieces.append(Piece(text, months.link(Measured.NPS, "whole"), "NPS"))
    effort = ces(months.now(Measured.CES), months.now(Measured.CES_SQUARES))
    if effort and not months.now(Measured.CES).small:
        text = f"{effort.value:.1f} ({effort.low:.1f} – {effort.high:.1f})"
        pieces.append(Piece(text, months.link(Measured.CES, "whole"), _("effort, 1 to 7")))
    return pieces


def _active(months: Months) -> Tile:
    label = _("Active customers")
    notes = [
        number(months, Measured.ACTIVE, "part", label=_("in touch by themselves")),
        number(months, Measured.ACTIVE, "whole", label=pgettext("tile", "of")),
    ]
    return Tile(
        label, Piece(_("90 days")), [_rate(months, Measured.ACTIVE)], notes, _points(months, Measured.ACTIVE),
        _share_line(months, Measured.ACTIVE, label),
    )  # fmt: skip


def _contacted(months: Months) -> Tile:
    label = _("Spoken to")
    notes = [
        number(months, Measured.CONTACTED, "part", label=_("by their own manager")),
        number(months, Measured.CONTACTED, "whole", label=pgettext("tile", "of")),
    ]
    # A month that has only begun is not compared with whole ones.
    return Tile(
        label, Piece(_("this month so far")), [_rate(months, Measured.CONTACTED)], notes, "",
        _share_line(months, Measured.CONTACTED, label),
    )  # fmt: skip


def _on_time(months: Months) -> Tile:
    label = _("Follow-ups on time")
    notes = [
        number(months, Measured.ON_TIME, "whole", label=_("due in 30 days")),
        number(months, Measured.LATE, "part", label=_("late and open"), tone="late"),
    ]
    return Tile(
        label, Piece(_("done on their day")), [_rate(months, Measured.ON_TIME)], notes,
        _points(months, Measured.ON_TIME), _share_line(months, Measured.ON_TIME, label),
    )  # fmt: skip


def _complaints(months: Months) -> Tile:
    label, age = _("Complaints open"), months.now(Measured.COMPLAINT_DAYS).rate
    notes = [number(months, Measured.COMPLAINTS_OPEN, "part", label=_("past their day"), tone="late")]
    if age is not None:
        days = _("%(days)s days") % {"days": f"{age:.1f}"}
        notes.append(Piece(days, months.link(Measured.COMPLAINTS_OPEN, "whole"), _("open on average")))
    then = months.at(months.compared, Measured.COMPLAINTS_OPEN)
    change = f"{months.now(Measured.COMPLAINTS_OPEN).whole - then.whole:+d}" if months.compared else ""
    return Tile(
        label, Piece(_("answer within 15 days")), [number(months, Measured.COMPLAINTS_OPEN, "whole")], notes, change,
        _drawn(months.parts(Measured.COMPLAINTS_OPEN, lambda figure: figure.whole), label, _whole),
    )  # fmt: skip


def _suggestions(months: Months) -> Tile:
    label, change = pgettext("tile", "Suggestions"), _points(months, Measured.REFUSED)
    notes = [
        number(months, Measured.WELCOMED, "part", label=pgettext("tile", "welcome")),
        number(months, Measured.REFUSED, "part", label=pgettext("tile", "unwanted")),
        Piece(change, label=_("the line: unwanted"), tone="lab"),
    ]
    values = [_rate(months, Measured.WELCOMED)]
    if not months.now(Measured.REFUSED).small:
        values.append(_rate(months, Measured.REFUSED))
    return Tile(
        label, number(months, Measured.WELCOMED, "whole", label=pgettext("tile", "offered")), values, notes, "",
        _share_line(months, Measured.REFUSED, label),
    )  # fmt: skip


def _products(months: Months) -> Tile:
    label = _("Products per customer")
    now, then = months.now(Measured.PRODUCTS).fair, months.at(months.compared, Measured.PRODUCTS).fair
    change = f"{now - then:+.2f}" if now is not None and then is not None else ""
    notes = [number(months, Measured.PRODUCTS, "whole", label=_("customers with a product"))]
    return Tile(
        label, Piece(_("families held")), [_rate(months, Measured.PRODUCTS, "whole", decimal)], notes, change,
        _drawn(months.rates(Measured.PRODUCTS), label, decimal),
    )  # fmt: skip


def _use(months: Months) -> Tile:
    label, notes_made = _("Use of the system"), months.now(Measured.NOTES)
    notes = [Piece(decimal(notes_made.fair), label=_("notes per conversation"))] if not notes_made.small else []
    if notes_made.whole:
        notes.append(number(months, Measured.NOTES, "whole", label=_("conversations in 30 days")))
    used = Piece(percent(months.now(Measured.USED).fair))
    return Tile(
        label, Piece(_("working days, 30 days")), [used], notes, _points(months, Measured.USED),
        _share_line(months, Measured.USED, label),
    )  # fmt: skip
