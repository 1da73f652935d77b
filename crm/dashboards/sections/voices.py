"""What customers say: would they recommend us, are they satisfied, was it easy; and their complaints."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from crm.dashboards.formulas import Estimate, Figure, ces, csat, median, moved, nps
from crm.dashboards.models import Measured, Parted
from crm.dashboards.tiles import Months, Piece, Tile, count, decimal, drawn, number, percent, points, share_line, whole

Reckon = Callable[[date | None], Estimate | None]


def voices(months: Months) -> list[Tile]:
    return [_csat(months), _nps(months), _ces(months), _complaints(months), _turnaround(months)]


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.0f}"


def _scale(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _share(value: float | None) -> str:
    return percent(None if value is None else value / 100)


def _interval(found: Estimate, write: Callable[[float | None], str]) -> list[Piece]:
    if found.low is None or found.high is None:
        return []
    return [Piece(f"{write(found.low)} – {write(found.high)}", label=_("95 per cent interval"))]


def _lines(months: Months, reckon: Reckon, label: str, write: Callable[[float | None], str]) -> list[float | None]:
    found = [reckon(day) for day in months.days]
    return [None if each is None or Figure(0, each.n).small else each.value for each in found]


def _tone(months: Months, reckon: Reckon, *, more_is: str = "better") -> str:
    """Whether it became better or worse since the day compared with, beyond chance."""
    now, then = reckon(months.days[-1]), reckon(months.compared)
    way = moved(now, then) if now and then else ""
    return "" if not way else more_is if way == "rising" else {"better": "worse", "worse": "better"}[more_is]


def _value(
    months: Months, found: Estimate | None, measured: str, of: str, write: Callable[[float | None], str]
) -> Piece:
    """The figure, opening who answered; of a small sample only that it is small."""
    if found is None or Figure(0, found.n).small:
        return Piece(_("small sample"), months.link(measured, "whole") if found else "", tone="few")
    figure = months.now(measured)
    amount = figure.part if of == "part" else figure.whole
    return Piece(write(found.value), months.link(measured, of) if amount else "")


def _change(months: Months, reckon: Reckon, digits: int = 1) -> str:
    now, then = reckon(months.days[-1]), reckon(months.compared)
    if now is None or then is None or Figure(0, min(now.n, then.n)).small:
        return ""
    return f"{now.value - then.value:+.{digits}f}"


def _csat(months: Months) -> Tile:
    label = _("Satisfaction")

    def reckon(day: date | None) -> Estimate | None:
        return csat(months.at(day, Measured.CSAT))

    found = reckon(months.days[-1])
    notes = [number(months, Measured.CSAT, "part", label=_("rated 4 or 5"))]
    return Tile(
        label, number(months, Measured.CSAT, "whole", label="n ="),
        [_value(months, found, Measured.CSAT, "part", _share)],
        notes + (_interval(found, _share) if found else []), points(months, Measured.CSAT),
        share_line(months, Measured.CSAT, label), _tone(months, reckon),
    )  # fmt: skip


def _nps(months: Months) -> Tile:
    label = _("Would recommend (NPS)")

    def reckon(day: date | None) -> Estimate | None:
        return nps(months.at(day, Measured.NPS), months.at(day, Measured.NPS_SPREAD))

    found, spread, balance = reckon(months.days[-1]), months.now(Measured.NPS_SPREAD), months.now(Measured.NPS)
    notes = [
        _opening(months, Measured.NPS, "part", (spread.part + balance.part) // 2, _("9 or 10")),
        _opening(months, Measured.NPS, "low", (spread.part - balance.part) // 2, _("0 to 6")),
    ]
    return Tile(
        label, number(months, Measured.NPS, "whole", label="n ="),
        [_value(months, found, Measured.NPS, "whole", _signed)],
        notes + (_interval(found, _signed) if found else []), _change(months, reckon, 0),
        drawn(_lines(months, reckon, label, _signed), label, _signed), _tone(months, reckon),
    )  # fmt: skip


def _opening(months: Months, measured: str, of: str, amount: int, label: str) -> Piece:
    return Piece(count(amount), months.link(measured, of) if amount else "", label)


def _ces(months: Months) -> Tile:
    label = _("Effort (CES)")

    def reckon(day: date | None) -> Estimate | None:
        return ces(months.at(day, Measured.CES), months.at(day, Measured.CES_SQUARES))

    found = reckon(months.days[-1])
    notes = [Piece(_("1 easy, 7 hard"), tone="lab")]
    return Tile(
        label, number(months, Measured.CES, "whole", label="n ="),
        [_value(months, found, Measured.CES, "whole", decimal)],
        notes + (_interval(found, decimal) if found else []), _change(months, reckon, 2),
        drawn(_lines(months, reckon, label, _scale), label, _scale), _tone(months, reckon, more_is="worse"),
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
        drawn(months.parts(Measured.COMPLAINTS_OPEN, lambda figure: figure.whole), label, whole),
    )  # fmt: skip


def _turnaround(months: Months) -> Tile:
    """Days from receipt to the end: the middle, so that one long case does not hide nine short ones; and the mean."""
    label, figure, kept = _("Complaints settled in"), months.now(Measured.SETTLED_DAYS), months.now(Measured.KEPT_DAY)
    days = {int(key): figure.whole for key, figure in months.parted(months.days[-1], Parted.SETTLED).items()}
    middle, values = median(days), []
    if middle is not None:
        text = _("%(days)s days") % {"days": f"{middle:.1f}".removesuffix(".0")}
        values = [Piece(text, months.link(Measured.SETTLED_DAYS, "whole"))]
    notes = [number(months, Measured.SETTLED_DAYS, "whole", label=_("settled in 90 days"))]
    if figure.rate is not None:
        notes.append(Piece(_("%(days)s days") % {"days": f"{figure.rate:.1f}"}, label=_("on average")))
    if kept.whole:
        share = "" if kept.small else f" ({percent(kept.rate)})"
        kept_words = f"{count(kept.part)} / {count(kept.whole)}{share}"
        notes.append(Piece(kept_words, months.link(Measured.KEPT_DAY, "part") if kept.part else "", _("by their day")))
    then = months.at(months.compared, Measured.SETTLED_DAYS)
    change = f"{figure.fair - then.fair:+.1f}" if figure.fair is not None and then.fair is not None else ""
    return Tile(
        label, Piece(_("the middle of all")), values or [Piece("—")], notes, change,
        drawn(months.rates(Measured.SETTLED_DAYS), _("Days to settle a complaint"), _scale),
    )  # fmt: skip
