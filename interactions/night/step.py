"""The night's step of reminders: what facts ask for, staged a kind at a time."""

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightStep, Part
from customers.night.definitions import bound
from interactions.models import ReminderKind
from interactions.night import statements
from interactions.night.statements import PRIORITIES

INTO = "interactions_stagedreminder (run, customer_id, assignee_id, kind, cause, due, priority, values)"
BEFORE = "CAST(:run AS bigint), c.id"
# That the range holds of what is joined too is said again: the planner would read the rows of all customers.
TOUCH = statements.text("touch").format(
    membership="customers_stagedmembership AS m ON m.run = :run AND m.customer_id = c.id"
    " AND m.customer_id BETWEEN :first AND :last",
    features="customers_stagedfeatures AS f ON f.run = :run AND f.customer_id = c.id"
    " AND f.customer_id BETWEEN :first AND :last",
)
# Another reminder: one that this night wants and nobody has ended, or an open one of a person. Open ones of earlier
# nights that this one does not want end with it.
BUSY = """(
    EXISTS (SELECT FROM interactions_stagedreminder AS o WHERE o.run = :run AND o.customer_id = t.customer_id
        AND o.customer_id BETWEEN :first AND :last
        AND NOT EXISTS (SELECT FROM interactions_reminder AS e
            WHERE e.customer_id = o.customer_id AND e.kind = o.kind AND e.cause = o.cause AND e.state <> 'open'
                AND (e.ended_by_id IS NOT NULL OR e.touched_at IS NOT NULL)))
    OR EXISTS (SELECT FROM interactions_reminder AS r WHERE r.customer_id = t.customer_id AND r.state = 'open'
        AND r.customer_id BETWEEN :first AND :last AND r.kind <> 'unplanned'
        AND (r.made_by_id IS NOT NULL OR r.touched_at IS NOT NULL)))"""
# Warnings and who is about to leave are staged as the night publishes: what it found itself is live only then.
STAGED_AT_PUBLICATION = (ReminderKind.WARNING, ReminderKind.KEEPING)


class Reminders(NightStep):
    """Stages the reminders that facts ask for on the morning after, of owned customers in service."""

    name = "reminders"
    label = gettext_lazy("Reminders")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given = statements.parameters(statements.morning_after(night.day))
        given |= {"run": night.run, "first": part.first, "last": part.last}
        cursor.execute("DROP TABLE IF EXISTS pg_temp.touch")
        cursor.execute(bound(f"CREATE TEMP TABLE touch ON COMMIT DROP AS {TOUCH}"), given)
        count = 0
        for kind in PRIORITIES:  # "nothing planned" comes last: it looks at the others
            if kind in STAGED_AT_PUBLICATION:
                continue
            cursor.execute(statements.insert(kind, INTO, BEFORE, busy=BUSY), given)
            count += cursor.rowcount
        return count


REMINDERS = Reminders()
