"""What a room contributes to the overnight run: steps over ranges of customers, and what publishes their results.

The run itself (chunks, workers, resuming) is crm.nightly; a room lists its parts by dotted path in the settings
NIGHT_STEPS, NIGHT_WORKLIST and NIGHT_STATISTICS.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.backends.utils import CursorWrapper
from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Night:
    """One run. day: the bank day it is about; full: everything anew, not only what changed since the last night.

    aside: ids of the customers whose data have made a step fail so far. Steps after that one leave them out.
    """

    run: int
    day: date
    full: bool
    aside: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """Customers by id, both ends included; of one month where the step's work is cut by months too.

    everybody: `first` and `last` are the first and last customer of all, so that they need not be asked for.
    """

    first: int
    last: int
    month: date | None = None
    everybody: bool = False


class NightStep(ABC):
    """One step. Its parts are worked on in any order, by several workers, after all parts of the steps before."""

    name: str
    label: StrOrPromise

    def parts(self, cursor: CursorWrapper, night: Night, ranges: Sequence[Part]) -> list[Part]:
        """What the step's work is cut into; `ranges` covers all customers."""
        return list(ranges)

    @abstractmethod
    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        """Do `part`, in a transaction that is committed with the note that it is done; returns the customers done.

        It may run again after a crash, and on smaller ranges when one customer's data make it fail.
        """


class NightPublication(ABC):
    """What makes staged results live, in one transaction with the others of its set. Safe to run again."""

    name: str

    @abstractmethod
    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        """Bring the live rows up to what was staged; returns how many rows were written."""
