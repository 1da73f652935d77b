"""Branches and people out of a sheet: a row a person, or a branch alone. Everything is created, or nothing is.

The heading is found and the columns are recognised as in lists of customers; see customers.uploading.
"""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import BACK_OFFICE_ROLES, CUSTOMER_ROLES, Branch, Role, User
from customers.importing.refusals import ImportRefusedError
from customers.importing.values import Target
from customers.uploading import files, inspection
from customers.uploading.layout import find_layout, open_layout
from customers.uploading.recognise import plain, words_of

MOST = 3000  # rows at once
MOST_PROBLEMS = 200
HEADINGS = (
    gettext_noop("Employee number"), gettext_noop("Name"), gettext_noop("Role"), gettext_noop("E-mail"),
    gettext_noop("Branch code"), gettext_noop("Branch name"), gettext_noop("Code of the branch above"),
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "number": ("工号", "员工号", "员工编号", "employee number", "employee no", "staff number"),
    "name": ("姓名", "员工姓名", "display name"),
    "role": ("角色", "岗位", "职务"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail"),
    "code": ("机构代码", "机构号", "机构编号", "网点代码", "branch code"),
    "branch_name": ("机构名称", "机构", "网点", "网点名称", "支行", "branch name"),
    "above": ("上级机构代码", "上级机构", "上级机构号", "code of the branch above", "parent branch"),
}
ROLE_WORDS: dict[str, Role] = {
    **{plain(role.value): role for role in Role},
    "客户经理": Role.MANAGER, "理财经理": Role.MANAGER, "manager": Role.MANAGER,
    "服务专员": Role.AGENT, "客服": Role.AGENT, "柜员": Role.AGENT, "agent": Role.AGENT,
    "主管": Role.SUPERVISOR, "支行行长": Role.SUPERVISOR, "行长": Role.SUPERVISOR,
    "系统管理员": Role.ADMIN, "管理员": Role.ADMIN, "administrator": Role.ADMIN,
    "合规": Role.COMPLIANCE, "合规专员": Role.COMPLIANCE,
}  # fmt: skip
_SIGNS = "#%+=@?"


@dataclass(frozen=True)
class _Headings:
    """What the search for headings needs to know."""

    targets: tuple[Target, ...] = tuple(Target(name, str, headings=words) for name, words in _WORDS.items())


@dataclass(frozen=True)
class Row:
    """One line of the sheet, its cells stripped; "" for an empty or absent one."""

    line: int
    number: str = ""
    name: str = ""
    role: str = ""
    email: str = ""
    code: str = ""
    branch_name: str = ""
    above: str = ""


@dataclass
class Checked:
    """What the rows would create, and why they cannot. branches: code -> (name, code above)."""

    problems: list[tuple[int, str]] = field(default_factory=list)
    branches: dict[str, tuple[str, str]] = field(default_factory=dict)
    people: list[tuple[Row, frozenset[Role]]] = field(default_factory=list)
    known: int = 0


def read(content: Iterable[bytes], name: str) -> list[Row]:
    """The rows of a file that was called `name`. Raises ImportRefusedError."""
    kind = _Headings()
    with files.folder() as place:
        raw = place / "raw"
        raw.touch(mode=0o600)
        with raw.open("wb") as stream:
            stream.writelines(content)
        path = raw.rename(place / f"list{inspection.ending_of(raw, name)}")
        if path.suffix == ".xlsx":
            inspection.look_through(path)
        layout = find_layout(path, kind)
        words = words_of(kind)
        places = {
            words[plain(head)]: at for at, head in reversed(list(enumerate(layout.header))) if plain(head) in words
        }
        if "code" not in places:
            raise ImportRefusedError(_("There is no column of branch codes: take the template."))
        if layout.rows > MOST:
            raise ImportRefusedError(_("At most %(most)d rows go at once: split the list.") % {"most": MOST})
        found = []
        for record_ in open_layout(path, layout).records():
            cells = {
                target: record_.cells[at].strip() for target, at in places.items() if at < len(record_.cells)
            }  # fmt: skip
            if any(cells.values()):
                found.append(Row(record_.line, **cells))
        return found


def check(rows: Iterable[Row]) -> Checked:
    """Every row by itself and among the others and what is there already; nothing is written."""
    found, rows = Checked(), list(rows)
    there = dict(Branch.objects.values_list("code", "name"))
    taken = set(
        User.objects.filter(employee_number__in=[row.number for row in rows]).values_list("employee_number", flat=True)
    )
    seen: set[str] = set()
    for row in rows:
        problems = _branch_problems(row, found, there)
        if row.number or row.name or row.role:
            problems += _person_problems(row, seen)
            if row.number in taken:
                found.known += 1
            elif not problems:
                found.people.append((row, roles_of(row.role)))
            seen.add(row.number)
        found.problems += [(row.line, problem) for problem in problems]
    found.problems += _tree_problems(found, there, rows)
    if not rows:
        found.problems.append((0, _("There is no row under the headings.")))
    return found


def roles_of(text: str) -> frozenset[Role]:
    """The roles that a cell names, several separated by commas or strokes. Raises ValueError for an unknown one."""
    words = text.replace("、", ",").replace("，", ",").replace("/", ",").replace(";", ",").split(",")
    try:
        return frozenset(ROLE_WORDS[plain(word)] for word in words if word.strip())
    except KeyError as error:
        raise ValueError(text) from error


def _branch_problems(row: Row, found: Checked, there: dict[str, str]) -> list[str]:
    """Take the branch of `row` over into `found`, where it is a new one."""
    code, problems = row.code, []
    if not code:
        return [] if row.number else [_("The branch code is missing.")]
    if len(code) > 20 or len(row.branch_name) > 80:
        return [_("A branch code has at most 20 signs, a name at most 80.")]
    name, above = found.branches.get(code, ("", ""))
    known = there.get(code, name)
    if row.branch_name and known and known != row.branch_name:
        problems.append(_("Branch %(code)s is also called %(name)s.") % {"code": code, "name": known})
    if row.above and above and above != row.above:
        problems.append(_("Branch %(code)s has two branches above it.") % {"code": code})
    if code not in there:
        found.branches[code] = (name or row.branch_name, above or row.above)
    return problems


def _person_problems(row: Row, seen: set[str]) -> list[str]:
    problems = []
    if not row.number or not row.name:
        problems.append(_("A person needs an employee number and a name."))
    if len(row.number) > 20 or len(row.name) > 60:
        problems.append(_("An employee number has at most 20 signs, a name at most 60."))
    if row.number and row.number in seen:
        problems.append(_("Employee number %(number)s stands twice in the list.") % {"number": row.number})
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            problems.append(_("“%(text)s” is no e-mail address.") % {"text": row.email})
    return problems + _role_problems(row)


def _role_problems(row: Row) -> list[str]:
    try:
        roles = roles_of(row.role)
    except ValueError:
        return [_("“%(text)s” is no role.") % {"text": row.role}]
    if not roles:
        return [_("The role is missing.")]
    if roles & CUSTOMER_ROLES and roles & BACK_OFFICE_ROLES:
        return [_("Who serves customers may not administer the system or audit it: choose roles of one side.")]
    if roles & CUSTOMER_ROLES and not row.code:
        return [_("Who serves customers needs a branch.")]
    return []


def _tree_problems(found: Checked, there: dict[str, str], rows: list[Row]) -> list[tuple[int, str]]:
    """New branches without a name, under one that does not exist, or above themselves."""
    line = {row.code: row.line for row in reversed(rows)}
    problems = []
    for code, (name, above) in found.branches.items():
        if not name:
            problems.append((line[code], _("The name of branch %(code)s stands nowhere.") % {"code": code}))
        if above and above not in found.branches and above not in there:
            problems.append((line[code], _("There is no branch %(code)s to stand above it.") % {"code": above}))
        passed, up = {code}, above
        while up in found.branches and up not in passed:
            passed.add(up)
            up = found.branches[up][1]
        if up in passed:
            problems.append((line[code], _("Branch %(code)s stands above itself.") % {"code": code}))
    return problems


@dataclass(frozen=True)
class Created:
    """A person and the password they sign in with once; it is kept nowhere."""

    person: User
    roles: str
    password: str


def create(checked: Checked, *, by: User) -> list[Created]:
    """Create what `checked`, which has no problems, holds: in one transaction, each audited."""
    with transaction.atomic():
        branches = _create_branches(checked, by)
        groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
        return [_create_person(row, roles, branches, groups, by) for row, roles in checked.people]


def _create_branches(checked: Checked, by: User) -> dict[str, Branch]:
    """All branches by code. Above comes before below: each turn creates those whose upper branch is there."""
    branches = {branch.code: branch for branch in Branch.objects.all()}
    waiting = dict(checked.branches)
    while waiting:
        ready = [code for code, (_name, above) in waiting.items() if not above or above in branches]
        for code in ready:
            name, above = waiting.pop(code)
            branches[code] = Branch.objects.create(code=code, name=name, parent=branches.get(above))
            record(
                Action.CREATE, by=by, object_type="branch", object_ids=[branches[code].pk], label=str(branches[code])
            )
    return branches


def _create_person(
    row: Row, roles: frozenset[Role], branches: dict[str, Branch], groups: dict[str, Group], by: User
) -> Created:
    password = temporary_password()
    person = User.objects.create(
        employee_number=row.number, display_name=row.name, email=row.email, branch=branches.get(row.code),
        language=by.language, temporary_password=True, password=_sealed(password),
    )  # fmt: skip
    person.groups.set([groups[role.value] for role in roles])
    names = [role.value for role in sorted(roles)]
    record(Action.CREATE, by=by, object_type="user", object_ids=[person.pk], label=str(person), detail={"roles": names})
    return Created(person, ", ".join(str(role.label) for role in sorted(roles)), password)


def temporary_password() -> str:
    """Fourteen signs of all four classes, none that are taken for another: more than 70 bits."""
    letters = "".join(sign for sign in string.ascii_letters + string.digits if sign not in "0O1lI")
    four = [
        secrets.choice(kind) for kind in ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", _SIGNS)
    ]
    rest = [secrets.choice(letters) for _place in range(10)]
    signs = four + rest
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def _sealed(password: str) -> str:
    """Few rounds: nobody guesses 70 random bits, and three thousand people would take a quarter of an hour. The first
    sign-in seals it with as many rounds as any other password."""
    hasher = get_hasher()
    if not isinstance(hasher, PBKDF2PasswordHasher):
        return make_password(password)
    return hasher.encode(password, hasher.salt(), iterations=5000)
