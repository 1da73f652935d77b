"""`manage.py backtest FILE.csv --target y`: what the learner would have brought on a campaign's history."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.learning.backtest import HistoryError, Verdict, backtest, read


class Command(BaseCommand):
    help = (
        "Learns from a campaign's history in the order of time and judges what comes next:"
        " AUC per window and pooled, and ALIFT."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="one row a contact, the oldest first")
        parser.add_argument("--target", required=True, help="the column that says whether it was welcome (yes or no)")
        parser.add_argument("--drop", nargs="*", default=[], metavar="COL", help="columns known only afterwards")
        parser.add_argument("--window", type=_positive, default=10_000, metavar="N", help="rows to learn from first")
        parser.add_argument("--step", type=_positive, default=1_000, metavar="N", help="rows judged at a time")
        parser.add_argument(
            "--half-life", type=_positive, metavar="N", help="rows after which an outcome weighs half (default: a step)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            history = read(options["file"], options["target"], options["drop"])
            verdict = backtest(
                history, window=options["window"], step=options["step"],
                half_life=options["half_life"] or options["step"],
            )  # fmt: skip
        except HistoryError as error:
            raise CommandError(str(error)) from error
        self._report(verdict)

    def _report(self, verdict: Verdict) -> None:
        self.stdout.write(f"{'rows':>15}  {'welcome':>8}  {'AUC':>6}")
        for part in verdict.windows:
            share = part.welcome / (part.last - part.first)
            self.stdout.write(f"{part.first + 1:>7}-{part.last:<7}  {share:>8.1%}  {_figure(part.auc):>6}")
        self.stdout.write(
            f"{verdict.judged:,} rows judged: pooled AUC {_figure(verdict.pooled_auc)}, ALIFT {_figure(verdict.alift)}"
        )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
