"""The profile fields: which the service requires, which are optional, and what a customer declined to tell."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
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
    return [Fact(field, _shown(customer, field), field.name in customer.declined) for field in PROFILE]


def _shown(customer: Customer, field: ProfileField) -> str:
    if field.sealed:
        return customer.masked(field.name)
    if field.name == "birth_date":
        return customer.birth_date.isoformat() if customer.birth_date else ""
    display = getattr(customer, f"get_{field.name}_display", None)
    return str(display() if display else getattr(customer, field.name))


@transaction.atomic
def change(customer: Customer, name: str, value: object, *, by: User) -> None:
    """Set the profile field `name` to a clean `value` (identifiers in normal form). The audit names the field, and
    carries old and new value only where the field is not an identifier."""
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
def decline(customer: Customer, name: str, *, by: User) -> None:
    """Note that `customer` does not want to tell `name`: it is emptied and never asked again.

    Raises ValueError for a required field.
    """
    if FIELDS[name].required:
        raise ValueError(f"{name} is required by the service")
    change(customer, name, "", by=by)
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
