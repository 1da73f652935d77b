"""A real bank, imported and brought through its night (PKDD'99, where its files are at hand)."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command

from crm.staff.models import Branch, Role
from customers.models import Account, Balance, ComplianceCase, Features, Membership, RiskWarning, Transaction
from interactions.models import Reminder
from interactions.reasons import why
from tests.customers.importing import counts
from tests.customers.money import run_night
from tests.factories import make_person

DATA = Path(project.BASE_DIR).parent / "shared" / "data" / "berka"
MAPPINGS = Path(project.BASE_DIR) / "docs" / "examples" / "berka"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Berka data set is not here")
DAY = date(1994, 3, 31)


def load(kind: str, file: str, mapping: str, tmp_path: Path) -> tuple[int, int, int, int]:
    text = (MAPPINGS / f"{mapping}.toml").read_text(encoding="utf-8")
    copied = tmp_path / f"{file}.asc"
    copied.write_bytes((DATA / f"{file}.asc").read_bytes())
    return counts(kind, copied, mapping=text)


@pytest.fixture
def berka(bank, settings, tmp_path):
    Branch.objects.create(code="0102", name="望江路支行", parent=bank.branch.parent)
    for number in ("R1003", "R1004", "R1006", "R1007", "R1008"):
        make_person(number, number, Role.MANAGER, bank.branch)
    assert load("customers", "client", "customers", tmp_path) == (5369, 0, 0, 0)
    settings.BANK_DAY = DAY.isoformat()
    for kind, file, mapping, rows in (
        ("accounts", "account", "accounts", 4500), ("account-parties", "disp", "account-parties", 5369),
        ("standing-orders", "order", "standing-orders", 6471), ("loans", "loan", "loans", 682),
        ("holdings", "card", "cards", 892), ("transactions", "trans_1993_94", "transactions", 49102),
    ):  # fmt: skip
        assert load(kind, file, mapping, tmp_path) == (rows, 0, 0, 0)
    return tmp_path


def test_the_berka_bank_and_its_night_of_31_march_1994(berka):
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with (DATA / "trans_1993_94.asc").open() as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            sums[row["account_id"]] += Decimal(row["amount"]) * (1 if row["type"] == "PRIJEM" else -1)
    held = dict(
        Balance.objects.order_by("account_id", "-day").distinct("account_id").values_list("account_id", "amount")
    )
    numbers = dict(Account.objects.values_list("pk", "number"))
    assert {numbers[pk]: Decimal(amount) / 100 for pk, amount in held.items()} == dict(sums)
    assert load("transactions", "trans_1993_94", "transactions", berka) == (0, 0, 49102, 0)

    run_night(DAY, full=True)
    assert Features.objects.count() == Membership.objects.count() == 5369
    owner = Account.objects.get(number="576").customer
    assert Features.objects.get(customer=owner).aum == sums["576"] * 100
    assert Features.objects.filter(aum=None).exists()  # who has no account is unknown
    assert RiskWarning.objects.exists()
    for warning in RiskWarning.objects.all():
        assert all(item["on"] <= DAY.isoformat() for item in warning.evidence)
    assert not RiskWarning.objects.filter(detector__in=["structuring", "dispersed_in", "dispersed_out"]).exists()
    assert ComplianceCase.objects.count() >= RiskWarning.objects.count()
    # The morning of 1 April 1994: each line says why.
    morning = Reminder.objects.filter(state="open").select_related("customer")
    assert {"birthday", "warning"} <= set(morning.values_list("kind", flat=True))
    assert all(why(item.kind, item.values, item.text).sentence for item in morning)
    for item in morning.filter(kind="birthday"):
        assert abs((item.customer.birth_date.replace(year=1994) - date(1994, 4, 1)).days) <= 3
    assert run_night(DAY, full=True) == 0
    assert Transaction.objects.count() == 49102


def test_the_scorecard_tells_berkas_bad_loans_from_what_was_known_before_them(berka):
    said = StringIO()
    call_command("backtest_credit", stdout=said)
    every, known = said.getvalue().splitlines()[:2]
    assert every.startswith("all loans: 682 loans, 76 bad")
    assert float(known.rsplit(" ", 1)[1]) > 0.6
