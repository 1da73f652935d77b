"""The machine of the night: order, once each, set aside what fails, publish, begin again, refuse."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation

from crm.celery import app
from crm.lib.dates import bank_day, start_of_day
from crm.nightly import chunks, freshness, starting, tasks
from crm.nightly.models import Chunk, Run, SetAside
from crm.nightly.working import _do, work
from customers.models import Balance, ChangedDay, Features
from tests.customers.money import create_months, hold, make_account
from tests.factories import make_customer

DAY = bank_day() - timedelta(days=1)
HERE = "tests.nightly.steps"


@pytest.fixture
def six(bank):
    return [make_customer(f"C{number}", "王一", bank.branch) for number in range(6)]


@pytest.fixture
def toys(settings):
    """`toys("FIRST", "SECOND")`: a night of these steps, in chunks of two customers."""

    def use(*names: str) -> None:
        settings.NIGHT_STEPS = [f"{HERE}.{name}" for name in names]
        settings.NIGHT_WORKLIST = [f"{HERE}.COUNTING"]
        settings.NIGHT_STATISTICS = []
        settings.NIGHT_CLEANUP = []
        settings.NIGHT_ASIDE = []
        settings.NIGHT_CHUNK = 2

    return use


@pytest.fixture
def celery_at_once():
    """Whoever sends a task does it: Celery's own way of trying what tasks do."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def night(day: date = DAY, **options) -> Run:
    run = starting.start(day, **options)
    work(run.pk)
    run.refresh_from_db()
    return run


def test_every_step_does_every_customer_once_and_all_is_published(six, toys):
    toys("FIRST", "SECOND")
    run = night()
    assert run.state == "done"
    assert run.counts == {"counted": 12}
    assert [(step.name, step.state, step.chunks.count()) for step in run.steps.all()] == [
        ("first", "done", 3), ("second", "done", 3),
    ]  # fmt: skip
    assert Run.objects.filter(published_at__lte=F("finished_at")).get() == run


def test_a_step_begins_when_the_one_before_is_done(six, toys):
    toys("FIRST", "SECOND")
    first, second = night().steps.all()
    assert first.chunks.count() == 3
    assert not first.chunks.filter(finished_at__gt=second.started_at).exists()


def test_one_customer_who_makes_it_fail_is_set_aside_and_the_rest_goes_on(six, toys):
    toys("POISONED", "SECOND")
    run = night()
    assert run.state == "done"
    aside = SetAside.objects.get(run=run)
    assert (aside.step, aside.customer_id) == ("poisoned", six[3].pk)
    assert "division by zero" in aside.reason
    assert run.counts == {"counted": 10}  # the step after it leaves that customer out


def too_much(account, day):
    """A balance of which two are more than a sum can hold."""
    create_months(day, day)
    Balance.objects.create(
        account_id=account.pk, customer_id=account.customer_id, day=day, amount=1, base_amount=9 * 10**18,
        change=9 * 10**18,
    )  # fmt: skip
    ChangedDay.objects.create(customer_id=account.customer_id, day=day)


@pytest.mark.parametrize("full", [True, False])
def test_who_was_set_aside_stays_as_they_were_and_is_taken_up_again_by_the_next_night(bank, customer, full):
    other = make_customer("C1", "王一", bank.branch)
    first = make_account(customer)
    hold(first, DAY - timedelta(days=2), 1000)
    hold(make_account(other), DAY - timedelta(days=2), 1000)
    night(DAY - timedelta(days=2))
    before = Features.objects.filter(customer=customer).values().get()

    hold(first, DAY - timedelta(days=1), 500)
    hold(make_account(other), DAY - timedelta(days=1), 500)
    for _number in range(2):
        too_much(make_account(customer), DAY)
    run = night(DAY, full=full)
    assert run.state == "done"
    assert set(run.set_aside.values_list("customer_id", flat=True)) == {customer.pk}
    assert Features.objects.filter(customer=customer).values().get() == before
    assert Features.objects.get(customer=other).aum == 150_000

    # The wrong balances go; no import tells of the day whose balance was right.
    Balance.objects.filter(customer_id=customer.pk, base_amount=9 * 10**18).delete()
    run = night(DAY)
    assert not run.full
    assert not run.set_aside.exists()
    assert Features.objects.get(customer=customer).aum == 50_000
    assert not ChangedDay.objects.exists()


