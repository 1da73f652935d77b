"""`manage.py messages`: collects what is to be translated, checks that all of it is, and compiles the catalogue.

Django's own makemessages needs GNU gettext on the machine; Babel reads the same sources in Python.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
SOURCES = ("crm", "customers", "interactions", "recommendations", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _python_source(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # What templatize leaves of the page is not indented like Python, and the tokenizer minds.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def _sources() -> Iterator[Path]:
    for folder in SOURCES:
        paths = sorted((settings.BASE_DIR / folder).rglob("*"))
        yield from (path for path in paths if path.suffix in {".py", ".html"} and "migrations" not in path.parts)


def collect() -> Catalog:
    """Every translatable string of the project, with the files it stands in."""
    catalog = Catalog(project="Zhike", charset="utf-8")
    for path in _sources():
        where = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, message, comments, context in extract(
            "python", BytesIO(_python_source(path)), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalog


def _po_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def _read() -> Catalog:
    path = _po_path()
    if not path.exists():
        return Catalog(locale=LOCALE, project="Zhike", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def problems(catalog: Catalog, collected: Catalog) -> list[str]:
    """What keeps the catalogue from being complete: strings missing, empty, fuzzy, or with other %(places)s."""
    found = []
    for message in collected:
        if not message.id:
            continue
        shown = message.id[0] if isinstance(message.id, tuple) else message.id
        translated = catalog.get(message.id, message.context)
        if (
            translated is None
            or not translated.string
            or (isinstance(translated.string, tuple) and not all(translated.string))
        ):
            found.append(f"not translated: {shown}")
        elif translated.fuzzy:
            found.append(f"fuzzy: {shown}")
        else:
            found += [f"{shown}: {error}" for error in translated.check(catalog)]
    return found


class Command(BaseCommand):
    help = "Updates locale/zh_Hans from the sources; --check fails on what is untranslated; --compile writes the .mo."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--compile", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = _read()
        if options["check"]:
            self._check(catalog)
        elif not options["compile"]:
            self._update(catalog)
        with _po_path().with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)

    def _check(self, catalog: Catalog) -> None:
        found = problems(catalog, collect())
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(
                f"{len(found)} strings want a translation: run `make messages` and edit {LOCALE}/django.po"
            )

    def _update(self, catalog: Catalog) -> None:
        catalog.update(collect(), no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.header_comment = "# Zhike in simplified Chinese."
        path = _po_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
        self.stdout.write(f"{len(catalog)} strings, {len(problems(catalog, catalog))} to translate")
