"""The customers: drawn by SQL into temporary tables, sealed in Python, written by one INSERT."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from stdnum.cn import ric

from crm.workspace.demo.cast import CAST_COLUMNS, cast_rows
from crm.workspace.demo.choices import SLOTS, choice_rows
from crm.workspace.demo.names import GIVEN_SLOTS, SURNAME_SLOTS, given_rows, surname_rows
from customers.identifiers import sealed_columns

NUMBER_PREFIX = "6201"
SEALED_AT_ONCE = 20_000
SEALED_COLUMNS = (
    "phone_sealed", "phone_index", "phone_tail_index", "id_number_sealed", "id_number_index", "email_sealed", "address_sealed",
)  # fmt: skip

TABLES = {
    "demo_surname": "slot int PRIMARY KEY, text text, pinyin text, initials text, pinyin_2 text, initials_2 text",
    "demo_given": "gender text, decade int, slot int, text text, pinyin text, initials text, PRIMARY KEY (gender, decade, slot)",
    "demo_choice": "kind text, slot int, value text, PRIMARY KEY (kind, slot)",
    "demo_cast": "n bigint PRIMARY KEY, name text, pinyin text, initials text, sort_name text, pinyin_2 text, initials_2 text, gender text, "
    "birth_date date, since date, occupation text, employer text, income_band text, education text, marital_status text, "
    "channel text, district text, owner_number text",
    "demo_sealed": "n bigint PRIMARY KEY, " + ", ".join(f"{column} bytea" for column in SEALED_COLUMNS),
}
DRAWN_TABLES = ("demo_seat", "demo_born", "demo_person", "demo_plain")

# One seat a share of a manager's book: some books are half as large again as others.
_SEATS = """
CREATE TEMP TABLE demo_seat ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY manager.employee_number, share) - 1 AS slot, manager.id AS owner_id, manager.branch_id
FROM staff_user AS manager
JOIN staff_user_groups AS belongs ON belongs.user_id = manager.id
JOIN auth_group AS role ON role.id = belongs.group_id AND role.name = 'relationship manager'
CROSS JOIN generate_series(1, 4 + mod(abs(hashtext(manager.employee_number)::bigint), 3)) AS share
"""

_BORN = """
CREATE TEMP TABLE demo_born ON COMMIT DROP AS
WITH life AS (
    SELECT n, CASE WHEN pg_temp.draw(n, 'gender', 2) = 0 THEN 'female' ELSE 'male' END AS gender,
           pg_temp.draw(n, 'cohort', 100) AS cohort
    FROM generate_series(1, %(customers)s::bigint) AS n
), aged AS (
    SELECT *, CASE WHEN cohort < 9 THEN 16 WHEN cohort < 34 THEN 25 WHEN cohort < 66 THEN 35 WHEN cohort < 88 THEN 50
                   WHEN cohort < 98 THEN 65 ELSE 80 END AS youngest,
              CASE WHEN cohort < 9 THEN 24 WHEN cohort < 34 THEN 34 WHEN cohort < 66 THEN 49 WHEN cohort < 88 THEN 64
                   WHEN cohort < 98 THEN 79 ELSE 89 END AS eldest
    FROM life
), born AS (
    SELECT n, coalesce(member.gender, aged.gender) AS gender, coalesce(member.birth_date,
           (%(day)s::date - make_interval(years => youngest))::date
           - pg_temp.draw(n, 'birthday', (eldest - youngest + 1) * 365)) AS birth_date
    FROM aged LEFT JOIN demo_cast AS member USING (n)
)
SELECT n, nextval(pg_get_serial_sequence('customers_customer', 'id')) AS id, %(prefix)s || lpad(n::text, 8, '0') AS number,
       gender, birth_date, date_part('year', age(%(day)s::date, birth_date))::int AS age,
       greatest(1940, least(2000, extract(year FROM birth_date)::int / 10 * 10)) AS decade