def test_more_set_aside_than_is_believable_fails_the_night(six, toys, settings):
    settings.NIGHT_SET_ASIDE_MOST = 0
    toys("POISONED", "SECOND")
    assert night().state == "failed"


def test_a_mistake_in_a_step_fails_the_night_at_once_and_people_are_told(six, toys, settings):
    settings.NIGHT_MAIL_TO = ["night@bank.example"]
    toys("FIRST", "WRONG")
    run = night()
    assert (run.state, SetAside.objects.count()) == ("failed", 0)
    assert "no_such_column" in run.error
    assert len(mail.outbox) == 1
    assert str(DAY) in mail.outbox[0].subject


@pytest.mark.parametrize("mistake", ["careless step", "publication"])
def test_a_mistake_in_a_plan_or_a_publication_fails_the_night_too(six, toys, settings, mistake):
    toys(*(["FIRST", "CARELESS"] if mistake == "careless step" else ["FIRST"]))
    if mistake == "publication":
        settings.NIGHT_WORKLIST = [f"{HERE}.COUNTING", f"{HERE}.FAILING"]
    run = night()
    assert (run.state, run.counts, run.published_at) == ("failed", {}, None)
    assert "no such setting" in run.error or "no_such_column" in run.error


def test_mail_quotes_nothing_of_a_customer(six, toys, settings):
    settings.NIGHT_MAIL_TO = ["night@bank.example"]
    settings.NIGHT_SET_ASIDE_MOST = 0
    toys("QUOTING")
    assert "王一" in night().error
    assert "王一" not in f"{mail.outbox[0].subject} {mail.outbox[0].body}"


def test_a_worker_whose_lease_lapsed_commits_nothing(six, toys):
    toys("FIRST")
    run = starting.start(DAY)
    step = chunks.current_step(run)
    lost = chunks.claim(step)
    Chunk.objects.filter(pk=lost.chunk.pk).update(lease_until=Now() - timedelta(seconds=1))
    taken = chunks.claim(step)
    assert taken.chunk.pk == lost.chunk.pk
    _do(lost, run)
    assert Chunk.objects.get(pk=lost.chunk.pk).state == "running"
    _do(taken, run)
    assert Chunk.objects.get(pk=taken.chunk.pk).state == "done"


def test_a_second_worker_finds_nothing_to_do(six, toys):
    toys("FIRST")
    run = night()
    work(run.pk)
    run.refresh_from_db()
    assert run.counts == {"counted": 6}


def test_only_one_night_runs_at_a_time_and_only_of_days_that_are_over(six, toys):
    toys("FIRST")
    starting.start(DAY)
    with translation.override("en"):
        with pytest.raises(starting.NightRefusedError, match="is running"):
            starting.start(DAY - timedelta(days=1))
        with pytest.raises(starting.NightRefusedError, match="not over yet"):
            starting.start(bank_day() + timedelta(days=1))


def test_when_everything_is_computed_anew(six, toys, settings):
    toys("FIRST")
    with translation.override("en"):
        assert night(DAY - timedelta(days=2)).why_full == "the first night"
        assert night(DAY - timedelta(days=1)).why_full == ""
        assert night(DAY - timedelta(days=1), full=True).why_full == "asked for"
        assert night(DAY - timedelta(days=3)).why_full == "a later day had its night already"
        # The night of the earlier day took up changes as answered that this one has not seen.
        assert night(DAY).full
        ChangedDay.objects.create(customer_id=None, day=DAY)
        assert "much was imported at once" in night(DAY).why_full
        settings.NIGHT_DEFINITIONS = [f"{__name__}.other_definitions"]
        ChangedDay.objects.all().delete()
        assert night(DAY).why_full == "the definitions changed"


def other_definitions() -> str:
    return "others"


def test_attempts_of_a_day_are_kept_and_the_second_changes_nothing(customer):
    hold(make_account(customer), DAY, 1000)
    first, second = night(), night()
    assert (first.attempt, second.attempt) == (1, 2)
    assert sum(first.counts.values()) > 0
    assert sum(second.counts.values()) == 0
    assert Features.objects.get(customer=customer).aum == 100_000


