"""Plain makers of what tests are about; each takes only what a test says."""

from typing import Any

from django.contrib.auth.models import Group

from crm.staff.models import Branch, Role, User
from customers.identifiers import sealed_columns
from customers.models import Customer
from customers.names import readings

PASSWORD = "Know-your-2026-customer!"


def make_person(number: str, name: str, role: Role, branch: Branch | None, *, language: str = "en") -> User:
    """A person of one role; English, so that tests read the source strings; who has seen the tour."""
    user = User.objects.create_user(number, PASSWORD, display_name=name, branch=branch, language=language, tour="done")
    user.groups.add(Group.objects.get(name=role))
    return user


def make_customer(number: str, name: str, branch: Branch, *, owner: User | None = None, **fields: Any) -> Customer:
    """A customer; phone, id_number, email and address are given plain and stored sealed."""
    plain = {key: fields.pop(key) for key in ("phone", "id_number", "email", "address") if key in fields}
    usual, *others = readings(name)
    return Customer.objects.create(
        number=number,
        name=name,
        branch=branch,
        owner=owner,
        pinyin=usual.pinyin,
        initials=usual.initials,
        sort_name=usual.sort_name,
        pinyin_2=others[0].pinyin if others else "",
        initials_2=others[0].initials if others else "",
        **sealed_columns(number, plain),
        **fields,
    )
