"""The demo bank: the same for a seed, believable, and never mixed into a bank that has data."""

import stat
from datetime import date
from io import StringIO
from itertools import product

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from stdnum.cn import ric

from crm.lib.dates import age_on, start_of_day
from crm.lib.night import Night
from crm.staff.models import Branch, Cover, User
from crm.workspace.demo import growth
from crm.workspace.demo.build import build
from crm.workspace.demo.cast import CAST
from crm.workspace.demo.draw import slots
from crm.workspace.demo.names import said_given, said_surname, surnames
from customers.access import visible_to
from customers.identifiers import normal_id_number, normal_phone
from customers.models import Consent, ConsentPurpose, Customer, DuplicatePair
from customers.names import readings, surname_of
from customers.night.duplicates import PUBLISH_DUPLICATES
from customers.search import find

DAY = date(2026, 2, 28)
CUSTOMERS = 400

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def no_report(_line: str) -> None:
    pass


@pytest.fixture
def bank():
    return build(CUSTOMERS, seed=1, report=no_report, day=DAY)


def facts_of_all() -> list[tuple[object, ...]]:
    fields = (
        "number", "name", "pinyin", "initials", "pinyin_2", "initials_2", "gender", "birth_date", "phone_index",
        "id_number_index", "district", "occupation", "employer", "income_band", "education", "marital_status",
        "preferred_channel", "owner__employee_number", "branch__code", "since", "status", "declined",
    )  # fmt: skip
    customers = Customer.objects.order_by("number").values_list(*fields)
    consents = Consent.objects.order_by("customer__number", "purpose", "channel")
    answers = consents.values_list("customer__number", "purpose", "channel", "given_by_means", "withdrawn_by_means")
    people = User.objects.order_by("employee_number").values_list("employee_number", "display_name", "branch__code")
    return [tuple(map(repr, row)) for row in (*customers, *answers, *people)]


def bank_of_seed(seed: int) -> list[tuple[object, ...]]:
    with transaction.atomic():
        build(60, seed=seed, report=no_report, day=DAY)
        facts = facts_of_all()
        transaction.set_rollback(True)
    return facts


def test_the_same_seed_makes_the_same_bank_and_another_seed_another():
    first = bank_of_seed(1)
    assert bank_of_seed(1) == first
    assert bank_of_seed(2) != first


def test_every_customer_is_plausible(bank):
    customers = list(Customer.objects.all())
    assert len(customers) == CUSTOMERS
    for customer in customers:
        assert customer.birth_date is not None
        assert customer.since is not None
        assert 16 <= age_on(customer.birth_date, DAY) <= 90
        assert age_on(customer.birth_date, customer.since) >= 16
        assert customer.since <= DAY
        assert customer.created_at <= customer.updated_at <= timezone.now()
        assert not [name for name in customer.declined if getattr(customer, name)]
        for field in customer._meta.fields:
            if field.choices and getattr(customer, field.name):
                assert getattr(customer, field.name) in dict(field.flatchoices)


def pairs_found() -> list[DuplicatePair]:
    with connection.cursor() as cursor:
        PUBLISH_DUPLICATES.publish(cursor, Night(run=1, day=DAY, full=False))
    return list(DuplicatePair.objects.select_related("a", "b").order_by("strength"))


def test_three_people_are_in_the_bank_twice(bank):
    pairs = pairs_found()
    assert [pair.reasons[0] for pair in pairs] == ["id_number", "phone_name", "birth_name"]
    seen = visible_to(User.objects.get(employee_number="R1001"))
    assert all(seen.contains(side) for pair in pairs for side in (pair.a, pair.b))


def test_every_id_number_is_valid_and_says_birth_date_and_gender(bank):
    pairs = [each for each in pairs_found() if "id_number" not in each.reasons]
    doubles = {side.number for each in pairs for side in (each.a, each.b) if side.id_number_sealed is None}
    for customer in Customer.objects.all():
        number = customer.identifier("id_number")
        if customer.number in doubles:
            assert not number
            continue
        assert ric.is_valid(number)
        assert normal_id_number(number) == number
        assert ric.get_birth_date(number) == customer.birth_date
        assert int(number[16]) % 2 == (customer.gender == "male")


def test_phones_and_id_numbers_are_unique_and_normal(bank):
    # One phone and one document are those of a person who is there twice; two doubles have no document.
    assert Customer.objects.values("phone_index").distinct().count() == CUSTOMERS - 1
    assert Customer.objects.exclude(id_number_index=None).values("id_number_index").distinct().count() == CUSTOMERS - 3
    for customer in Customer.objects.all()[:50]:
        assert normal_phone(customer.identifier("phone")) == customer.identifier("phone")


