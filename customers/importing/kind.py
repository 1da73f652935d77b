"""What a kind of import is: its targets, how a row is checked by itself, and how all rows are decided as a set."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from customers.importing.plan import Plan, Problems, Values
from customers.importing.refusals import ImportRefusedError
from customers.importing.staging import StagedRows, Staging
from customers.importing.values import Json, Target


@dataclass(frozen=True)
class Counts:
    """How the rows of a file ended. Their sum is the number of rows."""

    imported: int
    updated: int
    unchanged: int
    rejected: int


class HasTargets(Protocol):
    """What has columns by name: a kind of import, or another sheet that is read by its headings."""

    @property
    def targets(self) -> Sequence[Target]: ...


class ImportKind(ABC):
    """One kind of file. A room adds its own under a name in settings.IMPORT_KINDS."""

    name: str
    targets: tuple[Target, ...]
    staging: Staging = StagedRows()
    # SQL that sums up the amounts of the file out of the table `typed`, for kinds that have a control total.
    total: str = ""

    @abstractmethod
    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        """The bank key and the staged data of one row.

        values: target -> typed value, None for an empty cell; a target that could not be read is absent. What the
        values contradict is added to `problems`; the key is "" where it is unreadable.
        """

    @abstractmethod
    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        """Decide all staged rows of `batch` in the current transaction: reject (noting the reason), insert, update."""


def resolve(name: str) -> ImportKind:
    """The kind called `name`. Raises ImportRefusedError naming the known ones."""
    path = settings.IMPORT_KINDS.get(name)
    if path is None:
        raise ImportRefusedError(
            _("There is no import of “%(name)s”; there are: %(known)s.")
            % {"name": name, "known": ", ".join(settings.IMPORT_KINDS)}
        )
    kind = import_string(path)
    if not isinstance(kind, ImportKind):
        raise TypeError(f"{path} is no ImportKind")
    return kind
