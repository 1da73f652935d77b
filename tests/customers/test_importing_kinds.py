"""What each kind does with its rows: identifiers, owners, children, declined facts, consents, parties."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from crm.audit.models import Entry
from customers.models import Account, AccountParty, Consent, Customer, ImportBatch, StagedRow
from tests.customers.importing import counts, rejected_rows, run_import, write_csv
from tests.factories import make_customer

ID_1, ID_2 = "11010519491231002X", "440106199001010013"


def load(tmp_path, *rows, kind="customers"):
    return run_import(kind, write_csv(tmp_path / "file.csv", rows))


def reasons(outcome) -> list[str]:
    return [row[1] for row in rejected_rows(outcome.errors)]


def test_second_run_writes_no_row(bank, tmp_path):
    header = ["number", "name", "branch", "owner", "phone", "id_number", "email", "address", "declined"]
    row = ["C1", "张三", "0101", "R1001", "13800138000", ID_1, "a@b.cn", "幸福路1号", "occupation"]
    load(tmp_path, header, row)
    place = "SELECT xmin, xmax, ctid, updated_at FROM customers_customer"
    with connection.cursor() as cursor:
        cursor.execute(place)
        before = cursor.fetchall()
        assert load(tmp_path, header, row).counts.unchanged == 1
        cursor.execute(place)
        assert cursor.fetchall() == before
    assert not StagedRow.objects.exists()
    assert list(ImportBatch.objects.values_list("state", flat=True)) == ["done", "done"]
    entry = Entry.objects.filter(action="import").latest("pk")
    assert (entry.object_type, entry.detail["unchanged"]) == ("import", 1)


def test_absent_column_leaves_and_empty_cell_empties(bank, tmp_path):
    load(
        tmp_path,
        ["number", "name", "branch", "phone", "email", "gender"],
        ["C1", "张三", "0101", "13800138000", "a@b.cn", "男"],
    )
    load(tmp_path, ["number", "name", "branch", "phone"], ["C1", "张四", "0201", ""])
    customer = Customer.objects.get()
    assert (customer.name, customer.pinyin, customer.branch) == ("张四", "zhangsi", bank.other_branch)
    assert (customer.identifier("phone"), customer.phone_index, customer.phone_tail_index) == ("", None, None)
    assert (customer.identifier("email"), customer.gender) == ("a@b.cn", "male")


def test_owner_branch_and_keys(bank, tmp_path):
    outcome = load(
        tmp_path,
        ["number", "name", "branch", "owner"],
        ["C1", "一", "0101", "R1001"],
        ["C2", "二", "0101", "A3001"],
        ["C3", "三", "0999", "R9999"],
        ["c1", "四", "0101", ""],
        ["C 5", "五", "0101", ""],
    )
    assert list(Customer.objects.values_list("number", flat=True)) == ["C1"]
    agent, unknown, twice, number = reasons(outcome)
    assert "A3001" in agent
    assert "no branch “0999”" in unknown
    assert "“R9999” is no active" in unknown
    assert "same as line 2" in twice
    assert "no number of the bank" in number


def test_one_document_belongs_to_one_number(bank, tmp_path):
    make_customer("OLD", "旧", bank.branch, id_number=ID_1, id_kind="resident")
    outcome = load(
        tmp_path,
        ["number", "name", "branch", "id_number"],
        ["C1", "一", "0101", ID_1],
        ["C2", "二", "0101", ID_2],
        ["C3", "三", "0101", ID_2],
        ["C4", "四", "0101", "110105194912310020"],
    )
    taken, twice, wrong = reasons(outcome)
    assert "belongs to another customer number" in taken
    assert "OLD" not in taken
    assert "line 3" in twice
    assert "mistyped" in wrong
    assert Customer.objects.get(number="C2").id_kind == "resident"


def test_restriction_is_not_lifted_by_a_file(bank, tmp_path):
    make_customer("C1", "一", bank.branch, status="restricted")
    make_customer("C2", "二", bank.branch, status="deceased")
    outcome = load(
        tmp_path, ["number", "name", "branch", "status"], ["C1", "一", "0101", "正常"], ["C2", "二", "0101", ""]
    )
    assert "restricted" in reasons(outcome)[0]
    assert outcome.counts.unchanged == 1


def test_child_needs_a_guardian(bank, tmp_path, time_machine):
    time_machine.move_to(datetime(2026, 3, 1, 4, tzinfo=UTC), tick=True)
    header = ["number", "name", "branch", "birth_date", "guardian_name", "guardian_consent_on"]
    outcome = load(
        tmp_path,
        header,
        ["C1", "小一", "0101", "2015-01-01", "", ""],
        ["C2", "小二", "0101", "2012-03-02", "父亲", "2020-01-01"],
        ["C3", "已满", "0101", "2012-03-01", "", ""],
        ["C4", "小四", "0101", "2015-01-01", "母亲", ""],
    )
    assert [row[2] for row in rejected_rows(outcome.errors)] == ["C1", "C4"]
    consent = Consent.objects.get()
    assert (consent.customer.number, consent.purpose, consent.guardian_name) == ("C2", "child", "父亲")
    assert load(tmp_path, header[:4], ["C2", "小二", "0101", "2012-03-02"]).counts.unchanged == 1
    Consent.objects.update(withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC), withdrawn_by_means="phone")
    again = load(tmp_path, header, ["C2", "小二", "0101", "2012-03-02", "父亲", "2020-01-01"])
    assert "withdrawn" in reasons(again)[0]
    renewed = load(tmp_path, header, ["C2", "小二", "0101", "2012-03-02", "父亲", "2026-02-20"])
    assert (renewed.counts.updated, Consent.objects.count()) == (1, 2)


def test_declined_facts(bank, tmp_path):
    make_customer("C1", "一", bank.branch, declined=["employer"], occupation="教师", email="a@b.cn")
    header = ["number", "name", "branch", "employer", "declined"]
    assert load(tmp_path, header, ["C1", "一", "0101", "", ""]).counts.unchanged == 1
    assert load(tmp_path, header, ["C1", "一", "0101", "", "职业；email"]).counts.updated == 1
    customer = Customer.objects.get()
    assert (customer.declined, customer.occupation, customer.email_sealed) == (
        ["email", "employer", "occupation"],
        "",
        None,
    )
    assert load(tmp_path, header[:4], ["C1", "一", "0101", "某公司"]).counts.updated == 1
    assert Customer.objects.get().declined == ["email", "occupation"]
    outcome = load(
        tmp_path,
        header,
        ["C1", "一", "0101", "x", "employer"],
        ["C2", "二", "0101", "", "phone"],
        ["C3", "三", "0101", "", "shoe"],
    )
    both, required, unknown = reasons(outcome)
    assert "declined, yet" in both
    assert "required" in required
    assert "no profile field" in unknown


CONSENT = ["customer", "purpose", "channel", "recipient", "given_at", "withdrawn_at", "guardian_name", "notice_version"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["C9", "profiling", "", "", "2024-01-01", "", "", ""], "no customer “C9”"),
        (["C1", "marketing", "", "", "2024-01-01", "", "", ""], "channel: a consent to “marketing” needs it"),
        (["C1", "profiling", "sms", "", "2024-01-01", "", "", ""], "channel: a consent to “profiling” has none"),
        (["C1", "sharing", "", "", "2024-01-01", "", "", ""], "recipient: a consent to “sharing” needs it"),
        (["C1", "profiling", "", "", "", "", "", ""], "neither given nor withdrawn"),
        (["C1", "profiling", "", "", "2024-01-02", "2024-01-01", "", ""], "before it was given"),
        (["C1", "profiling", "", "", "2999-01-01", "", "", ""], "future"),
        (["C1", "profiling", "", "", "2024-01-01", "", "", "77"], "no version 77"),
        (["C1", "profiling", "", "", "1994-01-01", "", "", ""], "no notice was published"),
        (["C1", "child", "", "", "2024-01-01", "", "", ""], "guardian"),
        (["C2", "profiling", "", "", "2024-01-01", "", "", ""], "guardian"),
        (["C1", "hobby", "", "", "2024-01-01", "", "", ""], "“hobby” is none of"),
    ],
)
def test_consents_are_refused_with_a_reason(bank, tmp_path, cells, said):
    make_customer("C1", "一", bank.branch)
    make_customer("C2", "小二", bank.branch, birth_date=datetime.now(UTC).date())
    outcome = load(tmp_path, CONSENT, cells, kind="consents")
    assert said in reasons(outcome)[0]
    assert not Consent.objects.exists()


def test_consents_given_withdrawn_and_refused(bank, tmp_path):
    make_customer("C1", "一", bank.branch)
    given = ["c1", "营销", "短信", "", "2024-01-01 10:00", "", "", ""]
    refused = ["C1", "profiling", "", "", "", "2024-02-01", "", ""]
    assert load(tmp_path, CONSENT, given, refused, given, kind="consents").counts.imported == 2
    assert load(tmp_path, CONSENT, given, refused, kind="consents").counts.unchanged == 2
    consent = Consent.objects.get(purpose="marketing")
    assert (consent.given_at, consent.notice_version) == (datetime(2024, 1, 1, 2, tzinfo=UTC), 1)
    assert (consent.given_by_means, consent.data_kinds) == ("file", ["name", "contact details"])
    ended = [*given[:5], "2024-03-01", "", ""]
    assert load(tmp_path, CONSENT, ended, kind="consents").counts.updated == 1
    assert load(tmp_path, CONSENT, given, kind="consents").counts.unchanged == 1
    assert Consent.objects.get(purpose="marketing").withdrawn_at is not None


def test_parties_and_their_accounts(bank, tmp_path):
    make_customer("C1", "一", bank.branch)
    make_customer("C2", "二", bank.branch)
    header = ["账号", "客户号", "角色"]
    rows = [
        ["6222", "C1", "户主"],
        ["6222", "C2", "代理人"],
        ["6223", "C1", "owner"],
        ["6224", "C9", "owner"],
        ["6225", "C1", "cat"],
    ]
    outcome = load(tmp_path, header, *rows, kind="account-parties")
    assert (outcome.counts.imported, outcome.counts.rejected) == (3, 2)
    assert sorted(Account.objects.values_list("number", flat=True)) == ["6222", "6223"]
    assert load(tmp_path, header, ["6222", "C2", "joint"], kind="account-parties").counts.updated == 1
    assert AccountParty.objects.get(customer__number="C2").role == "joint"
    assert counts("account-parties", write_csv(tmp_path / "p.csv", [header, *rows[:1]])) == (0, 0, 1, 0)
