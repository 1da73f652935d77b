"""`import customers`: people known to the bank, by customer number."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.dates import bank_day, start_of_day
from customers import identifiers, names
from customers.importing import values as typed
from customers.importing.customers_sql import CHILD_CONSENTS, DECISION, KEEP, KNOWN, upsert
from customers.importing.dates import parse_date
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import counted, decide, write
from customers.importing.values import Json, Target
from customers.importing.words import (
    CHANNEL_WORDS,
    EDUCATION_WORDS,
    GENDER_WORDS,
    HEADINGS,
    ID_WORDS,
    MARITAL_WORDS,
    STATUS_WORDS,
)
from customers.models import Channel, Education, Gender, IdKind, IncomeBand, Marital, Status
from customers.profile import FIELDS

SEALED = tuple(identifiers.IDENTIFIERS)


def declinable(text: str) -> str:
    """The optional profile field called `text`, by its name or a usual heading."""
    wanted = text.strip().casefold()
    for name, field in FIELDS.items():
        if wanted in {name, *(heading.casefold() for heading in HEADINGS[name])}:
            if field.required:
                raise ValidationError(
                    _("“%(name)s” is required by the service: it cannot be declined.") % {"name": text}
                )
            return name
    raise ValidationError(_("“%(name)s” is no profile field.") % {"name": text})


def employee_number(text: str) -> str:
    """An employee number, which only has to be one that exists."""
    return str(typed.exact_text(20)(text))


def _identifier(text: str) -> str:
    return str(typed.plain(str.strip)(text))


def _target(name: str, parse: Callable[[str], Json], *, required: bool = False, dated: bool = False) -> Target:
    return Target(name, parse, required, HEADINGS[name], dated)


TARGETS = (
    _target("number", typed.key, required=True),
    _target("name", typed.exact_text(120), required=True),
    _target("gender", typed.choice(Gender, GENDER_WORDS)),
    _target("birth_date", typed.past_day, dated=True),
    _target("id_kind", typed.choice(IdKind, ID_WORDS)),
    _target("id_number", _identifier),
    _target("phone", typed.plain(identifiers.normal_phone)),
    _target("email", typed.plain(identifiers.normal_email)),
    _target("address", typed.plain(identifiers.normal_address)),
    _target("district", typed.exact_text(60)),
    _target("occupation", typed.exact_text(60)),
    _target("employer", typed.exact_text(80)),
    _target("income_band", typed.choice(IncomeBand)),
    _target("education", typed.choice(Education, EDUCATION_WORDS)),
    _target("marital_status", typed.choice(Marital, MARITAL_WORDS)),
    _target("preferred_channel", typed.choice(Channel, CHANNEL_WORDS)),
    _target("owner", employee_number),
    _target("branch", typed.exact_text(20), required=True),
    _target("since", typed.past_day, dated=True),
    _target("status", typed.choice(Status, STATUS_WORDS)),
    _target("guardian_name", typed.exact_text(120)),
    _target("guardian_consent_on", typed.past_day, dated=True),
    _target("declined", typed.listed(declinable)),
)
PLAIN = frozenset(target.name for target in TARGETS) - {*SEALED, "number", "guardian_consent_on"}


class Customers(ImportKind):
    """A column that is absent leaves what is known; an empty cell of a column that is there empties the field."""

    name = "customers"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        number = str(values.get("number") or "")
        data: dict[str, Json] = {name: value for name, value in values.items() if name in PLAIN}
        if values.get("guardian_consent_on"):
            data["guardian_at"] = start_of_day(parse_date(str(values["guardian_consent_on"]))).isoformat()
        data |= _spoken(str(values.get("name") or ""))
        self._check_id(values, data, problems)
        self._check_declined(values, problems)
        if number and not problems:
            present = {name: str(values[name] or "") for name in SEALED if name in values}
            sealed = identifiers.sealed_columns(number, present)
            data |= {column: f"\\x{value.hex()}" if value else None for column, value in sealed.items()}
        return number, data

    def _check_id(self, values: Values, data: dict[str, Json], problems: Problems) -> None:
        """Bring the ID number into normal form by its kind; without a kind it is a resident card's."""
        text = values.get("id_number")
        if "id_number" in values and not values.get("id_kind"):
            data["id_kind"] = IdKind.RESIDENT.value if text else None
        if not text or ("id_kind" not in values and "id_kind" in problems.targets):
            return
        try:
            values["id_number"] = identifiers.normal_id_number(str(text), str(data["id_kind"]))
        except ValidationError as error:
            problems.add("id_number", error)

    def _check_declined(self, values: Values, problems: Problems) -> None:
        declined = values.get("declined")
        for name in declined if isinstance(declined, list) else ():
            if values.get(name):
                problems.add("declined", _("“%(name)s” is declined, yet the row has a value for it.") % {"name": name})

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        """See ImportKind.settle. Customers first, then the guardians' consents that their children need."""
        now = timezone.now()
        branches = None if plan.branches is None else list(plan.branches)
        parameters: dict[str, Any] = {"now": now, "day": bank_day(), "branches": branches, "upload": plan.keep}
        present = plan.present | ({"id_kind"} if "id_number" in plan.present else set())
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        if plan.keep is not None:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.known")
            cursor.execute(KNOWN)
        inserted, updated = write(cursor, upsert(present), parameters)
        if plan.keep is not None:
            cursor.execute(KEEP, parameters)
        if "guardian_consent_on" in present:
            cursor.execute(CHILD_CONSENTS, parameters)
            updated += cursor.fetchone()[0]
        return counted(valid, rejected, inserted, updated)


def _spoken(name: str) -> dict[str, Json]:
    """Pinyin and initials of `name` and of its second reading, cut to what the columns hold."""
    if not name:
        return {}
    first, *others = names.readings(name)
    second = others[0] if others else names.Reading("", "")
    return {
        "pinyin": first.pinyin[:160], "initials": first.initials[:40],
        "sort_name": first.sort_name[:161],
        "pinyin_2": second.pinyin[:160], "initials_2": second.initials[:40],
    }  # fmt: skip


KIND = Customers()
