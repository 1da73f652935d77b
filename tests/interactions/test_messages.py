"""Templates approved by a second person, writing a message on the customer's page, the outbox, receipts, the admin."""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from interactions.messaging import approved, outbox, sending, states, timeline, wording
from interactions.messaging.signing import SIGNATURE, TIMESTAMP, WINDOW, signature
from interactions.models import Interaction, Message, MessageAttempt, MessageTemplate, TemplateVersion
from tests.factories import make_customer
from tests.interactions.gateway import SECRET
from tests.interactions.messages import NOON, agrees, make_template, queued

NOTE = "{salutation}，{note} {manager}"


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def gateway_set(settings):
    settings.GATEWAY_URL, settings.GATEWAY_SECRET = "http://127.0.0.1:9", SECRET


@pytest.fixture
def template(bank):
    words = {"text_zh": NOTE, "text_en": "{salutation}, {note} {manager}", "subject_zh": "", "subject_en": ""}
    made = MessageTemplate.objects.create(code="note", name_zh="随手一句", name_en="A line", channel="sms")
    approved.approve(approved.write(made, words, by=bank.admin), by=bank.compliance)
    return made


def write(browser, customer, act="send", **data):
    return browser.post(reverse("messages:write", args=[customer.number]), {"act": act, "language": "zh", **data})


# Templates ----------------------------------------------------------------------------------------------------------


