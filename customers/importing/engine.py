"""Running an import from file to tables.

Nothing is half done at any moment: rows wait in staging under a batch, one transaction decides them all and ends the
batch, and an advisory lock held by the session tells a living batch from one whose process died.
"""

import contextlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action, Result
from crm.staff.models import User
from customers.importing import rejects
from customers.importing.encoding import sha256
from customers.importing.kind import Counts, ImportKind, resolve
from customers.importing.mapping import Mapping, load
from customers.importing.plan import Plan, make_plan
from customers.importing.readers import Table, open_table
from customers.importing.refusals import ImportBusyError, ImportRefusedError
from customers.importing.staging import Staged
from customers.models import BatchState, ImportBatch

LOCK_CLASS = 0x5A48  # first half of the advisory lock's key; the second is the kind
TELL_EVERY = 2_000
# A server process whose client was killed gives its lock back within a second instead of at the end of its statement.
CLIENT_CHECK = "SET LOCAL client_connection_check_interval = '1s'"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Control:
    """What the bank's own list says of a file: how many rows, and the sum of their amounts; None where it says none."""

    count: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Job:
    """What to import: a file, a kind of it, and where rejected rows go. progress is told the rows read so far.

    write_errors: as rejects.write_errors, for an error file of another form.
    settled: called inside the deciding transaction with the batch, after the error file is written.
    """

    kind: ImportKind
    path: Path
    table: Table
    plan: Plan
    errors: Path
    dry_run: bool = False
    progress: Progress = lambda rows: None
    control: Control = Control()
    by: User | None = None
    write_errors: Callable[[Path, Table, Iterable[tuple[int, str]]], int] = rejects.write_errors
    settled: Callable[[ImportBatch], None] = lambda batch: None


@dataclass(frozen=True)
class Outcome:
    """What came of it; errors is None where no row was rejected."""

    counts: Counts
    errors: Path | None


def prepare(
    kind_name: str,
    path: Path,
    *,
    mapping: Path | None,
    errors: Path | None,
    dry_run: bool,
    progress: Progress,
    control: Control = Control(),
) -> Job:
    """Everything that can be refused before a row is read. Raises ImportRefusedError."""
    kind = resolve(kind_name)
    if control.total is not None and not kind.total:
        raise ImportRefusedError(_("Files of “%(kind)s” have no control total.") % {"kind": kind_name})
    chosen = load(mapping, kind.targets) if mapping else Mapping()
    table = open_table(path, chosen.source)
    plan = make_plan(kind, chosen, table.header)
    target = errors or path.with_name(f"{path.name}.errors.csv")
    rejects.check_path(target, path)
    return Job(kind, path, table, plan, target, dry_run, progress, control)


def run(job: Job) -> Outcome:
    """Import the file of `job`; with dry_run do everything and keep nothing but the error file.

    Raises ImportRefusedError when another import of the kind is running or the file changes meanwhile.
    """
    with _exclusive(job.kind.name):
        _clean_dead_batches(own=job.kind.name)
        if not job.dry_run:
            return _run(job)
        with transaction.atomic():
            outcome = _run(job)
            transaction.set_rollback(True)
        return outcome


def _run(job: Job) -> Outcome:
    before = _stamp(job.path)
    batch = ImportBatch.objects.create(
        kind=job.kind.name, file_name=job.path.name[-200:], file_hash=sha256(job.path), by=job.by
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLIENT_CHECK)
            job.kind.staging.copy_in(cursor, batch.pk, staged_rows(job))
        with transaction.atomic():
            return _decide(job, batch, before)
    except BaseException:
        with contextlib.suppress(DatabaseError, InterfaceError):
            _bury(job.kind, [batch.pk])
        raise


