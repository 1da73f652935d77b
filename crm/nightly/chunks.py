"""Handing out chunks: planned once, claimed with a lease, given back when a worker is gone, split when one fails."""

import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from crm.lib.night import Night, NightStep, Part
from crm.nightly.models import Chunk, ChunkState, Run, SetAside, Step, StepState

log = logging.getLogger("zhike.night")


@dataclass(frozen=True)
class Claim:
    """A chunk and the token under which it is ours until its lease lapses."""

    chunk: Chunk
    step: Step
    token: uuid.UUID

    @property
    def part(self) -> Part:
        return Part(self.chunk.first, self.chunk.last, self.chunk.month, self.chunk.everybody)


def night_of(run: Run) -> Night:
    """What steps are told of `run`."""
    aside = run.set_aside.order_by("customer_id").values_list("customer_id", flat=True).distinct()
    return Night(run.pk, run.day, run.full, tuple(aside))


def contributed(step: Step) -> NightStep:
    """The room's own part of `step`."""
    found = import_string(step.path)
    if not isinstance(found, NightStep):
        raise TypeError(f"{step.path} is no NightStep")
    return found


def current_step(run: Run) -> Step | None:
    """The step that `run`, which the caller has locked, is at: planned, and with work left; None when all are done."""
    for step in run.steps.exclude(state=StepState.DONE).order_by("order"):
        if step.state == StepState.WAITING:
            _plan(run, step)
        if step.chunks.exclude(state__in=(ChunkState.DONE, ChunkState.SPLIT)).exists():
            return step
        step.state, step.finished_at = StepState.DONE, timezone.now()
        step.save()
    return None


def _plan(run: Run, step: Step) -> None:
    night = night_of(run)
    with connection.cursor() as cursor:
        parts = contributed(step).parts(cursor, night, _ranges())
    Chunk.objects.bulk_create(
        Chunk(step=step, first=piece.first, last=piece.last, month=piece.month, everybody=piece.everybody)
        for part in parts
        for piece in _around(part, night.aside)
    )
    step.state, step.started_at = StepState.RUNNING, timezone.now()
    step.save()


def _around(part: Part, aside: Sequence[int]) -> Iterator[Part]:
    """`part` without the customers set aside (by id), whose figures of the steps before are missing or old."""
    inside = [customer for customer in aside if part.first <= customer <= part.last]
    if not inside:
        yield part
        return
    first = part.first
    for customer in inside:
        if first < customer:
            yield Part(first, customer - 1, part.month)
        first = customer + 1
    if first <= part.last:
        yield Part(first, part.last, part.month)


def _ranges() -> list[Part]:
    """All customers in ranges of about NIGHT_CHUNK: by their number and not by id, which may have gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(id), max(id) FROM (
                SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS range FROM customers_customer
            ) AS numbered GROUP BY range ORDER BY range
            """,
            [settings.NIGHT_CHUNK],
        )
        return [Part(first, last) for first, last in cursor.fetchall()]


def claim(step: Step) -> Claim | None:
    """A chunk of `step` that nobody works on, or whose worker's lease has lapsed; None while others have the rest."""
    free = Q(state=ChunkState.WAITING) | Q(state=ChunkState.RUNNING, lease_until__lt=Now())
    chunk = Chunk.objects.filter(free, step=step).select_for_update(skip_locked=True).order_by("pk").first()
    if chunk is None:
        return None
    token = uuid.uuid4()
    Chunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING, token=token, lease_until=Now() + lease(), attempts=chunk.attempts + 1,
        started_at=Now(),
    )  # fmt: skip
    chunk.refresh_from_db()
    return Claim(chunk, step, token)


def lease() -> timedelta:
    """How long a worker that says nothing is believed to be alive."""
    return timedelta(seconds=settings.NIGHT_LEASE_SECONDS)


def mine(claim: Claim) -> "Q":
    """The condition that the chunk of `claim` is still its worker's."""
    return Q(pk=claim.chunk.pk, token=claim.token, state=ChunkState.RUNNING)


@contextmanager
def heartbeat(claim: Claim) -> Iterator[None]:
    """Renews the lease from a thread of its own while a statement runs for minutes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(settings.NIGHT_LEASE_SECONDS / 4):
            try:
                Chunk.objects.filter(mine(claim)).update(lease_until=Now() + lease())
            except (DatabaseError, InterfaceError) as error:
                log.warning("no sign of life from chunk %s: %s", claim.chunk.pk, error)
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def give_back(claim: Claim) -> None:
    """Let the next worker take the chunk at once instead of after the lease."""
    Chunk.objects.filter(mine(claim)).update(state=ChunkState.WAITING, token=None, lease_until=None)


def split(claim: Claim, error: str) -> None:
    """Replace a chunk that fails by its halves, down to the one customer, who is set aside with the reason."""
    chunk = claim.chunk
    one = chunk.first == chunk.last
    state = ChunkState.DONE if one else ChunkState.SPLIT
    if not Chunk.objects.filter(mine(claim)).update(state=state, error=error, finished_at=Now()):
        return  # it is another worker's by now
    if one:
        SetAside.objects.get_or_create(
            run=claim.step.run, step=claim.step.name, customer_id=chunk.first, defaults={"reason": error}
        )
        return
    middle = (chunk.first + chunk.last) // 2
    for first, last in ((chunk.first, middle), (middle + 1, chunk.last)):
        Chunk.objects.create(step=chunk.step, first=first, last=last, month=chunk.month)
