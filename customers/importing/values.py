"""Typed values out of text cells. Parsers take stripped, non-empty text and raise ValidationError in plain words."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from customers.importing.dates import parse_date, parse_moment

Json = str | int | list[str] | None
Parser = Callable[[str], Json]
_KEY = re.compile(r"[A-Z0-9][A-Z0-9._-]*", re.ASCII)
# What jsonb, a page or a CSV line cannot carry: NUL, line breaks and the other control characters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_EXPONENT = re.compile(r"[1-9](\.\d+)?[eE]\+\d+", re.ASCII)


@dataclass(frozen=True)
class Target:
    """One value a kind takes from a row.

    name: as in mappings and English headings. headings: other usual ones. parse: text -> JSON value.
    required: needs a column (or function, or default) and a value in every row.
    """

    name: str
    parse: Parser
    required: bool = False
    headings: tuple[str, ...] = ()
    dated: bool = False


def key(text: str) -> str:
    """A number of the bank (customer, account) as its key: half-width capitals, digits and `._-`, at most 32."""
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if _EXPONENT.fullmatch(text):
        raise ValidationError(
            _("The number was cut off by a spreadsheet (%(value)s): format the column as text."), params={"value": text}
        )
    if len(number) > 32 or not _KEY.fullmatch(number):
        raise ValidationError(
            _("“%(value)s” is no number of the bank: up to 32 letters, digits, dots and dashes."),
            params={"value": text[:40]},
        )
    return number


def exact_text(longest: int) -> Parser:
    """Text with single spaces, at most `longest` characters, without line breaks and control characters."""

    def parse(text: str) -> str:
        if _CONTROL.search(text):
            raise ValidationError(_("It contains a line break or another control character."))
        if len(text) > longest:
            raise ValidationError(
                _("It has %(length)d characters, at most %(longest)d fit."),
                params={"length": len(text), "longest": longest},
            )
        return " ".join(text.split())

    return parse


def choice(choices: type[models.TextChoices], words: Mapping[str, str] | None = None) -> Parser:
    """One of `choices` by its value, its label in English or Chinese, or one of the other `words` (word -> value)."""
    known: dict[str, str] = {}

    def learn() -> None:
        for language in ("en", "zh-hans"):
            with translation.override(language):
                known.update({str(label).casefold(): str(value) for value, label in choices.choices})
        known.update({word.casefold(): value for word, value in (words or {}).items()})
        known.update({value.casefold(): value for value in choices.values})

    def parse(text: str) -> str:
        if not known:
            learn()
        found = known.get(unicodedata.normalize("NFKC", text).casefold())
        if found is None:
            raise ValidationError(
                _("“%(value)s” is none of %(known)s."),
                params={"value": text[:40], "known": ", ".join(choices.values)},
            )
        return found

    return parse


def past_day(text: str) -> str:
    """A date up to today, as ISO text."""
    return _past(parse_date(text)).isoformat()


def _past(day: date) -> date:
    if day > bank_day():
        raise ValidationError(_("%(day)s lies in the future."), params={"day": day.isoformat()})
    if day.year < 1850:
        raise ValidationError(_("%(day)s lies too far in the past."), params={"day": day.isoformat()})
    return day


def past_moment(text: str) -> str:
    """A moment up to today, as ISO text in UTC: the same moment is the same text."""
    moment = parse_moment(text)
    _past(bank_day(moment))
    return moment.astimezone(UTC).isoformat()


def moment_of(value: Json) -> datetime:
    """The moment that past_moment wrote."""
    return datetime.fromisoformat(str(value))


def listed(parse: Parser) -> Parser:
    """Several values separated by `;` (or its full-width form, or `、`), each parsed by `parse`, without repetition."""

    def parse_all(text: str) -> list[str]:
        parts = [part.strip() for part in re.split("[;；、]", text)]
        return list(dict.fromkeys(str(parse(part)) for part in parts if part))

    return parse_all


def whole_number(text: str) -> int:
    """A whole number from 0 to 2,147,483,647."""
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > 2**31 - 1:
        raise ValidationError(_("“%(value)s” is no whole number."), params={"value": text[:40]})
    return int(text)


def plain(normal: Callable[[str], Any]) -> Parser:
    """A normal_* function of customers.identifiers as a parser: it refuses control characters before."""

    def parse(text: str) -> str:
        if "\0" in text:
            raise ValidationError(_("It contains a line break or another control character."))
        if _EXPONENT.fullmatch(text):
            raise ValidationError(
                _("The number was cut off by a spreadsheet (%(value)s): format the column as text."),
                params={"value": text},
            )
        return str(normal(text))

    return parse


_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def time_of_day(text: str) -> str:
    """A time: 9:30, 09:30:15, 093015."""
    plain = ":".join((text[:2], text[2:4], text[4:6])) if re.fullmatch(r"\d{6}", text, re.ASCII) else text
    if not _TIME.fullmatch(plain):
        raise ValidationError(_("“%(value)s” is no time of day; write it as 09:30."), params={"value": text[:40]})
    return plain


def country(text: str) -> str:
    """An ISO 3166 code of two letters; the own country is written as none."""
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise ValidationError(_("“%(value)s” is no country code of two letters."), params={"value": text[:40]})
    return "" if code == settings.HOME_COUNTRY else code


def yes_or_no(words: Mapping[str, str]) -> Parser:
    """`true` or `false` by the usual words."""

    def parse(text: str) -> str:
        found = words.get(text.strip().casefold())
        if found is None:
            raise ValidationError(_("“%(value)s” is neither yes nor no."), params={"value": text[:40]})
        return found

    return parse
