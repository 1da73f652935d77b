"""How near customers are: active, by which channel, spoken to, out of touch, promised and kept."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.dashboards.models import Measured, Parted
from crm.dashboards.tiles import Months, Piece, Tile, count, number, points, rate, share_line
from interactions.models import EventChannel


def contact(months: Months) -> list[Tile]:
    return [_on_time(months), _contacted(months), _touch(months), _active(months), _monthly(months), _engaged(months)]


def _active(months: Months) -> Tile:
    label = _("Active customers")
    notes = [
        number(months, Measured.ACTIVE, "part", label=_("in touch by themselves")),
        number(months, Measured.ACTIVE, "whole", label=pgettext("tile", "of")),
    ]
    return Tile(
        label, Piece(_("90 days")), [rate(months, Measured.ACTIVE)], notes, points(months, Measured.ACTIVE),
        share_line(months, Measured.ACTIVE, label),
    )  # fmt: skip


def _monthly(months: Months) -> Tile:
    """One of two channels counts in both, so that the channels are more than all."""
    label, found = _("Used a channel"), months.parted(months.days[-1], Parted.CHANNEL)
    counts = sorted(((figure.part, key) for key, figure in found.items()), reverse=True)
    names = dict(EventChannel.choices)
    notes = [Piece(count(each), months.link(Measured.MONTHLY, key), str(names[key])) for each, key in counts]
    return Tile(
        label, Piece(_("30 days")), [rate(months, Measured.MONTHLY)],
        notes or [number(months, Measured.MONTHLY, "part", label=_("customers"))], points(months, Measured.MONTHLY),
        share_line(months, Measured.MONTHLY, label),
    )  # fmt: skip


def _engaged(months: Months) -> Tile:
    label = _("Took part")
    return Tile(
        label, Piece(_("activities, coupons, learning; 90 days")), [rate(months, Measured.ENGAGED)],
        [number(months, Measured.ENGAGED, "part", label=_("customers"))], points(months, Measured.ENGAGED),
        share_line(months, Measured.ENGAGED, label),
    )  # fmt: skip


def _contacted(months: Months) -> Tile:
    label, newest = _("Spoken to"), months.days[-1]
    notes = [
        number(months, Measured.CONTACTED, "part", label=_("by their own manager")),
        number(months, Measured.CONTACTED, "whole", label=pgettext("tile", "of")),
    ]
    # A month that has only begun is not compared with whole ones.
    over = newest is not None and (newest + timedelta(days=1)).day == 1
    return Tile(
        label, Piece(pgettext("tile", "the whole month") if over else _("this month so far")),
        [rate(months, Measured.CONTACTED)], notes, points(months, Measured.CONTACTED) if over else "",
        share_line(months, Measured.CONTACTED, label),
    )  # fmt: skip


def _touch(months: Months) -> Tile:
    label = _("Out of touch")
    notes = [
        number(months, Measured.TOUCH, "part", label=_("customers")),
        number(months, Measured.TOUCH, "whole", label=pgettext("tile", "of")),
    ]
    return Tile(
        label, Piece(_("longer than their interval")), [rate(months, Measured.TOUCH)], notes,
        points(months, Measured.TOUCH), share_line(months, Measured.TOUCH, label),
    )  # fmt: skip


def _on_time(months: Months) -> Tile:
    label = _("Follow-ups on time")
    notes = [
        number(months, Measured.ON_TIME, "whole", label=_("due in 30 days")),
        number(months, Measured.LATE, "part", label=_("late and open"), tone="late"),
    ]
    return Tile(
        label, Piece(_("done on their day")), [rate(months, Measured.ON_TIME)], notes,
        points(months, Measured.ON_TIME), share_line(months, Measured.ON_TIME, label),
    )  # fmt: skip
