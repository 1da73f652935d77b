"""Names on channels that nobody knows, until a supervisor says whose they are; and follow-ups in the admin site."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from interactions import identities
from interactions.models import ChannelEvent, ChannelIdentity, Reminder
from tests.factories import make_customer


def wait(name, channel="wechat", hours=0, **fields):
    index, tail = identities.external(channel, name)
    return ChannelEvent.objects.create(
        channel=channel, external_index=index, external_tail=tail, kind="viewed", subject="稳健理财",
        at=timezone.now() - timedelta(hours=hours), reference=f"E{ChannelEvent.objects.count()}", **fields,
    )  # fmt: skip


def test_unknown_names_are_grouped_the_one_heard_of_last_first(bank, customer):
    for hours in (5, 3):
        wait("openid-aaaa1111", hours=hours)
    newest = wait("openid-bbbb2222", hours=1)
    wait("openid-aaaa1111", channel="web", hours=4)
    wait("openid-cccc3333", customer=customer)
    ChannelEvent.objects.create(channel="web", kind="viewed", reference="nameless")
    found = identities.waiting()
    assert [(group.newest.channel, group.newest.external_tail, group.count) for group in found] == [
        ("wechat", "2222", 1),
        ("wechat", "1111", 2),
        ("web", "1111", 1),
    ]
    assert found[0].newest == newest


def test_a_name_once_known_takes_its_waiting_events_along(bank, customer):
    event, older, other = wait("openid-aaaa1111"), wait("openid-aaaa1111", hours=9), wait("openid-bbbb2222")
    assert identities.attach(event, customer, reason="showed the app", by=bank.supervisor) == 2
    for row in (event, older, other):
        row.refresh_from_db()
    assert (event.customer, older.customer, other.customer) == (customer, customer, None)
    assert identities.known_by(customer)[0].verified_at
    entry = Entry.objects.latest("pk")
    assert (entry.reason, entry.object_label) == ("showed the app", customer.number)
    assert entry.detail == {"identity": "wechat", "tail": "1111", "events": 2}


def test_two_customers_never_share_a_name(bank, customer):
    event = wait("openid-aaaa1111")
    identities.attach(event, customer, reason="showed the app", by=bank.supervisor)
    another = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    with pytest.raises(identities.IdentityTakenError):
        identities.attach(wait("openid-aaaa1111"), another, reason="said so", by=bank.supervisor)
    assert ChannelIdentity.objects.get().customer == customer


def test_an_unverified_name_is_verified_by_attaching(bank, customer):
    event = wait("openid-aaaa1111")
    ChannelIdentity.objects.create(
        customer=customer, channel="wechat", external_index=event.external_index, external_tail="1111"
    )
    assert identities.attach(event, customer, reason="showed the app", by=bank.supervisor) == 1
    assert ChannelIdentity.objects.get().verified_at


def test_a_supervisor_attaches_to_customers_they_see_with_a_reason(bank, customer, sign_in):
    event = wait("openid-aaaa1111")
    far = make_customer("620100000002", "李静", bank.other_branch, owner=bank.outsider)
    browser = sign_in(bank.supervisor)
    page = browser.get(reverse("interactions:unresolved")).content.decode()
    assert "…1111" in page
    assert "稳健理财" in page
    place = reverse("interactions:attach", args=[event.pk])
    denied = browser.post(place, {"number": far.number, "reason": "said so"})
    assert denied.status_code == 422
    assert "There is no such customer, or you do not look after them." in denied.content.decode()
    assert f'value="{far.number}"' in denied.content.decode()
    assert browser.post(place, {"number": customer.number, "reason": ""}).status_code == 422
    assert browser.post(place, {"number": customer.number, "reason": "showed the app"}).status_code == 302
    assert "Everybody is known" in browser.get(reverse("interactions:unresolved")).content.decode()
    assert browser.get(place).status_code == 404  # it is known by now
    assert sign_in(bank.owner).get(reverse("interactions:unresolved")).status_code == 403


def test_the_page_asks_as_often_for_many_names_as_for_one(bank, sign_in):
    browser = sign_in(bank.supervisor)
    browser.get(reverse("notices"))
    counts = []
    for first in (0, 5):
        for number in range(first, first + 5):
            wait(f"openid-{number:08d}")
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("interactions:unresolved"))
        counts.append(len(queries))
    assert counts == [4, 4]


def test_waiting_events_are_read_along_their_index(bank):
    for number in range(3):
        wait(f"openid-{number}{number}{number}{number}", hours=number)
    with CaptureQueriesContext(connection) as queries:
        identities.waiting()
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "event_customer_at" in plan
    assert "Sort" not in plan


def test_the_admin_reads_follow_ups_without_what_they_say(bank, customer, sign_in):
    made = Reminder.objects.create(
        customer=customer, assignee=bank.owner, kind="follow_up", cause="a", due=date(2026, 3, 2), text="ring the bell"
    )
    browser = sign_in(bank.admin)
    listed = browser.get(reverse("admin:interactions_reminder_changelist"), {"q": customer.number})
    one = browser.get(reverse("admin:interactions_reminder_change", args=[made.pk]))
    for page in (listed, one):
        assert page.status_code == 200
        assert customer.number in page.content.decode()
        assert "ring the bell" not in page.content.decode()
        assert customer.name not in page.content.decode()
    assert 'name="_save"' not in one.content.decode()
    assert sign_in(bank.compliance).get(reverse("admin:interactions_reminder_changelist")).status_code == 403
