"""Sealed values open only where they were made; indexes find without telling."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from customers import crypto
from customers.crypto import SealBrokenError, blind_index, seal, unseal

KEY_1, KEY_2 = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@given(text=st.text(max_size=80), number=st.from_regex(r"[0-9A-Z]{1,32}", fullmatch=True))
def test_what_is_sealed_opens_in_its_place_and_nowhere_else(text, number):
    sealed = seal(text, field="phone", number=number)
    assert unseal(sealed, field="phone", number=number) == text
    for field, other in (("email", number), ("phone", number + "0")):
        with pytest.raises(SealBrokenError):
            unseal(sealed, field=field, number=other)


@given(text=st.text(min_size=1, max_size=40), place=st.integers(min_value=0, max_value=200))
def test_a_changed_byte_is_noticed(text, place):
    sealed = bytearray(seal(text, field="phone", number="1"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SealBrokenError):
        unseal(bytes(sealed), field="phone", number="1")


def test_the_same_text_looks_different_at_another_customer():
    assert seal("13800138000", field="phone", number="1") == seal("13800138000", field="phone", number="1")
    assert seal("13800138000", field="phone", number="1")[14:] != seal("13800138000", field="phone", number="2")[14:]
    assert blind_index("1234", purpose="phone") != blind_index("1234", purpose="phone tail")


@pytest.mark.parametrize("cipher", ["international", "guomi"])
def test_both_families_of_ciphers_and_a_renewed_key_open_what_the_old_one_sealed(settings, cipher):
    settings.FIELD_CIPHER, settings.FIELD_KEYS = cipher, f"1:{KEY_1}"
    old = seal("住址", field="address", number="7")
    assert b"\xe4\xbd\x8f" not in old
    settings.FIELD_KEYS = f"1:{KEY_1},2:{KEY_2}"
    new = seal("住址", field="address", number="7")
    assert new != old
    assert {unseal(value, field="address", number="7") for value in (old, new)} == {"住址"}
    settings.FIELD_KEYS = f"2:{KEY_2}"
    with pytest.raises(SealBrokenError, match="key 1"):
        unseal(old, field="address", number="7")


@pytest.mark.parametrize("keys", ["", "1:short", f"0:{KEY_1}", f"x:{KEY_1}", KEY_1])
def test_malformed_keys_stop_the_start(keys):
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.parse_keys(keys)
