"""Two customers turn out to be one: everything of the other comes over to the survivor; and the way back.

All of it is one transaction and stands in a journal (MergeChange), row by row as it was and as it is since. For
UNDO_DAYS a merge is taken back by it, unless somebody has edited since what came over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from crm.staff.notices import tell
from customers import identifiers, moving
from customers.belongings import move_money, move_money_back, note_changed_days
from customers.models import Customer, DuplicatePair, Fact, Merge, MergeChange, Moved, PairState, Status
from customers.moving import Change
from customers.moving_relations import RELATIONS, edited_relations, move_relations, move_relations_back
from customers.profile import FIELDS

UNDO_DAYS = 30
# What belongs to a field besides itself; the document's kind goes with its number, the branch with the owner.
_NAME = ("name", "pinyin", "initials", "sort_name", "pinyin_2", "initials_2")
_COLUMNS = {"name": _NAME, "owner": ("owner_id", "branch_id")}
MERGEABLE = ("name", *FIELDS, "since", "owner")
_TABLE = "customers_customer"


class NotMergeableError(Exception):
    """These two are not to be merged; the message says why, in words for who asked."""


class UndoBlockedError(Exception):
    """The merge cannot be taken back; `reasons` say what stands in its way."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def different_persons(one: Customer, two: Customer) -> bool:
    """Whether both have an ID number that is known, and not the same: then they are never one."""
    known = one.id_number_index, two.id_number_index
    return None not in known and bytes(known[0] or b"") != bytes(known[1] or b"")


@transaction.atomic
def merge(survivor: Customer, other: Customer, taken: Collection[str], *, by: User) -> Merge:
    """Merge `other` into `survivor`, who takes the fields `taken` (of MERGEABLE) from them. Raises NotMergeableError.

    `other` is closed, keeps its number, and holds no identifiers any more: they would be found twice.
    """
    survivor, other = _locked(survivor.pk, other.pk)
    _refuse(survivor, other)
    done = Merge.objects.create(survivor=survivor, other=other, taken=sorted(taken), by=by)
    with connection.cursor() as cursor:
        before = [_row(cursor, each.pk) for each in (survivor, other)]
        _close(other, survivor, _take(survivor, other, taken))
        changes = [
            Change(Moved.CHANGED, _TABLE, "id", was, _row(cursor, was["id"])) for was in before
        ]  # fmt: skip
        changes += move_money(cursor, other.pk, survivor.pk)
        for mover in moving.movers():
            changes += mover(cursor, other.pk, survivor.pk)
        changes += move_relations(cursor, other.pk, survivor.pk, changes)
        note_changed_days(cursor, [survivor.pk, other.pk])
    _keep(done, changes)
    _settle_pairs(done, by)
    _tell_owner(survivor, other, by)
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=[survivor.pk, other.pk], label=survivor.number,
        detail={"merged": other.number, "taken": sorted(taken), "rows": _by_table(changes)},
    )  # fmt: skip
    return done


def _locked(first: int, second: int) -> tuple[Customer, Customer]:
    """Both customers, locked in the order of their ids: two merges of the same two wait for one another."""
    found = {
        each.pk: each for each in Customer.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk")
    }
    if len(found) != 2:
        raise NotMergeableError(_("A customer cannot be merged with themselves."))
    return found[first], found[second]


def _refuse(survivor: Customer, other: Customer) -> None:
    if survivor.restricted or other.restricted:
        raise NotMergeableError(_("One of the two is not in service any more: nothing is merged."))
    if different_persons(survivor, other):
        raise NotMergeableError(_("Their ID numbers differ: these are two persons."))


def _take(survivor: Customer, other: Customer, taken: Collection[str]) -> dict[str, Any]:
    """The columns that `survivor` gets from `other`; identifiers are sealed anew, to the survivor's number."""
    columns: dict[str, Any] = {}
    for name in MERGEABLE:
        if name not in taken:
            continue
        if name in identifiers.IDENTIFIERS:
            columns |= identifiers.sealed_columns(survivor.number, {name: other.identifier(name)})
            columns |= {"id_kind": other.id_kind} if name == "id_number" else {}
        else:
            columns |= {column: getattr(other, column) for column in _COLUMNS.get(name, (name,))}
    after = {name: columns.get(_value_column(name), getattr(survivor, _value_column(name))) for name in FIELDS}
    # What either of them declined to tell is not asked again, unless it is known all the same.
    answers = Fact.objects.filter(customer__in=(survivor, other)).exclude(name__in=FIELDS).exclude(value="")
    known = {name for name in FIELDS if after[name]} | set(answers.values_list("name", flat=True))
    declined = [name for name in dict.fromkeys((*survivor.declined, *other.declined)) if name not in known]
    return columns | {"declined": declined}


def _value_column(name: str) -> str:
    return identifiers.IDENTIFIERS[name].sealed if name in identifiers.IDENTIFIERS else name


def _close(other: Customer, survivor: Customer, columns: dict[str, Any]) -> None:
    now = timezone.now()
    nothing = identifiers.sealed_columns(other.number, dict.fromkeys(identifiers.IDENTIFIERS, ""))
    Customer.objects.filter(pk=other.pk).update(
        **nothing, status=Status.CLOSED, merged_into=survivor.pk, updated_at=now
    )  # fmt: skip
    Customer.objects.filter(pk=survivor.pk).update(**columns, updated_at=now)


def _row(cursor: CursorWrapper, customer_id: int) -> Any:
    """The whole row of a customer, as the journal keeps it."""
    cursor.execute("SELECT to_jsonb(c) FROM customers_customer AS c WHERE id = %s", [customer_id])
    return moving.json_of(cursor.fetchone()[0])


