"""The query language of rules and filters over features: `tier in ("sunflower", "diamond") and inflow_growth > 0.3`.

DjangoQL with a whitelist of names (customers.feature_fields), units people think in, and `and` before `or`. What a
person typed never reaches the database unchecked: everything wrong with it is a ValidationError that says where.
"""

import difflib
import functools
import operator
import re
import threading
from calendar import isleap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djangoql import schema as ql
from djangoql.ast import Expression, Logical
from djangoql.exceptions import DjangoQLError
from djangoql.parser import DjangoQLParser
from djangoql.queryset import build_filter
from ply import yacc

from crm.lib.money import digits
from customers.feature_fields import FIELDS, FeatureField, Kind
from customers.models import Features

LONGEST = 2000
DEEPEST = 20
_FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class _Parser(DjangoQLParser):  # type: ignore[misc]  # the package has no types
    """DjangoQL reads `a and b or c` as `a and (b or c)`; here `and` binds closer, as people and SQL read it."""

    precedence = (("left", "OR"), ("left", "AND"))
    p_logical = None

    def p_expression_logical(self, p: Any) -> None:
        """
        expression : expression AND expression
                   | expression OR expression
        """
        p[0] = Expression(left=p[1], operator=Logical(operator=p[2]), right=p[3])


# Building the tables takes some 20 ms and a parser is not safe in two threads.
_parser_of = threading.local()


def _parse(text: str) -> Any:
    if not hasattr(_parser_of, "it"):
        _parser_of.it = _Parser(errorlog=yacc.NullLogger())
    return _parser_of.it.parse(text)


def minor(value: Decimal | int) -> int:
    """An amount of a rule in minor units of BASE_CURRENCY."""
    return int(Decimal(value).scaleb(digits(settings.BASE_CURRENCY)))


def _fitting(value: int, limit: int) -> int:
    """`value`, unless its column cannot hold it: Django would answer such a comparison for unknown values too."""
    if abs(value) >= limit:
        raise ValueError("out of range")
    return value


class _Money(ql.FloatField):  # type: ignore[misc]
    type, value_types_description = "money", "amounts"

    def get_lookup_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.get_lookup_value(item) for item in value]
        return value if value is None else _fitting(minor(value), 2**63)


class _Count(ql.IntField):  # type: ignore[misc]
    def get_lookup_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.get_lookup_value(item) for item in value]
        return _fitting(value, 2**31) if isinstance(value, int) else value


class _Ratio(ql.FloatField):  # type: ignore[misc]
    def get_lookup_value(self, value: Any) -> Any:
        return float(value) if isinstance(value, Decimal) else value


class _Days(ql.DjangoQLField):  # type: ignore[misc]
    """Days between a date and the bank day, compared by the date: rows hold dates, never ages."""

    type, value_types, value_types_description = "days", [int], "whole numbers of days"

    def __init__(self, day: date, column: str, *, since: bool, **options: Any) -> None:
        super().__init__(**options)
        self._day, self._column, self._since = day, column, since

    def _date(self, days: int | None) -> date | None:
        if days is None:
            return None
        try:
            return self._day - timedelta(days=days) if self._since else self._day + timedelta(days=days)
        except OverflowError as error:
            raise ValueError("out of the calendar") from error

    def get_lookup_name(self) -> str:
        return self._column

    def get_lookup_value(self, value: Any) -> Any:
        return [self._date(item) for item in value] if isinstance(value, list) else self._date(value)

    def get_operator(self, operator: str) -> Any:
        return super().get_operator(_FLIPPED.get(operator, operator) if self._since else operator)


class _Years(ql.DjangoQLField):  # type: ignore[misc]
    """Completed years since a date, compared by the date: from n years on is up to the day n years ago."""

    type, value_types, value_types_description = "years", [int], "whole numbers of years"

    def __init__(self, day: date, column: str, **options: Any) -> None:
        super().__init__(**options)
        self._day, self._column = day, column

    def get_lookup(self, path: list[str], operator: str, value: Any) -> Q:
        if operator in _NEGATED:
            return ~self.get_lookup(path, _NEGATED[operator], value)
        if operator == "in":
            return functools.reduce(lambda left, right: left | right, (self._compared("=", item) for item in value))
        return self._compared(operator, value)

    def _compared(self, operator: str, years: int | None) -> Q:
        if years is None:  # with "=" alone, says the grammar
            return Q(**{self._column: None})
        reached, passed = self._born(years), self._born(years + 1)
        return {
            ">=": self._up_to(reached), ">": self._up_to(passed),
            "<": self._after(reached), "<=": self._after(passed),
            "=": self._up_to(reached) & self._after(passed),
        }[operator]  # fmt: skip

    def _up_to(self, born: date) -> Q:
        return Q(**{f"{self._column}__lte": born})

    def _after(self, born: date) -> Q:
        return Q(**{f"{self._column}__gt": born})

    def _born(self, years: int) -> date:
        """The last day on which somebody of `years` is born; a birthday of 29 February counts from 1 March."""
        year = self._day.year - years
        if not date.min.year <= year <= date.max.year:
            raise ValueError("out of the calendar")
        leap_day = (self._day.month, self._day.day) == (2, 29) and not isleap(year)
        return self._day.replace(year=year, day=28 if leap_day else self._day.day)