def test_nobody_approves_their_own_words_and_approved_ones_stay(bank):
    template = make_template(bank.admin, None)
    version = template.versions.get()
    with pytest.raises(approved.OwnVersionError):
        approved.approve(version, by=bank.admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        TemplateVersion.objects.filter(pk=version.pk).update(approved_by=bank.admin, approved_at=NOON)
    assert not approved.usable()
    assert approved.approve(version, by=bank.compliance)
    for change in ({"text_zh": "x"}, {"approved_by": None, "approved_at": None}):
        with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
            TemplateVersion.objects.filter(pk=version.pk).update(**change)
    assert Entry.objects.filter(object_type="messagetemplate", detail__what="approved").count() == 1


def test_an_edit_is_a_new_version_and_the_old_one_is_sent_until_it_is_approved(bank):
    template = make_template(bank.admin, bank.compliance)
    words = {"text_zh": "新的", "text_en": "new", "subject_zh": "", "subject_en": ""}
    second = approved.write(template, words, by=bank.admin)
    assert [one.number for one in approved.usable()] == [1]
    assert approved.write(template, words, by=bank.admin) is None
    approved.approve(second, by=bank.compliance)
    assert [one.number for one in approved.usable()] == [2]


@pytest.mark.parametrize(
    ("text", "told"),
    [("保本理财 {salutation}", "保本"), ("{salary}", "salary"), ("{salutation", "stands alone")],
)
def test_the_admin_says_at_the_field_what_is_wrong_with_a_text(bank, sign_in, text, told):
    fields = {
        "code": "x", "name_zh": "x", "name_en": "x", "channel": "sms", "kind": "service", "topic": "", "days_valid": "7",
        "active": "on", "text_zh": text, "text_en": "Hello", "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = sign_in(bank.admin).post(reverse("admin:interactions_messagetemplate_add"), fields)
    assert told in str(answer.context["adminform"].form.errors["text_zh"])
    assert not MessageTemplate.objects.exists()


def test_admin_writes_and_compliance_approves(bank, sign_in):
    fields = {
        "code": "hello", "name_zh": "你好", "name_en": "Hello", "channel": "sms", "kind": "service", "topic": "",
        "days_valid": "7", "active": "on", "text_zh": "{salutation}您好", "text_en": "Hello {salutation}",
        "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert sign_in(bank.admin).post(reverse("admin:interactions_messagetemplate_add"), fields).status_code == 302
    template = MessageTemplate.objects.get()
    action = {"action": "approve", "_selected_action": [template.pk]}
    page = reverse("admin:interactions_messagetemplate_changelist")
    own = sign_in(bank.admin).post(page, action, follow=True)
    assert "nobody approves what they wrote themselves" in own.content.decode()
    sign_in(bank.compliance).post(page, action)
    assert template.versions.get().approved_by == bank.compliance
    # what is approved can be read, and other words become version 2
    changed = {**fields, "text_zh": "{salutation}早"}
    sign_in(bank.admin).post(reverse("admin:interactions_messagetemplate_change", args=[template.pk]), changed)
    assert [(one.number, bool(one.approved_at)) for one in template.versions.order_by("number")] == [
        (1, True),
        (2, False),
    ]


def test_salutations():
    said = [
        wording.salutation(*one) for one in (("张伟明", "male", "zh"), ("欧阳静", "female", "zh"), ("张伟明", "", "zh"))
    ]
    assert said == ["张先生", "欧阳女士", "张伟明"]
    assert wording.salutation("张伟明", "male", "en") == "Mr 张"
    with pytest.raises(ValidationError, match="salary"):
        wording.check_variables("{salary}")


# The customer's page ------------------------------------------------------------------------------------------------


def test_a_message_is_written_seen_and_sent(bank, customer, template, sign_in, gateway_set):
    browser = sign_in(bank.owner)
    seen = write(browser, customer, "preview", template=template.pk, note="明天见")
    assert "张先生，明天见 林悦" in seen.content.decode()
    assert "May be sent now" in seen.content.decode()
    answer = write(browser, customer, template=template.pk, note="明天见")
    assert answer.status_code == 204
    message = Message.objects.get()
    assert (message.state, message.text, message.by) == ("queued", "张先生，明天见 林悦", bank.owner)
    assert message.not_after == NOON + timedelta(days=7)
    panel = browser.get(reverse("messages:panel", args=[customer.number])).content.decode()
    assert "waiting to be sent" in panel
    assert Entry.objects.filter(object_type="message", detail__what="queued").exists()


def test_what_was_typed_is_never_lost(bank, customer, template, sign_in, gateway_set):
    browser = sign_in(bank.owner)
    answer = write(browser, customer, template=template.pk, note="这款保本，放心")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“保本”" in page
    assert "这款保本，放心</textarea>" in page
    again = browser.get(reverse("messages:write", args=[customer.number])).content.decode()
    assert "这款保本，放心" in again
    assert Message.objects.get().state == "draft"
    write(browser, customer, "choose", template="")
    assert "这款保本，放心" in browser.get(reverse("messages:write", args=[customer.number])).content.decode()


def test_without_a_way_it_is_copied_and_confirmed_by_one_tap(bank, customer, template, sign_in):
    browser = sign_in(bank.owner)
    page = write(browser, customer, "choose", template=template.pk).content.decode()
    assert 'value="send"' not in page
    assert write(browser, customer, "send", template=template.pk, note="好").status_code == 422
    assert write(browser, customer, "copy", template=template.pk, note="好").status_code == 204
    message = Message.objects.get()
    assert (message.state, message.due_at) == ("held", None)
    assert sending.work_off(lambda: NOON + timedelta(days=1)) == 0
    answer = browser.post(reverse("messages:decide", args=[customer.number, message.pk, "by_hand"]))
    assert answer.status_code == 204
    message.refresh_from_db()
    assert message.state == "sent"
    assert Interaction.objects.get().summary == "张先生，好 林悦"


def test_an_offer_is_not_even_copied_against_the_policy(bank, customer, sign_in):
    offer = make_template(bank.admin, bank.compliance, "offer", kind="marketing", topic="fund")
    browser = sign_in(bank.owner)
    answer = write(browser, customer, "copy", template=offer.pk)
    assert answer.status_code == 422
    assert "Has not agreed to offers by SMS" in answer.content.decode()
    agrees(customer, bank.owner)
    assert write(browser, customer, "copy", template=offer.pk).status_code == 204


# The outbox ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def unknown(bank, customer, template):
    return queued(customer, template.versions.get(), by=bank.owner, state="unknown", due_at=None, tries=1)


def test_everybody_sees_what_is_unknown_in_their_scope(bank, customer, unknown, template, sign_in):
    other = make_customer("620200000009", "李四光", bank.other_branch, owner=bank.outsider)
    queued(other, template.versions.get(), state="unknown", due_at=None)
    seen = {
        name: sign_in(person).get(reverse("messages:outbox")).content.decode()
        for name, person in (("owner", bank.owner), ("supervisor", bank.supervisor), ("outsider", bank.outsider))
    }
    assert ["张伟明" in page for page in seen.values()] == [True, True, False]
    assert ["李四光" in page for page in seen.values()] == [False, False, True]


@pytest.mark.parametrize(
    ("act", "state", "others"), [("arrived", "sent", 0), ("again", "cancelled", 1), ("drop", "cancelled", 0)]
)
def test_a_person_decides_with_a_reason(bank, customer, unknown, sign_in, act, state, others):
    browser, url = sign_in(bank.owner), reverse("messages:decide", args=[customer.number, unknown.pk, act])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "asked the gateway's hotline"}).status_code == 204
    unknown.refresh_from_db()
    assert (unknown.state, Message.objects.filter(replaces=unknown, state="queued").count()) == (state, others)
    assert "hotline" in MessageAttempt.objects.get(step="decided").detail
    assert browser.post(url, {"reason": "twice"}).status_code == 204  # somebody was quicker: nothing happens
    assert Message.objects.count() == 1 + others


def test_the_admin_decides_with_a_reason_and_sees_no_text(bank, customer, unknown, sign_in):
    browser, page = sign_in(bank.admin), reverse("admin:interactions_message_changelist")
    assert "620100000001" in browser.get(page, {"q": customer.number}).content.decode()
    assert (
        unknown.text
        not in browser.get(reverse("admin:interactions_message_change", args=[unknown.pk])).content.decode()
    )
    chosen = {"action": "send_again", "_selected_action": [unknown.pk]}
    assert "Reason" in browser.post(page, chosen).content.decode()
    browser.post(page, {**chosen, "reason": "no trace at the provider"})
    assert Message.objects.filter(replaces=unknown).exists()


def test_the_timeline_gets_what_was_not_sent(bank, customer, template):
    held = queued(customer, template.versions.get(), state="failed", reason="no_address", created_at=NOON)
    queued(customer, template.versions.get(), state="sent", created_at=NOON)
    [entry] = timeline.entries(customer, NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert (entry.pk, entry.channel) == (held.pk, "sms")


# Receipts -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def door(client, settings, gateway_set):
    settings.ROOT_URLCONF = "crm.public_urls"

    def tell(key, state="delivered", number=None, at=None, secret=SECRET, tampered=False):
        body = json.dumps({"receipt": number or str(uuid.uuid4()), "key": str(key), "state": state}).encode()
        stamp = str(int(at if at is not None else time.time()))
        signed = signature(secret, stamp, body)
        return client.post(
            "/receipts/messages/", body + b" " if tampered else body, content_type="application/json",
            headers={TIMESTAMP: stamp, SIGNATURE: signed},
        ).status_code  # fmt: skip

    return tell


def test_a_receipt_is_counted_once(customer, template, door):
    message = queued(customer, template.versions.get(), state="sent", due_at=None)
    assert [door(message.key, number="r1"), door(message.key, number="r1")] == [200, 200]
    message.refresh_from_db()
    assert (message.state, message.attempts.count(), Interaction.objects.count()) == ("delivered", 1, 1)
    door(message.key, "failed", number="r2")  # what was delivered stays so
    message.refresh_from_db()
    assert message.state == "delivered"


def test_a_receipt_settles_what_is_unknown_and_one_of_failure_is_no_contact(customer, template, door):
    unknown = queued(customer, template.versions.get(), state="unknown", due_at=None)
    sent = queued(customer, template.versions.get(), state="sending", due_at=None)
    states.sent(sent, timezone.now())
    assert [door(unknown.key), door(sent.key, "failed")] == [200, 200]
    assert [Message.objects.get(pk=one.pk).state for one in (unknown, sent)] == ["delivered", "failed"]
    assert Interaction.objects.count() == 1


def test_forged_old_and_wrong_receipts_are_refused(customer, template, door, client):
    key = queued(customer, template.versions.get(), state="sent", due_at=None).key
    assert door(key, secret="another") == 403
    assert door(key, tampered=True) == 403
    assert [door(key, at=time.time() + off) for off in (-WINDOW - 2, WINDOW + 2)] == [403, 403]
    assert door(uuid.uuid4()) == 404
    assert door(key, "maybe") == 400
    assert client.post("/receipts/messages/", b"{}", content_type="application/json").status_code == 403
    assert client.get("/receipts/messages/").status_code == 405
    assert not MessageAttempt.objects.exists()


def test_without_a_secret_no_receipt_is_believed(customer, template, door, settings):
    settings.GATEWAY_SECRET = ""
    assert door(queued(customer, template.versions.get(), state="sent").key, secret="") == 403


def test_the_next_message_is_found_by_its_index(customer, template):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM interactions_message WHERE state IN ('queued', 'held', 'sending') AND due_at <= now()"
            " ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        assert "message_due" in str(cursor.fetchall())


def test_a_cancelled_message_is_not_sent(bank, customer, template):
    message = queued(customer, template.versions.get())
    outbox.cancel(message, "written by mistake", by=bank.owner, now=NOON)
    assert sending.work_off(lambda: NOON) == 0
