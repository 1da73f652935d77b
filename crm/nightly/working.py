"""What a worker does: work until no chunk of the run is left, then publish. Any number of workers do it together."""

import logging
import time
from enum import Enum

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.utils import timezone

from crm.nightly import chunks, publishing, telling
from crm.nightly.chunks import Claim
from crm.nightly.models import Chunk, ChunkState, Run, RunState

log = logging.getLogger("zhike.night")

POLL = 0.2  # seconds between looks while others have the last chunks of a step
RECONNECT_FOR = 600.0  # seconds to wait for a database that is gone
MOST_ATTEMPTS = 3
# Of a statement within a night: no compiling, no processes beside the workers, memory for one hash of a chunk; and a
# server process whose worker was killed ends within a second.
_SETTINGS = (
    "SELECT set_config('client_connection_check_interval', '1s', true), set_config('jit', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', %s, true)"
)


class Turn(Enum):
    """What came of one look at the run."""

    WORKED = 1
    WAIT = 2
    OVER = 3


class LostLeaseError(Exception):
    """Another worker has the chunk: whatever was done to it here is to be forgotten."""


def work(run_id: int) -> None:
    """Work on the run until it is over, whoever finishes it. Waits for a database that is gone, up to ten minutes."""
    gone_since: float | None = None
    while True:
        try:
            turn = _turn(run_id)
            gone_since = None
        except (OperationalError, InterfaceError) as error:
            gone_since = gone_since or time.monotonic()
            if time.monotonic() - gone_since > RECONNECT_FOR:
                raise
            log.warning("the database is gone (%s); trying again", str(error).splitlines()[0])
            connection.close()
            turn = Turn.WAIT
        except Exception as error:  # a mistake in a plan, a step or a publication, which no waiting mends
            log.exception("the night cannot go on")
            fail(Run.objects.get(pk=run_id), _first_line(error))
            return
        if turn is Turn.OVER:
            return
        if turn is Turn.WAIT:
            time.sleep(POLL if gone_since is None else 1.0)


def _turn(run_id: int) -> Turn:
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id).first()
        if run is None or run.state != RunState.RUNNING:
            return Turn.OVER
        step = chunks.current_step(run)
        claim = chunks.claim(step) if step is not None else None
    if step is None:
        publishing.finish(run_id)
        return Turn.OVER
    if claim is None:
        return Turn.WAIT
    _do(claim, run)
    return Turn.WORKED


def _do(claim: Claim, run: Run) -> None:
    """Work on one chunk; its result and the note that it is done are one transaction."""
    try:
        with chunks.heartbeat(claim), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SETTINGS, [settings.NIGHT_WORK_MEMORY])
            rows = chunks.contributed(claim.step).work(cursor, chunks.night_of(run), claim.part)
            finished = {"state": ChunkState.DONE, "rows": rows, "error": "", "finished_at": timezone.now()}
            if not Chunk.objects.filter(chunks.mine(claim)).update(**finished):
                raise LostLeaseError
    except LostLeaseError:
        log.warning("chunk %s was taken over by another worker", claim.chunk.pk)
    except ProgrammingError as error:
        fail(run, f"{claim.step.name}: {_first_line(error)}")
    except (OperationalError, InterfaceError) as error:
        if claim.chunk.attempts >= MOST_ATTEMPTS and connection.is_usable():
            fail(run, f"{claim.step.name}: {_first_line(error)}")
            return
        connection.close()
        chunks.give_back(claim)
    except (DatabaseError, ArithmeticError, ValueError) as error:
        _poisoned(claim, run, error)


def _poisoned(claim: Claim, run: Run, error: Exception) -> None:
    with transaction.atomic():
        chunks.split(claim, _first_line(error))
    if run.set_aside.count() > settings.NIGHT_SET_ASIDE_MOST:
        fail(run, f"{claim.step.name}: {_first_line(error)}")


def fail(run: Run, error: str) -> None:
    """End the run as failed: what is live stays as the last night left it, and people are told."""
    ended = Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=RunState.FAILED, error=error, finished_at=timezone.now()
    )
    if ended:
        telling.tell_failed(run, error)


def _first_line(error: Exception) -> str:
    """The server's message without its details, which may quote a customer's data."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
