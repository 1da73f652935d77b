"""Making a finished run live: the worklist in one transaction, statistics in a second."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from crm.nightly import freshness
from crm.nightly.chunks import night_of
from crm.nightly.models import Run, RunState
from crm.nightly.starting import clear_staging


def finish(run_id: int) -> None:
    """Publish the run, whose steps are all done. Whoever comes second waits and finds it published."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.RUNNING:
            return
        if run.published_at is None:
            _leave_aside(run)
            run.counts |= _publish(run, settings.NIGHT_WORKLIST)
            run.published_at = timezone.now()
            run.save()
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.RUNNING:
            return
        run.counts |= _publish(run, settings.NIGHT_STATISTICS)
        run.state, run.finished_at = RunState.DONE, timezone.now()
        run.save()
    freshness.forget()
    clear_staging()


def _leave_aside(run: Run) -> None:
    """Have the rooms leave customers who were set aside as they were, and look at them again the next night."""
    night = night_of(run)
    if night.aside:
        with connection.cursor() as cursor:
            for path in settings.NIGHT_ASIDE:
                import_string(path)(cursor, night)


def _publish(run: Run, paths: list[str]) -> dict[str, int]:
    night, counts = night_of(run), {}
    with connection.cursor() as cursor:
        # Staged rows are all new: without their number the planner joins a million of them one by one.
        cursor.execute(
            "SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true),"
            " set_config('client_connection_check_interval', '1s', true)"
        )
        for path in paths:
            publication = import_string(path)
            counts[publication.name] = publication.publish(cursor, night)
    return counts
