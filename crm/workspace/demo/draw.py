"""Drawing by hash: customer `n` of a seed gets the same answer to the same question, in any order and on any machine."""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

_DRAW = """
CREATE OR REPLACE FUNCTION pg_temp.draw(n bigint, question text, sides bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT mod(hashint8extended(n, hashtextextended(question, {seed})) & 9223372036854775807, sides)::int
$$
"""


def create_draw(cursor: CursorWrapper, seed: int) -> None:
    """Define `pg_temp.draw(n, question, sides)` for this connection: a number from 0 to sides - 1."""
    cursor.execute(_DRAW.format(seed=int(seed)))


def slots(weights: Mapping[str, float], size: int) -> list[str]:
    """`size` places shared out among the keys of `weights` in proportion, so that a weighted draw is one equality join.

    Every key gets at least one place. Raises ValueError when there are more keys than places.
    """
    if len(weights) > size:
        raise ValueError(f"{len(weights)} keys do not fit into {size} places")
    total = sum(weights.values())
    exact = {key: weight / total * size for key, weight in weights.items()}
    places = {key: max(1, int(share)) for key, share in exact.items()}
    by_rest = sorted(exact, key=lambda key: exact[key] - places[key], reverse=True)
    position = 0
    while (missing := size - sum(places.values())) != 0:
        key = by_rest[position % len(by_rest)] if missing > 0 else max(places, key=lambda name: places[name])
        places[key] += 1 if missing > 0 else -1
        position += 1
    return [key for key, count in places.items() for _place in range(count)]
