"""Accounts, balances, movements, positions, loans, scores and assessments out of files."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from crm.lib.dates import bank_day
from customers.importing import engine
from customers.importing.engine import Control
from customers.importing.money import amount
from customers.importing.refusals import ImportRefusedError
from customers.models import (
    Account,
    AccountParty,
    Balance,
    ChangedDay,
    CreditScore,
    ExchangeRate,
    Holding,
    Loan,
    LoanState,
    RiskAssessment,
    Transaction,
)
from tests.customers.importing import counts, rejected_rows, run_import, write_csv
from tests.customers.money import make_account
from tests.factories import make_customer

TODAY = bank_day()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
TOO_FAR = (TODAY + timedelta(days=60)).isoformat()


def load(tmp_path, kind, *rows, **options):
    return counts(kind, write_csv(tmp_path / "file.csv", rows), **options)


def reasons(tmp_path, kind, *rows) -> list[str]:
    outcome = run_import(kind, write_csv(tmp_path / "file.csv", rows))
    return [row[1] for row in rejected_rows(outcome.errors)]


@pytest.fixture
def account(customer):
    return make_account(customer)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"), ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1 234,56", "1234.56"),
        ("1,234", "1234"), ("¥1,000.00", "1000.00"), ("(100.00)", "-100.00"), ("（100.00）", "-100.00"),
        ("-5", "-5"), ("5-", "-5"), ("abc", None), ("1e5", None), ("", None),
    ],
)  # fmt: skip
def test_amounts_as_files_write_them(text, value):
    if value is None:
        with pytest.raises(ValidationError):
            amount(text)
    else:
        assert amount(text) == value


def test_accounts_are_created_completed_and_change_nothing_the_second_time(customer, tmp_path):
    rows = [["number", "customer", "family", "opened_on"], ["A1", customer.number, "定期", "2020-01-05"]]
    assert load(tmp_path, "accounts", *rows) == (1, 0, 0, 0)
    assert load(tmp_path, "accounts", *rows) == (0, 0, 1, 0)
    found = Account.objects.get(number="A1")
    assert (found.family, found.customer, found.opened_on) == ("time", customer, date(2020, 1, 5))
    assert AccountParty.objects.get(account=found).role == "owner"
    assert load(tmp_path, "accounts", ["number", "closed_on"], ["A1", "2026-01-01"]) == (0, 1, 0, 0)
    assert Account.objects.get(number="A1").family == "time"


def test_another_owner_takes_the_history_along(bank, customer, account, tmp_path):
    load(tmp_path, "transactions", ["account", "booked_on", "reference", "amount"],
         [account.number, YESTERDAY, "T1", "-10"])  # fmt: skip
    other = make_customer("C2", "王二", bank.branch)
    assert load(tmp_path, "accounts", ["number", "customer"], [account.number, "C2"]) == (0, 1, 0, 0)
    assert Transaction.objects.get().customer_id == other.pk
    assert ChangedDay.objects.filter(customer_id=None).exists()


def test_balances_keep_their_change_whatever_order_they_come_in(account, tmp_path):
    header = ["account", "day", "balance"]
    load(tmp_path, "balances", header, [account.number, "2026-01-31", "100.00"], [account.number, "2026-03-31", "300"])
    ChangedDay.objects.all().delete()
    assert load(tmp_path, "balances", header, [account.number, "2026-02-28", "250.50"]) == (1, 0, 0, 0)
    rows = Balance.objects.order_by("day").values_list("amount", "change")
    assert list(rows.all()) == [(10000, 10000), (25050, 15050), (30000, 4950)]
    days = ChangedDay.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 2, 28), date(2026, 3, 31)]
    assert load(tmp_path, "balances", header, [account.number, "2026-01-31", "120"]) == (0, 1, 0, 0)
    assert list(rows.all()) == [(12000, 12000), (25050, 13050), (30000, 4950)]
    assert load(tmp_path, "balances", header, [account.number, "2026-01-31", "120"]) == (0, 0, 1, 0)


def test_balances_that_cannot_be_are_given_back(bank, account, tmp_path):
    Account.objects.create(number="NOBODYS")
    header = ["account", "day", "balance", "currency"]
    assert reasons(
        tmp_path, "balances", header,
        ["NONE", YESTERDAY, "1", ""], ["NOBODYS", YESTERDAY, "1", ""], [account.number, TOO_FAR, "1", ""],
        [account.number, YESTERDAY, "1.001", ""], [account.number, "2026-02-02", "much", ""],
        [account.number, "2026-01-01", "1", "USD"],
    ) == [
        "account: there is no account “NONE”.",
        "account: the account has no owner yet: import account-parties first.",
        f"day: {TOO_FAR} lies in the future.",
        "balance: 1.001 has more digits than its currency.",
        "balance: “much” is no amount.",
        "currency: the account is kept in CNY.",
    ]  # fmt: skip


def test_movements_with_all_that_is_known_of_them(account, customer, tmp_path):
    own = make_account(customer, family="time")
    header = ["account", "booked_on", "reference", "amount", "category", "channel", "booked_at", "counterparty",
              "counterparty_account", "country"]  # fmt: skip
    rows = [
        header,
        [account.number, YESTERDAY, "T1", "-1,200.50", "消费", "手机银行", "9:30", "商户", "6222 0000 1234", "SG"],
        [account.number, YESTERDAY, "T2", "-500", "saving", "mobile", "", "", own.number, "CN"],
        [account.number, YESTERDAY, "T3", "8000", "工资", "", "", "公司", "6222 0000 1234", ""],
    ]
    assert load(tmp_path, "transactions", *rows) == (3, 0, 0, 0)
    assert load(tmp_path, "transactions", *rows) == (0, 0, 3, 0)
    first, second, third = Transaction.objects.order_by("reference")
    assert (first.amount, first.category, first.channel, first.country) == (-120050, "card", "mobile", "SG")
    assert (first.counterparty_tail, first.own, second.own) == ("1234", False, True)
    assert first.counterparty_key == third.counterparty_key != second.counterparty_key
    assert (second.country, third.channel, third.category) == ("", "bank", "salary")


def test_the_whole_number_of_a_counterparty_is_kept_nowhere(account, tmp_path):
    header = ["account", "booked_on", "reference", "amount", "counterparty_account"]
    load(tmp_path, "transactions", header, [account.number, YESTERDAY, "T1", "-5", "6222021234567890"])
    found = Transaction.objects.values().get()
    assert "6222021234567890" not in str(found)


def test_a_correction_replaces_and_a_moved_booking_day_leaves_the_old_one(account, tmp_path):
    header = ["account", "booked_on", "reference", "amount"]
    load(tmp_path, "transactions", header, [account.number, "2026-05-04", "T1", "-10"])
    ChangedDay.objects.all().delete()
    assert load(tmp_path, "transactions", header, [account.number, "2026-05-04", "T1", "-11"]) == (0, 1, 0, 0)
    assert Transaction.objects.get().amount == -1100
    load(tmp_path, "transactions", [*header, "replaces_booked_on"],
         [account.number, "2026-06-01", "T1", "-11", "2026-05-04"])  # fmt: skip
    assert Transaction.objects.get().booked_on == date(2026, 6, 1)
    assert {date(2026, 5, 4), date(2026, 6, 1)} <= set(ChangedDay.objects.values_list("day", flat=True))


def test_foreign_money_needs_a_rate(account, tmp_path):
    header = ["account", "booked_on", "reference", "amount", "currency"]
    row = [account.number, "2026-05-04", "T1", "-10", "USD"]
    assert reasons(tmp_path, "transactions", header, row) == [
        "currency: there is no rate of exchange for USD up to that day: the admin can add one."
    ]
    ExchangeRate.objects.create(currency="USD", day=date(2026, 5, 4), rate="7.1")
    assert load(tmp_path, "transactions", header, row) == (1, 0, 0, 0)
    assert Transaction.objects.get().base_amount == -7100


def test_balances_out_of_movements_follow_late_bookings_and_corrections(account, tmp_path):
    Account.objects.filter(pk=account.pk).update(balance_source="transactions")
    header = ["account", "booked_on", "reference", "amount"]
    load(tmp_path, "transactions", header, [account.number, "2026-05-04", "T1", "100"],
         [account.number, "2026-05-20", "T2", "-30"])  # fmt: skip
    load(tmp_path, "transactions", header, [account.number, "2026-05-10", "T3", "5"])
    rows = Balance.objects.order_by("day").values_list("day", "amount", "change")
    assert [row[1:] for row in rows.all()] == [(10000, 10000), (10500, 500), (7500, -3000)]
    load(tmp_path, "transactions", [*header, "replaces_booked_on"],
         [account.number, "2026-05-21", "T3", "5", "2026-05-10"])  # fmt: skip
    assert [row[1:] for row in rows.all()] == [(10000, 10000), (7000, -3000), (7500, 500)]


def test_a_holding_is_an_account_with_a_worth(customer, tmp_path):
    header = ["reference", "family", "customer", "amount", "as_of", "matures_on", "rate"]
    row = ["H1", "理财", customer.number, "50,000", YESTERDAY, "2030-01-01", "2.45%"]
    assert load(tmp_path, "holdings", header, row) == (1, 0, 0, 0)
    assert load(tmp_path, "holdings", header, row) == (0, 0, 1, 0)
    found = Holding.objects.get()
    assert (found.account.number, found.account.customer, found.amount) == ("H1", customer, 5_000_000)
    assert Balance.objects.get(account_id=found.account_id).amount == 5_000_000
    load(tmp_path, "holdings", ["reference", "family", "customer", "ended_on"],
         ["H1", "wealth", customer.number, TODAY.isoformat()])  # fmt: skip
    assert Balance.objects.filter(account_id=found.account_id).latest("day").amount == 0


def test_a_card_counts_as_no_account(customer, tmp_path):
    load(tmp_path, "holdings", ["reference", "family", "customer"], ["CARD1", "信用卡", customer.number])
    assert Holding.objects.get().account is None
    assert not Account.objects.exists()


def test_a_loans_state_holds_until_the_next(customer, tmp_path):
    header = ["reference", "customer", "amount", "started_on", "state", "overdue_days", "overdue_amount", "day"]
    row = ["L1", customer.number, "100000", "2025-01-01", "正常", "", "", "2026-10-01"]
    assert load(tmp_path, "loans", header, row) == (1, 0, 0, 0)
    assert load(tmp_path, "loans", header, [*row[:-1], "2026-10-02"]) == (0, 0, 1, 0)
    late = ["L1", customer.number, "100000", "2025-01-01", "逾期", "3", "2,500", "2026-10-05"]
    assert load(tmp_path, "loans", header, late) == (0, 1, 0, 0)
    assert [state.state for state in LoanState.objects.order_by("day")] == ["current", "overdue"]
    assert Loan.objects.get().amount == 10_000_000
    assert reasons(tmp_path, "loans", header, [*row[:5], "9", "", "2026-10-06"]) == [
        "state: it has days overdue, yet is not overdue."
    ]


def test_a_score_outside_its_authorisation_is_not_taken(customer, tmp_path):
    header = ["customer", "scored_on", "score", "authorised_for", "authorised_on", "authorised_until"]
    good = [customer.number, "2026-05-01", "700", "loan", "2026-01-01", "2026-12-31"]
    late = [customer.number, "2025-12-31", "690", "loan", "2026-01-01", "2026-12-31"]
    assert load(tmp_path, "credit-scores", header, good) == (1, 0, 0, 0)
    assert reasons(tmp_path, "credit-scores", header, late) == [
        "scored_on: the customer had not authorised an enquiry on that day."
    ]
    assert CreditScore.objects.get().score == 700


def test_assessments_end_after_a_year_and_eight_are_enough(customer, tmp_path):
    header = ["customer", "assessed_on", "level", "valid_until"]
    assert load(tmp_path, "risk-assessments", header, [customer.number, "2025-10-01", "C3", ""]) == (1, 0, 0, 0)
    found = RiskAssessment.objects.get()
    assert (found.level, found.valid_until) == (3, date(2026, 10, 1))
    assert reasons(tmp_path, "risk-assessments", header, [customer.number, "2025-11-02", "C9", ""],
                   [customer.number, "2025-11-01", "2", "2027-01-01"]) == [
        "level: “C9” is no level from C1 to C5.",
        "valid_until: an assessment is valid for 12 months at most.",
    ]  # fmt: skip
    many = [[customer.number, f"2026-0{month}-01", "2", ""] for month in range(1, 10)]
    assert len(reasons(tmp_path, "risk-assessments", header, *many)) == 2


@pytest.mark.parametrize("kind", ["accounts", "balances", "transactions", "holdings", "loans", "standing-orders"])
def test_a_dry_run_keeps_nothing(customer, account, tmp_path, kind):
    rows = {
        "accounts": [["number", "customer"], ["A1", customer.number]],
        "balances": [["account", "day", "balance"], [account.number, YESTERDAY, "5"]],
        "transactions": [["account", "booked_on", "reference", "amount"], [account.number, YESTERDAY, "T", "5"]],
        "holdings": [["reference", "family", "customer", "amount"], ["H1", "fund", customer.number, "5"]],
        "loans": [["reference", "customer", "amount", "started_on"], ["L1", customer.number, "5", "2026-01-01"]],
        "standing-orders": [["reference", "account", "amount"], ["S1", account.number, "5"]],
    }[kind]
    assert load(tmp_path, kind, *rows, dry_run=True) == (1, 0, 0, 0)
    assert load(tmp_path, kind, *rows) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("control", "refused"),
    [
        (Control(count=2, total=Decimal("-15.50")), ""),
        (Control(count=3), "The file has 2 rows, the control says 3"),
        (Control(total=Decimal("-15.51")), "add up to -15.50, the control says -15.51"),
    ],
)
def test_a_file_that_differs_from_its_control_is_refused_as_a_whole(account, tmp_path, control, refused):
    path = write_csv(tmp_path / "file.csv", [
        ["account", "booked_on", "reference", "amount"],
        [account.number, YESTERDAY, "T1", "-10"], [account.number, YESTERDAY, "T2", "-5.50"],
    ])  # fmt: skip
    with translation.override("en"):
        job = engine.prepare(
            "transactions", path, mapping=None, errors=None, dry_run=False, progress=lambda rows: None, control=control
        )
        if not refused:
            assert engine.run(job).counts.imported == 2
            return
        with pytest.raises(ImportRefusedError, match=refused):
            engine.run(job)
    assert not Transaction.objects.exists()
