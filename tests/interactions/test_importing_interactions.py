"""`import interactions`: conversations of another system, and the last contact they move."""

from datetime import UTC, date, datetime

from django.db import connection

from interactions.models import Interaction, LastContact
from tests.customers.importing import counts, rejected_rows, run_import, write_csv
from tests.factories import make_customer

HEADER = ["reference", "customer", "channel", "at", "summary"]


def load(tmp_path, *rows, **options):
    return run_import("interactions", write_csv(tmp_path / "file.csv", rows), **options)


def test_a_whole_row_in_the_words_of_a_chinese_bank(bank, customer, tmp_path):
    outcome = load(
        tmp_path,
        ["流水号", "客户号", "渠道", "时间", "方向", "目的", "话题", "沟通内容", "结果", "承诺", "承诺日期", "情绪", "满意度", "员工号"],
        ["W1", customer.number, "电话", "2026-03-02 09:30", "来电", "服务", "养老；理财", "问起\n退休", "接通", "寄资料",
         "2026-03-09", "不耐烦", "4", "R1001"],
    )  # fmt: skip
    assert outcome.errors is None
    kept = Interaction.objects.get()
    assert (kept.channel, kept.direction, kept.kind, kept.topics) == ("phone", "in", "service", ["pension", "wealth"])
    assert (kept.summary, kept.promise, kept.promise_due) == ("问起 退休", "寄资料", date(2026, 3, 9))
    assert (kept.mood, kept.satisfaction, kept.by) == ("hurried", 4, bank.owner)
    assert kept.at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    last = LastContact.objects.get()
    assert (last.customer, last.at, last.channel, last.by) == (customer, kept.at, "phone", bank.owner)


def test_a_second_run_writes_no_row_and_an_empty_cell_leaves_what_is_known(bank, customer, tmp_path):
    rows = [HEADER, ["W1", customer.number, "phone", "2026-03-02 09:30", "about the queue"]]
    load(tmp_path, *rows)
    place = "SELECT ctid FROM interactions_interaction UNION ALL SELECT ctid FROM interactions_lastcontact"
    with connection.cursor() as cursor:
        cursor.execute(place)
        before = cursor.fetchall()
        assert load(tmp_path, *rows).counts.unchanged == 1
        cursor.execute(place)
        assert cursor.fetchall() == before
    load(tmp_path, HEADER, ["W1", customer.number, "visit", "2026-03-02 09:30", ""])
    assert (Interaction.objects.get().summary, Interaction.objects.get().channel) == ("about the queue", "visit")


def test_the_last_contact_goes_forward_and_follows_a_correction(bank, customer, tmp_path):
    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    header = [*HEADER, "outcome"]
    load(
        tmp_path, header,
        ["W1", customer.number, "phone", "2026-03-02 09:30", "", ""],
        ["W2", customer.number, "phone", "2026-03-05 09:30", "", "no_answer"],
        ["W3", customer.number, "sms", "2026-03-06 09:30", "", ""],
        ["W4", customer.number, "wechat", "2026-03-04 09:30", "", ""],
    )  # fmt: skip
    assert LastContact.objects.get().channel == "wechat"
    load(tmp_path, header, ["W4", other.number, "wechat", "2026-03-04 09:30", "", ""])
    assert LastContact.objects.get(customer=customer).channel == "phone"
    assert LastContact.objects.get(customer=other).channel == "wechat"
    load(tmp_path, header, ["W4", other.number, "wechat", "2026-03-04 09:30", "", "no_answer"])
    assert not LastContact.objects.filter(customer=other).exists()


def test_an_older_conversation_leaves_a_newer_last_contact(bank, customer, tmp_path):
    newer = Interaction.objects.create(customer=customer, channel="visit", by=bank.owner)
    LastContact.objects.create(customer=customer, at=newer.at, channel="visit", by=bank.owner)
    load(tmp_path, HEADER, ["W1", customer.number, "phone", "2026-03-02 09:30", ""])
    assert LastContact.objects.get().at == newer.at


def test_what_cannot_be_is_refused_row_by_row_with_the_reason(bank, customer, tmp_path):
    outcome = load(
        tmp_path,
        [*HEADER, "satisfaction", "by", "promise", "promise_due"],
        ["W1", "C9", "phone", "2026-03-02", "", "", "", "", ""],
        ["W2", customer.number, "pigeon", "2026-03-02", "", "", "", "", ""],
        ["W3", customer.number, "phone", "2999-03-02", "", "", "", "", ""],
        ["W4", customer.number, "phone", "2026-03-02", "", "6", "", "", ""],
        ["W5", customer.number, "phone", "2026-03-02", "", "", "R9999", "", ""],
        ["W6", customer.number, "phone", "2026-03-02", "", "", "", "", "2026-03-09"],
        ["W7", customer.number, "phone", "2026-03-02", "", "", "", "", ""],
        ["W7", customer.number, "phone", "2026-03-02", "", "", "", "", ""],
    )
    expected = (
        "there is no customer “C9”", "“pigeon” is none of", "lies in the future", "“6” is no satisfaction",
        "nobody has the employee number “R9999”", "it says when, but not what", "This is the same as line 8",
    )  # fmt: skip
    rows = rejected_rows(outcome.errors)
    assert len(rows) == len(expected)
    for row, reason in zip(rows, expected, strict=True):
        assert reason in row[1]
    assert outcome.counts.imported == 1


def test_a_dry_run_keeps_nothing(bank, customer, tmp_path):
    path = write_csv(tmp_path / "f.csv", [HEADER, ["W1", customer.number, "phone", "2026-03-02", ""]])
    assert counts("interactions", path, dry_run=True) == (1, 0, 0, 0)
    assert not Interaction.objects.exists()
    assert not LastContact.objects.exists()
