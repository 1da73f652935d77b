"""Dates as files write them."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import start_of_day

_USUAL_DATE = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})-|/(?P<m1>\d{1,2})/|\.(?P<m2>\d{1,2})\.|年(?P<m3>\d{1,2})月|(?P<m4>\d{2}))"
    r"(?P<d>\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?",
    re.ASCII,
)
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]|$)", re.ASCII)


def parse_date(text: str) -> date:
    """A date written 2024-01-31, 20240131, 2024/1/31, 2024.1.31 or 2024年1月31日. Raises ValidationError."""
    match = _USUAL_DATE.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise ValidationError(_("“%(value)s” is no date; write it as 2024-01-31."), params={"value": text})


def parse_moment(text: str) -> datetime:
    """An aware moment: a date (its beginning) or a date with a time; without a zone it is the bank's local time."""
    if _USUAL_DATE.fullmatch(text):
        return start_of_day(parse_date(text))
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is no time; write it as 2024-01-31 15:30."), params={"value": text}
        ) from error
    return timezone.make_aware(moment) if moment.tzinfo is None else moment


@dataclass(frozen=True)
class Century:
    """What a two-digit year means: all in the century that begins with `century`, or split at `pivot` (below: 20yy).

    With neither, Python's rule: 69 to 99 are 19yy.
    """

    century: int | None = None
    pivot: int | None = None

    def year(self, two_digits: int) -> int:
        """The full year of `two_digits` (0 to 99)."""
        if self.century is not None:
            return self.century + two_digits
        pivot = 69 if self.pivot is None else self.pivot
        return (2000 if two_digits < pivot else 1900) + two_digits


@dataclass(frozen=True)
class DateFormat:
    """How a column writes its dates: strptime formats, tried in turn, and the meaning of two-digit years."""

    formats: tuple[str, ...]
    century: Century = field(default_factory=Century)

    def iso(self, text: str) -> str:
        """`text` as ISO date or time; text that is ISO already stays. Raises ValidationError."""
        if _ISO_START.match(text):
            return text
        for pattern in self.formats:
            try:
                moment = datetime.strptime(text, pattern)  # noqa: DTZ007 (the bank's local time is added later)
                if "%y" in pattern:
                    moment = moment.replace(year=self.century.year(moment.year % 100))
            except ValueError:
                continue
            timed = any(sign in pattern for sign in ("%H", "%I", "%X", "%c"))
            return moment.isoformat(" ") if timed else moment.date().isoformat()
        raise ValidationError(
            _("“%(value)s” is no date in the form %(formats)s."),
            params={"value": text, "formats": " / ".join(self.formats)},
        )
