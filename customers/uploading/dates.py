"""Dates as people leave them in sheets: the day's serial number where a column lost its form, and short years."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from crm.lib.dates import bank_day
from customers.importing.dates import DateFormat, parse_date

# Excel counts days from here on (its 29 February 1900 never was); 3654 is 1910, so that years and ages are no serials.
_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{4,5}(?:\.0+)?", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 3_654, 73_050
_SHORT = re.compile(r"(\d\d)[./-](\d{1,2})[./-](\d{1,2})", re.ASCII)


def iso_of(text: str) -> str:
    """`text` as an ISO date, "" where it is none."""
    if _SERIAL.fullmatch(text):
        days = int(text.split(".")[0])
        return (_DAY_ZERO + timedelta(days=days)).isoformat() if _FIRST_SERIAL <= days <= _LAST_SERIAL else ""
    if match := _SHORT.fullmatch(text):
        text = f"{_century(int(match[1]))}-{match[2]}-{match[3]}"
    try:
        return parse_date(text).isoformat()
    except ValidationError:
        return ""


def _century(short: int) -> int:
    """The last year that ends so and is not ahead."""
    return 2000 + short if 2000 + short <= bank_day().year else 1900 + short


@dataclass(frozen=True)
class SheetDates(DateFormat):
    """Takes what `iso_of` takes; other text stays as it is, for the import to refuse in its words."""

    formats: tuple[str, ...] = ()

    def iso(self, text: str) -> str:
        return iso_of(text) or text
