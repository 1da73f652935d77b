# ruff: noqa: N999 (the command is called import)
"""`manage.py import KIND FILE`: see docs/import.md."""

import sys
import time
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from customers.importing import engine
from customers.importing.refusals import ImportRefusedError


class Command(BaseCommand):
    help = "Imports a file of the bank: every row is imported, found unchanged, or written to the error file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=", ".join(settings.IMPORT_KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, metavar="M.toml", help="how columns and values are to be read")
        parser.add_argument("--errors", type=Path, metavar="E.csv", help="rejected rows (default: FILE.errors.csv)")
        parser.add_argument("--control-count", type=int, metavar="N", help="refuse a file with another number of rows")
        parser.add_argument("--control-total", type=Decimal, metavar="SUM", help="… or another sum of amounts")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()

        def progress(rows: int) -> None:
            if sys.stderr.isatty():
                speed = rows / max(time.monotonic() - started, 1e-6)
                self.stderr.write(
                    _("\r%(rows)d rows read, %(speed)d a second") % {"rows": rows, "speed": speed}, ending=""
                )

        try:
            job = engine.prepare(
                options["kind"], options["file"], mapping=options["mapping"], errors=options["errors"],
                dry_run=options["dry_run"], progress=progress,
                control=engine.Control(options["control_count"], options["control_total"]),
            )  # fmt: skip
            if job.plan.unused:
                self.stdout.write(_("Columns not used: %(names)s") % {"names": ", ".join(job.plan.unused)})
            outcome = engine.run(job)
        except ImportRefusedError as error:
            raise CommandError(str(error)) from error
        if sys.stderr.isatty():
            self.stderr.write("")
        self._report(outcome, dry_run=options["dry_run"])
        if not options["dry_run"]:
            engine.announce(options["kind"])

    def _report(self, outcome: engine.Outcome, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("dry run: nothing was kept but the error file"))
        if outcome.errors:
            self.stdout.write(_("rejected rows with their reasons: %(path)s") % {"path": outcome.errors})
        else:
            self.stdout.write(_("no row was rejected; there is no error file"))
        counts = outcome.counts
        self.stdout.write(
            f"imported {counts.imported}, updated {counts.updated}, "
            f"unchanged {counts.unchanged}, rejected {counts.rejected}"
        )
