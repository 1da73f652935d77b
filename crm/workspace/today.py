"""Today's list: whom to contact and why. One customer has one row, in the most urgent of the buckets they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from crm.lib.dates import age_on
from crm.staff.models import User
from crm.workspace import today_rows
from crm.workspace.today_words import Due, Last, Left, due_words, last_words, left_words
from interactions import reminders
from interactions.contact_policy import Standing
from interactions.hot import Hot, hot_of, moment
from interactions.models import ReminderKind
from interactions.reasons import Why, why
from interactions.standing import standings

SHOWN = 8  # rows of a bucket before "more"
MOST_OF_BUCKET = 150


@dataclass(frozen=True)
class Kind:
    """A bucket as pages show it. tone: the colour of its count, "" for none."""

    key: str
    label: StrOrPromise
    hint: StrOrPromise
    tone: str = ""


BUCKETS = (
    Kind("late", pgettext_lazy("bucket", "Late"), gettext_lazy("what was promised comes first"), "late"),
    Kind("today", pgettext_lazy("bucket", "Today"), gettext_lazy("appointments by their time"), "today"),
    Kind("team", pgettext_lazy("bucket", "For the team"), gettext_lazy("who takes it first has it")),
    Kind("hot", pgettext_lazy("bucket", "On their mind"), gettext_lazy("seen just now, with the customer's consent")),
    Kind("warnings", pgettext_lazy("bucket", "To verify"), gettext_lazy("ask, in neutral words"), "warn"),
    Kind("keeping", pgettext_lazy("bucket", "To keep"), gettext_lazy("may be about to leave: listen, offer nothing")),
    Kind("maturities", pgettext_lazy("bucket", "Maturing"), gettext_lazy("within 30 days: what is the money for?")),
    Kind("birthdays", pgettext_lazy("bucket", "Birthdays and care"), gettext_lazy("congratulate, no products")),
    Kind("complaints", pgettext_lazy("bucket", "Complaints"), gettext_lazy("to be answered within 15 days")),
    Kind("losing", pgettext_lazy("bucket", "Out of touch"), gettext_lazy("longer than their segment is to wait")),
    Kind("coming", pgettext_lazy("bucket", "Coming"), gettext_lazy("planned for the next 30 days")),
    Kind("later", pgettext_lazy("bucket", "Later"), gettext_lazy("beyond what one day holds")),
)
# What a figure opens: not a bucket of its own, but the rows with a promise wherever they stand.
PROMISES = Kind("promises", gettext_lazy("Promises to keep"), gettext_lazy("what was promised comes first"))
# Where a customer belongs to several, the first has the row.
_URGENCY = (
    "late",
    "today",
    "team",
    "hot",
    "complaints",
    "warnings",
    "keeping",
    "maturities",
    "birthdays",
    "losing",
    "coming",
    "later",
)
_OWN_BUCKET: dict[str, str] = {
    ReminderKind.INTENT: "hot",
    ReminderKind.WARNING: "warnings",
    ReminderKind.KEEPING: "keeping",
    ReminderKind.MATURITY: "maturities",
    ReminderKind.SUPPORT: "birthdays",
    ReminderKind.BIRTH: "birthdays",
    ReminderKind.BIRTHDAY: "birthdays",
    ReminderKind.ANNIVERSARY: "birthdays",
    ReminderKind.WEDDING: "birthdays",
    ReminderKind.FESTIVAL: "birthdays",
    ReminderKind.COMPLAINT: "complaints",
    ReminderKind.LOSING_TOUCH: "losing",
    ReminderKind.NOTHING_PLANNED: "losing",
}
_SILENT = frozenset({ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED})
# A promise or a duty: past its day it is late. Who was merely to be greeted or asked is still to be today.
_CAN_BE_LATE = frozenset({
    ReminderKind.PROMISE, ReminderKind.FOLLOW_UP, ReminderKind.COMPLAINT, ReminderKind.MATURITY,
    ReminderKind.ASSESSMENT,
})  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One reminder, or a hot intent that is none yet (pk 0). of: whose it is, where that is somebody else; given_by:
    who gave it to them. team: it waits for anybody of the branch. repeats: it comes back."""

    pk: int
    kind: str
    day: date
    at_time: time | None
    priority: int
    values: dict[str, Any]
    why: Why
    bucket: str
    of: str = ""
    given_by: str = ""
    team: bool = False
    repeats: bool = False


@dataclass
class Row:
    """One customer's line: the customer's columns and their reasons, the most urgent first."""

    customer: dict[str, Any]
    today: date
    for_whom: str
    items: list[Item] = field(default_factory=list)
    standing: Standing | None = None

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def age(self) -> int | None:
        born = self.customer["birth_date"]
        return age_on(born, self.today) if born else None

    @property
    def further(self) -> list[str]:
        """The sentences of the other reasons, each once; silence is told by the last contact."""
        said = [item.why.sentence for item in self.items[1:] if item.kind not in _SILENT]
        return [sentence for sentence in dict.fromkeys(said) if sentence != self.first.why.sentence][:3]

    @property
    def ids(self) -> str:
        """The reminders that are for now, for acting on several rows at once."""
        mine = [item for item in self.items if item.pk and not item.team]
        now = [item for item in mine if (item is self.first or item.day <= self.today)]
        return ",".join(str(item.pk) for item in now)

    @property
    def due(self) -> Due:
        return due_words(self.first, self.customer["last_at"], self.today)

    @property
    def last(self) -> Last:
        return last_words(self.customer["last_at"], self.customer["last_channel"], self.today)

    @property
    def left(self) -> Left | None:
        return left_words(self.standing)


