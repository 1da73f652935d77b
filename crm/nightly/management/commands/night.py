"""`manage.py night`: runs the night of a bank day and shows how far it is."""

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from crm.nightly import starting, tasks
from crm.nightly.models import Run, RunState
from crm.nightly.progress import Progress

POLL = 0.5  # seconds


class Command(BaseCommand):
    help = "Runs the night of a bank day: features, segments, warnings. What is live changes only when all is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, metavar="D", help="bank day (default: the last to end)")
        parser.add_argument("--full", action="store_true", help="compute everything anew")
        parser.add_argument("--workers", type=int, default=settings.NIGHT_WORKERS, metavar="N")
        parser.add_argument("--here", action="store_true", help="with processes of its own instead of Celery's workers")
        parser.add_argument("--resume", action="store_true", help="go on with a run that was interrupted")
        parser.add_argument("--status", action="store_true", help="only tell how far the last night is")
        parser.add_argument("--if-never", action="store_true", help="only where no night ever ran")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_never"] and Run.objects.exists():
            return
        if options["status"]:
            self._status()
            return
        run = self._run(options)
        self._title(run)
        processes = self._workers(run, options)
        try:
            self._watch(run, processes)
        except KeyboardInterrupt:
            for process in processes:
                process.terminate()
            if not processes:
                raise CommandError(_("Celery's workers go on with it; `night --resume` shows it again")) from None
            raise CommandError(_("interrupted; `night --resume` goes on with it")) from None
        self._report(run)

    def _title(self, run: Run) -> None:
        why = _("everything anew: %(why)s") % {"why": run.why_full} if run.full else _("what has changed")
        self.stdout.write(_("night of %(day)s, attempt %(attempt)d, %(why)s") % {
            "day": run.day, "attempt": run.attempt, "why": why,
        })  # fmt: skip

    def _status(self) -> None:
        run = Run.objects.first()
        if run is None:
            raise CommandError(_("No night has run yet: segments, sums and warnings are empty."))
        self._title(run)
        Progress(self.stdout, live=False).show(run, unfinished=True)
        if run.state != RunState.RUNNING:
            self._report(run)

    def _run(self, options: dict[str, Any]) -> Run:
        if options["resume"]:
            active = Run.objects.filter(state=RunState.RUNNING).first()
            if active is None:
                raise CommandError(_("no night is running that could go on"))
            return active
        try:
            return starting.start(options["date"] or starting.usual_day(), full=options["full"])
        except starting.NightRefusedError as error:
            raise CommandError(str(error)) from error

    def _workers(self, run: Run, options: dict[str, Any]) -> list[subprocess.Popen[bytes]]:
        count = max(options["workers"], 1)
        if not options["here"] and _celery_answers():
            tasks.send_workers(run.pk, count)
            return []
        command = [sys.executable, "-m", "django", "night_worker", str(run.pk)]
        environment = {**_SETTINGS, **os.environ}
        return [
            subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)  # noqa: S603 (our own)
            for _number in range(count)
        ]

    def _watch(self, run: Run, processes: list[subprocess.Popen[bytes]]) -> None:
        """Show progress until the run is over; Celery's workers may come and go meanwhile."""
        live = sys.stderr.isatty()
        progress = Progress(OutputWrapper(sys.stderr) if live else self.stdout, live=live)
        try:
            self._follow(run, processes, progress)
        finally:
            progress.leave()
        for process in processes:
            process.wait()

    def _follow(self, run: Run, processes: list[subprocess.Popen[bytes]], progress: Progress) -> None:
        while True:
            ended = bool(processes) and all(process.poll() is not None for process in processes)
            try:
                run.refresh_from_db()
                progress.show(run)
            except OperationalError:  # the workers wait for the database; so does whoever watches
                connection.close()
            if run.state != RunState.RUNNING:
                return
            if ended:
                raise CommandError(_("its workers have ended; `night --resume` goes on with it"))
            time.sleep(POLL)

    def _report(self, run: Run) -> None:
        aside = run.set_aside.count()
        if aside:
            self.stdout.write(_("%(count)d customers were set aside; the admin shows why") % {"count": aside})
        if run.state == RunState.FAILED:
            raise CommandError(_("the night failed: %(error)s") % {"error": run.error})
        assert run.finished_at is not None
        seconds = (run.finished_at - run.started_at).total_seconds()
        rows = ", ".join(f"{name} {count}" for name, count in run.counts.items())
        self.stdout.write(_("done in %(seconds).1f s; rows written: %(rows)s") % {"seconds": seconds, "rows": rows})


_SETTINGS = {"DJANGO_SETTINGS_MODULE": "crm.settings"}


def _celery_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1.0, limit=1))
    except (OSError, BrokerError):
        return False