FROM born
"""

# Each draw is an equality join on (kind, slot); kinds follow from what was drawn before: age -> education -> occupation.
_PERSON = """
CREATE TEMP TABLE demo_person ON COMMIT DROP AS
WITH schooled AS (
    SELECT born.*, education.value AS education,
           CASE WHEN age < 22 AND pg_temp.draw(n, 'studies', 100) < 80 THEN 'study'
                WHEN age >= CASE gender WHEN 'male' THEN 60 ELSE 55 END AND pg_temp.draw(n, 'retired', 100) < 92
                THEN 'retired' ELSE education.value END AS stage
    FROM demo_born AS born
    JOIN demo_choice AS education ON education.slot = pg_temp.draw(n, 'education', %(slots)s)
        AND education.kind = 'education ' || CASE WHEN age < 22 THEN 'young' ELSE decade::text END
), working AS (
    SELECT schooled.*, occupation.value AS occupation
    FROM schooled
    JOIN demo_choice AS occupation ON occupation.slot = pg_temp.draw(n, 'occupation', %(slots)s)
        AND occupation.kind = 'occupation ' || stage
)
SELECT n, working.id, number, working.gender, working.birth_date, age, member.n IS NOT NULL AS in_cast,
       coalesce(member.name, surname.text || given.text) AS name,
       coalesce(member.pinyin, surname.pinyin || given.pinyin) AS pinyin,
       coalesce(member.initials, surname.initials || given.initials) AS initials,
       coalesce(member.sort_name, surname.pinyin || ' ' || given.pinyin) AS sort_name,
       coalesce(member.pinyin_2, CASE surname.pinyin_2 WHEN '' THEN '' ELSE surname.pinyin_2 || given.pinyin END) AS pinyin_2,
       coalesce(member.initials_2, CASE surname.pinyin_2 WHEN '' THEN '' ELSE surname.initials_2 || given.initials END)
           AS initials_2,
       coalesce(member.education, working.education) AS education,
       coalesce(member.occupation, working.occupation) AS occupation,
       coalesce(member.employer, employer.value, '') AS employer,
       coalesce(member.income_band, income.value) AS income_band,
       coalesce(member.marital_status, marital.value) AS marital_status,
       coalesce(member.channel, channel.value) AS channel,
       coalesce(member.district, district.value) AS district,
       id_place.value AS id_place, road.value AS road,
       CASE WHEN member.n IS NOT NULL THEN chosen.id
            WHEN pg_temp.draw(n, 'owned', 100) < %(owned_percent)s THEN seat.owner_id END AS owner_id,
       coalesce(chosen.branch_id, seat.branch_id) AS branch_id,
       coalesce(member.since, first_day + pg_temp.draw(n, 'since', greatest(last_day - first_day, 0) + 1)) AS since
FROM working
JOIN demo_surname AS surname ON surname.slot = pg_temp.draw(n, 'surname', %(surname_slots)s)
JOIN demo_given AS given ON given.gender = working.gender AND given.decade = working.decade
    AND given.slot = pg_temp.draw(n, 'given', %(given_slots)s)
JOIN demo_seat AS seat ON seat.slot = pg_temp.draw(n, 'seat', (SELECT count(*) FROM demo_seat))
JOIN demo_choice AS marital ON marital.slot = pg_temp.draw(n, 'marital', %(slots)s) AND marital.kind = 'marital ' ||
    CASE WHEN age < 22 THEN 16 WHEN age < 30 THEN 22 WHEN age < 40 THEN 30 WHEN age < 55 THEN 40 WHEN age < 70 THEN 55 ELSE 70 END
JOIN demo_choice AS channel ON channel.slot = pg_temp.draw(n, 'channel', %(slots)s) AND channel.kind = 'channel ' ||
    CASE WHEN age < 30 THEN 16 WHEN age < 55 THEN 30 ELSE 55 END
JOIN demo_choice AS district ON district.kind = 'district' AND district.slot = pg_temp.draw(n, 'district', %(slots)s)
JOIN demo_choice AS id_place ON id_place.kind = 'id place' AND id_place.slot = pg_temp.draw(n, 'id place', %(slots)s)
JOIN demo_choice AS road ON road.kind = 'road' AND road.slot = pg_temp.draw(n, 'road', %(slots)s)
LEFT JOIN demo_choice AS income ON income.kind = 'income ' || working.occupation
    AND income.slot = pg_temp.draw(n, 'income', %(slots)s)
LEFT JOIN demo_choice AS employer ON employer.kind = 'employer ' || working.occupation
    AND employer.slot = pg_temp.draw(n, 'employer', %(slots)s)
