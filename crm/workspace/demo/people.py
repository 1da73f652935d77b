"""The demo bank's branches and people, their passwords, and one leave cover."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from crm.lib.dates import start_of_day
from crm.staff.cover import give_cover
from crm.staff.models import Branch, Role, User

HEAD_OFFICE = "00"
COVER_DAYS = 5

# code, name, code of the branch above
BRANCHES = (
    (HEAD_OFFICE, "总行", ""),
    ("01", "城南片区", HEAD_OFFICE),
    ("02", "城北片区", HEAD_OFFICE),
    ("0101", "城南支行", "01"),
    ("0102", "望江路支行", "01"),
    ("0201", "北苑支行", "02"),
)
# employee number, name, role, branch
PEOPLE = (
    ("R1001", "林悦", Role.MANAGER, "0101"),
    ("R1002", "周海涛", Role.MANAGER, "0101"),
    ("R1003", "苏曼", Role.MANAGER, "0101"),
    ("R1004", "何志远", Role.MANAGER, "0102"),
    ("R1005", "罗倩", Role.MANAGER, "0201"),
    ("R1006", "方俊", Role.MANAGER, "0201"),
    ("R1007", "吴可欣", Role.MANAGER, "0102"),
    ("R1008", "郑晓彤", Role.MANAGER, "0201"),
    ("S2001", "顾明远", Role.SUPERVISOR, "01"),
    ("S2002", "沈岚", Role.SUPERVISOR, HEAD_OFFICE),
    ("A3001", "许佳宁", Role.AGENT, HEAD_OFFICE),
    ("M9001", "唐志勇", Role.ADMIN, HEAD_OFFICE),
    ("C8001", "严慧", Role.COMPLIANCE, HEAD_OFFICE),
)  # fmt: skip

# Without what is misread: 0 O, 1 l I, and signs that a shell or a sentence would swallow.
_CLASSES = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "@#%+=?")
_PER_CLASS = (3, 5, 3, 1)


@dataclass(frozen=True)
class Login:
    """How one person of the demo bank signs in."""

    employee_number: str
    name: str
    role: str
    branch: str
    password: str

    def __str__(self) -> str:
        return f"{self.employee_number}  {self.name}  {self.role} {self.branch}  {self.password}"


def new_password(user: User) -> str:
    """A random password of 12 characters from all four classes that the password rules accept for `user`."""
    while True:
        characters = [
            secrets.choice(alphabet) for alphabet, count in zip(_CLASSES, _PER_CLASS, strict=True) for _ in range(count)
        ]
        secrets.SystemRandom().shuffle(characters)
        password = "".join(characters)
        try:
            validate_password(password, user)
        except ValidationError:
            continue
        return password


def create_branches() -> dict[str, Branch]:
    """The head office, two regions and three branches, by code."""
    branches: dict[str, Branch] = {}
    for code, name, above in BRANCHES:
        branches[code] = Branch.objects.create(code=code, name=name, parent=branches.get(above))
    return branches


def create_people(branches: dict[str, Branch]) -> list[Login]:
    """The thirteen people of PEOPLE with a random password each, which exists nowhere but in the answer."""
    logins = []
    for number, name, role, code in PEOPLE:
        user = User(employee_number=number, display_name=name, branch=branches[code])
        password = new_password(user)
        user.set_password(password)
        user.save()
        user.groups.add(Group.objects.get(name=role.value))
        logins.append(Login(number, name, str(role.label), branches[code].name, password))
    return logins


def give_leave_cover(day: date) -> None:
    """R1002 is away; R1001 looks after their customers until COVER_DAYS from `day`, as S2001 decided."""
    person = {
        user.employee_number: user for user in User.objects.filter(employee_number__in=["R1001", "R1002", "S2001"])
    }
    give_cover(
        absent=person["R1002"], to=person["R1001"], starts_at=start_of_day(day),
        until=start_of_day(day + timedelta(days=COVER_DAYS + 1)), reason="年休假", by=person["S2001"],
    )  # fmt: skip


def write_logins(path: Path, logins: Sequence[Login]) -> None:
    """Write one line per person to `path`, readable by its owner alone from the first byte. Raises OSError."""
    write_lines(path, [str(login) for login in logins])


def write_lines(path: Path, lines: Sequence[str]) -> None:
    """As `write_logins`, any lines."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    temporary.replace(path)