def test_a_night_that_nobody_works_on_is_told_from_one_in_progress(six, toys, settings):
    toys("FIRST")
    run = starting.start(DAY)
    assert not tasks._deserted(run)  # its workers may be on their way
    settings.NIGHT_LEASE_SECONDS = 0
    assert tasks._deserted(run)
    step = chunks.current_step(run)
    settings.NIGHT_LEASE_SECONDS = 60
    chunks.claim(step)
    settings.NIGHT_LEASE_SECONDS = 0
    assert not tasks._deserted(run)  # somebody has a live lease


def test_a_deserted_night_is_finished_by_the_workers_that_the_watch_sends(six, toys, settings, celery_at_once):
    toys("FIRST", "SECOND")
    run = starting.start(DAY)
    chunks.claim(chunks.current_step(run))  # by a worker that is gone
    tasks.watch()
    assert Run.objects.get().state == "running"
    Chunk.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))
    settings.NIGHT_LEASE_SECONDS = 0
    tasks.watch()
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"counted": 12})


def test_the_night_starts_by_itself_and_once(six, toys, celery_at_once, caplog):
    toys("FIRST")
    tasks.start()
    assert [(run.day, run.state) for run in Run.objects.all()] == [(DAY, "done")]
    starting.start(DAY)
    tasks.start()
    assert "the night did not start" in caplog.text


def test_a_night_that_is_late_is_mailed_once(six, toys, settings, time_machine):
    settings.NIGHT_MAIL_TO = ["night@bank.example"]
    toys("FIRST")
    midnight = start_of_day(bank_day())
    time_machine.move_to(midnight + timedelta(hours=1), tick=False)
    starting.start(DAY)
    time_machine.move_to(midnight + timedelta(hours=5, minutes=59), tick=False)
    tasks._tell_if_late()
    assert mail.outbox == []
    time_machine.move_to(midnight + timedelta(hours=6), tick=False)
    tasks._tell_if_late()
    tasks._tell_if_late()
    assert [str(DAY) in message.subject for message in mail.outbox] == [True]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--resume"], "no night is running"), (["--date", "2999-01-01"], "not over yet")],
)
def test_the_command_refuses_in_one_line(db, arguments, message):
    with translation.override("en"), pytest.raises(CommandError, match=message):
        call_command("night", *arguments)


@pytest.mark.parametrize(
    ("day", "state", "words"),
    [
        (DAY, "done", None),
        (DAY - timedelta(days=4), "done", "Last night did not finish: figures are of"),
        (DAY, "running", "The night is running"),
        (DAY, "failed", "Last night did not finish: figures are of"),
        (None, "", "No night has run yet"),
    ],
)
def test_pages_say_honestly_how_fresh_their_figures_are(bank, customer, sign_in, day, state, words):
    if state == "failed":
        earlier = timezone.now() - timedelta(days=1)
        Run.objects.create(
            day=day - timedelta(days=1), attempt=1, full=True, definitions="", state="done", started_at=earlier
        )
    if day:
        Run.objects.create(day=day, attempt=1, full=True, definitions="", state=state)
    freshness.forget()
    page = sign_in(bank.owner).get(reverse("customers:list")).content.decode()
    notes = ("Last night did not finish", "The night is running", "No night has run yet")
    assert [note for note in notes if note in page] == ([words.removesuffix(": figures are of")] if words else [])


def test_the_admin_sees_nights_and_restarts_one(bank, six, toys, sign_in, django_capture_on_commit_callbacks):
    toys("WRONG")
    failed = night()
    toys("FIRST")
    client = sign_in(bank.admin)
    page = client.get(reverse("admin:nightly_run_changelist")).content.decode()
    assert str(DAY.year) in page
    assert "no_such_column" in client.get(reverse("admin:nightly_run_change", args=[failed.pk])).content.decode()
    chunks_of_step = f"{reverse('admin:nightly_chunk_changelist')}?step__id__exact={failed.steps.get().pk}"
    assert chunks_of_step in client.get(reverse("admin:nightly_run_change", args=[failed.pk])).content.decode()
    assert client.get(chunks_of_step).context["cl"].result_count == 3
    client.post(reverse("admin:nightly_run_changelist"), {"action": "restart", "_selected_action": [failed.pk]})
    again = Run.objects.latest("pk")
    assert (again.day, again.attempt, again.state, again.by) == (DAY, 2, "running", bank.admin)


def test_nobody_else_starts_a_night(bank, sign_in):
    for person in (bank.compliance, bank.owner):
        assert sign_in(person).post(reverse("admin:nightly_run_start")).status_code in (302, 403)
    assert not Run.objects.exists()
