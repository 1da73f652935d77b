"""A page of the line of time, with everything that is shown at its entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from customers.models import Customer
from interactions.models import Interaction, Pin
from interactions.reasons import day_words
from interactions.timeline.parts import Earlier, Entry, Shown
from interactions.timeline.pins import pins_of
from interactions.timeline.reading import Asked, Page, read, rows_named
from interactions.timeline.related import earlier
from interactions.timeline.sight import Sight
from interactions.timeline.sources import SOURCES, TALKS


@dataclass(frozen=True)
class Showing:
    """page, its entries in words, and those pinned on top (of the first page alone)."""

    page: Page
    lines: list[Shown]
    pinned: list[Shown]


def show(customer: Customer, asked: Asked, sight: Sight, today: date, *, with_pins: bool) -> Showing:
    """What `asked` asks for, in the language of the page. Seven queries at most, however long the line is."""
    page = read(customer, asked, sight)
    pins = pins_of(customer)
    on_top = rows_named(customer, sight, [(pin.source, pin.entry) for pin in pins]) if with_pins and pins else []
    talks = [row for one in page.entries if one.source == TALKS for row in one.rows]
    linked = earlier(customer, talks) if talks else {}
    return Showing(page, shown(page.entries, pins, linked, today), shown(on_top, pins, {}, today))


def shown(entries: Sequence[Entry], pins: Sequence[Pin], linked: dict[int, list[Earlier]], today: date) -> list[Shown]:
    """`entries` in words. A session is pinned where one of its events is."""
    by_name = {(pin.source, pin.entry): pin for pin in pins}
    found = []
    for one in entries:
        pin = next((by_name[(one.source, row.pk)] for row in one.rows if (one.source, row.pk) in by_name), None)
        found.append(Shown(
            line=SOURCES[one.source].line(one, today),
            source=one.source,
            pk=pin.entry if pin else one.row.pk,
            pinned=_pinned(pin) if pin else "",
            earlier=linked.get(one.row.pk, []) if isinstance(one.row, Interaction) else [],
        ))  # fmt: skip
    return found


def _pinned(pin: Pin) -> str:
    return _("pinned by %(who)s, %(day)s") % {"who": pin.by.display_name, "day": day_words(pin.at.date())}
