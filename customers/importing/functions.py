"""Functions a mapping can name: a target's text from one or more columns of the row.

Each is a frozen dataclass whose fields are its parameters in the mapping; a field without a default is required.
It has `columns`, the source columns it reads, and takes their stripped cells in that order.
"""

import contextlib
import re
import string
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.importing.dates import Century
from customers.importing.refusals import ImportRefusedError


class MappingFunction(Protocol):
    @property
    def columns(self) -> tuple[str, ...]: ...

    def __call__(self, cells: Sequence[str]) -> str: ...


@dataclass(frozen=True)
class Template:
    """`text` with the cells of the columns named in braces; empty if all of them are."""

    text: str

    @cached_property
    def _parts(self) -> list[tuple[str, str | None]]:
        try:
            parts = list(string.Formatter().parse(self.text))
        except ValueError as error:
            raise ImportRefusedError(
                gettext("The template “%(text)s” is malformed: %(error)s") % {"text": self.text, "error": error}
            ) from error
        if any(name == "" or form or conversion for _text, name, form, conversion in parts):
            raise ImportRefusedError(
                gettext("The template “%(text)s” may hold column names in braces only.") % {"text": self.text}
            )
        return [(literal, name) for literal, name, _form, _conversion in parts]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for _literal, name in self._parts if name is not None)

    def __call__(self, cells: Sequence[str]) -> str:
        if self.columns and not any(cells):
            return ""
        rest = iter(cells)
        return "".join(literal + (next(rest) if name is not None else "") for literal, name in self._parts)


_PARTS = {"%y": r"(?P<yy>\d\d)", "%Y": r"(?P<year>\d{4})", "%m": r"(?P<month>\d\d)", "%d": r"(?P<day>\d\d)"}


@dataclass(frozen=True)
class _BirthNumber:
    """A number that begins with a birth date, in which the month of women is raised (Czech: by 50).

    format: of %y or %Y, %m, %d; what follows the date is not read. century, pivot: of two-digit years.
    """

    column: str
    format: str = "%y%m%d"
    month_offset_for_women: int = 0
    century: int | None = None
    pivot: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pieces = re.split(r"(%[a-zA-Z])", self.format)
        if {"%m", "%d"} - set(pieces) or not {"%y", "%Y"} & set(pieces) or len(pieces) != 7:
            raise ImportRefusedError(
                gettext("The format “%(format)s” wants a year (%%y or %%Y), %%m and %%d.") % {"format": self.format}
            )
        return re.compile("".join(_PARTS.get(piece, re.escape(piece)) for piece in pieces), re.ASCII)

    def _read(self, text: str) -> tuple[date, bool]:
        """The date in `text` and whether its month says it is a woman's."""
        match = self._pattern.match(text)
        if match:
            found = match.groupdict()
            month = int(found["month"])
            woman = self.month_offset_for_women > 0 and month > self.month_offset_for_women
            years = Century(self.century, self.pivot)
            year = int(found["year"]) if "year" in found else years.year(int(found["yy"]))
            try:
                return date(year, month - self.month_offset_for_women * woman, int(found["day"])), woman
            except ValueError:
                pass
        raise ValidationError(_("“%(value)s” holds no birth date."), params={"value": text[:40]})


@dataclass(frozen=True)
class BirthDate(_BirthNumber):
    """The birth date in a birth number."""

    def __call__(self, cells: Sequence[str]) -> str:
        return self._read(cells[0])[0].isoformat() if cells[0] else ""


@dataclass(frozen=True)
class BirthGender(_BirthNumber):
    """`female` or `male` by the month in a birth number."""

    def __call__(self, cells: Sequence[str]) -> str:
        if not cells[0]:
            return ""
        return "female" if self._read(cells[0])[1] else "male"


@dataclass(frozen=True)
class Signed:
    """An amount whose sign stands in another column. negative: its values, separated by commas, for money that left."""

    column: str
    sign_column: str
    negative: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, self.sign_column)

    @cached_property
    def _negative(self) -> frozenset[str]:
        return frozenset(word.strip() for word in self.negative.split(","))

    def __call__(self, cells: Sequence[str]) -> str:
        amount, sign = cells
        return f"-{amount}" if amount and sign in self._negative else amount


FUNCTIONS: dict[str, type[Any]] = {
    "signed": Signed,
    "template": Template,
    "date_from_birth_number": BirthDate,
    "gender_from_birth_number": BirthGender,
}


def build(target: str, table: object) -> MappingFunction:
    """The function that `[functions.<target>]` describes. Raises ImportRefusedError with what is wrong."""
    parameters = dict(table) if isinstance(table, dict) else {}
    name = parameters.pop("use", None)
    kind = FUNCTIONS.get(str(name))
    if kind is None:
        raise ImportRefusedError(
            gettext("[functions.%(target)s] uses “%(name)s”; there are: %(known)s.")
            % {"target": target, "name": name, "known": ", ".join(FUNCTIONS)}
        )
    known = {field.name: field for field in fields(kind)}
    for parameter, value in parameters.items():
        wanted = known.get(parameter)
        if wanted is None or isinstance(value, bool) or type(value) is not (str if "str" in str(wanted.type) else int):
            raise ImportRefusedError(
                gettext("[functions.%(target)s]: “%(parameter)s = %(value)s” is no parameter of %(name)s.")
                % {"target": target, "parameter": parameter, "value": value, "name": name}
            )
    for parameter, field in known.items():
        if field.default is MISSING and parameter not in parameters:
            raise ImportRefusedError(
                gettext("[functions.%(target)s]: %(name)s needs “%(parameter)s”.")
                % {"target": target, "name": name, "parameter": parameter}
            )
    function: MappingFunction = kind(**parameters)
    _try_out(function)
    return function


def _try_out(function: MappingFunction) -> None:
    """Let a malformed template or format be refused now instead of at the first row."""
    with contextlib.suppress(ValidationError):
        function(["0"] * len(function.columns))
