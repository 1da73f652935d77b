"""What the panels of the customer page say about holdings, assets, movements and the segment."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.lib.dates import bank_day
from customers.models import (
    Features,
    Holding,
    Loan,
    LoanState,
    Membership,
    Segment,
    SegmentMove,
    StandingOrder,
)
from tests.customers.money import hold, make_account, minor, move, run_night
from tests.factories import make_customer

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def bank_lives_on_one_day(settings) -> None:
    settings.BANK_DAY = TODAY.isoformat()


@pytest.fixture
def panel(bank, customer, sign_in):
    """`panel("holdings")` gives what the owner reads in that panel, its tags left out."""
    browser = sign_in(bank.owner)

    def read(name: str, asked: dict[str, str] | None = None, *, status: int = 200) -> str:
        answer = browser.get(reverse(f"customers:{name}", args=[customer.number]), asked or {})
        assert answer.status_code == status
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))

    return read


def contract(account, **fields) -> Holding:
    return Holding.objects.create(
        reference=account.number, account=account, customer_id=account.customer_id, family=account.family, **fields
    )


def lend(customer, state: str, **fields) -> Loan:
    loan = Loan.objects.create(
        reference=f"LN{Loan.objects.count():04}", customer=customer, amount=minor(500_000), started_on=TODAY, rate="3.1"
    )
    LoanState.objects.create(loan=loan, day=TODAY, state=state, **fields)
    return loan


def test_nothing_imported_says_what_to_import(panel):
    assert "imported" in panel("holdings")
    assert "as soon as the bank's transactions are imported" in panel("movements")
    assert "the night decides that" in panel("segment")


@pytest.mark.parametrize(
    ("days", "says"), [(6, "matures in 6 days"), (1, "matures in 1 day "), (0, "matures today"), (-3, "matured")]
)
def test_a_row_says_when_it_matures(days, says, customer, panel):
    account = make_account(customer, family="time")
    hold(account, TODAY, 300_000)
    contract(account, rate="1.85", matures_on=TODAY + timedelta(days=days))
    shown = panel("holdings")
    assert says in shown
    assert "300,000.00" in shown
    assert "1.85%" in shown
    assert account.number not in shown
    assert f"…{account.number[-4:]}" in shown


def test_a_far_maturity_is_no_alert_and_a_missing_rate_is_one(customer, panel):
    account = make_account(customer, family="certificate")
    hold(account, TODAY, 200_000)
    contract(account, matures_on=TODAY + timedelta(days=31))
    shown = panel("holdings")
    assert "matures in" not in shown
    assert "no rate known" in shown


def test_an_ended_contract_lends_its_account_no_rate(customer, panel):
    account = make_account(customer, family="wealth")
    hold(account, TODAY, 5_000)
    contract(account, rate="2.45", matures_on=TODAY - timedelta(days=9), ended_on=TODAY)
    shown = panel("holdings")
    assert "2.45%" not in shown
    assert "matured" not in shown


def test_loans_say_how_they_are_repaid_and_what_they_sum_to(customer, panel):
    lend(customer, "overdue", outstanding=minor(120_000), overdue_days=12)
    lend(customer, "current", outstanding=minor(300_000))
    shown = panel("holdings")
    assert "12 days overdue" in shown
    assert "in order" in shown
    assert "loan 420k" in shown


def test_a_card_shows_its_limit_as_such(customer, panel):
    contract(make_account(customer, family="card"), amount=minor(50_000))
    shown = panel("holdings")
    assert "50,000.00" in shown
    assert "limit" in shown


def test_standing_orders_in_force_are_there_folded(customer, panel):
    account = make_account(customer)
    for number, ended in ((1, None), (2, TODAY), (3, TODAY + timedelta(days=1))):
        StandingOrder.objects.create(
            reference=str(number), account=account, customer=customer, amount=minor(number * 1000), purpose="rent",
            to_bank="YZ", ended_on=ended,
        )  # fmt: skip
    shown = panel("holdings")
    assert "2 standing orders" in shown
    assert "3,000.00" in shown
    assert "2,000.00" not in shown


def test_assets_are_unknown_before_the_first_balance_and_averages_are_the_nights(customer, panel):
    account = make_account(customer)
    hold(account, date(2026, 9, 16), 30_000)
    hold(account, date(2026, 10, 11), 60_001)
    hold(account, date(2026, 11, 3), 10_000)
    run_night(TODAY)
    features = Features.objects.get()
    shown = panel("holdings")
    for month, end, average in (
        ("2026-11", "10,000.00", features.aum_month_to_date),
        ("2026-10", "60,001.00", features.aum_average_1),
        ("2026-09", "30,000.00", features.aum_average_2),
    ):
        assert f"{month} {end} {average / 100:,.2f}" in shown
    assert "2026-08 unknown" in shown
    assert "2026-08 0" not in shown


def test_who_has_movements_and_no_balance_has_unknown_assets(customer, panel):
    move(make_account(customer), date(2026, 11, 3), 500)
    run_night(TODAY)
    assert "Assets under management unknown" in panel("holdings")


def rows(text: str) -> list[str]:
    """The amounts of the movements in a panel, in its order."""
    return re.findall(r"[+-][\d,]+\.\d\d", text)


@pytest.fixture
def moved(customer):
    """Movements of one account, and one of another."""
    account, other = make_account(customer), make_account(customer)
    move(account, date(2026, 11, 20), -100, category="card", channel="pos", counterparty="东方超市")
    move(account, date(2026, 11, 20), 8000, category="salary", channel="bank", counterparty="宏基建设")
    move(account, date(2026, 10, 5), -2500, category="rent", channel="mobile", counterparty_bank="YZ Bank")
    move(other, date(2026, 9, 1), -40_000, own=True)
    move(other, date(2025, 2, 28), 77.5, channel="counter", category="cash")
    return account, other


@pytest.mark.parametrize(
    ("asked", "amounts"),
    [
        ({"direction": "in"}, ["+8,000.00", "+77.50"]),
        ({"direction": "out"}, ["-100.00", "-2,500.00", "-40,000.00"]),
        ({"category": "rent"}, ["-2,500.00"]),
        ({"channel": "counter"}, ["+77.50"]),
        ({"since": "2026-10-05", "until": "2026-11-19"}, ["-2,500.00"]),
        ({"least": "2500"}, ["+8,000.00", "-2,500.00", "-40,000.00"]),
        ({"text": "超市"}, ["-100.00"]),
        ({"text": "yz b"}, ["-2,500.00"]),
        ({"text": "%"}, []),
        ({"direction": "out", "least": "2600"}, ["-40,000.00"]),
    ],
)
def test_movements_are_narrowed(asked, amounts, moved, panel):
    assert sorted(rows(panel("movements", asked))) == sorted(amounts)


def test_movements_of_one_account_and_never_of_another_customers(moved, bank, panel):
    _account, other = moved
    assert rows(panel("movements", {"account": str(other.pk)})) == ["-40,000.00", "+77.50"]
    stranger = make_account(make_customer("620100000077", "李静", bank.other_branch))
    move(stranger, date(2026, 11, 1), -9)
    panel("movements", {"account": str(stranger.pk)}, status=422)


def test_pages_of_movements_leave_none_out_and_show_none_twice(bank, customer, sign_in):
    accounts = [make_account(customer), make_account(customer)]
    for number in range(50):  # several a day, on both accounts
        move(accounts[number % 2], date(2026, 11, 23) - timedelta(days=number // 6), -(number + 1), category="card")
    move(accounts[0], date(2026, 11, 1), -1000, category="rent")
    browser, address = sign_in(bank.owner), reverse("customers:movements", args=[customer.number])
    seen, following = [], address + "?category=card"
    while following:
        page = browser.get(following).content.decode()
        seen += rows(re.sub(r"<[^>]*>", " ", page))
        more = re.search(r'hx-get="([^"]*after=[^"]*)"', page)
        following = more.group(1).replace("&amp;", "&") if more else ""
    assert sorted(seen) == sorted(f"-{number + 1}.00" for number in range(50))


@pytest.mark.parametrize(
    "asked",
    [{"until": "2026-01-01", "since": "2026-02-01"}, {"least": "lots"}, {"least": "-1"}, {"category": "bribe"}],
)
def test_a_filter_without_sense_is_refused_and_nothing_typed_is_lost(asked, moved, bank, customer, sign_in):
    browser, address = sign_in(bank.owner), reverse("customers:movements", args=[customer.number])
    refused = browser.get(address, {"text": "超市", **asked})
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == "#movement-filter"
    assert 'value="超市"' in refused.content.decode()
    assert "errorlist" in refused.content.decode()
    mended = browser.get(address, {"text": "超市", "refused": "1"}).content.decode()
    assert "-100.00" in mended
    assert 'id="movement-filter"' in mended  # the form once more, without what was wrong
    assert "errorlist" not in mended


@pytest.mark.parametrize(
    "cursor", ["x", "WzFd", "WyIyMDI2LTExLTAxIiwgSW5maW5pdHksICJhIl0", "WyIyMDI2LTExLTAxIiwgMSwgImFcdTAwMDBiIl0"]
)
def test_a_broken_place_begins_at_the_newest(cursor, moved, panel):
    assert len(rows(panel("movements", {"after": cursor}))) == 5


def test_own_transfers_are_marked_and_accounts_shown_by_their_tails(moved, panel):
    shown = panel("movements")
    assert shown.count("own account") == 1
    for account in moved:
        assert account.number not in shown


def test_the_segment_says_why_and_where_the_customer_came_from(customer, panel):
    core, vip = Segment.objects.get(code="core"), Segment.objects.get(code="vip")
    Features.objects.create(customer=customer, tier="diamond", lifecycle="mature")
    Membership.objects.create(
        customer=customer, segment=vip, rule=vip.rule, since=bank_day(), values={"tier": "diamond"}
    )
    SegmentMove.objects.create(
        customer=customer, day=bank_day(), from_segment=core, to_segment=vip, from_rule=core.rule, to_rule=vip.rule,
        changed={"tier": ["sunflower", "diamond"]},
    )  # fmt: skip
    shown = panel("segment")
    assert f"{vip.name_en} diamond mature since 2026-11-23" in shown
    assert "a manager of their own" in shown
    assert re.search(rf"2026-11-23 {core.name_en} → {vip.name_en} .*sunflower → diamond", shown)