LEFT JOIN demo_cast AS member USING (n)
LEFT JOIN staff_user AS chosen ON chosen.employee_number = member.owner_number
CROSS JOIN LATERAL (
    SELECT greatest((working.birth_date + interval '16 years')::date, (%(day)s::date - interval '30 years')::date) AS first_day,
           (%(day)s::date - interval '2 years')::date AS last_day
) AS possible
"""

# The order code of an ID number is odd for men, and tells apart who was born on one day in one place.
_PLAIN = """
CREATE TEMP TABLE demo_plain ON COMMIT DROP AS
SELECT n, number, '+86' || (%(phone_prefixes)s::text[])[1 + pg_temp.draw(n, 'operator', cardinality(%(phone_prefixes)s::text[]))]
           || lpad(mod(n * 61803399 + %(phone_start)s, 100000000)::text, 8, '0') AS phone,
       id_place || to_char(birth_date, 'YYYYMMDD') || lpad((2 + 2 * mod(
           pg_temp.draw(id_place::bigint, to_char(birth_date, 'YYYYMMDD'), 499) + row_number() OVER (
               PARTITION BY id_place, birth_date, gender ORDER BY n), 499)
           + CASE gender WHEN 'male' THEN 1 ELSE 0 END)::text, 3, '0') AS id_number,
       CASE WHEN pg_temp.draw(n, 'has email', 100) < 34 THEN
           pinyin || pg_temp.draw(n, 'email', 1000) || '@example.' ||
           (ARRAY['com', 'net', 'org'])[1 + pg_temp.draw(n, 'email host', 3)] ELSE '' END AS email,
       CASE WHEN in_cast OR pg_temp.draw(n, 'has address', 100) < 42 THEN
           road || 1 + pg_temp.draw(n, 'house', 800) || '号' || 1 + pg_temp.draw(n, 'block', 24) || '栋'
           || 1 + pg_temp.draw(n, 'floor', 18) || '0' || 1 + pg_temp.draw(n, 'flat', 4) || '室' ELSE '' END AS address
FROM demo_person
"""
_PHONE_PREFIXES = (
    "130 131 132 133 134 135 136 137 138 139 150 151 152 153 155 156 157 158 159 166 173 175 176 177 178 180 181 182 183 185 "
    "186 187 188 189 191 193 198 199"
)

# Optional facts are not always known, and some customers declined to tell: both leave the field empty.
_INSERT = """
INSERT INTO customers_customer (
    id, number, name, pinyin, initials, sort_name, pinyin_2, initials_2, gender, birth_date, id_kind, {sealed}, district, occupation,
    employer, income_band, education, marital_status, preferred_channel, owner_id, branch_id, since, status, declined,
    created_at, updated_at)
SELECT id, number, name, pinyin, initials, sort_name, pinyin_2, initials_2, gender, birth_date, 'resident', {sealed}, district,
       CASE WHEN tells_occupation THEN occupation ELSE '' END, CASE WHEN tells_employer THEN employer ELSE '' END,
       CASE WHEN tells_income THEN income_band ELSE '' END, CASE WHEN tells_education THEN education ELSE '' END,
       CASE WHEN tells_marital THEN marital_status ELSE '' END, channel, owner_id, branch_id, since,
       CASE WHEN in_cast THEN 'active' WHEN pg_temp.draw(n, 'restricted', 1000) < 3 THEN 'restricted'
            WHEN age >= 60 AND pg_temp.draw(n, 'deceased', 1000) < 10 THEN 'deceased'
            WHEN pg_temp.draw(n, 'closed', 1000) < 5 THEN 'closed' ELSE 'active' END,
       array_remove(ARRAY[
           CASE WHEN NOT in_cast AND pg_temp.draw(n, 'income told', 100) >= 93 THEN 'income_band' END,
           CASE WHEN NOT in_cast AND pg_temp.draw(n, 'employer told', 100) >= 96 THEN 'employer' END,
           CASE WHEN NOT in_cast AND pg_temp.draw(n, 'marital told', 100) >= 96 THEN 'marital_status' END], NULL),
       opened, opened + (%(now)s - opened) * (pg_temp.draw(n, 'changed', 100000) / 100000.0)