def staged_rows(job: Job) -> Iterator[Staged]:
    """Every row of the file, typed and checked by itself."""
    count = 0
    for line, cells, unreadable in job.table.records():
        if unreadable:
            yield Staged(line, "", {}, unreadable)
        else:
            values, problems = job.plan.values(cells)
            key, data = job.kind.row(values, problems)
            yield Staged(line, key, data, problems.reason)
        count += 1
        if count % TELL_EVERY == 0:
            job.progress(count)
    job.progress(count)


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _decide(job: Job, batch: ImportBatch, before: tuple[int, int, int]) -> Outcome:
    """The one transaction: validate, write, report. The error file is complete before any of it is committed."""
    with connection.cursor() as cursor:
        cursor.execute(CLIENT_CHECK)
        counts = job.kind.settle(cursor, batch.pk, job.plan)
        batch.control_total = _reconciled(cursor, job, counts)
    if _stamp(job.path) != before:
        raise ImportRefusedError(_("The file changed while it was read."))
    written = job.write_errors(job.errors, job.table, job.kind.staging.rejected(batch.pk))
    if written != counts.rejected:
        raise AssertionError(f"{counts.rejected} rows rejected, but {written} in the error file")
    batch.state, batch.finished_at = BatchState.DONE, timezone.now()
    batch.imported, batch.updated = counts.imported, counts.updated
    batch.unchanged, batch.rejected = counts.unchanged, counts.rejected
    batch.save()
    record(
        Action.IMPORT, by=job.by, object_type="import", object_ids=[batch.pk], label=batch.file_name,
        detail={"kind": batch.kind, "sha256": batch.file_hash, "imported": counts.imported,
                "updated": counts.updated, "unchanged": counts.unchanged, "rejected": counts.rejected},
    )  # fmt: skip
    job.kind.staging.clear([batch.pk])
    job.settled(batch)
    return Outcome(counts, job.errors if written else None)


def _reconciled(cursor: CursorWrapper, job: Job, counts: Counts) -> Decimal | None:
    """The sum of the amounts, None for kinds without. Raises ImportRefusedError where the bank's list differs."""
    rows = counts.imported + counts.updated + counts.unchanged + counts.rejected
    if job.control.count is not None and job.control.count != rows:
        raise ImportRefusedError(
            _("The file has %(rows)d rows, the control says %(count)d: nothing was imported.")
            % {"rows": rows, "count": job.control.count}
        )
    if not job.kind.total:
        return None
    cursor.execute(job.kind.total)
    total: Decimal = cursor.fetchone()[0]
    if job.control.total is not None and job.control.total != total:
        raise ImportRefusedError(
            _("The amounts of the file add up to %(total)s, the control says %(control)s: nothing was imported.")
            % {"total": total, "control": job.control.total}
        )
    return total


def announce(kind: str) -> None:
    """Tell the rooms above that a file of `kind` was imported (setting AFTER_IMPORT)."""
    for path in settings.AFTER_IMPORT:
        import_string(path)(kind)


def lock_key(kind: str) -> int:
    """The second half of the advisory lock's key for the kind called `kind`."""
    return zlib.crc32(kind.encode()) >> 1


def _try_lock(kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, lock_key(kind)])
        return bool(cursor.fetchone()[0])


def _unlock(kind: str) -> None:
    """Give the lock back at once: the connection may live on in the pool."""
    with contextlib.suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, lock_key(kind)])


@contextlib.contextmanager
def _exclusive(kind: str) -> Iterator[None]:
    if not _try_lock(kind):
        raise ImportBusyError(
            _("Another import of “%(kind)s” is running; try again when it has ended.") % {"kind": kind}
        )
    try:
        yield
    finally:
        _unlock(kind)


def _clean_dead_batches(own: str) -> None:
    """End the batches that say they run but whose process is gone: their kind's lock is free (or held by ourselves)."""
    running: dict[str, list[int]] = {}
    still = ImportBatch.objects.filter(state=BatchState.RUNNING, kind__in=settings.IMPORT_KINDS)
    for kind, pk in still.values_list("kind", "pk"):
        running.setdefault(kind, []).append(pk)
    for kind, batches in running.items():
        if kind == own:
            _bury(resolve(kind), batches)
        elif _try_lock(kind):
            try:
                _bury(resolve(kind), batches)
            finally:
                _unlock(kind)


@transaction.atomic
def _bury(kind: ImportKind, batches: list[int]) -> None:
    """Remove what is staged of `batches` and mark them failed; what they were to write was never there."""
    kind.staging.clear(batches)
    found = ImportBatch.objects.filter(pk__in=batches, state=BatchState.RUNNING)
    for batch in found:
        record(
            Action.IMPORT, by=None, object_type="import", object_ids=[batch.pk], label=batch.file_name,
            result=Result.FAILED, detail={"kind": batch.kind, "sha256": batch.file_hash},
        )  # fmt: skip
    found.update(state=BatchState.FAILED, finished_at=timezone.now())
