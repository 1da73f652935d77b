"""`import channel-events`: whose an event is, and what becomes of those of people nobody knows."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from customers import consent
from customers.models import StagedRow
from interactions import identities
from interactions.events import intents
from interactions.models import ChannelEvent, ChannelIdentity
from tests.customers.importing import counts, rejected_rows, run_import, write_csv
from tests.factories import make_customer

HEADER = ["channel", "reference", "customer", "external_id", "kind", "at", "topic", "subject", "amount"]
NOON = "2026-03-02 12:00"


def load(tmp_path, *rows, header=HEADER, **options):
    return run_import("channel-events", write_csv(tmp_path / "file.csv", [header, *rows]), **options)


def identify(customer, channel, name, verified=True):
    index, tail = identities.external(channel, name)
    return ChannelIdentity.objects.create(
        customer=customer, channel=channel, external_index=index, external_tail=tail,
        verified_at=timezone.now() if verified else None,
    )  # fmt: skip


def owners() -> dict[str, object]:
    return {event.reference: event.customer for event in ChannelEvent.objects.select_related("customer")}


def test_by_number_by_verified_name_and_by_phone_or_among_the_unresolved(bank, customer, tmp_path):
    other = make_customer("620100000002", "李静", bank.branch, phone="+8613900139000")
    make_customer("620100000003", "李明", bank.branch, phone="+8613900139000")  # shares the number
    identify(customer, "wechat", "oAbC-123456789")
    identify(other, "mobile", "device-unverified", verified=False)
    outcome = load(
        tmp_path,
        ["手机银行", "E1", customer.number, "", "浏览", NOON, "理财", "稳健理财 90 天", ""],
        ["wechat", "E2", "", "oAbC-123456789", "asked", NOON, "", "", ""],
        ["wechat", "E3", "", "oabc-123456789", "asked", NOON, "", "", ""],  # another capital, another person
        ["phone", "E4", "", "138 0013 8000", "asked", NOON, "", "", ""],
        ["phone", "E5", "", "13900139000", "asked", NOON, "", "", ""],  # two have it
        ["mobile", "E6", "", "device-unverified", "viewed", NOON, "fund", "", ""],
        ["web", "E7", "C9", "somebody@web", "viewed", NOON, "fund", "", "1,234.50"],
        ["phone", "E8", "", "ext. 77", "asked", NOON, "", "", ""],
    )
    assert outcome.errors is None
    assert owners() == {"E1": customer, "E2": customer, "E4": customer} | dict.fromkeys(("E3", "E5", "E6", "E7", "E8"))
    assert ChannelEvent.objects.get(reference="E7").amount == 123_450
    assert ChannelEvent.objects.get(reference="E1").topic == "wealth"


def test_nothing_keeps_the_name_itself(bank, customer, tmp_path):
    name = "oAbC-123456789"
    outcome = load(tmp_path, ["wechat", "E1", "", name, "asked", NOON, "", "", ""], dry_run=True)
    assert outcome.counts.imported == 1
    load(
        tmp_path,
        ["wechat", "E1", "", name, "asked", NOON, "", "", ""],
        ["wechat", "E2", "", "abcd", "asked", NOON, "", "", ""],
    )
    assert [event.external_tail for event in ChannelEvent.objects.order_by("reference")] == ["6789", "cd"]
    assert not StagedRow.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM interactions_channelevent e")
        assert name not in cursor.fetchone()[0]
    # On each channel a name is somebody else's, except that phone numbers are those of the customers.
    assert identities.external("web", name)[0] != identities.external("wechat", name)[0]
    assert identities.external("phone", "+86 13800138000")[0] == bytes(customer.phone_index)


def test_a_second_run_writes_nothing_whoever_has_the_number_by_then(bank, customer, tmp_path):
    row = ["phone", "E1", "", "13800138000", "asked", NOON, "", "", ""]
    load(tmp_path, row)
    make_customer("620100000002", "李静", bank.branch, phone="+8613800138000")
    path = write_csv(tmp_path / "f.csv", [HEADER, row])
    assert counts("channel-events", path) == (0, 0, 1, 0)
    assert owners() == {"E1": customer}


def test_what_waited_is_resolved_when_it_comes_again_with_a_number(bank, customer, tmp_path):
    load(tmp_path, ["web", "E1", "", "somebody", "viewed", NOON, "fund", "", ""])
    path = write_csv(
        tmp_path / "f.csv", [HEADER, ["web", "E1", customer.number, "somebody", "viewed", NOON, "", "", ""]]
    )
    assert counts("channel-events", path) == (0, 1, 0, 0)
    event = ChannelEvent.objects.get()
    assert (event.customer, event.topic) == (customer, "fund")


def test_what_cannot_be_is_refused_with_the_reason(bank, customer, tmp_path):
    outcome = load(
        tmp_path,
        ["web", "E1", "", "", "viewed", NOON, "", "", ""],
        ["web", "E2", "C9", "", "viewed", NOON, "", "", ""],
        ["web", "E3", customer.number, "", "danced", NOON, "", "", ""],
        ["web", "E4", customer.number, "", "viewed", NOON, "", "", "-5"],
        ["web", "E5", customer.number, "", "viewed", NOON, "", "", "1.234"],
        ["atm", "E6", customer.number, "", "viewed", NOON, "", "", ""],
        ["atm", "E6", customer.number, "", "login", NOON, "", "", ""],
        ["web", "E6", customer.number, "", "login", NOON, "", "", ""],  # another channel counts by itself
    )
    expected = (
        "neither a customer nor the channel's own name", "there is no customer “C9”", "“danced” is none of",
        "“-5” is below 0", "1.234 has more digits", "This is the same as line 7",
    )  # fmt: skip
    rows = rejected_rows(outcome.errors)
    assert len(rows) == len(expected)
    for row, reason in zip(rows, expected, strict=True):
        assert reason in row[1]
    assert outcome.counts.imported == 2


def test_intents_are_the_newest_looks_of_who_agreed_to_a_portrait(bank, customer, django_assert_num_queries):
    silent = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    now = timezone.now()

    def looked(who, topic, hours, kind="viewed", subject=""):
        ChannelEvent.objects.create(
            customer=who, channel="mobile", kind=kind, topic=topic, subject=subject or topic,
            at=now - timedelta(hours=hours), reference=str(ChannelEvent.objects.count()),
        )  # fmt: skip

    for who in (customer, silent):
        looked(who, "house", 30, subject="房贷利率")
        looked(who, "house", 2, kind="calculated", subject="房贷计算器")
        looked(who, "fund", 1)
        looked(who, "", 3, subject="网点地图")
        looked(who, "card", 4)
        looked(who, "wealth", 999)
        looked(who, "fund", 0, kind="login")
    assert intents([customer.pk, silent.pk], now - timedelta(days=7)) == {}
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    with django_assert_num_queries(3):
        found = intents([customer.pk, silent.pk], now - timedelta(days=7))
    assert list(found) == [customer.pk]
    assert [(one.topic, one.subject, one.kind, one.times) for one in found[customer.pk]] == [
        ("fund", "fund", "viewed", 1),
        ("house", "房贷计算器", "calculated", 2),
        ("", "网点地图", "viewed", 1),
    ]
    consent.withdraw(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    assert intents([customer.pk], now - timedelta(days=7)) == {}
