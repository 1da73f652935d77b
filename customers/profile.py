"""The profile fields: which the service requires, which are optional, and what a customer declined to tell.

A form carries the stamp of the value it was opened with. Who saves over another value than that is told of it first,
with both, and decides; nobody's words are lost.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers import facts as learnt
from customers.identifiers import IDENTIFIERS, sealed_columns
from customers.models import Customer


@dataclass(frozen=True)
class ProfileField:
    """One fact of the profile.

    required: the service cannot be given without it (PIPL Art. 16), so it cannot be declined.
    """

    name: str
    label: StrOrPromise
    required: bool = False

    @property
    def sealed(self) -> bool:
        return self.name in IDENTIFIERS


PROFILE = (
    ProfileField("phone", _("phone"), required=True),
    ProfileField("id_number", _("ID number"), required=True),
    ProfileField("birth_date", _("birth date"), required=True),
    ProfileField("gender", _("gender"), required=True),
    ProfileField("email", _("e-mail")),
    ProfileField("district", _("district")),
    ProfileField("address", _("street address")),
    ProfileField("occupation", _("occupation")),
    ProfileField("employer", _("employer")),
    ProfileField("income_band", _("yearly income")),
    ProfileField("education", _("education")),
    ProfileField("marital_status", _("marital status")),
    ProfileField("preferred_channel", _("preferred channel")),
)
FIELDS = {field.name: field for field in PROFILE}


@dataclass(frozen=True)
class Fact:
    """A profile field with what may be shown of its value, for one customer."""

    field: ProfileField
    shown: str
    declined: bool


def facts(customer: Customer) -> list[Fact]:
    """All profile fields of `customer` as they may stand on a page: identifiers masked, choices in words."""
    return [Fact(field, shown(customer, field), field.name in customer.declined) for field in PROFILE]


def shown(customer: Customer, field: ProfileField) -> str:
    """What may stand on a page of the value: an identifier masked, a choice in words, "" where it is unknown."""
    if field.sealed:
        return customer.masked(field.name)
    if field.name == "birth_date":
        return customer.birth_date.isoformat() if customer.birth_date else ""
    display = getattr(customer, f"get_{field.name}_display", None)
    return str(display() if display else getattr(customer, field.name))


class ChangedMeanwhileError(Exception):
    """Somebody else saved another value since the form was opened."""


def stamp(customer: Customer, name: str) -> str:
    """Tells one value of the field `name` from another without giving any away, that it was declined included."""
    stored = getattr(customer, IDENTIFIERS[name].sealed if name in IDENTIFIERS else name)
    value = bytes(stored).hex() if isinstance(stored, bytes | memoryview) else str(stored or "")
    return salted_hmac(f"profile {customer.number} {name}", f"{value} {name in customer.declined}").hexdigest()


def _unchanged(customer: Customer, name: str, opened: str, to: object) -> None:
    """Lock `customer`, take up what they hold now, and raise ChangedMeanwhileError where `name` is neither as it was
    `opened` (a stamp; "": not asked) nor `to` already."""
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    customer.declined = locked.declined
    if not opened or constant_time_compare(stamp(locked, name), opened):
        return
    if name not in locked.declined and name not in IDENTIFIERS and getattr(locked, name) == to:
        return
    raise ChangedMeanwhileError


@transaction.atomic
def change(customer: Customer, name: str, value: object, *, by: User, opened: str = "") -> None:
    """Set the profile field `name` to a clean `value` (identifiers in normal form). The audit names the field, and
    carries old and new value only where the field is not an identifier.

    opened: the stamp that the form was opened with. Raises ChangedMeanwhileError where that is no longer the value.
    """
    _unchanged(customer, name, opened, value)
    _set(customer, name, value, by)
    learnt.note(customer, name, str(value or ""), by=by)


def _set(customer: Customer, name: str, value: object, by: User) -> None:
    field = FIELDS[name]
    detail: dict[str, object] = {"field": name}
    if field.sealed:
        columns = sealed_columns(customer.number, {name: str(value)})
        for column, sealed in columns.items():
            setattr(customer, column, sealed)
    else:
        columns = {name: None}
        detail |= {"from": str(getattr(customer, name) or ""), "to": str(value or "")}
        setattr(customer, name, value)
    customer.declined = [other for other in customer.declined if other != name]
    customer.save(update_fields=[*columns, "declined", "updated_at"])
    _record(customer, by, detail)


@transaction.atomic
def decline(customer: Customer, name: str, *, by: User, opened: str = "") -> None:
    """Note that `customer` does not want to tell `name`: it is emptied and never asked again.

    Raises ValueError for a required field, and ChangedMeanwhileError as `change` does.
    """
    if FIELDS[name].required:
        raise ValueError(f"{name} is required by the service")
    _unchanged(customer, name, opened, None)
    _set(customer, name, "", by)
    customer.facts.filter(name=name).delete()
    customer.declined = [*customer.declined, name]
    customer.save(update_fields=["declined"])
    _record(customer, by, {"field": name, "declined": True})


def _record(customer: Customer, by: User, detail: dict[str, object]) -> None:
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        detail=detail,
    )
