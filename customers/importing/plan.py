"""A kind, a mapping and a header put together: how each row of this file becomes typed values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.importing.mapping import Mapping
from customers.importing.refusals import ImportRefusedError
from customers.importing.values import Json, Target

if TYPE_CHECKING:
    from customers.importing.kind import ImportKind

Values = dict[str, Json]


class Problems(list[str]):
    """What is wrong with one row, in plain words, each with the column it is about."""

    def __init__(self, labels: dict[str, str]) -> None:
        super().__init__()
        self._labels = labels
        self.targets: set[str] = set()

    def add(self, target: str, error: ValidationError | str) -> None:
        """Note `error` about `target`, by the column's name in the file."""
        messages = error.messages if isinstance(error, ValidationError) else [error]
        self.targets.add(target)
        self.extend(f"{self._labels.get(target, target)}: {message}" for message in messages)

    @property
    def reason(self) -> str:
        return " ".join(self)


@dataclass(frozen=True)
class Cell:
    """Where one target's text comes from: the index of its column, or a function of several; then its conversions."""

    target: Target
    indexes: tuple[int, ...]
    raw: Callable[[Sequence[str]], str]
    convert: Callable[[str], str] | None
    iso: Callable[[str], str] | None
    default: str

    def text(self, cells: list[str]) -> str:
        """The text of the target in `cells`, "" for unknown. Raises ValidationError."""
        text = self.raw([cells[index].strip() for index in self.indexes])
        if self.convert is not None:
            text = self.convert(text)
        text = text.strip() or self.default
        return self.iso(text) if self.iso is not None and text else text


def _only(cells: Sequence[str]) -> str:
    return cells[0] if cells else ""


def _heading(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


@dataclass(frozen=True)
class Plan:
    """How rows become values. labels: target -> its column in the file. unused: columns that lead nowhere.

    branches: ids of those that may receive customers, None: all. keep: the upload that keeps what it changes.
    """

    cells: tuple[Cell, ...]
    labels: dict[str, str]
    unused: tuple[str, ...]
    branches: tuple[int, ...] | None = None
    keep: int | None = None

    @property
    def present(self) -> frozenset[str]:
        """The targets this file says something about; others are left as they are."""
        return frozenset(cell.target.name for cell in self.cells)

    def values(self, cells: list[str]) -> tuple[Values, Problems]:
        """The typed values of one row (None: unknown) and everything that is wrong with it."""
        values: Values = {}
        problems = Problems(self.labels)
        for cell in self.cells:
            try:
                text = cell.text(cells)
                if text:
                    values[cell.target.name] = cell.target.parse(text)
                    continue
                if cell.target.required:
                    raise ValidationError(_("The cell is empty, but a value is needed."))
                values[cell.target.name] = None
            except ValidationError as error:
                problems.add(cell.target.name, error)
        return values, problems


def make_plan(kind: "ImportKind", mapping: Mapping, header: Sequence[str]) -> Plan:
    """The plan for a file with `header`. Raises ImportRefusedError for a column that is missing or there twice."""
    cells: list[Cell] = []
    labels: dict[str, str] = {}
    used: set[int] = set()
    for target in kind.targets:
        columns, raw = _source(target, mapping, header)
        if not columns and raw is _only and target.name not in mapping.defaults:
            if target.required:
                raise ImportRefusedError(_missing(target, header))
            continue
        indexes = tuple(_index(column, header) for column in columns)
        used.update(indexes)
        labels[target.name] = " + ".join(columns) or target.name
        dates = mapping.dates.get(target.name)
        cells.append(
            Cell(target, indexes, raw, mapping.values.get(target.name), dates.iso if dates else None,
                 mapping.defaults.get(target.name, ""))
        )  # fmt: skip
    unused = tuple(name for index, name in enumerate(header) if name and index not in used)
    return Plan(tuple(cells), labels, unused)


def _source(
    target: Target, mapping: Mapping, header: Sequence[str]
) -> tuple[tuple[str, ...], Callable[[Sequence[str]], str]]:
    """The columns `target` is made of, and how."""
    function = mapping.functions.get(target.name)
    if function is not None:
        return function.columns, function
    if target.name in mapping.columns:
        return (mapping.columns[target.name],), _only
    if not mapping.by_heading:
        return (), _only
    known = {_heading(name) for name in (target.name, *target.headings)}
    found = [name for name in header if _heading(name) in known]
    if len(found) > 1:
        raise ImportRefusedError(
            _("Two columns could be “%(target)s”: %(columns)s. Say which in a mapping.")
            % {"target": target.name, "columns": ", ".join(found)}
        )
    return tuple(found), _only


def _index(column: str, header: Sequence[str]) -> int:
    found = [index for index, name in enumerate(header) if name == column.strip()]
    if len(found) == 1:
        return found[0]
    message = (
        _("The column “%(column)s” stands twice in the header.")
        if found
        else _("There is no column “%(column)s”; the file has: %(header)s.")
    )
    raise ImportRefusedError(message % {"column": column, "header": ", ".join(header)})


def _missing(target: Target, header: Sequence[str]) -> str:
    return _("The column “%(target)s” is missing; the file has: %(header)s. A mapping can name it.") % {
        "target": target.name,
        "header": ", ".join(header),
    }
