"""Taking an import back: what it created is deleted, what it changed gets its former values, where nobody was at it.

A customer stays as they are when somebody changed them since, or when anything else refers to them by now: a contact,
an account, an agreement. Once a night has run on the new customers there is no way back at all.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string

from crm.audit.log import record
from crm.audit.models import Action
from customers.models import ConsentPurpose, Customer, Means, Upload, UploadState

# What an import itself makes of a new customer, by table: no reason to keep them, and deleted with them.
OWN_TRACES = {
    "customers_consent": f"r.purpose = '{ConsentPurpose.CHILD.value}' AND r.given_by_means = '{Means.FILE.value}'"
    " AND r.withdrawn_at IS NULL AND r.recorded_by_id IS NULL"
}


@dataclass(frozen=True)
class Undone:
    """How many customers were deleted, got their former values, and stayed as they are."""

    deleted: int
    restored: int
    stayed: int


def possible(upload: Upload) -> bool:
    """Whether the import can still be taken back: no night has begun since."""
    if upload.state != UploadState.DONE or upload.finished_at is None:
        return False
    return not any(import_string(path)(upload.finished_at) for path in settings.IMPORT_STANDS_AFTER)


def take_back(upload_id: int) -> None:
    """Undo the upload, all in one transaction; it is `done` again where a night has begun meanwhile."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).select_related("by").get(pk=upload_id)
        if upload.state != UploadState.UNDOING:
            return
        upload.state = UploadState.DONE
        if possible(upload):
            with connection.cursor() as cursor:
                result = _undo(cursor, upload)
            upload.state, upload.undone = UploadState.UNDONE, asdict(result)
            upload.errors = upload.found = None
            upload.kept.all().delete()
        upload.save()


def _undo(cursor: CursorWrapper, upload: Upload) -> Undone:
    kept = upload.kept.count()
    traces = _traces()
    cursor.execute("DROP TABLE IF EXISTS pg_temp.free")
    cursor.execute(
        f"""
        CREATE TEMP TABLE free ON COMMIT DROP AS
        SELECT c.id FROM customers_keptrow k JOIN customers_customer c ON c.id = k.customer_id
        WHERE k.upload_id = %s AND k.before IS NULL AND c.updated_at = k.written_at {_unreferred(traces)}
        """,  # noqa: S608 (table names and conditions of the code)
        [upload.pk],
    )
    cursor.execute("ANALYZE free")
    for table, condition in traces.items():
        cursor.execute(f"DELETE FROM {table} r USING free f WHERE r.customer_id = f.id AND {condition}")  # noqa: S608
    cursor.execute("DELETE FROM customers_customer c USING free f WHERE c.id = f.id RETURNING c.id")
    deleted = [pk for (pk,) in cursor.fetchall()]
    restored = _restore(cursor, upload)
    _audit(upload, deleted, restored)
    return Undone(len(deleted), len(restored), kept - len(deleted) - len(restored))


def _traces() -> dict[str, str]:
    found = dict(OWN_TRACES)
    for path in settings.IMPORT_TRACES:
        found |= import_string(path)
    return found


def _unreferred(traces: dict[str, str]) -> str:
    """Conditions on the customer c: no row of any table refers to them but such a trace."""
    conditions = []
    for table, column in _references():
        but = f" AND NOT ({traces[table]})" if table in traces else ""
        conditions.append(f"AND NOT EXISTS (SELECT FROM {table} r WHERE r.{column} = c.id{but})")
    return "\n".join(conditions)


def _references() -> Iterator[tuple[str, str]]:
    """(table, column) of everything that refers to a customer."""
    for relation in Customer._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            model: Any = relation.related_model
            field: Any = relation.field  # type: ignore[union-attr]
            yield model._meta.db_table, field.column


def _restore(cursor: CursorWrapper, upload: Upload) -> list[int]:
    columns = [str(field.column) for field in Customer._meta.concrete_fields if field.name not in ("id", "number")]
    cursor.execute(
        f"""
        UPDATE customers_customer c SET ({", ".join(columns)}) = ROW({", ".join(f"b.{name}" for name in columns)})
        FROM customers_keptrow k, jsonb_populate_record(NULL::customers_customer, k.before) b
        WHERE k.upload_id = %s AND k.before IS NOT NULL AND c.id = k.customer_id AND c.updated_at = k.written_at
        RETURNING c.id
        """,  # noqa: S608 (column names of the code)
        [upload.pk],
    )
    return [pk for (pk,) in cursor.fetchall()]


def _audit(upload: Upload, deleted: list[int], restored: list[int]) -> None:
    detail = {"upload": upload.pk, "undone": True}
    for action, ids in ((Action.DELETE, deleted), (Action.CHANGE, restored)):
        if ids:
            record(action, by=upload.by, object_type="customer", object_ids=ids, label=upload.file_name, detail=detail)
