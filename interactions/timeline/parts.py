"""What the timeline hands on: entries as they are read, and lines as they are shown."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django_stubs_ext import StrOrPromise

from interactions.models import Interaction


@dataclass(frozen=True)
class Group:
    """A choice of a filter."""

    label: StrOrPromise
    icon: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a row of `source`, or the events of one session, newest first.

    day_only: `at` is the beginning of a day of which no time is known.
    """

    source: str
    rows: tuple[Any, ...]
    at: datetime
    day_only: bool = False

    @property
    def row(self) -> Any:
        return self.rows[0]


@dataclass(frozen=True)
class Step:
    """One event of a session, when it is opened."""

    at: datetime
    text: str
    details: str = ""


@dataclass(frozen=True)
class Earlier:
    """A conversation before this one: label says what links them ("about the same", "promised then")."""

    day: date
    label: str


@dataclass(frozen=True)
class Line:
    """An entry as it is read. ours: whether the bank acted. details: the soft line beside the title.

    rough: the words for its day where only month or year are known. steps: the events of a session of several.
    talk: the interaction where it is one, for its promise and question; promise_late: past its day and open.
    """

    at: datetime
    icon: str
    title: str
    details: list[str]
    text: str = ""
    ours: bool = False
    mood: str = ""
    face: str = ""
    tone: str = ""
    day_only: bool = False
    rough: str = ""
    steps: list[Step] = field(default_factory=list)
    unseen: int = 0  # steps that are left out
    talk: Interaction | None = None
    promise_late: bool = False


@dataclass(frozen=True)
class Shown:
    """A line with what hangs on it. source and pk name it for a pin; pinned: by whom and when, "" if it is not."""

    line: Line
    source: str
    pk: int
    pinned: str = ""
    earlier: list[Earlier] = field(default_factory=list)
