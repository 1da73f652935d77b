"""The identifiers of a customer: their normal form, how they are sealed, found, masked and opened."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from stdnum.cn import ric

from customers import crypto, masking

COUNTRY = "CN"
# Most numbers of a file are plain mobile ones, which phonenumbers takes 60 µs to say. 179 is left to it: that is a
# dialling prefix of carriers as well.
_PLAIN_MOBILE = re.compile(r"(?:\+86)?1(?:[3-689]\d|7[0-8])\d{8}", re.ASCII)


def normal_phone(text: str) -> str:
    """Any usual way to write a phone number as E.164 (`+8613800138000`). Raises ValidationError."""
    if _PLAIN_MOBILE.fullmatch(text):
        return f"+86{text[-11:]}"
    compact = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[1-9](\.\d+)?[eE]\+\d+", compact):
        raise ValidationError(
            _("The phone number was cut off by a spreadsheet (%(value)s): format the column as text."),
            params={"value": compact},
        )
    try:
        number = phonenumbers.parse(compact, COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("This is no phone number.")) from error
    normal = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    # What is possible spans all kinds of numbers: a mobile one short of a digit would pass for a landline.
    short_or_long_mobile = re.match(r"\+861[3-9]", normal) and len(normal) != len("+8613800138000")
    if short_or_long_mobile or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This phone number has too few or too many digits."))
    return normal


def _is_resident_number(number: str) -> bool:
    """Form, birth date and check digit (GB 11643-1999). The area code is not compared with today's list: cards of
    people whose county has since been merged are valid for life."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        ric.get_birth_date(number)
    except ric.ValidationError:
        return False
    return bool(ric.calc_check_digit(number) == number[-1])


def normal_id_number(text: str, kind: str = "resident") -> str:
    """An ID document number in capitals without spaces; a resident card's date and check digit are verified."""
    compact = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if kind == "resident":
        if not _is_resident_number(compact):
            raise ValidationError(_("The ID number is wrong: a digit is missing or mistyped."))
    elif not re.fullmatch(r"[A-Z0-9()]{4,24}", compact):
        raise ValidationError(_("A document number has 4 to 24 letters and digits."))
    return compact


def normal_email(text: str) -> str:
    """An e-mail address, lower case in its domain. Raises ValidationError."""
    address = text.strip()
    validate_email(address)
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def normal_address(text: str) -> str:
    """A street address with single spaces."""
    address = " ".join(text.split())
    if len(address) > 200:
        raise ValidationError(_("An address has at most 200 characters."))
    return address


@dataclass(frozen=True)
class Identifier:
    """One kind of identifier. `sealed` names the model's field; the blind indexes are absent where nobody searches."""

    name: str
    label: StrOrPromise
    normal: Callable[[str], str]
    mask: Callable[[str], str]

    @property
    def sealed(self) -> str:
        return f"{self.name}_sealed"


PHONE = Identifier("phone", _("phone"), normal_phone, masking.mask_phone)
ID_NUMBER = Identifier("id_number", _("ID number"), normal_id_number, masking.mask_id_number)
EMAIL = Identifier("email", _("e-mail"), normal_email, masking.mask_email)
ADDRESS = Identifier("address", _("street address"), normal_address, masking.mask_address)
IDENTIFIERS = {identifier.name: identifier for identifier in (PHONE, ID_NUMBER, EMAIL, ADDRESS)}


def phone_index(phone: str) -> bytes:
    """Blind index of a normal phone number."""
    return crypto.blind_index(phone, purpose="phone")


def tail_index(phone_or_tail: str) -> bytes:
    """Blind index of the last four digits; searched only among customers the person may see."""
    return crypto.blind_index(phone_or_tail[-4:], purpose="phone tail")


def id_number_index(number: str) -> bytes:
    """Blind index of a normal ID number."""
    return crypto.blind_index(number, purpose="id number")


def sealed_columns(number: str, values: dict[str, str]) -> dict[str, bytes | None]:
    """The columns of customer `number` for normal `values` by identifier name; an empty value clears its columns."""
    columns: dict[str, bytes | None] = {}
    for name, value in values.items():
        columns[IDENTIFIERS[name].sealed] = crypto.seal(value, field=name, number=number) if value else None
        if name == "phone":
            columns["phone_index"] = phone_index(value) if value else None
            columns["phone_tail_index"] = tail_index(value) if value else None
        elif name == "id_number":
            columns["id_number_index"] = id_number_index(value) if value else None
    return columns


def unsealed(name: str, sealed: bytes | None, number: str) -> str:
    """The plain identifier `name` of the customer `number`, "" where there is none."""
    return crypto.unseal(sealed, field=name, number=number) if sealed else ""


def masked(name: str, sealed: bytes | None, number: str) -> str:
    """The identifier as it may stand on a screen, "" where there is none."""
    plain = unsealed(name, sealed, number)
    return IDENTIFIERS[name].mask(plain) if plain else ""


def spoken(name: str, plain: str) -> str:
    """A plain identifier as people write it: a phone of this country without its code, in groups."""
    if name != "phone":
        return plain
    number = phonenumbers.parse(plain)
    national = number.country_code == phonenumbers.country_code_for_region(COUNTRY)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, style))
