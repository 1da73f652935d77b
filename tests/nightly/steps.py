"""Toy steps on a real table: each notes the customers it has done as staged findings."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication, NightStep, Part

LOCK = 4711  # what the slow step waits for


class Noting(NightStep):
    label = "noting"

    def __init__(self, name: str, poison: str = "") -> None:
        self.name, self._poison = name, poison

    def parts(self, cursor: CursorWrapper, night: Night, ranges: Sequence[Part]) -> list[Part]:
        return list(ranges)

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        cursor.execute(
            "INSERT INTO customers_stagedfinding (run, customer_id, detector, cause, day, evidence)"
            " SELECT %s, id, %s, CASE WHEN number = %s THEN (1 / (id - id))::text ELSE '' END, %s, '[]'"
            " FROM customers_customer WHERE id BETWEEN %s AND %s",
            [night.run, self.name, self._poison, night.day, part.first, part.last],
        )
        return int(cursor.rowcount)


class Wrong(Noting):
    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        cursor.execute("SELECT no_such_column FROM customers_customer")
        return 0


class Slow(Noting):
    """Waits inside the database until somebody lets go of a lock that the test holds."""

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return super().work(cursor, night, part)


class Counting(NightPublication):
    name = "counted"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute("SELECT count(*) FROM customers_stagedfinding WHERE run = %s", [night.run])
        (count,) = cursor.fetchone()
        return int(count)


class Failing(Counting):
    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute("SELECT no_such_column FROM customers_customer")
        return 0


class Quoting(Noting):
    """Fails with a message that quotes what the customer's row holds."""

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        cursor.execute("SELECT name::date FROM customers_customer")
        return 0


class Careless(Noting):
    """A mistake outside of the database."""

    def parts(self, cursor: CursorWrapper, night: Night, ranges: Sequence[Part]) -> list[Part]:
        raise KeyError("no such setting")


FIRST, SECOND, POISONED, WRONG, SLOW, CARELESS, QUOTING = (
    Noting("first"), Noting("second"), Noting("poisoned", "C3"), Wrong("wrong"), Slow("slow"), Careless("careless"), Quoting("quoting"),
)  # fmt: skip
COUNTING, FAILING = Counting(), Failing()
