"""The tiles of the board in four groups, what customers say first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.dashboards.sections.contact import contact
from crm.dashboards.sections.records import records
from crm.dashboards.sections.service import service
from crm.dashboards.sections.voices import voices
from crm.dashboards.tiles import Months, Tile


@dataclass(frozen=True)
class Section:
    """name: of its anchor."""

    name: str
    label: str
    tiles: list[Tile]


def sections(months: Months) -> list[Section]:
    """In the order of the page."""
    return [
        Section("voices", _("What customers say"), voices(months)),
        Section("contact", _("In touch"), contact(months)),
        Section("service", _("What came of it"), service(months)),
        Section("records", _("What we know"), records(months)),
    ]
