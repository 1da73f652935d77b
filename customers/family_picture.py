"""The small picture of a customer's people: where each circle and its words stand. Pure geometry for an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.relations import Person

WIDTH = 320
RADIUS, CENTRE_RADIUS = 22, 27
ROW, TOP = 86, 34
MOST = 6  # circles; the list below the picture has all


@dataclass(frozen=True)
class Spot:
    """One circle. x, y: its centre; the words stand at text_x, on the lines `first` and `second`, from `anchor`."""

    person: Person
    x: int
    y: int
    text_x: int
    first: int
    second: int
    anchor: str
    short: str


@dataclass(frozen=True)
class Picture:
    height: int
    centre: tuple[int, int]
    short: str
    spots: list[Spot]


def draw(name: str, people: Sequence[Person]) -> Picture:
    """The first MOST of `people` in two columns around the customer called `name`."""
    drawn = people[:MOST]
    rows = max(1, (len(drawn) + 1) // 2)
    height = 2 * TOP + ROW * max(1, rows - 1) if rows > 1 else 2 * TOP + 20
    middle = height // 2
    spots = [_spot(person, place, rows, middle) for place, person in enumerate(drawn)]
    return Picture(height, (WIDTH // 2, middle), short_name(name), spots)


def _spot(person: Person, place: int, rows: int, middle: int) -> Spot:
    row, right = divmod(place, 2)
    y = TOP + ROW * row if rows > 1 else middle
    # Words keep off the line to the centre: above it in the upper half, below it in the lower, around it in the middle.
    first, second = (y - 16, y) if y < middle else (y + 8, y + 24) if y > middle else (y - 10, y + 18)
    x = WIDTH - RADIUS - 3 if right else RADIUS + 3
    text_x = x - RADIUS - 7 if right else x + RADIUS + 7
    return Spot(person, x, y, text_x, first, second, "end" if right else "start", short_name(person.name))


def short_name(name: str) -> str:
    """What fits into a circle: two characters of a Chinese name, initials of others, "?" for nobody."""
    if not name:
        return "?"
    if name.isascii():
        return "".join(part[0] for part in name.split()[:2]).upper()
    return name if len(name) <= 3 else name[-2:]