@dataclass(frozen=True)
class Bucket:
    """The rows of one bucket that are shown; total counts all of it."""

    kind: Kind
    rows: list[Row]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Today:
    """The list. total: customers in it; capped: there are more reminders than were looked at."""

    buckets: list[Bucket]
    total: int
    capped: bool = False

    @property
    def shown(self) -> list[Row]:
        return [row for bucket in self.buckets for row in bucket.rows]


def bucket_of(kind: str, day: date, today: date, *, put_off: bool = False) -> str:
    """The bucket of a reminder of `kind` for `day`; put_off: somebody moved it to a day ahead."""
    if day < today and kind in _CAN_BE_LATE:
        return "late"
    own = _OWN_BUCKET.get(kind)
    if put_off or (day > today and own in (None, "losing")):
        return "coming"
    return own or "today"


def today_of(user: User, day: date, *, bucket: str = "", number: str = "") -> Today:
    """The list of `user` on `day`. Nine queries at the most, whatever the number of rows.

    bucket: that one alone, with up to MOST_OF_BUCKET rows. number: the row of that customer alone, wherever it is.
    """
    asked, waiting = today_rows.asked(user, day, later=bucket == "later", number=number)
    thinking = [] if bucket == "later" else today_rows.thinking(user, day, number)
    hot = hot_of([one["customer_id"] for one in thinking], day) if thinking else {}
    rows = {one["customer_id"]: _row(one, user, day) for one in (*thinking, *asked)}
    known = standings(list(rows), day)
    for one in asked:
        rows[one["customer_id"]].items.append(_item(one, user, day, later=bucket == "later"))
    for pk, intent in hot.items():
        if _may_be_spoken_of(known[pk], intent):
            rows[pk].items.append(_intent(intent, day))
    found = [row for row in rows.values() if row.items]
    for row in found:
        row.items.sort(key=lambda item: (_URGENCY.index(item.bucket), item.day, item.priority, item.pk))
        row.standing = known[row.customer["customer_id"]]
    return Today(_buckets(found, bucket, waiting), len(found), capped=len(asked) >= today_rows.MOST)


def count(user: User, day: date) -> int:
    """How many customers have something for `day` or before: what stands at the rail's entry."""
    due = reminders.of(user).filter(day__lte=day, later=False)
    return due.values("customer_id").distinct().count()


def _row(columns: dict[str, Any], user: User, day: date) -> Row:
    own = columns["owner_id"] in (user.pk, None)
    return Row(columns, day, "" if own else columns["owner_name"] or "")


def _item(row: dict[str, Any], user: User, day: date, *, later: bool) -> Item:
    put_off = row["snoozed_until"] is not None and row["snoozed_until"] > day
    bucket = "later" if later else bucket_of(row["kind"], row["day"], day, put_off=put_off)
    team = row["assignee_id"] is None
    if team and bucket in ("late", "today"):
        bucket = "team"
    others = row["made_by_id"] and row["assignee_id"] not in (row["owner_id"], user.pk)
    given = row["made_by_id"] not in (None, row["assignee_id"], user.pk)
    return Item(
        pk=row["pk"], kind=row["kind"], day=row["day"], at_time=row["at_time"], priority=row["priority"],
        values=row["values"], why=why(row["kind"], row["values"], row["text"]), bucket=bucket,
        of=row["whose"] or "" if others else "", given_by=row["maker"] if given else "", team=team,
        repeats=row["series_id"] is not None,
    )  # fmt: skip


def _intent(hot: Hot, day: date) -> Item:
    kind = str(ReminderKind.INTENT)
    return Item(0, kind, day, None, 2, hot.values, why(kind, hot.values), "hot")


def _may_be_spoken_of(standing: Standing, hot: Hot) -> bool:
    """Whether an intent may prompt a contact: not while sales wait, nor of a topic the customer has refused."""
    return not standing.sales_wait and not (hot.intent.topic and standing.rests(hot.intent.topic))


def _buckets(rows: Sequence[Row], only: str, waiting: int) -> list[Bucket]:
    """All buckets with their totals; rows of `only` alone, where one is asked for."""
    if only == PROMISES.key:
        promised = [row for row in rows if any(item.kind == ReminderKind.PROMISE for item in row.items)]
        return [_bucket(PROMISES, promised, MOST_OF_BUCKET)]
    found = []
    for kind in BUCKETS:
        if only == "later" and kind.key != only:
            continue
        most = SHOWN if not only else MOST_OF_BUCKET if kind.key == only else 0
        bucket = _bucket(kind, [row for row in rows if row.first.bucket == kind.key], most)
        found.append(replace(bucket, total=waiting) if kind.key == "later" and only != "later" else bucket)
    return found


def _bucket(kind: Kind, rows: list[Row], most: int) -> Bucket:
    return Bucket(kind, sorted(rows, key=_place)[:most], len(rows))


def _place(row: Row) -> tuple[Any, ...]:
    """Appointments by their time, then by day and priority; what is on a customer's mind, the newest first."""
    item = row.first
    at = moment(item.values) if item.bucket == "hot" else None
    return (-at.timestamp() if at else 0, item.day, item.at_time or time.max, item.priority, item.pk)
