"""What the tests of the import share: files in all shapes, and running an import in the test's own transaction."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils import translation

from customers.importing import engine
from customers.importing.kind import Counts

HEADER = ["number", "name", "branch", "phone", "birth_date"]
Rows = Iterable[Sequence[str]]


def write_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return path


def run_import(
    kind: str, path: Path, *, mapping: str = "", errors: Path | None = None, dry_run: bool = False
) -> engine.Outcome:
    """Import `path` with the TOML text `mapping`; reasons are in English."""
    toml = None
    if mapping:
        toml = path.with_suffix(".toml")
        toml.write_text(mapping, encoding="utf-8")
    with translation.override("en"):
        job = engine.prepare(kind, path, mapping=toml, errors=errors, dry_run=dry_run, progress=lambda rows: None)
        return engine.run(job)


def counts(kind: str, path: Path, **options) -> tuple[int, int, int, int]:
    """(imported, updated, unchanged, rejected)."""
    found: Counts = run_import(kind, path, **options).counts
    return found.imported, found.updated, found.unchanged, found.rejected


def rejected_rows(path: Path | None, delimiter: str = ",") -> list[list[str]]:
    """The rows of an error file under its header: line, reason, cells; None has none."""
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))[1:]
