"""Two versions of a rule side by side, with what differs between their texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from customers.models import Family, LifeKind
from interactions.models import Topic
from recommendations.models import Need, Product, Rule
from recommendations.rulebook.versions import CONTENT, DAYS

# A word, a name, a number, or one Chinese character or sign: what people see as changed.
_TOKEN = re.compile(r"[A-Za-z0-9_.]+|\s+|.")
_CHOICES: dict[str, Any] = {"need": Need, "family": Family, "viewed": Topic, "event": LifeKind}


@dataclass(frozen=True)
class Piece:
    text: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """A field of both versions; old is empty where there is nothing before."""

    label: str
    changed: bool
    old: list[Piece]
    new: list[Piece]


def compared(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[Line]:
    """All fields in the order of the form, those that differ first."""
    products = dict(Product.objects.values_list("code", "name_zh" if _chinese() else "name_en"))
    lines = []
    for name in CONTENT:
        label = str(getattr(Rule._meta.get_field(name), "verbose_name", name))
        after = _shown(name, new.get(name), products)
        before = _shown(name, old.get(name), products) if old is not None else ""
        gone, come = _pieces(before, after) if old is not None else ([], [Piece(after, False)])
        lines.append(Line(label, old is not None and before != after, gone, come))
    return sorted(lines, key=lambda line: not line.changed)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _shown(name: str, value: Any, products: Mapping[str, str]) -> str:
    if value in (None, ""):
        return "—"
    if name in _CHOICES:
        return str(dict(_CHOICES[name].choices).get(value, value))
    if name == "product":
        return f"{value} {products.get(value, '')}".strip()
    if name in DAYS:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def _pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    before, after = _TOKEN.findall(old.replace("\n", " ")), _TOKEN.findall(new.replace("\n", " "))
    gone: list[Piece] = []
    come: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i1 < i2:
            gone.append(Piece("".join(before[i1:i2]), tag != "equal"))
        if j1 < j2:
            come.append(Piece("".join(after[j1:j2]), tag != "equal"))
    return gone, come
