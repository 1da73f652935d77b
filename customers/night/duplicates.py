"""The night's look for customers who are in the bank twice: the whole bank at once, by three keys."""

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication

# More alike than this is no person but a stand-in: a branch's own phone, a birth date nobody asked for.
MOST_ALIKE = 10

# Groups first, for few of a bank's keys have more than one customer; the pairs then of those alone. Two who have ID
# numbers that differ are two persons, whatever else they share.
_FIND = """
WITH served AS MATERIALIZED (
    SELECT id, name, birth_date, phone_index, id_kind, id_number_index FROM customers_customer WHERE status = 'active'
), documents AS (
    SELECT id_kind, id_number_index FROM served WHERE id_number_index IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) BETWEEN 2 AND %(most)s
), phones AS (
    SELECT phone_index, name FROM served WHERE phone_index IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) BETWEEN 2 AND %(most)s
), births AS (
    SELECT name, birth_date FROM served WHERE birth_date IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) BETWEEN 2 AND %(most)s
), holders AS MATERIALIZED (
    SELECT s.* FROM served AS s JOIN documents USING (id_kind, id_number_index)
), callers AS MATERIALIZED (
    SELECT s.* FROM served AS s JOIN phones USING (phone_index, name)
), born AS MATERIALIZED (
    SELECT s.* FROM served AS s JOIN births USING (name, birth_date)
), alike AS (
    SELECT a.id AS a_id, b.id AS b_id, 1 AS strength, 'id_number' AS reason, a.id_number_index AS one,
        b.id_number_index AS two
    FROM holders AS a JOIN holders AS b USING (id_kind, id_number_index) WHERE a.id < b.id
    UNION ALL
    SELECT a.id, b.id, 2, 'phone_name', a.id_number_index, b.id_number_index
    FROM callers AS a JOIN callers AS b USING (phone_index, name) WHERE a.id < b.id
    UNION ALL
    SELECT a.id, b.id, 3, 'birth_name', a.id_number_index, b.id_number_index
    FROM born AS a JOIN born AS b USING (name, birth_date) WHERE a.id < b.id
), found AS MATERIALIZED (
    SELECT a_id, b_id, min(strength) AS strength, array_agg(reason::varchar ORDER BY strength) AS reasons
    FROM alike WHERE one IS NULL OR two IS NULL OR one = two GROUP BY 1, 2
), written AS (
    INSERT INTO customers_duplicatepair AS p (a_id, b_id, reasons, strength, state, found_on)
    SELECT a_id, b_id, reasons, strength, 'open', %(day)s FROM found
    ON CONFLICT (a_id, b_id) DO UPDATE SET reasons = excluded.reasons, strength = excluded.strength, state = 'open'
    WHERE p.state IN ('open', 'merged') AND (p.state, p.reasons) IS DISTINCT FROM ('open', excluded.reasons)
    RETURNING 1
), gone AS (
    DELETE FROM customers_duplicatepair AS p WHERE p.state = 'open' AND NOT EXISTS (
        SELECT FROM found AS f WHERE f.a_id = p.a_id AND f.b_id = p.b_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""


class PublishDuplicates(NightPublication):
    """Pairs who may be one person. What somebody has dismissed stays so; what is no longer found goes, while open."""

    name = "duplicates"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute(_FIND, {"day": night.day, "most": MOST_ALIKE})
        return int(cursor.fetchone()[0])


PUBLISH_DUPLICATES = PublishDuplicates()
