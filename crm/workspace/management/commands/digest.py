"""`manage.py digest R1001`: the mail of the morning as that person would get it. `--send`: all that are due, to all."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.lib.dates import bank_day
from crm.staff.models import User
from crm.workspace import digest


class Command(BaseCommand):
    help = "Shows somebody's mail of the morning, or sends all that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employee_number", nargs="?", help="whose mail to show; nothing is sent")
        parser.add_argument("--day", type=date.fromisoformat, default=None)
        parser.add_argument("--send", action="store_true", help="send the mails of the day that have not gone out")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["day"] or bank_day()
        if options["send"]:
            self.stdout.write(f"sent {digest.send_all(day)}")
            return
        person = User.objects.filter(employee_number=options["employee_number"] or "").first()
        if person is None:
            raise CommandError("Whose mail? Give an employee number, or --send.")
        said = digest.preview(person, day)
        self.stdout.write(f"{said[0]}\n\n{said[1]}" if said else "nothing to say: no mail")
