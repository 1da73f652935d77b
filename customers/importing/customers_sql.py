"""The set-based half of `import customers`: rules over the staged rows, and the statements that write them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from customers.consent import GUARDED_AGE
from customers.importing.sql import DUPLICATE, Decision, Rule
from customers.models import ConsentPurpose, LegalBasis, Means, Status
from customers.profile import FIELDS

TYPES = {
    "name": "text",
    "pinyin": "text",
    "initials": "text",
    "sort_name": "text",
    "pinyin_2": "text",
    "initials_2": "text",
    "gender": "text",
    "birth_date": "date",
    "id_kind": "text",
    "id_number_sealed": "bytea",
    "id_number_index": "bytea",
    "phone_sealed": "bytea",
    "phone_index": "bytea",
    "phone_tail_index": "bytea",
    "email_sealed": "bytea",
    "address_sealed": "bytea",
    "district": "text",
    "occupation": "text",
    "employer": "text",
    "income_band": "text",
    "education": "text",
    "marital_status": "text",
    "preferred_channel": "text",
    "owner": "text",
    "branch": "text",
    "since": "date",
    "status": "text",
    "guardian_name": "text",
    "guardian_at": "timestamptz",
    "declined": "varchar[]",
}

# Target -> the columns of customers_customer it fills, where they differ from its own name.
COLUMNS = {
    "name": ("name", "pinyin", "initials", "sort_name", "pinyin_2", "initials_2"),
    "id_number": ("id_number_sealed", "id_number_index"),
    "phone": ("phone_sealed", "phone_index", "phone_tail_index"),
    "email": ("email_sealed",),
    "address": ("address_sealed",),
    "owner": ("owner_id",),
    "branch": ("branch_id",),
}
PLACES = (
    "gender",
    "birth_date",
    "id_kind",
    "district",
    "occupation",
    "employer",
    "income_band",
    "education",
    "marital_status",
    "preferred_channel",
    "since",
    "status",
)
NULLABLE = frozenset({"birth_date", "since", "owner_id", *(name for name, kind in TYPES.items() if kind == "bytea")})
OPTIONAL = tuple(name for name, field in FIELDS.items() if not field.required)

# A staged customer is a child if born after this day (PIPL Art. 31).
_CHILD = f"t.birth_date > %(day)s::date - interval '{GUARDED_AGE} years' AND NOT g.standing"
RULES = (
    DUPLICATE,
    Rule("t.branch IS NOT NULL AND b.id IS NULL", _("there is no branch “{value}”."), "branch", "t.branch"),
    Rule("t.owner IS NOT NULL AND u.id IS NULL", _("“{value}” is no active relationship manager."), "owner", "t.owner"),
    Rule("b.id <> ALL (%(branches)s::bigint[])", _("“{value}” is no branch of yours."), "branch", "t.branch"),
    Rule(
        "c.branch_id <> ALL (%(branches)s::bigint[])",
        _("the number belongs to a customer of a branch that is not yours."),
        "number",
    ),
    Rule(
        "u.branch_id <> ALL (%(branches)s::bigint[])", _("“{value}” works in no branch of yours."), "owner", "t.owner"
    ),
    Rule("c.merged_into_id IS NOT NULL", _("this customer was merged into another customer number.")),
    Rule(
        "c.status = 'restricted' AND t.status = 'active'",
        _("the customer is restricted; a person lifts that, not a file."),
        "status",
    ),
    Rule(
        "t.id_number_index IS NOT NULL AND o.taken", _("this document belongs to another customer number."), "id_number"
    ),
    Rule(
        "t.id_number_index IS NOT NULL AND t.first_holder <> t.key",
        _("the same document stands in line {value} under another customer number."),
        "id_number",
        "t.first_held",
    ),
    Rule(
        f"{_CHILD} AND (coalesce(t.guardian_name, '') = '' OR t.guardian_at IS NULL)",
        _("a child under 14 needs the name of a guardian and the day of their consent."),
        "birth_date",
    ),
    Rule(
        f"{_CHILD} AND t.guardian_at <= g.withdrawn_at",
        _("the guardian has withdrawn their consent since."),
        "guardian_consent_on",
    ),
)
_SAME_DOCUMENT = "OVER (PARTITION BY r.id_kind, r.id_number_index ORDER BY s.line)"
DECISION = Decision(
    types=TYPES,
    joins=f"""
    LEFT JOIN customers_customer c ON c.number = t.key
    LEFT JOIN staff_branch b ON b.code = t.branch
    LEFT JOIN (
        SELECT person.id, person.employee_number, person.branch_id FROM staff_user person
        JOIN staff_user_groups m ON m.user_id = person.id JOIN auth_group r ON r.id = m.group_id
        WHERE person.is_active AND r.name = '{Role.MANAGER.value}'
    ) u ON u.employee_number = t.owner
    LEFT JOIN LATERAL (
        SELECT true AS taken FROM customers_customer other
        WHERE other.id_number_index = t.id_number_index AND other.id_kind = t.id_kind AND other.number <> t.key LIMIT 1
    ) o ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(k.given_at IS NOT NULL AND k.withdrawn_at IS NULL), false) AS standing,
               max(k.withdrawn_at) AS withdrawn_at
        FROM customers_consent k WHERE k.customer_id = c.id AND k.purpose = '{ConsentPurpose.CHILD.value}'
    ) g""",  # noqa: S608 (constants of the code)
    columns={"customer_id": "c.id", "branch_id": "b.id", "owner_id": "u.id"},
    rules=RULES,
    windows={
        "first_holder": f"first_value(s.key) {_SAME_DOCUMENT}",
        "first_held": f"first_value(s.line) {_SAME_DOCUMENT}",
    },
)


def columns_of(target: str) -> tuple[str, ...]:
    """The columns of customers_customer that `target` fills."""
    return COLUMNS.get(target, (target,))


def _staged(column: str) -> str:
    """A column of `decided` as the table wants it: text is never NULL, a customer active unless the file says else."""
    if column == "status":
        return f"coalesce(t.status, c.status, '{Status.ACTIVE.value}')"
    if column == "declined":
        return "coalesce(t.declined, '{}')"
    return f"t.{column}" if column in NULLABLE or column.endswith("_id") else f"coalesce(t.{column}, '')"


ALL_COLUMNS = tuple(
    dict.fromkeys(
        column
        for target in ("name", *PLACES, "id_number", "phone", "email", "address", "owner", "branch", "declined")
        for column in columns_of(target)
    )
)


def _assignments(present: Iterable[str], new: str, old: str) -> dict[str, str]:
    """Column -> the value it gets, for a file with the targets `present`; `new` and `old` name the two rows.

    A field marked as declined keeps its mark until a value comes; a mark that comes empties its field.
    """
    present = set(present)
    values = {
        column: f"{new}.{column}"
        for target in ("name", *PLACES, "id_number", "phone", "email", "address", "owner", "branch")
        if target in present
        for column in columns_of(target)
    }
    filled = []
    for target in OPTIONAL:
        column = columns_of(target)[0]
        if target in present:
            known = f"{new}.{column} IS NOT NULL" if column in NULLABLE else f"{new}.{column} <> ''"
            filled.append(f"CASE WHEN {known} THEN '{target}' END")
        elif "declined" in present:
            empty = "NULL" if column in NULLABLE else "''"
            values[column] = f"CASE WHEN '{target}' = ANY({new}.declined) THEN {empty} ELSE {old}.{column} END"
    told = f"ARRAY[{', '.join(filled)}]::varchar[]"
    values["declined"] = f"""
        CASE WHEN {new}.declined <@ {old}.declined AND NOT {old}.declined && array_remove({told}, NULL)
             THEN {old}.declined
             ELSE ARRAY(SELECT DISTINCT field FROM unnest({old}.declined || {new}.declined) AS field
                        WHERE field <> ALL(array_remove({told}, NULL)) ORDER BY field) END"""  # noqa: S608 (own names)
    return values


def upsert(present: Iterable[str]) -> str:
    """INSERT the valid rows of `decided` that are new or differ; rows that are the same are not even locked."""
    changes = _assignments(present, "n", "c")
    differs = f"ROW({', '.join(changes.values())}) IS DISTINCT FROM ROW({', '.join(f'c.{name}' for name in changes)})"
    updates = _assignments(present, "excluded", "customers_customer")
    return f"""
    INSERT INTO customers_customer (number, {", ".join(ALL_COLUMNS)}, created_at, updated_at)
    SELECT n.number, {", ".join(f"n.{column}" for column in ALL_COLUMNS)}, %(now)s, %(now)s
    FROM (
        SELECT t.line, t.key AS number, t.customer_id, {", ".join(f"{_staged(name)} AS {name}" for name in ALL_COLUMNS)}
        FROM decided t LEFT JOIN customers_customer c ON c.id = t.customer_id
        WHERE t.reason = ''
    ) n LEFT JOIN customers_customer c ON c.id = n.customer_id
    WHERE c.id IS NULL OR {differs}
    ORDER BY n.line
    ON CONFLICT (number) DO UPDATE
    SET {", ".join(f"{column} = {value}" for column, value in updates.items())}, updated_at = %(now)s
    """  # noqa: S608 (column names of the code)


# What an upload can undo: the rows it is about to change, and those it wrote.
KNOWN = """
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT c.* FROM customers_customer c JOIN decided d ON d.customer_id = c.id WHERE d.reason = ''
"""
KEEP = """
INSERT INTO customers_keptrow (upload_id, customer_id, before, written_at)
SELECT %(upload)s, c.id, CASE WHEN k.id IS NOT NULL THEN to_jsonb(k) END, c.updated_at
FROM decided d JOIN customers_customer c ON c.number = d.key LEFT JOIN known k ON k.id = c.id
WHERE d.reason = '' AND c.updated_at = %(now)s
"""

# The consents of guardians that are new or name another guardian; answers with how many of those belong to customers
# that were not written otherwise.
CHILD_CONSENTS = f"""
WITH wanted AS (
    SELECT c.id AS customer_id, t.guardian_at, t.guardian_name
    FROM decided t JOIN customers_customer c ON c.number = t.key
    WHERE t.reason = '' AND t.guardian_at IS NOT NULL AND coalesce(t.guardian_name, '') <> ''
      AND t.birth_date > %(day)s::date - interval '{GUARDED_AGE} years'
), written AS (
    INSERT INTO customers_consent (customer_id, purpose, channel, recipient, data_kinds, notice_version, legal_basis,
        given_at, given_by_means, withdrawn_by_means, guardian_name)
    SELECT w.customer_id, '{ConsentPurpose.CHILD.value}', '', '', coalesce(n.data_kinds, '{{}}'),
           coalesce(n.version, 0), coalesce(n.legal_basis, '{LegalBasis.CONSENT.value}'),
           w.guardian_at, '{Means.FILE.value}', '', w.guardian_name
    FROM wanted w
    LEFT JOIN customers_consent known ON known.customer_id = w.customer_id AND known.given_at = w.guardian_at
        AND known.purpose = '{ConsentPurpose.CHILD.value}'
    LEFT JOIN LATERAL (
        SELECT version, data_kinds, legal_basis FROM customers_privacynotice
        WHERE purpose = '{ConsentPurpose.CHILD.value}' AND published_at <= greatest(w.guardian_at, '2000-01-02')
        ORDER BY version DESC LIMIT 1
    ) n ON true
    WHERE known.id IS NULL OR known.guardian_name <> w.guardian_name
    ON CONFLICT (customer_id, purpose, channel, recipient, given_at)
        DO UPDATE SET guardian_name = excluded.guardian_name
    RETURNING customer_id
)
SELECT count(*) FROM written JOIN customers_customer c ON c.id = written.customer_id WHERE c.updated_at <> %(now)s
"""  # noqa: S608 (constants of the code)
