"""Every URL of the resolver, every actor, one status: who adds a page adds its row here."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from crm.audit.models import Action, Entry, Result
from crm.staff.cover import end_cover, give_cover
from customers.models import RiskWarning, WalkInReason
from customers.sharing import share
from customers.walk_in import open_walk_in
from tests.factories import make_customer

ACTORS = ("nobody", "owner", "colleague", "agent", "supervisor", "outsider", "admin", "compliance", "superuser")
ROLES_ONLY = "owner colleague agent supervisor outsider"
SEES = {"owner": 200, "supervisor": 200}  # of a customer with an owner; everybody else gets 404


def row(default: int, **others: int) -> dict[str, int]:
    return {"nobody": 302, **{actor: others.get(actor, default) for actor in ACTORS if actor != "nobody"}} | {
        actor: status for actor, status in others.items() if actor == "nobody"
    }


def for_roles(status: int, roles: str, otherwise: int = 403) -> dict[str, int]:
    return row(otherwise, **dict.fromkeys(roles.split(), status))


# name of the URL -> (method, data, status by actor). Customer pages are asked about a customer of `owner`.
MATRIX: dict[str, tuple[str, dict[str, str], dict[str, int]]] = {
    "sign-in": ("GET", {}, row(302, nobody=200)),
    "sign-out": ("POST", {}, row(302)),
    "set-language": ("POST", {"language": "en"}, row(302)),
    "notices": ("GET", {}, row(200)),
    "team": ("GET", {}, for_roles(200, "supervisor")),
    "cover-end": ("POST", {}, for_roles(404, "supervisor")),
    "teams:load": ("GET", {}, for_roles(200, "supervisor")),
    "teams:split": ("GET", {}, for_roles(200, "supervisor")),
    "teams:transfers": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "teams:transfer": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "teams:transfer-undo": ("POST", {}, for_roles(404, "supervisor")),
    "teams:manager": ("GET", {}, for_roles(404, "supervisor")),
    "teams:coaching": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "teams:today": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "teams:say": ("GET", {}, for_roles(200, "supervisor")),
    "teams:reply": ("POST", {"text": "x"}, for_roles(404, "owner colleague supervisor outsider")),
    "teams:read": ("POST", {}, for_roles(404, "owner colleague outsider")),
    "home": ("GET", {}, row(302)),
    "my-settings": ("GET", {}, row(200)),
    "keeping:index": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "keeping:panel": ("GET", {}, row(404, **SEES)),
    "keeping:plan": ("POST", {"next": "tomorrow"}, row(404)),
    "keeping:withdraw": ("GET", {}, row(404)),
    "help": ("GET", {}, row(200)),
    "tour": ("POST", {"act": "leave"}, row(302)),
    "outreach:index": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "outreach:new": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "outreach:event": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:edit": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:candidates": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:invite": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:guests": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:reply": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:door": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:attend": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:nameless": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:state": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:feedback": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "outreach:effect": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "today": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "today-figures": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "today-news": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "today-count": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "today-many": ("POST", {"action": "snooze", "next": "week"}, for_roles(200, "owner colleague outsider")),
    "today-row": ("GET", {}, for_roles(404, "colleague outsider") | {"owner": 200}),
    "search": ("POST", {"q": "zwm"}, for_roles(200, ROLES_ONLY)),
    "customer": ("GET", {}, row(404, **SEES)),
    "customer-header": ("GET", {}, row(404, **SEES)),
    "walk": ("GET", {"today": "all"}, row(404, **SEES)),
    "since": ("GET", {}, row(404, **SEES)),
    "brief": ("GET", {}, row(404, **SEES)),
    "handoff": ("GET", {}, row(404, **SEES)),
    "interactions:hand-over": ("GET", {}, row(404, **SEES)),
    "interactions:handed-over": ("GET", {}, row(404)),
    "healthz": ("GET", {}, row(0)),  # open to all; its status depends on a worker, which has tests of its own
    "console": ("GET", {}, for_roles(200, "admin superuser")),
    "console-health": ("GET", {}, for_roles(200, "admin superuser")),
    "audit-search": ("GET", {}, for_roles(200, "admin compliance superuser")),
    "audit-export": ("GET", {}, for_roles(200, "admin compliance superuser")),
    "first-start": ("GET", {}, for_roles(200, "admin superuser")),
    "first-people": ("GET", {}, for_roles(200, "admin superuser")),
    "first-template": ("GET", {}, for_roles(200, "admin superuser")),
    "change-password": ("GET", {}, row(200)),
    "dashboards:board-file": ("GET", {}, for_roles(200, "supervisor")),
    "dashboards:board": ("GET", {}, for_roles(200, "supervisor")),
    "dashboards:rules": ("GET", {}, for_roles(200, "supervisor admin")),
    "dashboards:fairness": ("GET", {}, for_roles(200, "supervisor compliance")),
    "dashboards:leaving": ("GET", {}, for_roles(200, "supervisor")),
    "dashboards:behind": ("GET", {}, for_roles(404, "supervisor")),
    "scorecard:mine": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "scorecard:team": ("GET", {}, for_roles(200, "supervisor")),
    "scorecard:of": ("GET", {}, for_roles(404, "supervisor")),
    "scorecard:decide": ("POST", {}, for_roles(404, "supervisor")),
    "customers:list": ("GET", {}, for_roles(200, ROLES_ONLY)),
    "customers:list-rule": ("GET", {}, for_roles(200, ROLES_ONLY)),
    "customers:view-save": ("POST", {"name": "x"}, for_roles(302, "owner colleague supervisor outsider")),
    "customers:view-pin": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "customers:view-delete": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "customers:export": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "bulk": ("POST", {"action": "tag"}, for_roles(200, "owner colleague supervisor outsider")),
    "next-cell": ("GET", {}, row(404, **SEES)),
    "known": ("GET", {}, row(404, **SEES)),
    "customers:portrait": ("GET", {}, row(404, **SEES)),
    "customers:portrait-judge": ("POST", {"said": "wrong"}, row(404, **SEES)),
    "customers:records": ("GET", {}, row(404, **SEES)),
    "customers:walk-in": ("GET", {}, for_roles(200, "owner colleague agent outsider")),
    "customers:upload": ("GET", {}, for_roles(200, "supervisor")),
    "customers:upload-page": ("GET", {}, for_roles(404, "supervisor")),
    "customers:upload-heading": ("POST", {}, for_roles(404, "supervisor")),
    "customers:upload-progress": ("GET", {}, for_roles(404, "supervisor")),
    "customers:upload-problems": ("GET", {}, for_roles(404, "supervisor")),
    "customers:upload-errors": ("GET", {}, for_roles(404, "supervisor")),
    "customers:upload-import": ("POST", {}, for_roles(404, "supervisor")),
    "customers:upload-undo": ("POST", {}, for_roles(404, "supervisor")),
    "customers:upload-drop": ("POST", {}, for_roles(404, "supervisor")),
    "customers:warnings": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "customers:duplicates": ("GET", {}, for_roles(200, "owner colleague supervisor outsider")),
    "customers:duplicate": ("GET", {}, for_roles(404, "owner colleague supervisor outsider")),
    "customers:duplicate-judge": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "customers:duplicate-undo": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "customers:cases": ("GET", {}, for_roles(200, "compliance")),
    "customers:case": ("GET", {}, for_roles(404, "compliance")),
    "customers:holdings": ("GET", {}, row(404, **SEES)),
    "customers:movements": ("GET", {}, row(404, **SEES)),
    "customers:segment": ("GET", {}, row(404, **SEES)),
    "customers:customer-warnings": ("GET", {}, row(404, **SEES)),
    "customers:warning-note": ("GET", {}, row(404)),
    "customers:household": ("GET", {}, row(404, **SEES)),
    "customers:relation-add": ("GET", {}, row(404, **SEES)),
    "customers:relation-remove": ("POST", {}, row(404)),
    "customers:group-add": ("GET", {}, row(404, **SEES)),
    "customers:group-main": ("POST", {}, row(404)),
    "customers:group-leave": ("POST", {}, row(404)),
    "customers:life": ("GET", {}, row(404, **SEES)),
    "customers:life-add": ("GET", {}, row(404, **SEES)),
    "customers:life-decide": ("POST", {"said": "yes"}, row(404)),
    "customers:learning": ("GET", {}, row(404, **SEES)),
    "customers:learning-answer": ("POST", {"fact": "goal", "value": "house"}, row(404, **SEES)),
    "customers:profile": ("GET", {}, row(404, **SEES)),
    "customers:profile-field": ("GET", {}, row(404, **SEES)),
    "customers:reveal": ("POST", {"reason": "call"}, row(404, **SEES)),
    "customers:consents": ("GET", {}, row(404, **SEES)),
    "customers:consent-answer": (
        "POST",
        {"purpose": "profiling", "answer": "give", "means": "phone"},
        row(404, **SEES),
    ),
    "customers:looks": ("GET", {}, row(404, **SEES)),
    "interactions:surveys": ("GET", {}, row(404, **SEES)),
    "interactions:survey-invite": ("POST", {}, row(404)),
    "interactions:preference-link": ("GET", {}, row(404, **SEES)),
    "interactions:preference-link-make": ("POST", {}, row(404, **SEES)),
    "interactions:preference-link-revoke": ("POST", {}, row(404, **SEES)),
    "recommendations:list": ("GET", {}, for_roles(200, "owner colleague outsider")),
    "recommendations:panel": ("GET", {}, row(404, **SEES)),
    "recommendations:credit": ("GET", {}, for_roles(404, "colleague outsider") | SEES),
    "recommendations:credit-ask": ("GET", {}, for_roles(404, "colleague outsider") | SEES),
    "recommendations:credit-decide": ("POST", {}, for_roles(404, "owner colleague supervisor outsider")),
    "recommendations:needs": ("GET", {}, row(404, **SEES)),
    "recommendations:need-add": ("POST", {"need": "house"}, row(404, owner=204, supervisor=204)),
    "recommendations:need-decide": ("POST", {"state": "refused"}, row(404)),
    "recommendations:need-undo": ("POST", {}, row(404)),
    "recommendations:propose": ("POST", {}, row(404)),
    "recommendations:why": ("GET", {}, row(404, **SEES)),
    "recommendations:investor": ("GET", {}, row(404, **SEES)),
    "recommendations:funnel": ("GET", {}, for_roles(200, "supervisor")),
    "recommendations:behind": ("GET", {}, for_roles(404, "supervisor")),
    "recommendations:blocked": ("GET", {}, row(404, **SEES)),
    "recommendations:answer": ("POST", {"state": "refused"}, row(404)),
    "recommendations:undo": ("POST", {}, row(404)),
    "recommendations:detail": ("POST", {}, row(404)),
    "customers:sharing": ("GET", {}, for_roles(200, "supervisor")),
    "customers:share-end": ("POST", {}, for_roles(404, "supervisor")),
    "interactions:reminders": ("GET", {}, row(404, **SEES)),
    "interactions:reminder-add": ("GET", {}, row(404, **SEES)),
    "interactions:reminder-take": ("POST", {}, row(404)),
    "interactions:reminder-give-back": ("POST", {}, row(404)),
    "interactions:series-stop": ("POST", {}, row(404)),
    "interactions:reassign": ("GET", {}, for_roles(200, "supervisor")),
    "interactions:next": ("GET", {}, row(404, **SEES)),
    "interactions:reminder-done": ("GET", {}, row(404)),
    "interactions:reminder-snooze": ("GET", {}, row(404)),
    "interactions:reminder-dismiss": ("POST", {}, row(404)),
    "interactions:log": ("GET", {}, row(404, **SEES)),
    "interactions:log-check": ("POST", {"kind": "marketing", "channel": "phone"}, row(404, **SEES)),
    "interactions:draft": ("POST", {"summary": "x"}, row(404, owner=204, supervisor=204)),
    "interactions:parked": ("GET", {}, for_roles(200, ROLES_ONLY)),
    "interactions:timeline": ("GET", {}, row(404, **SEES)),
    "interactions:timeline-pin": ("POST", {}, row(404)),
    "interactions:timeline-unpin": ("POST", {}, row(404, owner=204, supervisor=204)),
    "timeline": ("GET", {}, row(404, **SEES)),
    "interactions:promise-kept": ("POST", {}, row(404)),
    "interactions:question-answered": ("POST", {}, row(404)),
    "interactions:unresolved": ("GET", {}, for_roles(200, "supervisor")),
    "interactions:attach": ("GET", {}, for_roles(404, "supervisor")),
    "interactions:complaints": ("GET", {}, row(404, **SEES)),
    "interactions:complaint-receive": ("GET", {}, row(404, **SEES)),
    "interactions:complaint-acknowledge": ("POST", {}, row(404)),
    "complaints:list": ("GET", {}, for_roles(200, ROLES_ONLY)),
    "complaints:case": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:acknowledge": ("POST", {}, for_roles(404, ROLES_ONLY)),
    "complaints:note": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:extend": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:assign": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:classify": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:close": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "complaints:reopen": ("GET", {}, for_roles(404, ROLES_ONLY)),
    "messages:outbox": ("GET", {}, for_roles(200, ROLES_ONLY)),
    "messages:panel": ("GET", {}, row(404, **SEES)),
    "messages:write": ("GET", {}, row(404, **SEES)),
    "messages:decide": ("GET", {}, row(404)),
    "interactions:policy": ("GET", {}, row(404, **SEES)),
    "interactions:pause": ("GET", {}, row(404, **SEES)),
    "interactions:pause-end": ("POST", {}, row(404, owner=204, supervisor=204)),
    "interactions:refuse": ("GET", {}, row(404, **SEES)),
    "interactions:reopen": ("POST", {"topic": "fund"}, row(404, owner=204, supervisor=204)),
}
ARGUMENTS = {
    "number": "620100000001", "name": "phone", "source": "talk", "pk": 999_999, "code": "nothing", "outcome": "risk",
    "act": "cancel", "invitation": 999_999, "topic": "today",
}  # fmt: skip


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from _names(pattern.url_patterns, prefix + space)
        elif pattern.name:
            yield prefix + pattern.name


def _address(name: str) -> str:
    pattern = next(p for n, p in _patterns() if n == name)
    wanted = {key: ARGUMENTS[key] for key in pattern.pattern.converters}
    return reverse(name, kwargs=wanted)


def _patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern
        elif pattern.app_name != "admin":
            yield from _patterns(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def _without_token(answer) -> str:
    return re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode())


def test_the_matrix_lists_every_url():
    assert set(_names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.mark.parametrize("name", [name for name in MATRIX if name != "healthz"])
def test_who_gets_what(name, bank, customer, client, sign_in):
    method, data, expected = MATRIX[name]
    people = bank.actors()
    for actor in ACTORS:
        browser = client if actor == "nobody" else sign_in(people[actor])
        answer = (
            browser.generic(method, _address(name))
            if not data
            else getattr(browser, method.lower())(_address(name), data)
        )
        assert answer.status_code == expected[actor], f"{actor} {method} {name}"


def test_the_admin_site_shows_no_customers_to_anybody(bank, customer, sign_in):
    for actor in ("admin", "compliance", "superuser"):
        page = sign_in(bank.actors()[actor]).get(reverse("admin:index"))
        assert page.status_code == 200
        assert "customers/customer/" not in page.content.decode()
    for actor in ("owner", "agent", "supervisor"):
        assert sign_in(bank.actors()[actor]).get(reverse("admin:index")).status_code == 302


def test_a_denied_look_is_answered_like_an_unknown_number_and_audited(bank, customer, sign_in):
    browser = sign_in(bank.outsider)
    denied = browser.get(reverse("customer", args=[customer.number]))
    unknown = browser.get(reverse("customer", args=["000000000000"]))
    assert denied.status_code == unknown.status_code == 404
    assert _without_token(denied) == _without_token(unknown)
    rows = Entry.objects.filter(actor_id=bank.outsider.pk, result=Result.DENIED).order_by("id")
    assert [(entry.object_label, entry.object_ids) for entry in rows] == [
        (customer.number, [customer.pk]),
        ("000000000000", []),
    ]


def test_the_pool_of_a_branch_belongs_to_its_managers(bank, sign_in):
    pooled = make_customer("620100000002", "李静", bank.branch)
    for actor, status in {"owner": 200, "colleague": 200, "supervisor": 200, "outsider": 404, "agent": 404}.items():
        answer = sign_in(bank.actors()[actor]).get(reverse("customer", args=[pooled.number]))
        assert answer.status_code == status, actor


def test_cover_opens_the_absent_colleagues_customers_until_the_minute_it_ends(bank, customer, sign_in, time_machine):
    page = reverse("customer", args=[customer.number])
    end = timezone.now() + timedelta(hours=2)
    cover = give_cover(
        absent=bank.owner,
        to=bank.colleague,
        starts_at=timezone.now(),
        until=end,
        reason="annual leave",
        by=bank.supervisor,
    )
    later = make_customer("620100000003", "王蕾", bank.branch, owner=bank.owner)
    assert sign_in(bank.colleague).get(page).status_code == 200
    assert sign_in(bank.colleague).get(reverse("customer", args=[later.number])).status_code == 200
    time_machine.move_to(end - timedelta(seconds=1), tick=False)
    assert sign_in(bank.colleague).get(page).status_code == 200
    time_machine.move_to(end, tick=False)
    assert sign_in(bank.colleague).get(page).status_code == 404
    time_machine.move_to(end - timedelta(hours=1), tick=False)
    end_cover(cover, by=bank.supervisor)
    assert sign_in(bank.colleague).get(page).status_code == 404


def test_a_share_opens_one_customer_until_the_minute_it_ends(bank, customer, sign_in, time_machine):
    other = make_customer("620100000003", "王蕾", bank.branch, owner=bank.owner)
    end = timezone.now() + timedelta(days=1)
    share(customer, to=bank.colleague, until=end, reason="wants a mortgage", by=bank.supervisor)
    page = reverse("customer", args=[customer.number])
    assert sign_in(bank.colleague).get(page).status_code == 200
    assert sign_in(bank.colleague).get(reverse("customer", args=[other.number])).status_code == 404
    time_machine.move_to(end, tick=False)
    assert sign_in(bank.colleague).get(page).status_code == 404


def test_a_walk_in_opens_a_customer_for_thirty_minutes_and_the_owner_is_told(bank, customer, sign_in, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    browser = sign_in(bank.agent)
    page = reverse("customer", args=[customer.number])
    assert browser.get(page).status_code == 404
    opened = browser.post(reverse("customers:walk-in"), {"identifier": "138 0013 8000", "reason": "counter"})
    assert opened.status_code == 302
    assert opened.url == page
    assert browser.get(page).status_code == 200
    assert "周敏 served your customer 张伟明" in sign_in(bank.owner).get(reverse("notices")).content.decode()
    assert Entry.objects.filter(action=Action.WALK_IN, actor_id=bank.agent.pk, object_label=customer.number).exists()
    time_machine.shift(timedelta(minutes=30))
    assert sign_in(bank.agent).get(page).status_code == 404


def test_a_name_opens_nobody(bank, customer, sign_in):
    answer = sign_in(bank.agent).post(reverse("customers:walk-in"), {"identifier": "张伟明", "reason": "counter"})
    assert answer.status_code == 422
    assert "No customer has exactly this number" in answer.content.decode()
    assert 'value="张伟明"' in answer.content.decode()


def test_guessing_identifiers_ends_after_a_days_worth(bank, customer, sign_in, settings):
    settings.WALK_IN_DAILY_LIMIT = 2
    browser = sign_in(bank.agent)
    for guess in ("620100000008", "620100000009"):
        browser.post(reverse("customers:walk-in"), {"identifier": guess, "reason": "counter"})
    answer = browser.post(reverse("customers:walk-in"), {"identifier": customer.number, "reason": "counter"})
    assert answer.status_code == 422
    assert "as many customers as one person may in a day" in answer.content.decode()
    assert browser.get(reverse("customer", args=[customer.number])).status_code == 404


def test_a_walk_in_does_not_survive_leaving_the_role(bank, customer, sign_in):
    open_walk_in(bank.agent, customer, WalkInReason.COUNTER)
    bank.agent.groups.clear()
    assert sign_in(bank.agent).get(reverse("customer", args=[customer.number])).status_code == 404
    bank.owner.is_active = False
    bank.owner.save()
    assert sign_in(bank.owner).get(reverse("customer", args=[customer.number])).status_code == 302


def test_warnings_of_other_managers_customers_are_not_listed_and_not_noted(bank, customer, sign_in):
    warning = RiskWarning.objects.create(customer=customer, detector="large_move", cause="x", day=date(2026, 1, 1))
    alone = RiskWarning.objects.create(customer=customer, detector="structuring", cause="x", day=date(2026, 1, 1))
    name = customer.name.encode()
    assert name in sign_in(bank.owner).get(reverse("customers:warnings")).content
    assert name not in sign_in(bank.colleague).get(reverse("customers:warnings")).content
    note = reverse("customers:warning-note", args=[customer.number, warning.pk])
    assert sign_in(bank.outsider).post(note, {"note": "x"}).status_code == 404
    assert sign_in(bank.owner).post(note, {"note": ""}).status_code == 422
    assert sign_in(bank.owner).post(note, {"note": "买车"}).status_code == 200
    # What is compliance's alone is not there for a manager, even by its number.
    hidden = reverse("customers:warning-note", args=[customer.number, alone.pk])
    assert sign_in(bank.owner).get(hidden).status_code == 404
