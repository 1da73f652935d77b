"""Customers change hands, thousands in one transaction with what is open about them; and go back within a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import Branch, User
from crm.staff.notices import tell
from crm.staff.scope import scope
from customers.models import UNDO_FOR, Customer, Transfer, Transferred

_OWNERS = """
UPDATE customers_customer AS c SET owner_id = t.after_id, updated_at = now()
FROM customers_transferred AS t WHERE t.transfer_id = %(transfer)s AND c.id = t.customer_id
"""
# Reminders of who had the customer, and what waited for the team, go along; those of others with the customer stay.
_REMINDERS = """
WITH moved AS (
    UPDATE interactions_reminder AS r SET assignee_id = t.after_id
    FROM customers_transferred AS t
    WHERE t.transfer_id = %(transfer)s AND r.customer_id = t.customer_id AND r.state = 'open'
        AND r.assignee_id IS NOT DISTINCT FROM t.before_id
    RETURNING r.id, r.customer_id
), each AS (SELECT customer_id, array_agg(id ORDER BY id) AS ids FROM moved GROUP BY customer_id)
UPDATE customers_transferred AS t SET reminders = each.ids
FROM each WHERE t.transfer_id = %(transfer)s AND t.customer_id = each.customer_id
"""
# Who was served, changed hands again, or whose reminders somebody worked on since, stays.
_UNTOUCHED = """
SELECT t.id FROM customers_transferred AS t JOIN customers_customer AS c ON c.id = t.customer_id
WHERE t.transfer_id = %(transfer)s AND t.back_at IS NULL AND c.owner_id = t.after_id
    AND NOT EXISTS (SELECT FROM interactions_interaction AS i
                    WHERE i.customer_id = t.customer_id AND (i.at >= %(at)s OR i.created_at >= %(at)s))
    AND NOT EXISTS (SELECT FROM interactions_reminder AS r
                    WHERE r.customer_id = t.customer_id AND r.touched_at >= %(at)s)
"""
_OWNERS_BACK = """
UPDATE customers_customer AS c SET owner_id = t.before_id, updated_at = now()
FROM customers_transferred AS t WHERE t.id = ANY(%(rows)s) AND c.id = t.customer_id
"""
_REMINDERS_BACK = """
UPDATE interactions_reminder AS r SET assignee_id = t.before_id
FROM customers_transferred AS t
WHERE t.id = ANY(%(rows)s) AND r.id = ANY(t.reminders) AND r.state = 'open' AND r.assignee_id = t.after_id
    AND (t.before_id IS NOT NULL OR r.team_id IS NOT NULL)
