"""Return visits by cadence without waiting for a night: a small bank drops in its list and has reminders at once."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from crm.lib.dates import bank_day
from customers.models import Customer
from interactions.models import ReminderKind
from interactions.night import statements
from interactions.night.publication import cap_days

_INTO = """interactions_reminder (customer_id, text, state, snooze_reason, outcome, later, created_at,
    assignee_id, kind, cause, due, priority, values)"""
_BEFORE = "c.id, '', 'open', '', '', false, now()"
_TOUCH = statements.touch(
    "customers_membership AS m ON m.customer_id = c.id", "customers_features AS f ON f.customer_id = c.id"
)
_BUSY = "EXISTS (SELECT FROM interactions_reminder AS r WHERE r.customer_id = t.customer_id AND r.state = 'open')"
_OF_OWNERS = " WHERE (%(owners)s::bigint[] IS NULL OR c.owner_id = ANY (%(owners)s)) ON CONFLICT DO NOTHING"


def make_cadence_reminders(owner_ids: list[int] | None = None) -> int:
    """Open the reminders of cadence that are missing today, of the customers of `owner_ids` (None: of everybody).

    Only opens: what no longer applies is for the night to end. Returns the reminders opened.
    """
    day = bank_day()
    given = statements.parameters(day) | {"owners": owner_ids}
    count = 0
    for first, last in _ranges():
        with transaction.atomic(), connection.cursor() as cursor:
            for kind in (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED):
                statement = statements.insert(kind, _INTO, _BEFORE, ctes=_TOUCH, busy=_BUSY) + _OF_OWNERS
                cursor.execute(statement, given | {"first": first, "last": last})
                count += cursor.rowcount
    with transaction.atomic(), connection.cursor() as cursor:
        cap_days(cursor, day, owner_ids)
    return count


def _ranges() -> Iterator[tuple[int, int]]:
    ends = Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for first in range(ends["first"], ends["last"] + 1, settings.NIGHT_CHUNK):
        yield first, first + settings.NIGHT_CHUNK - 1