def test_names_read_as_the_search_reads_them(bank):
    for customer in Customer.objects.all():
        first, *others = readings(customer.name)
        assert (customer.pinyin, customer.initials, customer.sort_name) == (
            first.pinyin,
            first.initials,
            first.sort_name,
        )
        second = others[0] if others else None
        assert customer.pinyin_2 == (second.pinyin if second else "")
        assert customer.initials_2 == (second.initials if second else "")


def test_a_surname_and_a_given_name_read_apart_as_together():
    for surname, given in product(surnames(), ("伟", "秀英", "一诺", "宇航", "乐瑶")):
        assert surname_of(surname + given) == surname
        first, *others = readings(surname + given)
        said, rest = said_surname(surname), said_given(given)
        assert (first.pinyin, first.initials) == (said.pinyin + rest.pinyin, said.initials + rest.initials)
        if others:
            assert others[0].pinyin == said.pinyin_2 + rest.pinyin
            assert others[0].initials == said.initials_2 + rest.initials
        else:
            assert said.pinyin_2 == ""


def test_the_persons_of_the_stories_are_there(bank):
    for n, member in enumerate(CAST, start=1):
        customer = Customer.objects.get(number=f"6201{n:08}")
        assert customer.name == member.name
        assert customer.owner is not None
        assert (customer.owner.employee_number, customer.status) == (member.owner, "active")
        assert customer.consents.filter(purpose=ConsentPurpose.PROFILING, withdrawn_at=None).exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("danxiaoming", "单晓明"), ("sxm", "单晓明"), ("晓明", "单晓明"), ("张伟明", "张伟明"), ("单", "单晓明"),
     ("620100000010", "赵国强")],
)  # fmt: skip
def test_the_persons_of_the_stories_are_found(bank, typed, found):
    assert found in [customer.name for customer in find(Customer.objects.all(), typed, 5)]


def test_consents_come_after_the_customer_and_end_after_they_began(bank):
    for consent in Consent.objects.select_related("customer"):
        moments = [moment for moment in (consent.given_at, consent.withdrawn_at) if moment]
        assert consent.customer.since is not None
        assert timezone.localdate(moments[0]) >= consent.customer.since
        assert moments == sorted(moments)
        assert consent.notice_version == 1


def test_people_sign_in_and_one_covers_another(bank):
    assert len(bank) == 13
    for login in bank:
        user = User.objects.get(employee_number=login.employee_number)
        assert user.check_password(login.password)
        validate_password(login.password, user)
        assert not set(login.password) & set("0O1lI")
        assert len(user.roles) == 1
    cover = Cover.objects.live(start_of_day(DAY)).get()
    assert (cover.user.employee_number, cover.content_object.employee_number) == ("R1001", "R1002")
    assert cover.given_by.employee_number == "S2001"


def test_the_logins_file_belongs_to_its_owner_alone(tmp_path):
    output, path = StringIO(), tmp_path / "logins"
    call_command("demo", customers=20, logins=path, stdout=output)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 13
    assert output.getvalue().splitlines()[-13:] == lines
    number, _name, _role, password = lines[0].split("  ")
    assert User.objects.get(employee_number=number).check_password(password)


def test_a_logins_file_that_cannot_be_written_is_one_clear_line(tmp_path):
    output = StringIO()
    with pytest.raises(CommandError, match="could not be written"):
        call_command("demo", customers=20, logins=tmp_path / "absent" / "logins", stdout=output)
    assert "R1001" in output.getvalue()


def test_a_bank_with_data_is_left_alone(bank):
    before, hashes = facts_of_all(), list(User.objects.order_by("pk").values_list("password", flat=True))
    output = StringIO()
    call_command("demo", if_empty=True, stdout=output)
    assert len(output.getvalue().splitlines()) == 1
    assert facts_of_all() == before
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == hashes
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())


def test_a_large_bank_has_branches_and_managers_in_proportion(monkeypatch):
    monkeypatch.setattr(growth, "LARGE", 2000)
    monkeypatch.setattr(growth, "CUSTOMERS_PER_BRANCH", 40)
    monkeypatch.setattr("crm.workspace.demo.build._vacuum", lambda: None)
    build(6000, seed=3, report=no_report, day=DAY)
    assert Branch.objects.filter(parent__parent__isnull=False).count() == 150
    managers = User.objects.filter(employee_number__startswith="R")
    assert managers.count() == 24
    assert not any(user.has_usable_password() for user in managers.filter(employee_number__gt="R1008"))
    owned = Customer.objects.filter(owner__isnull=False).count()
    assert 0.75 < owned / 6000 < 0.85
    assert all(100 < manager.customers.count() < 350 for manager in managers)


def test_slots_share_places_in_proportion_and_forget_nobody():
    places = slots({"many": 997, "few": 3, "hardly": 0.001}, 100)
    assert len(places) == 100
    assert set(places) == {"many", "few", "hardly"}
    with pytest.raises(ValueError, match="do not fit"):
        slots({"a": 1, "b": 1}, 1)