"""


class ChangedMeanwhileError(ValueError):
    """Some of the customers changed hands since the preview."""


@dataclass(frozen=True)
class Undone:
    """How many customers went back, and how many stay because they were served since."""

    back: int
    stay: int


@transaction.atomic
def move(
    to: Mapping[int, User], was: Mapping[int, int | None], *, branch: Branch, source: str, note: str, by: User
) -> Transfer:
    """Give each customer (id) of `to` to that manager, their open reminders along; managers are told, with `note`.

    was: who had them when it was decided. Where that is so no more nothing is changed: raises ChangedMeanwhileError.
    """
    held = Customer.objects.filter(pk__in=list(to), branch=branch).order_by("pk").select_for_update(no_key=True)
    now = dict(held.values_list("pk", "owner"))
    if now != {pk: was[pk] for pk in to}:
        raise ChangedMeanwhileError
    made = Transfer.objects.create(branch=branch, source=source[:80], note=note, by=by)
    Transferred.objects.bulk_create(
        [Transferred(transfer=made, customer_id=pk, before_id=was[pk], after=to[pk]) for pk in sorted(to)],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, {"transfer": made.pk})
        cursor.execute(_REMINDERS, {"transfer": made.pk})
    counted = Counter(to.values())
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=sorted(to), label=source[:120],
        detail={"transfer": made.pk, "to": {str(user.pk): number for user, number in counted.items()},
                "was": {str(pk): was[pk] for pk in sorted(to)}},
    )  # fmt: skip
    for user, number in counted.items():
        tell(
            user,
            gettext_noop("%(who)s gave you %(count)d customers: here is what to know of each. %(note)s"),
            {"who": by.display_name, "count": number, "note": note[:300]},
            url=f"/team/transfers/{made.pk}/",
        )
    _tell_before(was, to, by)
    return made


def _tell_before(was: Mapping[int, int | None], to: Mapping[int, User], by: User) -> None:
    gone = Counter(was[pk] for pk in to if was[pk] is not None)
    for before in User.objects.filter(pk__in=[pk for pk in gone if pk is not None], is_active=True):
        tell(
            before,
            gettext_noop("%(who)s gave %(count)d of your customers to colleagues."),
            {"who": by.display_name, "count": gone[before.pk]},
        )


def transfers_of(user: User) -> QuerySet[Transfer]:
    """The transfers `user` may read: of the branches they head, and those that gave them customers."""
    mine = Transferred.objects.filter(after=user).values("transfer")
    return Transfer.objects.filter(Q(branch__in=sorted(scope(user).branch_ids)) | Q(pk__in=mine)).select_related("by")


def may_undo(transfer: Transfer, user: User) -> bool:
    """Whether `user`, who heads the branch, can still take `transfer` back."""
    heads = transfer.branch_id in scope(user).branch_ids
    return heads and transfer.undone_at is None and timezone.now() < transfer.at + UNDO_FOR


@transaction.atomic
def undo(transfer: Transfer, *, by: User) -> Undone | None:
    """Give back whom nobody has served since. None where it is undone already or its day is over."""
    locked = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if not may_undo(locked, by):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_UNTOUCHED + " ORDER BY c.id FOR NO KEY UPDATE OF c", {"transfer": locked.pk, "at": locked.at})
        rows = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_REMINDERS_BACK, {"rows": rows})
        cursor.execute(_OWNERS_BACK, {"rows": rows})
    locked.undone_at, locked.undone_by = timezone.now(), by
    locked.save(update_fields=["undone_at", "undone_by"])
    back = Transferred.objects.filter(pk__in=rows)
    back.update(back_at=locked.undone_at)
    _record_undone(locked, list(back.values_list("customer", "after")), by)
    return Undone(len(rows), locked.rows.filter(back_at=None).count())


def _record_undone(transfer: Transfer, back: Sequence[tuple[int, int]], by: User) -> None:
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=sorted(pk for pk, _after in back),
        label=transfer.source, detail={"transfer undone": transfer.pk},
    )  # fmt: skip
    counted = Counter(after for _pk, after in back)
    for user in User.objects.filter(pk__in=list(counted)):
        tell(
            user,
            gettext_noop("%(who)s took back the change of manager: %(count)d customers went back."),
            {"who": by.display_name, "count": counted[user.pk]},
        )


def rows_for(transfer: Transfer, user: User) -> QuerySet[Transferred]:
    """The customers of `transfer` as `user` reads them: all for who heads the branch, else those they got and have."""
    heads = transfer.branch_id in scope(user).branch_ids
    return transfer.rows.all() if heads else transfer.rows.filter(after=user, back_at=None)


@dataclass(frozen=True)
class Count:
    """How many customers went from one to another, and how many of them came back."""

    before: str
    after: str
    number: int
    back: int


def counts_of(transfer: Transfer, user: User) -> list[Count]:
    """From whom to whom how many of `transfer` went, as `user` may read it. One query."""
    rows = rows_for(transfer, user).order_by("before__display_name", "after__display_name")
    found = rows.values_list("before__display_name", "after__display_name")
    counted = found.annotate(n=models.Count("pk"), back=models.Count("back_at"))
    return [Count(before or "", after, number, back) for before, after, number, back in counted]
