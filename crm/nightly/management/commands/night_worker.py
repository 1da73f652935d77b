"""`manage.py night_worker RUN`: one worker process of a night that runs without Celery."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crm.nightly.working import work


class Command(BaseCommand):
    help = "Works on a run until no chunk is left; `night --here` starts these."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        work(options["run"])
