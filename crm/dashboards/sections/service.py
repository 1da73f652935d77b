"""What came of it: suggestions welcome or not, how widely customers are served, whether they stay, their money."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.dashboards.formulas import Figure
from crm.dashboards.models import Measured, Parted
from crm.dashboards.tiles import Months, Piece, Tile, decimal, drawn, number, percent, points, rate, share_line
from crm.lib.money import short_amount


def service(months: Months) -> list[Tile]:
    return [
        _leaving(months),
        _retention(months),
        _assets(months),
        _suggestions(months),
        _products(months),
        _use(months),
    ]


def money(minor: float | None) -> str:
    """An amount in the bank's currency, short."""
    return "—" if minor is None else short_amount(round(minor), settings.BASE_CURRENCY)


def _leaving(months: Months) -> Tile:
    label = _("About to leave")
    notes = [
        number(months, Measured.CHURN_WARNED, "part", label=_("customers")),
        number(months, Measured.CHURN_RESCUED, "part", label=_("stayed")),
        number(months, Measured.CHURN_LOST, "part", label=_("lost")),
    ]
    return Tile(
        label, Piece(_("stayed and lost: 90 days")), [rate(months, Measured.CHURN_WARNED)], notes,
        points(months, Measured.CHURN_WARNED), share_line(months, Measured.CHURN_WARNED, label),
    )  # fmt: skip


def _retention(months: Months) -> Tile:
    label, now = _("Kept at maturity"), months.now(Measured.RETENTION)
    notes = (
        [Piece(money(now.whole), label=_("matured")), Piece(money(now.part), label=_("stayed"))] if now.whole else []
    )
    return Tile(
        label, Piece(_("30 days after it matured")), [rate(months, Measured.RETENTION)], notes,
        points(months, Measured.RETENTION), share_line(months, Measured.RETENTION, label),
    )  # fmt: skip


def flows(months: Months, day: date | None) -> Figure:
    """Money in (part) and out (whole) in the month of `day` up to it."""
    return sum(months.parted(day, Parted.FLOW).values(), Figure())


def _assets(months: Months) -> Tile:
    label, now, then = _("Assets"), months.now(Measured.AUM), months.at(months.compared, Measured.AUM)
    flow = flows(months, months.days[-1])
    notes = []
    if flow.part or flow.whole:
        notes = [
            Piece(money(flow.part), label=_("in")),
            Piece(money(flow.whole), label=_("out")),
            Piece(money(flow.part - flow.whole), label=_("net")),
        ]
    notes.append(number(months, Measured.AUM, "whole", label=_("customers")))
    change = f"{now.part / then.part - 1:+.1%}" if then.part else ""
    lines = months.parts(Measured.AUM, lambda figure: figure.part)
    return Tile(
        label, Piece(_("in and out: this month")), [Piece(money(now.part) if now.whole else "—")], notes, change,
        drawn([value or None for value in lines], label, money),
    )  # fmt: skip


def _suggestions(months: Months) -> Tile:
    label, change = pgettext("tile", "Suggestions"), points(months, Measured.REFUSED)
    notes = [
        number(months, Measured.WELCOMED, "part", label=pgettext("tile", "welcome")),
        number(months, Measured.REFUSED, "part", label=pgettext("tile", "unwanted")),
        Piece(change, label=_("the line: unwanted"), tone="lab"),
    ]
    values = [rate(months, Measured.WELCOMED)]
    if not months.now(Measured.REFUSED).small:
        values.append(rate(months, Measured.REFUSED))
    return Tile(
        label, number(months, Measured.WELCOMED, "whole", label=pgettext("tile", "offered")), values, notes, "",
        share_line(months, Measured.REFUSED, label),
    )  # fmt: skip


def _products(months: Months) -> Tile:
    label = _("Products per customer")
    now, then = months.now(Measured.PRODUCTS).fair, months.at(months.compared, Measured.PRODUCTS).fair
    change = f"{now - then:+.2f}" if now is not None and then is not None else ""
    notes = [number(months, Measured.PRODUCTS, "whole", label=_("customers with a product"))]
    return Tile(
        label, Piece(_("families held")), [rate(months, Measured.PRODUCTS, "whole", decimal)], notes, change,
        drawn(months.rates(Measured.PRODUCTS), label, decimal),
    )  # fmt: skip


def _use(months: Months) -> Tile:
    label, notes_made = _("Use of the system"), months.now(Measured.NOTES)
    notes = [Piece(decimal(notes_made.fair), label=_("notes per conversation"))] if not notes_made.small else []
    if notes_made.whole:
        notes.append(number(months, Measured.NOTES, "whole", label=_("conversations in 30 days")))
    used = Piece(percent(months.now(Measured.USED).fair))
    return Tile(
        label, Piece(_("working days, 30 days")), [used], notes, points(months, Measured.USED),
        share_line(months, Measured.USED, label),
    )  # fmt: skip
