"""`manage.py demo`: fill an empty bank with branches, people and customers who do not exist."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from crm.workspace.demo.build import FEWEST, build, is_empty
from crm.workspace.demo.past import is_wanted, write_past
from crm.workspace.demo.people import write_lines, write_logins
from crm.workspace.demo.surveys import one_to_try


class Command(BaseCommand):
    help = "Fills an empty bank with branches, people with random passwords, and customers who do not exist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=2000, metavar="N", help="how many (default 2000)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed makes the same bank")
        parser.add_argument("--if-empty", action="store_true", help="leave a bank that has customers as it is")
        parser.add_argument(
            "--past",
            action="store_true",
            help="after a demo's first night: what became of its suggestions, a year of measures",
        )
        parser.add_argument(
            "--logins", type=Path, metavar="FILE", help="also write the logins here, for its owner only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["past"]:
            self._past(options["seed"])
            return
        if options["customers"] < FEWEST:
            raise CommandError(f"A demo bank has at least {FEWEST} customers.")
        if not is_empty():
            if options["if_empty"]:
                self.stdout.write("The bank has data; nothing was added.")
                return
            raise CommandError("The bank has data already: the demo only fills an empty one.")
        with translation.override("zh-hans"):
            logins = build(options["customers"], options["seed"], self._progress)
        link = one_to_try()
        self.stdout.write(f"A customer's survey: {link}")
        for login in logins:
            self.stdout.write(str(login))
        if options["logins"] is not None:
            try:
                write_logins(options["logins"], logins)
                write_lines(options["logins"].with_name("survey.txt"), [link])
            except OSError as error:
                raise CommandError(f"The logins above could not be written to {options['logins']}: {error}") from error

    def _past(self, seed: int) -> None:
        if not is_wanted():
            self.stdout.write("No demo bank fresh from its first night: nothing was added.")
            return
        with translation.override("zh-hans"):
            self.stdout.write(f"{write_past(seed):,} answers written")

    def _progress(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
