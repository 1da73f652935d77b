"""Whom to praise and whom to help, each with the figures that say so, and only beyond what chance makes of a sample.

Nobody is ranked: who has something against them is among those to help, the others by name within the number of their
reasons. A small sample says nothing, neither good nor bad.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.dashboards.care.talk import Talk, of
from crm.dashboards.formulas import Figure, csat, moved, surely_above, surely_below
from crm.dashboards.models import Measured
from crm.dashboards.reading import Figures, Row
from crm.dashboards.tiles import Piece, percent

MOST = 3
NONE = Figure()
Link = Callable[[Row, str, str], str]  # row, measure, part -> the address of the customers behind it


@dataclass(frozen=True)
class Said:
    """A person (or a branch) with the reasons to speak with them."""

    name: str
    reasons: list[Piece]


@dataclass(frozen=True)
class Lists:
    """further: how many more there are."""

    praise: list[Said]
    help: list[Said]
    further_praise: int
    further_help: int


def lists(rows: Sequence[Row], before: Mapping[str, Figures], total: Figures, talk: Talk | None, link: Link) -> Lists:
    """Those of `rows` who stand out from `total`, or from themselves on the day compared with.

    before: number -> figures of that day. talk: who has most accepted while customers tire.
    """
    helped: list[tuple[Row, list[Piece]]] = []
    praised: list[tuple[Row, list[Piece]]] = []
    people = [row for row in rows if row.number != "pool"]
    for row in people:
        bad = _bad(row, before.get(row.number, {}), total, talk, link)
        good = [] if bad else _good(row, before.get(row.number, {}), total, link)
        if bad:
            helped.append((row, bad))
        elif good:
            praised.append((row, good))
    for found in (helped, praised):
        found.sort(key=lambda pair: (-len(pair[1]), pair[0].name, pair[0].number))
    shown = [[Said(row.name, reasons) for row, reasons in found[:MOST]] for found in (praised, helped)]
    return Lists(shown[0], shown[1], max(0, len(praised) - MOST), max(0, len(helped) - MOST))


def changed(row: Row, before: Figures) -> str:
    """ "rising", "falling" or "": the satisfaction of the customers of `row` against the day compared with."""
    now, then = csat(of(row, Measured.CSAT)), csat(before.get(Measured.CSAT, NONE))
    return moved(now, then) if now and then else ""


def _bad(row: Row, before: Figures, total: Figures, talk: Talk | None, link: Link) -> list[Piece]:
    reasons = []
    satisfied, usual = of(row, Measured.CSAT), _rate(total, Measured.CSAT)
    if changed(row, before) == "falling":
        words = _("satisfaction fell from %(then)s to %(now)s, n = %(n)d")
        reasons.append(_piece(words, satisfied, row, link, Measured.CSAT, "whole", then=before[Measured.CSAT].rate))
    elif surely_below(satisfied, usual):
        words = _("satisfied: %(now)s, elsewhere %(then)s, n = %(n)d")
        reasons.append(_piece(words, satisfied, row, link, Measured.CSAT, "whole", then=usual))
    if talk and talk.row.number == row.number and talk.why == "tired":
        words = _("has most suggestions accepted, yet the customers tire")
        reasons.append(Piece(words, link(row, Measured.WELCOMED, "part")))
    for measured, worse, words, part in _BAD:
        figure, rate = of(row, measured), _rate(total, measured)
        if worse(figure, rate):
            reasons.append(_piece(str(_(words)), figure, row, link, measured, part, then=rate))
    return reasons


def _good(row: Row, before: Figures, total: Figures, link: Link) -> list[Piece]:
    reasons = []
    satisfied, usual = of(row, Measured.CSAT), _rate(total, Measured.CSAT)
    if changed(row, before) == "rising":
        words = _("satisfaction rose from %(then)s to %(now)s, n = %(n)d")
        reasons.append(_piece(words, satisfied, row, link, Measured.CSAT, "part", then=before[Measured.CSAT].rate))
    elif surely_above(satisfied, usual):
        words = _("satisfied: %(now)s, elsewhere %(then)s, n = %(n)d")
        reasons.append(_piece(words, satisfied, row, link, Measured.CSAT, "part", then=usual))
    for measured, better, words, part in _GOOD:
        figure, rate = of(row, measured), _rate(total, measured)
        if better(figure, rate):
            reasons.append(_piece(str(_(words)), figure, row, link, measured, part, then=rate))
    return reasons


def _piece(words: str, figure: Figure, row: Row, link: Link, measured: str, part: str, *, then: float | None) -> Piece:
    text = words % {"now": percent(figure.rate), "then": percent(then), "n": figure.whole}
    amount = figure.part if part == "part" else figure.whole
    return Piece(text, link(row, measured, part) if amount else "")


def _rate(total: Figures, measured: str) -> float | None:
    return total.get(measured, NONE).rate


_ON_TIME = gettext_noop("follow-ups on time: %(now)s, elsewhere %(then)s, n = %(n)d")
_UNWANTED = gettext_noop("suggestions unwanted: %(now)s, elsewhere %(then)s, n = %(n)d")
_OUT_OF_TOUCH = gettext_noop("out of touch: %(now)s, elsewhere %(then)s, n = %(n)d")
Compare = Callable[[Figure, float | None], bool]
_BAD: tuple[tuple[str, Compare, str, str], ...] = (
    (Measured.ON_TIME, surely_below, _ON_TIME, "whole"),
    (Measured.REFUSED, surely_above, _UNWANTED, "part"),
    (Measured.TOUCH, surely_above, _OUT_OF_TOUCH, "part"),
)
_GOOD: tuple[tuple[str, Compare, str, str], ...] = (
    (Measured.ON_TIME, surely_above, _ON_TIME, "part"),
    (Measured.TOUCH, surely_below, _OUT_OF_TOUCH, "whole"),
    (Measured.REFUSED, surely_below, _UNWANTED, "whole"),
)