def _keep(done: Merge, changes: list[Change]) -> None:
    MergeChange.objects.bulk_create(
        [
            MergeChange(
                merge=done, table=each.table, column=each.column, what=each.what, before=each.before, after=each.after
            )
            for each in changes
        ],
        batch_size=2000,
    )


def _by_table(changes: list[Change]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for change in changes:
        counted[change.table] = counted.get(change.table, 0) + 1
    return counted


def _settle_pairs(done: Merge, by: User) -> None:
    """This pair is merged. What else the closed one was taken for is looked for anew by the night, of the survivor."""
    first, second = sorted((done.survivor_id, done.other_id))
    DuplicatePair.objects.filter(a=first, b=second).update(
        state=PairState.MERGED, decided_at=done.at, decided_by=by
    )  # fmt: skip
    DuplicatePair.objects.filter(Q(a=done.other_id) | Q(b=done.other_id), state=PairState.OPEN).delete()


def _tell_owner(survivor: Customer, other: Customer, by: User) -> None:
    if other.owner is not None and other.owner_id not in (survivor.owner_id, by.pk):
        tell(
            other.owner,
            gettext_noop("%(who)s merged your customer %(customer)s into the customer number %(number)s: one person."),
            {"who": by.display_name, "customer": other.name, "number": survivor.number},
            url=f"/customers/{other.number}/",
        )


@dataclass(frozen=True)
class Standing:
    """A merge as its page shows it: until when it can be taken back, and what stands in the way."""

    merge: Merge
    until: Any
    blocked: list[str]


def standing(done: Merge) -> Standing:
    with connection.cursor() as cursor:
        return Standing(done, done.at + timedelta(days=UNDO_DAYS), _blocks(cursor, done))


def _blocks(cursor: CursorWrapper, done: Merge) -> list[str]:
    """Why `done` cannot be taken back, in words; empty: it can."""
    if done.undone_at is not None:
        return [_("This merge has been taken back already.")]
    if timezone.now() > done.at + timedelta(days=UNDO_DAYS):
        return [_("More than %(days)s days have passed.") % {"days": UNDO_DAYS}]
    reasons = []
    if done.survivor.merged_into_id is not None:
        reasons.append(_("The customer has been merged into another one since: take that back first."))
    for change in _profiles(done):
        now = _row(cursor, change.before["id"])
        if any(now[name] != change.after[name] for name in _changed(change)):
            reasons.append(_("The profile of %(number)s has been changed since.") % {"number": now["number"]})
    return reasons + _edited(cursor, done)


def _edited(cursor: CursorWrapper, done: Merge) -> list[str]:
    found = [(each.label, moving.edited(cursor, each, done.pk, done.survivor_id)) for each in moving.belongings()]
    reasons = []
    for label, count in [*found, (RELATIONS[0].label, edited_relations(cursor, done.pk))]:
        if count:
            words = ngettext(
                "%(count)s of what came over has been edited since: %(what)s.",
                "%(count)s of what came over have been edited since: %(what)s.",
                count,
            )
            reasons.append(words % {"count": count, "what": label or _("contacts")})
    return reasons


def _profiles(done: Merge) -> QuerySet[MergeChange]:
    """What the merge changed of the two customers' own rows."""
    return done.changes.filter(what=Moved.CHANGED, table=_TABLE)


def _changed(change: MergeChange) -> list[str]:
    """The columns of a customer that the merge changed."""
    return [name for name, was in change.before.items() if was != change.after[name] and name != "updated_at"]


@transaction.atomic
def undo(done: Merge, *, by: User) -> None:
    """Take the merge back, all of it. Raises UndoBlockedError where somebody has edited since what came over."""
    _locked(done.survivor_id, done.other_id)
    done = Merge.objects.select_related("survivor", "other").select_for_update(of=("self",)).get(pk=done.pk)
    with connection.cursor() as cursor:
        if reasons := _blocks(cursor, done):
            raise UndoBlockedError(reasons)
        note_changed_days(cursor, [done.survivor_id, done.other_id])
        move_relations_back(cursor, done.pk)
        for change in _profiles(done):
            _restore(cursor, change)
        for each in moving.belongings_back():
            moving.move_back(cursor, each, done.pk, done.other_id, done.survivor_id)
        move_money_back(cursor, done.pk, done.other_id, done.survivor_id)
        note_changed_days(cursor, [done.survivor_id, done.other_id])
    done.undone_at, done.undone_by = timezone.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    first, second = sorted((done.survivor_id, done.other_id))
    DuplicatePair.objects.filter(a=first, b=second).update(state=PairState.OPEN, decided_at=None, decided_by=None)
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=[done.survivor_id, done.other_id],
        label=done.survivor.number, detail={"merge_undone": done.other.number},
    )  # fmt: skip


def _restore(cursor: CursorWrapper, change: MergeChange) -> None:
    """Set back the columns of a customer that the merge changed, and the time of change where nothing has since."""
    untouched = _row(cursor, change.before["id"])["updated_at"] == change.after["updated_at"]
    names = _changed(change) + (["updated_at"] if untouched else [])
    columns = {field.column for field in Customer._meta.concrete_fields}
    back = ", ".join(f"{name} = was.{name}" for name in names if name in columns)
    cursor.execute(
        f"UPDATE customers_customer AS c SET {back} FROM customers_mergechange AS j,"
        " jsonb_populate_record(NULL::customers_customer, j.before) AS was WHERE j.id = %s AND c.id = was.id",
        [change.pk],
    )
