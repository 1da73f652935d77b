"""The mail of the morning: counts alone, in the person's language, one a day whatever happens."""

import smtplib
from datetime import date

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.staff.models import User
from crm.workspace import digest
from interactions import reminders
from interactions.log import Said, log_contact
from interactions.models import DailyMail

TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def morning(time_machine, bank, customer):
    """Two managers with an address and something to do; half past seven on a Tuesday."""
    time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 11, 24, 7, 30)), tick=False)
    for person in (bank.owner, bank.colleague, bank.supervisor):
        User.objects.filter(pk=person.pk).update(email=f"{person.employee_number}@bank.example")
    reminders.set_next(customer, TUESDAY, by=bank.owner, text="看看存款到期 30 万")
    log_contact(customer, by=bank.owner, said=Said(channel="phone", summary="x", promise="寄资料", promise_due=TUESDAY))


class Dying(EmailBackend):
    """A server that refuses some, and a process that dies at some."""

    refuses: set[str] = set()
    dies_at: set[str] = set()

    def send_messages(self, messages):
        to = messages[0].to[0]
        if to in self.refuses:
            raise smtplib.SMTPServerDisconnected
        sent = super().send_messages(messages)
        if to in self.dies_at:
            raise KeyboardInterrupt
        return sent


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.workspace.test_digest.Dying"
    Dying.refuses, Dying.dies_at = set(), set()
    return Dying


def sent_to() -> list[str]:
    return sorted(one.to[0].split("@")[0] for one in mail.outbox)


def test_it_holds_counts_and_a_link_and_nothing_of_a_customer(bank, customer):
    subject, text = digest.preview(bank.owner, TUESDAY)
    assert subject == "Nov 24: 1 customer to see to"
    assert "Today  1" in text
    assert "Promises due: 1" in text
    assert "/today/" in text
    for secret in (customer.name, customer.number, "30", "存款"):
        assert secret not in text + subject


def test_it_is_in_the_persons_language_and_a_supervisor_gets_the_team(bank):
    User.objects.filter(pk=bank.owner.pk).update(language="zh-hans")
    _subject, text = digest.preview(User.objects.get(pk=bank.owner.pk), TUESDAY)
    assert "今天  1" in text
    _subject, team = digest.preview(bank.supervisor, TUESDAY)
    assert "林悦  0 / 1" in team
    assert "罗倩" not in team


def test_who_has_nothing_to_do_gets_none_and_nobody_on_a_day_without_work(bank):
    assert digest.send_all(TUESDAY) == 2
    assert sent_to() == ["R1001", "S2001"]
    assert digest.send_all(date(2026, 11, 28)) == 0


def test_run_twice_it_sends_once(bank):
    assert digest.send_all(TUESDAY) == 2
    assert digest.send_all(TUESDAY) == 0
    assert len(mail.outbox) == 2
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2


def test_a_process_that_dies_half_way_is_gone_on_with_and_nobody_has_two(bank, server):
    server.dies_at = {"R1001@bank.example"}
    with pytest.raises(KeyboardInterrupt):
        digest.send_all(TUESDAY)
    server.dies_at = set()
    digest.send_all(TUESDAY)
    assert sent_to() == ["R1001", "S2001"]
    assert DailyMail.objects.filter(sent_at=None).count() == 1  # whether it went out nobody knows: not again


def test_what_a_server_refused_goes_out_later(bank, server):
    server.refuses = {"R1001@bank.example"}
    assert digest.send_all(TUESDAY) == 1
    server.refuses = set()
    assert digest.send_all(TUESDAY) == 1
    assert sent_to() == ["R1001", "S2001"]


def test_a_person_switches_it_off_and_on(bank, sign_in):
    browser, url = sign_in(bank.owner), reverse("my-settings")
    assert "1 customer to see to" in browser.get(url + "?part=preview").content.decode()
    assert browser.post(url, {"saved": "1"}).status_code == 302
    digest.send_all(TUESDAY)
    assert sent_to() == ["S2001"]
    browser.post(url, {"saved": "1", "daily_mail": "on"})
    digest.send_all(TUESDAY)
    assert sent_to() == ["R1001", "S2001"]


def test_the_command_shows_it_and_sends_nothing(bank, capsys):
    call_command("digest", "R1001")
    assert "1 customer to see to" in capsys.readouterr().out
    assert mail.outbox == []
