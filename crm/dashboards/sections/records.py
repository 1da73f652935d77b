"""How much is known of customers, and what in their records is missing or has run out."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.dashboards.models import Measured
from crm.dashboards.tiles import Months, Piece, Tile, count, number, percent, points, rate, share_line


def records(months: Months) -> list[Tile]:
    return [
        _known(months),
        _missing(months, Measured.NO_PHONE, _("Without a phone number"), _("nobody can call them")),
        _missing(months, Measured.NO_BIRTH, _("Without a date of birth"), _("neither birthdays nor age rules")),
        _missing(months, Measured.RISK_OLD, _("Risk assessment run out"), _("of those with one")),
        _missing(months, Measured.DOUBLES, _("Perhaps known twice"), _("to be decided")),
        _missing(months, Measured.UNVERIFIED, _("Channel names not made sure of"), _("their events wait")),
    ]


def _known(months: Months) -> Tile:
    label, figure = _("Profiles known"), months.now(Measured.KNOWN)
    value = Piece(percent(figure.fair), months.link(Measured.KNOWN, "whole") if figure.whole else "")
    notes = [Piece(count(figure.part), label=_("facts")), Piece(count(figure.whole), label=pgettext("tile", "of"))]
    return Tile(
        label, Piece(_("facts known or declined")), [value], notes, points(months, Measured.KNOWN),
        share_line(months, Measured.KNOWN, label),
    )  # fmt: skip


def _missing(months: Months, measured: Measured, label: str, about: str) -> Tile:
    notes = [
        rate(months, measured),
        number(months, measured, "whole", label=pgettext("tile", "of")),
    ]
    return Tile(
        label, Piece(about), [number(months, measured, "part")], notes, points(months, measured),
        share_line(months, measured, label),
    )  # fmt: skip
