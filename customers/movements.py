"""The movements of a customer: filters, and pages by keyset."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import DayInput
from crm.lib.keyset import storable
from crm.lib.money import digits, to_minor
from customers.models import Account, Category, Customer, MoneyChannel

PAGE_SIZE = 20
ANY = ("", _("any"))


class MovementFilter(forms.Form):
    """What to show of the movements; all of it optional."""

    account = forms.ChoiceField(label=_("Account"), required=False)
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=[ANY, ("in", _("in")), ("out", _("out"))]
    )
    category = forms.ChoiceField(label=_("For"), required=False, choices=[ANY, *Category.choices])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *MoneyChannel.choices])
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)
    least = forms.DecimalField(
        label=_("At least"), required=False, min_value=0, max_digits=15, decimal_places=digits(settings.BASE_CURRENCY)
    )
    text = forms.CharField(label=_("Counterparty"), required=False, max_length=40)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.filter(customer=customer).order_by("pk").values_list("pk", "number", "family")
        account = self.fields["account"]
        assert isinstance(account, forms.ChoiceField)
        account.choices = [ANY, *((str(pk), f"…{number[-4:]}") for pk, number, _family in accounts)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This lies before the first day."))
        return cleaned


@dataclass(frozen=True)
class Movement:
    """One line of the table. amount: minor units of `currency`."""

    booked_on: date
    booked_at: str
    amount: int
    currency: str
    category: str
    channel: str
    counterparty: str
    tail: str
    bank: str
    country: str
    own: bool
    account_tail: str


@dataclass(frozen=True)
class MovementPage:
    rows: list[Movement]
    cursor: str


_COLUMNS = """t.booked_on, t.booked_at, t.amount, t.currency, t.category, t.channel, t.counterparty,
    t.counterparty_tail, t.counterparty_bank, t.country, t.own, t.account_id, t.reference, right(a.number, 4)"""


def movements(customer: Customer, asked: dict[str, Any], cursor: str) -> MovementPage:
    """A page of PAGE_SIZE movements, newest first, after `cursor` ("" or a broken one: the newest).

    Booking days run down the partitions, so that a page reads the newest months only, however long the history.
    """
    conditions, given = _conditions(asked)
    given["customer"] = customer.pk
    position = _decode(cursor)
    if position is not None:
        conditions.append(
            "t.booked_on <= %(day)s AND (t.booked_on, t.account_id, t.reference)"
            " < (%(day)s::date, %(account_at)s::bigint, %(reference)s)"
        )
        given |= {"day": position[0], "account_at": position[1], "reference": position[2]}
    where = "".join(f" AND {condition}" for condition in conditions)
    with connection.cursor() as db:
        db.execute(
            f"SELECT {_COLUMNS} FROM customers_transaction t JOIN customers_account a ON a.id = t.account_id"  # noqa: S608
            f" WHERE t.customer_id = %(customer)s{where}"
            f" ORDER BY t.booked_on DESC, t.account_id DESC, t.reference DESC LIMIT {PAGE_SIZE + 1}",
            given,
        )
        rows = db.fetchall()
    following = _encode(rows[PAGE_SIZE - 1]) if len(rows) > PAGE_SIZE else ""
    return MovementPage([_movement(row) for row in rows[:PAGE_SIZE]], following)


def _conditions(asked: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions with their parameters, of what was asked for."""
    known: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
        "account": ("t.account_id = %(account)s", int),
        "category": ("t.category = %(category)s", str),
        "channel": ("t.channel = %(channel)s", str),
        "since": ("t.booked_on >= %(since)s", None),
        "until": ("t.booked_on <= %(until)s", None),
        "least": ("abs(t.base_amount) >= %(least)s", lambda value: to_minor(Decimal(value), settings.BASE_CURRENCY)),
        "text": ("position(lower(%(text)s) IN lower(t.counterparty || ' ' || t.counterparty_bank)) > 0", str),
    }
    conditions, given = [], {}
    for name, (condition, convert) in known.items():
        if asked.get(name):
            conditions.append(condition)
            given[name] = convert(asked[name]) if convert else asked[name]
    if asked.get("direction"):
        conditions.append("t.amount > 0" if asked["direction"] == "in" else "t.amount < 0")
    return conditions, given


def _movement(row: tuple[Any, ...]) -> Movement:
    booked_on, at, amount, currency, category, channel, counterparty, tail, bank, country, own, *_rest = row
    return Movement(
        booked_on, f"{at:%H:%M}" if at else "", amount, currency,
        str(Category(category).label) if category in Category.values else category,
        str(MoneyChannel(channel).label) if channel in MoneyChannel.values else channel,
        counterparty, tail, bank, country, own, row[-1],
    )  # fmt: skip


def _encode(row: tuple[Any, ...]) -> str:
    text = json.dumps([row[0].isoformat(), row[11], row[12]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[date, int, str] | None:
    try:
        day, account, reference = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if abs(account) >= 2**63:
            return None
        return date.fromisoformat(day), int(account), storable(str(reference))
    except (ValueError, TypeError, OverflowError):
        return None
