"""Beginning a night: whether it may, and whether everything has to be computed anew."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.nightly.models import Run, RunState, Step
from crm.staff.models import User


class NightRefusedError(Exception):
    """Why a night cannot begin, in one line for whoever asked for it."""


def usual_day() -> date:
    """The day whose night is due: yesterday; for a bank that lives on one day, that day."""
    return bank_day() if settings.BANK_DAY else bank_day() - timedelta(days=1)


def start(day: date, *, full: bool = False, by: User | None = None) -> Run:
    """Begin a new attempt at the night of `day`. Raises NightRefusedError."""
    if day > bank_day():
        raise NightRefusedError(_("%(day)s is not over yet: a night is about a day that has ended.") % {"day": day})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nightly_start'))")
        active = Run.objects.filter(state=RunState.RUNNING).first()
        if active is not None:
            raise NightRefusedError(
                _("The night of %(day)s is running; one at a time. `--resume` goes on with it.") % {"day": active.day}
            )
        why = _why_full(day, asked=full)
        run = Run.objects.create(
            day=day, attempt=Run.objects.filter(day=day).count() + 1, full=bool(why), why_full=why,
            definitions=_fingerprint(), by=by,
        )  # fmt: skip
        for order, path in enumerate(settings.NIGHT_STEPS):
            Step.objects.create(run=run, order=order, name=import_string(path).name, path=path)
        clear_staging()
        record(
            Action.CREATE, by=by, object_type="night", object_ids=[run.pk], label=str(run), detail={"full": run.full}
        )
    return run


def clear_staging() -> None:
    """Empty what rooms stage their results in."""
    with connection.cursor() as cursor:
        for path in settings.NIGHT_CLEANUP:
            import_string(path)(cursor)


def _fingerprint() -> str:
    return " ".join(import_string(path)() for path in settings.NIGHT_DEFINITIONS)


def _why_full(day: date, *, asked: bool) -> str:
    """The reason to compute everything anew, "" for none.

    An incremental night goes on from the last one. It cannot where that one was of another definition, or where a night
    of an earlier day came after a later one: what was put aside as answered then is missing now.
    """
    if asked:
        return _("asked for")
    done = Run.objects.filter(state=RunState.DONE).order_by("-started_at")
    last = done.first()
    if last is None:
        return _("the first night")
    if last.definitions != _fingerprint():
        return _("the definitions changed")
    if Run.objects.filter(day__gt=min(day, last.day)).exclude(day=day).exists():
        return _("a later day had its night already")
    if Run.objects.filter(started_at__gt=last.started_at, day__lt=last.day).exists():
        return _("a night of an earlier day was begun since")
    with connection.cursor() as cursor:
        found = (import_string(path)(cursor, day) for path in settings.NIGHT_FULL_REASONS)
        return next((reason for reason in found if reason), "")