FROM demo_person JOIN demo_sealed USING (n)
CROSS JOIN LATERAL (
    SELECT in_cast OR pg_temp.draw(n, 'occupation told', 100) < 93 AS tells_occupation,
           in_cast OR pg_temp.draw(n, 'employer told', 100) < 84 AS tells_employer,
           in_cast OR pg_temp.draw(n, 'income told', 100) < 80 AS tells_income,
           in_cast OR pg_temp.draw(n, 'education told', 100) < 88 AS tells_education,
           in_cast OR pg_temp.draw(n, 'marital told', 100) < 90 AS tells_marital,
           least(%(now)s, (greatest(since, %(day)s::date - 700) + time '09:00') AT TIME ZONE %(zone)s
                 + pg_temp.draw(n, 'opened', 28800) * interval '1 second') AS opened
) AS told
ORDER BY n
"""


def copy_rows(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY `rows` into `columns` of `table` (names from this package, never from outside)."""
    names = f"({', '.join(columns)})" if columns else ""
    with cursor.copy(f"COPY {table} {names} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def prepare(cursor: CursorWrapper, day: date) -> None:
    """Make this transaction's temporary tables and fill those whose content is data of this package."""
    for table in (*TABLES, *DRAWN_TABLES):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    for table, columns in TABLES.items():
        cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    copy_rows(cursor, "demo_surname", (), surname_rows())
    copy_rows(cursor, "demo_given", (), given_rows())
    copy_rows(cursor, "demo_choice", (), choice_rows())
    copy_rows(cursor, "demo_cast", CAST_COLUMNS, cast_rows(day))
    _analyze(cursor, "demo_surname", "demo_given", "demo_choice")


def _analyze(cursor: CursorWrapper, *tables: str) -> None:
    """Temporary tables are never analysed by themselves, and without figures the planner joins them in loops."""
    for table in tables:
        cursor.execute(f"ANALYZE {table}")


def draw(cursor: CursorWrapper, *, customers: int, owned_percent: int, seed: int, day: date) -> None:
    """Draw `customers` people, seats and plain identifiers into temporary tables. Wants `prepare` and the managers."""
    facts: dict[str, Any] = {
        "customers": customers, "owned_percent": owned_percent, "day": day, "prefix": NUMBER_PREFIX, "slots": SLOTS,
        "surname_slots": SURNAME_SLOTS, "given_slots": GIVEN_SLOTS, "phone_prefixes": _PHONE_PREFIXES.split(),
        "phone_start": seed * 7_919 % 100_000_000,
    }  # fmt: skip
    for table, statement in (
        ("demo_seat", _SEATS), ("demo_born", _BORN), ("demo_person", _PERSON), ("demo_plain", _PLAIN),
    ):  # fmt: skip
        cursor.execute(statement, facts)
        if table == "demo_plain":
            cursor.execute("ALTER TABLE demo_plain ADD PRIMARY KEY (n)")
        _analyze(cursor, table)


def with_check_digit(first_17: str) -> str:
    """The whole resident ID number that begins with these 17 digits (GB 11643-1999)."""
    return first_17 + str(ric.calc_check_digit(f"{first_17}0"))


def _sealed_rows(plain: Iterable[Sequence[str]]) -> Iterable[Sequence[object]]:
    for n, number, phone, id_number, email, address in plain:
        values = {"phone": phone, "id_number": with_check_digit(id_number), "email": email, "address": address}
        columns = sealed_columns(number, values)
        yield n, *(columns[column] for column in SEALED_COLUMNS)


def seal(cursor: CursorWrapper, customers: int, report: Callable[[str], None]) -> None:
    """Seal the drawn identifiers, SEALED_AT_ONCE customers at a time; the keys never reach the database."""
    for start in range(1, customers + 1, SEALED_AT_ONCE):
        cursor.execute(
            "SELECT n, number, phone, id_number, email, address FROM demo_plain WHERE n BETWEEN %s AND %s",
            [start, start + SEALED_AT_ONCE - 1],
        )
        copy_rows(cursor, "demo_sealed", ("n", *SEALED_COLUMNS), _sealed_rows(cursor.fetchall()))
        done = min(start + SEALED_AT_ONCE - 1, customers)
        if done % 100_000 == 0:
            report(f"sealed {done:,} of {customers:,}")
    _analyze(cursor, "demo_sealed")


def insert_customers(cursor: CursorWrapper, *, day: date, now: datetime) -> None:
    """Write the drawn and sealed customers into the table, in order of their numbers."""
    statement = _INSERT.format(sealed=", ".join(SEALED_COLUMNS))
    cursor.execute(statement, {"day": day, "now": now, "zone": settings.TIME_ZONE})
