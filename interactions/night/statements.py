"""The SELECTs of the kinds (`sql/`), and the days and tables they name, for the morning after a night."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from customers.models import FOR_COMPLIANCE_ALONE
from customers.night.definitions import bound
from interactions import retirement, working_days
from interactions.care import festivals
from interactions.models import ReminderKind

FOLDER = Path(__file__).parent / "sql"
# kind -> priority, 1 first: by it the cap of a manager's day chooses.
PRIORITIES: dict[ReminderKind, int] = {
    ReminderKind.COMPLAINT: 1,
    ReminderKind.WARNING: 3,
    ReminderKind.KEEPING: 3,
    ReminderKind.MATURITY: 4,
    ReminderKind.ASSESSMENT: 5,
    ReminderKind.SUPPORT: 5,
    ReminderKind.BIRTH: 5,
    ReminderKind.BIRTHDAY: 5,
    ReminderKind.WELCOME: 6,
    ReminderKind.RETIREMENT: 6,
    ReminderKind.ANNIVERSARY: 6,
    ReminderKind.WEDDING: 6,
    ReminderKind.FESTIVAL: 7,
    ReminderKind.LOSING_TOUCH: 7,
    ReminderKind.NOTHING_PLANNED: 9,
}
KINDS = [str(kind) for kind in PRIORITIES]
# Their day is the morning that first asked for them; a later night must not move it, or they would never be late.
DUE_WHEN_RAISED = [
    str(kind)
    for kind in (
        ReminderKind.WARNING, ReminderKind.WELCOME, ReminderKind.RETIREMENT, ReminderKind.LOSING_TOUCH,
        ReminderKind.NOTHING_PLANNED, ReminderKind.SUPPORT, ReminderKind.BIRTH, ReminderKind.KEEPING,
    )
]  # fmt: skip
BIRTHDAYS_AHEAD = 3
# How far from the morning the days lie that `off` is asked about: complaints may wait for long.
_OFF_BEFORE, _OFF_AFTER = 400, 100


def morning_after(day: date) -> date:
    """The morning for which the night of `day` makes the list; a bank that lives on one day has it on that day."""
    return day if settings.BANK_DAY else day + timedelta(days=1)


@cache
def text(name: str) -> str:
    """The SQL of `sql/<name>.sql` without its comments."""
    lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip()


def insert(kind: ReminderKind, into: str, before: str, *, ctes: str = "", busy: str = "false") -> str:
    """The statement that puts the reminders of `kind` of owned customers in service into a table, bound for psycopg.

    into: the table with its columns, which end in assignee_id, kind, cause, due, priority, values. before: the
    expressions of those that come first, of customer `c`. ctes: further common table expressions, each with its comma.
    """
    select = text(str(kind)).replace("{busy}", busy)
    return bound(
        f"WITH {ctes} off AS (SELECT * FROM unnest(:off_days::date[], :off_befores::date[], :off_afters::date[])"
        " AS o (day, before, after))"
        f" INSERT INTO {into} SELECT {before}, c.owner_id, '{kind}', f.cause, f.due, {PRIORITIES[kind]}, f.values"
        f" FROM ({select}) AS f JOIN customers_customer AS c ON c.id = f.customer_id"
        " AND c.status = 'active' AND c.owner_id IS NOT NULL"
    )


def touch(membership: str, features: str) -> str:
    """The common table expression `touch`, with the tables to join to customer `c` as `m` and `f`."""
    select = text("touch").format(membership=membership, features=features)
    return f"touch AS MATERIALIZED ({select}),"


def parameters(day: date) -> dict[str, Any]:
    """What the statements name, for the morning `day`."""
    return {
        "day": day,
        "working_day": working_days.on_or_after(day),
        "days_ago_7": day - timedelta(days=7),
        "days_ago_30": day - timedelta(days=30),
        "days_ago_60": day - timedelta(days=60),
        "days_ahead_30": day + timedelta(days=30),
        "zone": settings.TIME_ZONE,
        "usual_interval": settings.CONTACT_INTERVAL_DEFAULT,
        "for_compliance_alone": sorted(FOR_COMPLIANCE_ALONE),
        **_off(day),
        **_birthdays(day),
        **_festivals(day),
        **_lines(),
    }


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _off(day: date) -> dict[str, list[Any]]:
    around = (day + timedelta(days=distance) for distance in range(-_OFF_BEFORE, _OFF_AFTER))
    off = [one for one in around if not working_days.is_working_day(one)]
    rows = [(one, working_days.on_or_before(one), working_days.on_or_after(one)) for one in off]
    return _columns(("off_days", "off_befores", "off_afters"), rows)


def _birthdays(day: date) -> dict[str, list[Any]]:
    """The birthdays (month and day of birth) to think of on `day`, with the day they are kept on and when it is due."""
    rows = []
    for distance in range(working_days.LONGEST_BREAK):
        kept = day + timedelta(days=distance)
        due = working_days.on_or_before(kept)
        if due > day + timedelta(days=BIRTHDAYS_AHEAD):
            continue
        rows.append((kept.month, kept.day, kept, due))
        if (kept.month, kept.day) == (3, 1) and (kept - timedelta(days=1)).day == 28:
            rows.append((2, 29, kept, due))
    return _columns(("birthday_months", "birthday_days", "birthdays", "birthday_dues"), rows)


def _festivals(day: date) -> dict[str, list[Any]]:
    rows = [(one.name, one.on, one.due) for one in festivals.coming(day)]
    return _columns(("festival_names", "festivals", "festival_dues"), rows)


def _lines() -> dict[str, list[Any]]:
    names = ("line_genders", "line_workers", "line_firsts", "line_befores", "line_months")
    patterns = [f"%{word}%" for word in retirement.WORKER_WORDS]
    return {**_columns(names, retirement.table()), "worker_patterns": patterns}
