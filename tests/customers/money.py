"""Accounts, balances and movements for tests, written as imports write them, and a night run in the test's transaction."""

import itertools
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from crm.lib.night import Night, Part
from customers.models import Account, AccountParty, Balance, ChangedDay, Customer, Transaction

_numbers = itertools.count(1)
_references = itertools.count(1)
_runs = itertools.count(1)


def create_months(first: date, last: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_create_months(%s, %s)", [first, last])


def make_account(customer: Customer, *, family: str = "current", opened_on: date = date(2020, 1, 1)) -> Account:
    account = Account.objects.create(
        number=f"6222{next(_numbers):08}", customer=customer, family=family, opened_on=opened_on
    )
    AccountParty.objects.create(account=account, customer=customer, role="owner")
    return account


def minor(yuan: float | str) -> int:
    return int(Decimal(str(yuan)) * 100)


def move(account: Account, day: date, yuan: float, *, category: str = "transfer", channel: str = "mobile", **fields):
    """Book a movement of `yuan` (negative: out)."""
    create_months(day, day)
    values = {
        "currency": "CNY", "counterparty": "", "counterparty_tail": "", "counterparty_bank": "", "country": "",
        "reference": f"T{next(_references):07}", "base_amount": minor(yuan),
    } | fields  # fmt: skip
    booked = Transaction.objects.create(
        account_id=account.pk, customer_id=account.customer_id, booked_on=day, amount=minor(yuan), category=category,
        channel=channel, **values,
    )  # fmt: skip
    ChangedDay.objects.create(customer_id=account.customer_id, day=day)
    return booked


def hold(account: Account, day: date, yuan: float) -> None:
    """The account has `yuan` at the end of `day`, whatever was known of the days around it."""
    create_months(day, day)
    before = Balance.objects.filter(account_id=account.pk, day__lt=day).order_by("-day").first()
    after = Balance.objects.filter(account_id=account.pk, day__gt=day).order_by("day").first()
    Balance.objects.filter(account_id=account.pk, day=day).delete()
    Balance.objects.create(
        account_id=account.pk, customer_id=account.customer_id, day=day, amount=minor(yuan), base_amount=minor(yuan),
        change=minor(yuan) - (before.base_amount if before else 0),
    )  # fmt: skip
    ChangedDay.objects.create(customer_id=account.customer_id, day=day)
    if after:
        Balance.objects.filter(account_id=account.pk, day=after.day).update(change=after.base_amount - minor(yuan))
        ChangedDay.objects.create(customer_id=account.customer_id, day=after.day)


def run_night(day: date, *, full: bool = False) -> int:
    """One night as crm.nightly composes it, its parts one after the other; returns the rows published."""
    night = Night(next(_runs), day, full)
    first, last = Customer.objects.order_by("pk").first().pk, Customer.objects.order_by("pk").last().pk
    written = 0
    with connection.cursor() as cursor:
        for path in settings.NIGHT_STEPS:
            step = import_string(path)
            for part in step.parts(cursor, night, [Part(first, last)]):
                step.work(cursor, night, part)
        for path in (*settings.NIGHT_WORKLIST, *settings.NIGHT_STATISTICS):
            written += import_string(path).publish(cursor, night)
        for table in ("change", "features", "membership", "finding", "portrait"):
            cursor.execute(f"DELETE FROM customers_staged{table} WHERE run = %s", [night.run])
    return written
