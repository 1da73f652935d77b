"""Building the demo bank, in one transaction: all of it or nothing."""

from collections.abc import Callable
from datetime import date
from time import monotonic

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import Branch
from crm.workspace.demo import growth, people, population
from crm.workspace.demo.care import tell_care
from crm.workspace.demo.cases import insert_cases
from crm.workspace.demo.cast import CAST
from crm.workspace.demo.consents import insert_consents
from crm.workspace.demo.conversations import insert_conversations, keep_last_contacts
from crm.workspace.demo.doubles import plant_doubles
from crm.workspace.demo.draw import create_draw
from crm.workspace.demo.family import tell_families
from crm.workspace.demo.journeys import insert_journeys
from crm.workspace.demo.keep import mature_deposits
from crm.workspace.demo.long_line import write_long_line
from crm.workspace.demo.messages import write_messages
from crm.workspace.demo.money import fill_money
from crm.workspace.demo.names import GIVEN_SLOTS, SURNAME_SLOTS
from crm.workspace.demo.people import Login
from crm.workspace.demo.rulebook import write_rulebook
from crm.workspace.demo.surveys import insert_surveys
from crm.workspace.demo.teams import lead_teams
from crm.workspace.demo.told import plan_stories, tell_stories
from crm.workspace.demo.troubles import insert_plans, insert_troubles
from crm.workspace.demo.whole import make_whole
from customers.models import Customer

FEWEST = len(CAST)
GROWN = (
    "staff_branch", "staff_user", "staff_user_groups", "customers_customer", "customers_consent", "customers_account",
    "customers_accountparty", "customers_holding", "customers_loan", "customers_loanstate", "customers_transaction",
    "customers_balance", "interactions_interaction", "interactions_lastcontact", "interactions_channelevent",
    "interactions_complaint", "interactions_refusal", "interactions_reminder", "interactions_survey",
)  # fmt: skip
Report = Callable[[str], None]

# For this transaction: hash joins in memory; in a large bank name grams merge into their index in few large steps.
_WORK_MEMORY = "SET LOCAL work_mem = '256MB'"
_PENDING_GRAMS = "SET LOCAL gin_pending_list_limit = '256MB'"


def is_empty() -> bool:
    """Whether the bank has neither customers nor branches, so that a demo cannot mix with anything real."""
    return not Customer.objects.exists() and not Branch.objects.exists()


def build(customers: int, seed: int, report: Report, day: date | None = None) -> list[Login]:
    """Fill the empty bank with `customers` people (at least FEWEST); returns how its staff sign in.

    The same seed on the same `day` (default: the bank's today) makes the same bank, but for the passwords.
    """
    day = day or bank_day()
    started = monotonic()

    def tell(step: str) -> None:
        report(f"{monotonic() - started:6.1f} s  {step}")

    with transaction.atomic():
        branches = people.create_branches()
        logins = people.create_people(branches)
        people.give_leave_cover(day)
        tell(f"{len(logins)} people")
        _fill(customers, seed, day, tell)
        record(
            Action.CREATE, by=None, object_type="customer", label="demo", detail={"customers": customers, "seed": seed}
        )
    if customers >= growth.LARGE:
        _vacuum()
        tell("statistics refreshed")
    return logins


def _fill(customers: int, seed: int, day: date, tell: Report) -> None:
    size, now = growth.size_for(customers), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_WORK_MEMORY)
        if customers >= growth.LARGE:
            cursor.execute(_PENDING_GRAMS)
        create_draw(cursor, seed)
        population.prepare(cursor, day)
        growth.grow(cursor, size, surname_slots=SURNAME_SLOTS, given_slots=GIVEN_SLOTS)
        population.draw(cursor, customers=customers, owned_percent=size.owned_percent, seed=seed, day=day)
        tell(f"{customers:,} customers drawn")
        population.seal(cursor, customers, tell)
        tell("identifiers sealed")
        population.insert_customers(cursor, day=day, now=now)
        tell(f"{customers:,} customers written")
        answers = insert_consents(cursor, day=day, now=now)
        tell(f"{answers:,} consents written")
        plant_doubles()
        fill_money(cursor, customers=customers, seed=seed, day=day, tell=tell)
        mature_deposits(cursor, day)
        _converse(cursor, customers, seed, day, tell)


def _converse(cursor: CursorWrapper, customers: int, seed: int, day: date, tell: Report) -> None:
    """What was said, done on channels, complained of and planned. Wants what `fill_money` leaves of customers' lives."""
    talks = insert_conversations(cursor, customers=customers, seed=seed, day=day)
    tell(f"{talks:,} conversations written")
    events = insert_journeys(cursor, customers=customers, seed=seed, day=day)
    tell(f"{events:,} channel events written")
    insert_troubles(cursor, customers=customers, day=day)
    tell_stories(cursor, day)
    write_long_line(cursor, seed=seed, day=day)
    keep_last_contacts(cursor)
    insert_plans(cursor, day=day)
    plan_stories(cursor, day)
    insert_surveys(cursor, day)
    insert_cases(cursor, day)
    tell_families(day)
    tell_care(day)
    make_whole(day)
    write_messages(day)
    lead_teams(day)
    write_rulebook(day)
    tell("complaints, refusals and plans written")


def _vacuum() -> None:
    """VACUUM ANALYZE what grew, as the role that owns it: until autovacuum comes by, plans for a million rows would be
    wrong, and searches by name would read the grams that wait for their index."""
    with connections["owner"].cursor() as cursor:
        for table in GROWN:
            cursor.execute(f"VACUUM ANALYZE {table}")
