"""Signing in: lock-out, idle time-out, language, passwords, and who may hold which roles."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Action, Entry, Result
from crm.staff.models import Role, User
from tests.factories import PASSWORD


def attempt(client: Client, password: str, number: str = "R1001"):
    return client.post(reverse("sign-in"), {"username": number, "password": password})


def test_signing_in_leads_a_manager_to_today(bank, client):
    answer = attempt(client, PASSWORD)
    assert answer.status_code == 302
    assert client.get(answer.url, follow=True).redirect_chain[-1][0] == reverse("today")
    assert Entry.objects.filter(action=Action.SIGN_IN, actor_id=bank.owner.pk, result=Result.OK).exists()


def test_the_fifth_failure_locks_the_account_for_thirty_minutes_from_any_address(bank, client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for number in range(4):
        assert (
            Client(REMOTE_ADDR=f"10.0.0.{number}")
            .post(reverse("sign-in"), {"username": "R1001", "password": "wrong"})
            .status_code
            == 422
        )
    assert attempt(client, "wrong").status_code == 429
    refused = attempt(client, PASSWORD)
    assert refused.status_code == 429
    assert "30" in refused.content.decode()
    assert attempt(Client(), PASSWORD, "R1002").status_code == 302
    time_machine.shift(timedelta(minutes=30, seconds=1))
    assert attempt(client, PASSWORD).status_code == 302


def test_half_an_hour_without_a_request_signs_out(bank, client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    attempt(client, PASSWORD)
    client.get(reverse("notices"))
    time_machine.shift(timedelta(minutes=29))
    assert client.get(reverse("notices")).status_code == 200
    time_machine.shift(timedelta(minutes=29))
    assert client.get(reverse("notices")).status_code == 200
    time_machine.shift(timedelta(minutes=31))
    assert client.get(reverse("notices")).status_code == 302


def test_a_panel_whose_session_ended_sends_the_whole_page_to_sign_in(bank, customer, client):
    answer = client.get(reverse("customers:profile", args=[customer.number]), headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == reverse("sign-in")


def test_pages_speak_chinese_until_a_person_chooses_english(bank, client):
    assert 'lang="zh-hans"' in client.get(reverse("sign-in"), headers={"Accept-Language": "en"}).content.decode()
    client.post(reverse("set-language"), {"language": "en", "next": "https://evil.example/"})
    attempt(client, PASSWORD)
    bank.owner.refresh_from_db()
    assert bank.owner.language == "en"
    answer = client.post(reverse("set-language"), {"language": "zh-hans", "next": "https://evil.example/"})
    assert answer.url == "/"
    assert 'lang="zh-hans"' in client.get(reverse("notices")).content.decode()


def test_signed_in_pages_are_kept_out_of_caches(bank, sign_in):
    assert sign_in(bank.owner).get(reverse("notices")).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("password", ["Short1!", "alllowercase1!", "ALLUPPERCASE1!", "NoDigitsHere!", "NoSigns12345"])
def test_weak_passwords_are_refused(db, password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_password_of_all_four_classes_is_taken(db):
    validate_password(PASSWORD)


def test_an_admin_cannot_give_one_person_both_sides(bank, sign_in):
    groups = [Group.objects.get(name=role).pk for role in (Role.ADMIN, Role.MANAGER)]
    answer = sign_in(bank.admin).post(
        reverse("admin:staff_user_add"),
        {
            "employee_number": "R1009",
            "display_name": "新人",
            "language": "en",
            "groups": groups,
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert answer.status_code == 200
    assert "may not administer" in answer.content.decode()
    assert not User.objects.filter(employee_number="R1009").exists()


def test_an_admin_cannot_reach_their_own_account(bank, sign_in):
    answer = sign_in(bank.admin).get(reverse("admin:staff_user_change", args=[bank.admin.pk]))
    assert answer.status_code == 302


def test_a_supervisor_gives_cover_and_sees_mistakes_at_the_field(bank, sign_in):
    browser = sign_in(bank.supervisor)
    today = timezone.localdate()
    data = {
        "absent": bank.owner.pk,
        "to": bank.owner.pk,
        "first_day": today,
        "last_day": today - timedelta(days=1),
        "reason": "leave",
    }
    answer = browser.post(reverse("team"), data)
    assert answer.status_code == 422
    assert "Nobody covers for themselves" in answer.content.decode()
    assert "The last day is before the first" in answer.content.decode()
    stranger = browser.post(reverse("team"), data | {"to": bank.outsider.pk, "last_day": today})
    assert stranger.status_code == 422
    given = browser.post(reverse("team"), data | {"to": bank.colleague.pk, "last_day": today})
    assert given.status_code == 302
    assert "罗倩" in browser.get(reverse("team")).content.decode()
    assert "You look after the customers of 林悦" in sign_in(bank.colleague).get(reverse("notices")).content.decode()
