"""Checking and importing a list, as a worker does it: the engine's dry run, then its run."""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from crm.staff.scope import scope
from customers.identifiers import IDENTIFIERS
from customers.importing import engine
from customers.importing.encoding import sha256
from customers.importing.kind import resolve
from customers.importing.plan import make_plan
from customers.importing.readers import WORKBOOK_ENDING, Record, Table
from customers.importing.refusals import ImportBusyError, ImportRefusedError
from customers.models import ImportBatch, Upload, UploadState
from customers.uploading import columns, files, inspection
from customers.uploading.error_sheet import write_sheet
from customers.uploading.layout import Layout, find_layout, open_layout
from customers.uploading.recognise import seems

log = logging.getLogger("zhike.imports")
FIRST_ROWS = 5
SAMPLE, SHOWN = 200, 3  # rows that are looked at; cells of a column that are shown
PROGRESS_KEPT = 600  # seconds


@dataclass
class Found:
    """What is known of a file. samples: cells of every column, masked. recognised: column -> by what (see Guess).
    first: the first rows as they were understood (target, value). problems: line, who, reason.
    """

    samples: list[list[str]] = field(default_factory=list)
    recognised: dict[str, str] = field(default_factory=dict)
    first: list[list[list[str]]] = field(default_factory=list)
    problems: list[list[Any]] = field(default_factory=list)


def receive(content: Iterable[bytes], name: str, kind_name: str, *, by: User) -> Upload:
    """Look through a file, find its heading, recognise its columns, and keep it sealed. Raises ImportRefusedError."""
    kind = resolve(kind_name)
    with files.folder() as place:
        raw = place / "raw"
        raw.touch(mode=0o600)
        with raw.open("wb") as stream:
            stream.writelines(content)
        path = raw.rename(place / f"list{inspection.ending_of(raw, name)}")
        if path.suffix == WORKBOOK_ENDING:
            inspection.look_through(path)
        layout = _readable(path, name, lambda: find_layout(path, kind))
        with transaction.atomic():
            upload = Upload.objects.create(by=by, kind=kind_name, file_name=Path(name).name[-200:])
            upload.content = files.sealed(path.read_bytes(), upload.pk, "content")
            _study(upload, path, layout)
            record(
                Action.IMPORT, by=by, object_type="upload", object_ids=[upload.pk], label=upload.file_name,
                detail={"kind": kind_name, "rows": layout.rows, "sha256": sha256(path), "step": "received"},
            )  # fmt: skip
    return upload


def _readable(path: Path, name: str, read: Any) -> Any:
    """What `read` gives; in refusals the file is called as its owner calls it."""
    try:
        return read()
    except ImportRefusedError as error:
        raise ImportRefusedError(str(error).replace(str(path), Path(name).name)) from error


def _study(upload: Upload, path: Path, layout: Layout) -> None:
    """Recognise the columns of the file in `path` and save what is offered for them."""
    cells = _samples(path, layout)
    choices, recognised = columns.suggested(resolve(upload.kind), layout.header, cells, upload.by)
    meant = {column: target for target, column in choices.columns.items()}
    shown = [
        [mask(meant.get(name) or seems(cell), cell)[:40] for cell in list(dict.fromkeys(column))[:SHOWN]]
        for name, column in zip(layout.header, cells, strict=True)
    ]
    upload.sheets, upload.sheet = layout.sheets, layout.sheet
    upload.header_row, upload.header, upload.rows = layout.header_row, layout.header, layout.rows
    upload.choices, upload.state, upload.refusal = choices.kept(), UploadState.NEW, ""
    _keep_found(upload, Found(samples=shown, recognised=recognised))
    upload.save()


def _keep_found(upload: Upload, found: Found) -> None:
    upload.found = files.sealed(json.dumps(asdict(found)).encode(), upload.pk, "found")


def found_of(upload: Upload) -> Found:
    """What is kept of the file, empty where it is gone."""
    return Found(**files.opened_json(upload, "found"))


def layout_of(upload: Upload) -> Layout:
    return Layout(upload.sheets, upload.sheet, upload.header_row, upload.header, upload.rows)


def ending(upload: Upload) -> str:
    return WORKBOOK_ENDING if upload.sheets else ".csv"


def _samples(path: Path, layout: Layout) -> list[list[str]]:
    """The first filled cells of every column."""
    rows = list(islice(open_layout(path, layout).records(), SAMPLE))
    return [
        [row.cells[place].strip() for row in rows if place < len(row.cells) and row.cells[place].strip()]
        for place in range(len(layout.header))
    ]


def read_again(upload: Upload, *, sheet: str, header_row: int) -> None:
    """Take another sheet or another row as the heading, and recognise the columns anew. Raises ImportRefusedError."""
    kind = resolve(upload.kind)
    with files.unpacked(upload, ending(upload)) as path:
        layout = _readable(path, upload.file_name, lambda: find_layout(path, kind, sheet=sheet, header_row=header_row))
        _study(upload, path, layout)