_SIMPLE: dict[Kind, Callable[..., Any]] = {
    Kind.MONEY: _Money, Kind.COUNT: _Count, Kind.RATIO: _Ratio, Kind.FLAG: ql.BoolField,
    Kind.DATE: ql.DateField, Kind.WORD: ql.StrField, Kind.WORDS: ql.StrField,
}  # fmt: skip


def _ql_field(field: FeatureField, day: date) -> Any:
    if field.kind in (Kind.DAYS_SINCE, Kind.DAYS_UNTIL):
        since = field.kind is Kind.DAYS_SINCE
        return _Days(day, field.source, since=since, name=field.name, nullable=True)
    if field.kind is Kind.YEARS_SINCE:
        return _Years(day, field.source, name=field.name, nullable=True)
    return _SIMPLE[field.kind](name=field.name, nullable=True)


class _Schema(ql.DjangoQLSchema):  # type: ignore[misc]
    def __init__(self, day: date, model: type[Model] = Features) -> None:
        self._fields = [_ql_field(field, day) for field in FIELDS.values()]
        super().__init__(model)

    def get_fields(self, model: type[Model]) -> list[Any]:
        return self._fields


@dataclass(frozen=True)
class Condition:
    """One comparison of a rule. limit: as typed."""

    field: FeatureField
    operator: str
    limit: Any

    def holds(self, stored: Any, day: date) -> bool:
        """Whether it holds for the stored value; the same answer as the database gives."""
        value, limit = self.field.value(stored, day), self._limit()
        if self.operator in _NEGATED:
            return not Condition(self.field, _NEGATED[self.operator], self.limit).holds(stored, day)
        if value is None or limit is None:
            return value is None and limit is None and self.operator == "="
        return bool(_COMPARED[self.operator](value, limit))

    def _limit(self) -> Any:
        if self.limit is None or self.field.kind not in (Kind.MONEY, Kind.DATE, Kind.RATIO):
            return self.limit
        if isinstance(self.limit, list):
            return [Condition(self.field, "=", item)._limit() for item in self.limit]
        if self.field.kind is Kind.DATE:
            return date.fromisoformat(self.limit)
        return minor(self.limit) if self.field.kind is Kind.MONEY else float(self.limit)

    @property
    def shown_limit(self) -> Any:
        """The limit as `FeatureField.written` takes it."""
        return self._limit()


