"""What Celery runs of the night: the work, its start at one o'clock, and a look each minute whether it goes on."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from crm.nightly import starting, telling
from crm.nightly.models import Chunk, ChunkState, Run, RunState
from crm.nightly.working import work as work_on


@shared_task(acks_late=True)
def work(run_id: int) -> None:
    """Work until no chunk is left. A task that dies is replaced by `watch`: the broker would take an hour."""
    work_on(run_id)


def send_workers(run_id: int, count: int | None = None) -> None:
    """Ask for as many workers as the night is to have."""
    for _number in range(count or settings.NIGHT_WORKERS):
        work.delay(run_id)


@shared_task
def start() -> None:
    """The night of the day that has just ended."""
    try:
        run = starting.start(starting.usual_day())
    except starting.NightRefusedError as error:
        telling.log.error("the night did not start: %s", error)
        return
    send_workers(run.pk)


@shared_task
def watch() -> None:
    """Send workers to a run that nobody works on, and tell of a night that is late, once."""
    run = Run.objects.filter(state=RunState.RUNNING).first()
    if run is not None and _deserted(run):
        send_workers(run.pk)
    _tell_if_late()


def _deserted(run: Run) -> bool:
    """Whether nobody has a live lease on the run, though it had time to begin, and nobody plans or publishes it."""
    if (timezone.now() - run.started_at).total_seconds() <= settings.NIGHT_LEASE_SECONDS:
        return False
    if Chunk.objects.filter(step__run=run, state=ChunkState.RUNNING, lease_until__gte=Now()).exists():
        return False
    with transaction.atomic():  # whoever plans or publishes has the run locked
        return Run.objects.select_for_update(skip_locked=True).filter(pk=run.pk, state=RunState.RUNNING).exists()


def _tell_if_late() -> None:
    if timezone.localtime().time() < settings.NIGHT_DUE:
        return
    day = starting.usual_day()
    runs = Run.objects.filter(day=day)
    last = Run.objects.order_by("-started_at").first()
    if last is None or last.told_late or runs.filter(state=RunState.DONE).exists():
        return
    Run.objects.filter(pk=last.pk).update(told_late=True)
    telling.tell_late(day)
