"""The cast and the database every test stands on.

Tests run as the app's database role on a schema that the owner role made: what the app may not do fails here too.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client

from crm.nightly import freshness
from crm.staff.models import Branch, Role, User
from tests.browser_fixtures import bank_site, browser, open_as  # noqa: F401 - fixtures
from tests.factories import make_customer, make_person

# Playwright keeps an event loop in the thread of the tests; none of their queries runs inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """Create the test database as the owner, and point the app's connection at it."""
    owner, app = connections["owner"], connections["default"]
    with django_db_blocker.unblock():
        original = owner.settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        app.settings_dict["NAME"] = owner.settings_dict["NAME"]
        owner.close()
    yield
    with django_db_blocker.unblock():
        app.close()
        app.close_pool()
        owner.creation.destroy_test_db(original, verbosity=0)


@pytest.fixture(autouse=True)
def no_remembered_night() -> None:
    """What a page says of the night belongs to the test's own database, not to the one before."""
    freshness.forget()


@dataclass
class Bank:
    """Two branches under one head office, and the people of the permission matrix."""

    branch: Branch
    other_branch: Branch
    owner: User
    colleague: User
    agent: User
    supervisor: User
    outsider: User
    admin: User
    compliance: User
    superuser: User

    def actors(self) -> dict[str, User]:
        return {
            "owner": self.owner,
            "colleague": self.colleague,
            "agent": self.agent,
            "supervisor": self.supervisor,
            "outsider": self.outsider,
            "admin": self.admin,
            "compliance": self.compliance,
            "superuser": self.superuser,
        }


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing as strong as the bank's would cost 0.3 s a person; eight are hired for every test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def bank(db: None) -> Bank:
    head = Branch.objects.create(code="00", name="总行")
    branch = Branch.objects.create(code="0101", name="城南支行", parent=head)
    other = Branch.objects.create(code="0201", name="城北支行", parent=head)
    assert Group.objects.filter(name=Role.MANAGER).exists()
    return Bank(
        branch=branch,
        other_branch=other,
        owner=make_person("R1001", "林悦", Role.MANAGER, branch),
        colleague=make_person("R1002", "罗倩", Role.MANAGER, branch),
        agent=make_person("A3001", "周敏", Role.AGENT, branch),
        supervisor=make_person("S2001", "王海", Role.SUPERVISOR, branch),
        outsider=make_person("R1005", "何川", Role.MANAGER, other),
        admin=make_person("M9001", "高原", Role.ADMIN, head),
        compliance=make_person("C8001", "方正", Role.COMPLIANCE, head),
        superuser=User.objects.create_superuser("X0001", display_name="Root", branch=head),
    )


@pytest.fixture
def customer(bank: Bank):
    """张伟明, owned by the cast's owner, with a phone and nothing else sealed."""
    return make_customer(
        "620100000001",
        "张伟明",
        bank.branch,
        owner=bank.owner,
        phone="+8613800138000",
        birth_date=date(1980, 5, 17),
        gender="male",
    )


@pytest.fixture
def sign_in():
    """`sign_in(user)` gives a browser-like client with that person signed in."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="crm.staff.backends.StaffBackend")
        return client

    return client_of