_NEGATED = {
    "!=": "=", "!~": "~", "not in": "in", "not startswith": "startswith", "not endswith": "endswith",
}  # fmt: skip
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
    "in": lambda value, limit: value in limit,
    "~": lambda value, limit: limit.casefold() in value.casefold(),
    "startswith": lambda value, limit: value.casefold().startswith(limit.casefold()),
    "endswith": lambda value, limit: value.casefold().endswith(limit.casefold()),
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A rule that was read and checked. The empty one holds for everybody."""

    tree: Any
    day: date

    def condition(self) -> Q:
        """As a condition on Features, or on a table with the same columns."""
        return Q() if self.tree is None else build_filter(self.tree, _Schema(self.day))

    def fields(self) -> list[FeatureField]:
        """The features it names, each once, in the order they stand there."""
        return list(dict.fromkeys(_condition(leaf).field for leaf in _leaves(self.tree)))

    def reasons(self, values: dict[str, Any]) -> list[Condition]:
        """The conditions by which it holds for `values` (column -> stored value); none where it does not hold."""
        return (_true_conditions(self.tree, values, self.day) or []) if self.tree is not None else []


def _leaves(node: Any) -> Iterator[Any]:
    if node is not None and isinstance(node.operator, Logical):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    elif node is not None:
        yield node


def _condition(leaf: Any) -> Condition:
    return Condition(FIELDS[leaf.left.value], leaf.operator.operator, leaf.right.value)


def _true_conditions(node: Any, values: dict[str, Any], day: date) -> list[Condition] | None:
    """The conditions that make `node` true, None where it is not. Of `or` only the branches that hold."""
    if not isinstance(node.operator, Logical):
        condition = _condition(node)
        return [condition] if condition.holds(values.get(condition.field.source), day) else None
    left, right = (_true_conditions(side, values, day) for side in (node.left, node.right))
    if node.operator.operator == "and":
        return None if left is None or right is None else left + right
    return None if left is None and right is None else (left or []) + (right or [])


def read(text: str, day: date) -> Rule:
    """The rule `text` as of the bank day `day`. Raises ValidationError with what is wrong and where."""
    text = text.strip()
    if not text:
        return Rule(None, day)
    if len(text) > LONGEST:
        raise ValidationError(_("The rule is longer than %(longest)d characters.") % {"longest": LONGEST})
    if "\0" in text or text.count("(") > DEEPEST:
        raise ValidationError(_("The rule has a character or a nesting that cannot be read."))
    try:
        tree = _parse(text)
        _check_names_and_values(tree, day)
        rule = Rule(tree, day)
        rule.condition()
    except (DjangoQLError, RecursionError, ValueError, ArithmeticError) as error:
        raise ValidationError(_explained(text, error)) from error
    return rule


_WANTED = {
    Kind.MONEY: gettext_lazy("an amount, such as 500000"),
    Kind.COUNT: gettext_lazy("a whole number"),
    Kind.RATIO: gettext_lazy("a number, such as 0.3 for 30 per cent"),
    Kind.FLAG: gettext_lazy("True or False"),
    Kind.DATE: gettext_lazy('a date, such as "2026-01-31"'),
    Kind.DAYS_SINCE: gettext_lazy("a whole number of days"),
    Kind.DAYS_UNTIL: gettext_lazy("a whole number of days"),
    Kind.YEARS_SINCE: gettext_lazy("a whole number of years"),
    Kind.WORD: gettext_lazy("a word in quotation marks"),
    Kind.WORDS: gettext_lazy("a word in quotation marks"),
}


def _check_names_and_values(tree: Any, day: date) -> None:
    """Raise ValidationError at the first name that is no feature, or value that its feature cannot be compared with."""
    schema = _Schema(day)
    for leaf in _leaves(tree):
        name = leaf.left.value
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=3, cutoff=0.5)
            if near:
                message = _("There is no feature “%(name)s”: did you mean %(near)s?")
                raise ValidationError(message % {"name": name, "near": ", ".join(near)})
            raise ValidationError(_("There is no feature “%(name)s”.") % {"name": name})
        try:
            schema.validate(leaf)
        except DjangoQLError as error:
            raise ValidationError(
                _("“%(name)s” is compared with %(wanted)s.") % {"name": name, "wanted": _WANTED[FIELDS[name].kind]}
            ) from error


def _explained(text: str, error: Exception) -> str:
    """Where the rule stops being readable, with the text there."""
    line, column = getattr(error, "line", None), getattr(error, "column", None)
    if line and column:
        near = text.splitlines()[line - 1][max(column - 1, 0) :][:20]
        return _("The rule cannot be read from line %(line)d, character %(column)d, on: “%(near)s”.") % {
            "line": line, "column": column, "near": near,
        }  # fmt: skip
    if isinstance(error, DjangoQLError):
        return _("The rule ends too early, after “%(near)s”.") % {"near": text[-20:]}
    return _("The rule holds a value that cannot be compared.")


def check(text: str, day: date) -> Rule:
    """`read`, and tried on the database: a value it cannot compare is refused now and not in the night."""
    rule = read(text, day)
    try:
        with transaction.atomic():
            # Of nobody: the values are read all the same, the table of a whole bank is not.
            Features.objects.filter(rule.condition(), pk=-1).values_list("pk", flat=True).first()
    except (DataError, ValueError, OverflowError) as error:
        raise ValidationError(_explained(text, error)) from error
    return rule


_LAST_WORD = re.compile(r"(?:^|[\s(])([a-z]\w*)$")
MOST_OFFERED = 8


def completions(text: str) -> dict[str, str]:
    """Names of features that go on from the last word of `text` (name -> the text with it); none after a whole name."""
    found = _LAST_WORD.search(text)
    if found is None or found.group(1) in FIELDS:
        return {}
    word = found.group(1)
    begins = [name for name in FIELDS if name.startswith(word)]
    holds = [name for name in FIELDS if word in name and name not in begins]
    return {name: f"{text[: found.start(1)]}{name} " for name in (begins + holds)[:MOST_OFFERED]}
