"""What a person chose for the columns of a list, and the mapping that comes of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.staff.models import Branch, Role, User
from crm.staff.scope import scope
from customers import crypto
from customers.identifiers import normal_id_number, normal_phone
from customers.importing.kind import ImportKind
from customers.importing.mapping import Mapping, ValueTable
from customers.models import ColumnChoice, Customer
from customers.profile import FIELDS
from customers.uploading.dates import SheetDates
from customers.uploading.error_sheet import REASONS
from customers.uploading.recognise import Guess, plain, recognise

# Kinds that may come by the browser: those whose rows are confined to the branches of who brings them.
KINDS = ("customers",)
MOST_MANAGERS = 500  # to choose from; more are named by a column
# Base 32 without letters that are taken for digits; 12 of them are 60 bits: among a million customers two get the
# same number with probability 4e-7.
_SIGNS, _LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 12


@dataclass(frozen=True)
class Choices:
    """columns: target -> name of the column. make_number: numbers are made of the rows. branch, owner: for rows that
    say none (code, employee number)."""

    columns: dict[str, str] = field(default_factory=dict)
    make_number: bool = False
    branch: str = ""
    owner: str = ""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Choices":
        return cls(**kept) if kept else cls()

    def kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class MadeNumber:
    """A customer number made of who the row is about, always the same: of the ID number, else of phone and name.

    It is a keyed fingerprint, so that nobody learns an ID number from it.
    """

    id_number: str = ""
    phone: str = ""
    name: str = ""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column in (self.id_number, self.phone, self.name) if column)

    def __call__(self, cells: Sequence[str]) -> str:
        said = dict(zip(self.columns, cells, strict=True))
        who = self._who(said.get(self.id_number, ""), said.get(self.phone, ""), said.get(self.name, ""))
        number = int.from_bytes(crypto.blind_index(who, purpose="made number")[:8], "big")
        return "Z" + "".join(_SIGNS[number >> 5 * place & 31] for place in range(_LENGTH))

    @staticmethod
    def _who(id_number: str, phone: str, name: str) -> str:
        if id_number:
            try:
                return f"id {normal_id_number(id_number)}"
            except ValidationError:
                return f"id {id_number}"  # a passport; a mistyped number is rejected as such
        if not (phone and name):
            raise ValidationError(_("Without an ID number, a phone and a name no customer number can be made."))
        return f"phone {normal_phone(phone)} {''.join(name.split())}"


def label(target: str) -> StrOrPromise:
    """What a target is called on the page."""
    extra: dict[str, StrOrPromise] = {
        "owner": _("relationship manager"),
        "guardian_name": _("guardian"),
        "guardian_consent_on": _("day of the guardian's consent"),
        "declined": _("declined to tell"),
    }
    if target in extra:
        return extra[target]
    if target in FIELDS:
        return FIELDS[target].label
    column: Any = Customer._meta.get_field(target)
    return str(column.verbose_name)


def fingerprint(header: Iterable[str]) -> str:
    """The same for the same set of headings, in whatever order; the reason column of an error sheet does not count."""
    names = sorted({plain(name) for name in header if name and name not in REASONS})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def suggested(
    kind: ImportKind, header: Sequence[str], columns: Sequence[Sequence[str]], by: User
) -> tuple[Choices, dict[str, str]]:
    """What to offer for a file with `header`, and by what each column was recognised (column -> see Guess)."""
    if (kept := _kept(kind, header, by)) is not None:
        return kept, dict.fromkeys(kept.columns.values(), "kept")
    guesses: dict[int, Guess] = recognise(kind, header, columns)
    found = {guess.target: header[place] for place, guess in guesses.items()}
    branches = branches_of(by)
    only = branches[0].code if len(branches) == 1 else ""
    choices = Choices(found, make_number="number" not in found, branch="" if "branch" in found else only)
    return choices, {header[place]: guess.by for place, guess in guesses.items()}


def _kept(kind: ImportKind, header: Sequence[str], by: User) -> Choices | None:
    kept = ColumnChoice.objects.filter(kind=kind.name, branch=by.branch, headings=fingerprint(header)).first()
    if kept is None:
        return None
    choices = Choices.of(kept.choices)
    return choices if set(choices.columns.values()) <= set(header) else None


def keep(kind: ImportKind, header: Sequence[str], choices: Choices, by: User) -> None:
    """Remember `choices` for the next file with these headings that somebody of the branch brings."""
    ColumnChoice.objects.update_or_create(
        kind=kind.name,
        branch=by.branch,
        headings=fingerprint(header),
        defaults={"choices": choices.kept(), "by": by},
    )


def branches_of(user: User) -> list[Branch]:
    """The branches whose customers `user` may bring."""
    return list(Branch.objects.filter(pk__in=scope(user).branch_ids).order_by("code"))


def managers_of(user: User) -> list[User]:
    """The active relationship managers of those branches."""
    managers = User.objects.filter(is_active=True, groups__name=Role.MANAGER, branch_id__in=scope(user).branch_ids)
    return list(managers.order_by("employee_number"))


def mapping_of(kind: ImportKind, choices: Choices, by: User) -> Mapping:
    """The mapping that reads a file as `choices` say. Branches and managers may be called by their names."""
    columns = dict(choices.columns)
    functions: dict[str, Any] = {}
    if choices.make_number:
        columns.pop("number", None)
        parts = {name: columns.get(name, "") for name in ("id_number", "phone", "name")}
        functions["number"] = MadeNumber(**parts)
    return Mapping(
        columns=columns,
        values={"branch": _branch_words(by), "owner": _manager_words(by)},
        defaults={name: code for name, code in (("branch", choices.branch), ("owner", choices.owner)) if code},
        dates={target.name: SheetDates() for target in kind.targets if target.dated},
        functions=functions,
        by_heading=False,
    )


def _branch_words(by: User) -> ValueTable:
    branches = branches_of(by)
    names = Counter(branch.name for branch in branches)
    words = {branch.name: branch.code for branch in branches if names[branch.name] == 1}
    return ValueTable(words | {f"{branch.code} {branch.name}": branch.code for branch in branches})


def _manager_words(by: User) -> ValueTable:
    """Names that only one manager has; the others want an employee number."""
    managers = managers_of(by)
    names = Counter(manager.display_name for manager in managers)
    words = {manager.display_name: manager.employee_number for manager in managers if names[manager.display_name] == 1}
    return ValueTable(words | {str(manager): manager.employee_number for manager in managers})


def complete(kind: ImportKind, choices: Choices) -> str:
    """What is still missing before the file can be checked, "" if nothing is."""
    if choices.make_number and not {"id_number", "phone"} & set(choices.columns):
        return gettext("Numbers are made of the ID number or the phone: say which column holds one of them.")
    for target in kind.targets:
        there = target.name in choices.columns
        if target.name == "number":
            there = there or choices.make_number
        elif target.name == "branch":
            there = there or bool(choices.branch)
        if target.name == "branch" and not there:
            return gettext("Say which branch the customers belong to: by a column, or the same for all.")
        if target.required and not there:
            return gettext("Say which column is “%(target)s”.") % {"target": label(target.name)}
    return ""