def check(upload_id: int) -> None:
    """Do everything and take it back: what would happen, and all problems. Waits where another import runs (raises
    ImportBusyError)."""
    upload = Upload.objects.select_related("by").get(pk=upload_id)
    if upload.state == UploadState.CHECKING:
        _work(upload, dry_run=True)


def bring_in(upload_id: int) -> None:
    """Import, and tell the rooms above. Waits where another import runs (raises ImportBusyError)."""
    upload = Upload.objects.select_related("by").get(pk=upload_id)
    if upload.state == UploadState.IMPORTING and _work(upload, dry_run=False):
        engine.announce(upload.kind)


def _work(upload: Upload, *, dry_run: bool) -> bool:
    with translation.override(upload.by.language):
        try:
            _run(upload, dry_run=dry_run)
        except ImportBusyError:
            raise
        except ImportRefusedError as error:
            _back(upload, str(error))
            return False
        except Exception as error:  # the message may hold what stands in the file, so only its kind is logged
            log.error("list %s failed: %s", upload.pk, type(error).__name__)
            _back(upload, _("It failed for a reason that is not in the file. Nothing was imported; try again."))
            return False
    return True


def _back(upload: Upload, refusal: str) -> None:
    changes = {"state": UploadState.NEW, "refusal": refusal, "changed_at": timezone.now(), "errors": None}
    Upload.objects.filter(pk=upload.pk).update(**changes)


def _run(upload: Upload, *, dry_run: bool) -> None:
    kind, choices, by = resolve(upload.kind), columns.Choices.of(upload.choices), upload.by
    found = replace(found_of(upload), first=[], problems=[])
    with files.unpacked(upload, ending(upload)) as path:
        table = open_layout(path, layout_of(upload))
        plan = make_plan(kind, columns.mapping_of(kind, choices, by), table.header)
        plan = replace(plan, branches=tuple(sorted(scope(by).branch_ids)), keep=None if dry_run else upload.pk)
        place = table.header.index(choices.columns["name"]) if "name" in choices.columns else 0

        def tell(row: Record, reason: str) -> None:
            found.problems.append([row.line, row.cells[place] if place < len(row.cells) else "", reason])

        def write_errors(target: Path, source: Table, rejected: Iterable[tuple[int, str]]) -> int:
            return write_sheet(target, source, rejected, tell)

        def settled(batch: ImportBatch) -> None:
            if not dry_run:
                _settled(upload, batch, errors, found)

        errors = path.with_name("errors.xlsx")
        job = engine.Job(
            kind, path, table, plan, errors, dry_run, lambda rows: tell_progress(upload.pk, rows), by=by,
            write_errors=write_errors, settled=settled,
        )  # fmt: skip
        counts = engine.run(job).counts
        if dry_run:
            found.first = [_shown(plan.values(row.cells)[0]) for row in islice(table.records(), FIRST_ROWS)]
            upload.state = UploadState.CHECKED
            _counted(upload, counts, errors, found)


def _settled(upload: Upload, batch: ImportBatch, errors: Path, found: Found) -> None:
    """In the import's own transaction: the upload is done exactly where its customers are there. The file goes."""
    upload.batch, upload.content = batch, None
    upload.state, upload.finished_at = UploadState.DONE, timezone.now()
    _counted(upload, batch, errors, found)


def _counted(upload: Upload, counts: Any, errors: Path, found: Found) -> None:
    for name in ("imported", "updated", "unchanged", "rejected"):
        setattr(upload, name, getattr(counts, name))
    upload.rows = upload.imported + upload.updated + upload.unchanged + upload.rejected
    _keep_found(upload, found)
    upload.errors = files.sealed(errors.read_bytes(), upload.pk, "errors") if errors.exists() else None
    upload.refusal = ""
    upload.save()


def _shown(values: dict[str, Any]) -> list[list[str]]:
    """One row as understood, identifiers masked: (target, value)."""
    return [[name, mask(name, str(value))] for name, value in values.items() if value]


def mask(target: str, text: str) -> str:
    """`text` as it may stand on a screen."""
    return IDENTIFIERS[target].mask(text) if target in IDENTIFIERS and text else text


def _progress_key(upload_id: int) -> str:
    return f"list-rows-{upload_id}"


def tell_progress(upload_id: int, rows: int) -> None:
    """Rows read so far, for the page to show. Not in the database: its connection is busy copying them."""
    try:
        cache.set(_progress_key(upload_id), rows, PROGRESS_KEPT)
    except RedisError as error:
        log.warning("no cache: %s", error)


def progress(upload_id: int) -> int:
    """What tell_progress told last."""
    try:
        return int(cache.get(_progress_key(upload_id)) or 0)
    except RedisError:
        return 0
