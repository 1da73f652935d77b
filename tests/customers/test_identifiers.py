"""Identifiers in their normal form."""

import pytest
from django.core.exceptions import ValidationError

from customers.identifiers import normal_email, normal_id_number, normal_phone


@pytest.mark.parametrize(
    "text",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "0086-13800138000", "１３８００１３８０００"],
)
def test_a_mobile_number_in_any_usual_form(text):
    assert normal_phone(text) == "+8613800138000"


@pytest.mark.parametrize(("text", "normal"), [("010-62345678", "+861062345678"), ("+44 20 7946 0958", "+442079460958")])
def test_landlines_and_other_countries(text, normal):
    assert normal_phone(text) == normal


@pytest.mark.parametrize("text", ["1.38E+10", "1380013800", "no phone", "", "138001380001"])
def test_what_is_no_phone_number_is_refused(text):
    with pytest.raises(ValidationError):
        normal_phone(text)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "440524188001010014"]
)
def test_a_resident_number_is_checked_by_date_and_digit_and_a_dissolved_county_still_counts(number):
    assert normal_id_number(number) == number.replace(" ", "").upper()


@pytest.mark.parametrize(
    "number", ["110105194912310021", "11010519491331002X", "1101051949123100", "", "11010519491231002"]
)
def test_a_mistyped_resident_number_is_refused(number):
    with pytest.raises(ValidationError):
        normal_id_number(number)


def test_an_address_of_mail_keeps_its_name_and_lowers_its_domain():
    assert normal_email(" Li.Jing@Example.COM ") == "Li.Jing@example.com"
    with pytest.raises(ValidationError):
        normal_email("li.jing at example.com")
