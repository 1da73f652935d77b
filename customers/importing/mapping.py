"""The mapping file (TOML): how the columns of a file become the targets of a kind. Reference: docs/import.md."""

import codecs
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from customers.importing.dates import Century, DateFormat
from customers.importing.functions import MappingFunction, build
from customers.importing.readers import SourceOptions
from customers.importing.refusals import ImportRefusedError
from customers.importing.values import Target

SECTIONS = ("source", "columns", "values", "defaults", "dates", "functions")


@dataclass(frozen=True)
class ValueTable:
    """Source values -> target values. Others become `default`, or stay as they are if that is None."""

    values: dict[str, str]
    default: str | None = None

    def __call__(self, text: str) -> str:
        found = self.values.get(text)
        if found is not None:
            return found
        return text if self.default is None or not text else self.default


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file; the empty one stands for none. by_heading: find the columns it does not name."""

    source: SourceOptions = field(default_factory=SourceOptions)
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, ValueTable] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    dates: dict[str, DateFormat] = field(default_factory=dict)
    functions: dict[str, MappingFunction] = field(default_factory=dict)
    by_heading: bool = True


def load(path: Path, targets: Iterable[Target]) -> Mapping:
    """The mapping in `path` for a kind with `targets`. Raises ImportRefusedError with what is wrong, in one line."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ImportRefusedError(_("There is no mapping “%(path)s”.") % {"path": path}) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImportRefusedError(
            _("The mapping “%(path)s” cannot be read: %(error)s") % {"path": path, "error": error}
        ) from error
    _only_known(content, SECTIONS, "")
    known = {target.name: target for target in targets}
    sections = {name: _table(content.get(name, {}), name) for name in SECTIONS}
    for name in SECTIONS[1:]:
        _only_known(sections[name], known, name)
    _only_known(sections["dates"], [name for name, target in known.items() if target.dated], "dates")
    twice = sections["columns"].keys() & sections["functions"].keys()
    if twice:
        raise ImportRefusedError(_("“%(target)s” has both a column and a function.") % {"target": min(twice)})
    return Mapping(
        source=_source(sections["source"]),
        columns={name: _text(value, f"columns.{name}") for name, value in sections["columns"].items()},
        values={name: _values(name, table) for name, table in sections["values"].items()},
        defaults={name: _text(value, f"defaults.{name}") for name, value in sections["defaults"].items()},
        dates={name: _dates(name, value) for name, value in sections["dates"].items()},
        functions={name: build(name, table) for name, table in sections["functions"].items()},
    )


def _table(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ImportRefusedError(_("[%(name)s] in the mapping must be a table.") % {"name": name})
    return value


def _only_known(table: Iterable[str], known: Iterable[str], where: str) -> None:
    known = list(known)
    for name in table:
        if name not in known:
            place = f"[{where}] " if where else ""
            raise ImportRefusedError(
                _("The mapping has %(place)s“%(name)s”, which is unknown; there are: %(known)s.")
                % {"place": place, "name": name, "known": ", ".join(known)}
            )


def _text(value: object, place: str) -> str:
    """A TOML string, or a number as it would be typed."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ImportRefusedError(_("“%(place)s” in the mapping must be text.") % {"place": place})
    return str(value)


def _source(table: dict[str, Any]) -> SourceOptions:
    _only_known(table, [option.name for option in fields(SourceOptions)], "source")
    header_row = table.pop("header_row", 1)
    if type(header_row) is not int or header_row < 1:
        raise ImportRefusedError(_("“source.header_row” in the mapping is a number from 1."))
    options = SourceOptions(header_row=header_row, **{name: _text(table[name], f"source.{name}") for name in table})
    for name, value in (("delimiter", options.delimiter), ("quote", options.quote)):
        if len(value) > 1 or value in {"\r", "\n"}:
            raise ImportRefusedError(_("“source.%(name)s” in the mapping is one character.") % {"name": name})
    try:
        codecs.lookup(options.encoding or "utf-8")
    except LookupError as error:
        raise ImportRefusedError(_("There is no encoding “%(name)s”.") % {"name": options.encoding}) from error
    return options


def _values(name: str, value: object) -> ValueTable:
    table = {word: _text(meant, f"values.{name}.{word}") for word, meant in _table(value, f"values.{name}").items()}
    default = table.pop("default", None)
    return ValueTable(table, default)


def _dates(name: str, value: object) -> DateFormat:
    """A format, a list of formats, or a table with `format` and `century` or `pivot`."""
    table = value if isinstance(value, dict) else {"format": value}
    _only_known(table, ["format", "century", "pivot"], f"dates.{name}")
    formats = table.get("format")
    if isinstance(formats, str):
        formats = [formats]
    if not isinstance(formats, list) or not formats or not all(isinstance(text, str) for text in formats):
        raise ImportRefusedError(_("“dates.%(name)s” wants a format such as %%Y-%%m-%%d.") % {"name": name})
    numbers: dict[str, Any] = {option: table[option] for option in ("century", "pivot") if option in table}
    if any(type(number) is not int for number in numbers.values()):
        raise ImportRefusedError(_("“dates.%(name)s”: century and pivot are whole numbers.") % {"name": name})
    return DateFormat(tuple(formats), Century(**numbers))
