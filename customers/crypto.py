"""Encryption of identifiers at rest, and blind indexes to find them by equality.

A sealed value is `cipher (1 byte) | key id (1 byte) | nonce (12 bytes) | ciphertext and tag`, bound by additional data
to its field and its customer number: moved to another customer or column it does not open. The nonce is derived from
key, place and text (HMAC), so the same text in the same place seals to the same bytes and an import can tell what is
unchanged; two different texts share a nonce with probability 2^-96. See docs/adr/003-field-encryption.md.

Ciphers: AES-256-GCM with HMAC-SHA-256, or SM4-GCM with HMAC-SM3 (GM/T) where FIELD_CIPHER=guomi.
"""

import base64
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

AES, SM4 = 1, 2
NONCE, TAG, INDEX = 12, 16, 16


class SealBrokenError(ValueError):
    """A sealed value does not open: another place, an unknown key, or changed bytes."""


@dataclass(frozen=True)
class Keyring:
    """Field keys by id, the id that seals, the key of the blind indexes, and the family of ciphers."""

    keys: dict[int, bytes]
    active: int
    index_key: bytes
    cipher: int


def parse_keys(text: str) -> dict[int, bytes]:
    """`1:base64,2:base64` as key id (1..255) -> 32 bytes. Raises ImproperlyConfigured."""
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        key_id, _colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id.isdecimal() or not 1 <= int(key_id) <= 255 or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS wants `1:<base64 of 32 bytes>,2:…`, ids 1 to 255.")
        keys[int(key_id)] = key
    return keys


@lru_cache(maxsize=4)
def _keyring(keys: str, index_key: str, cipher: str) -> Keyring:
    parsed = parse_keys(keys)
    return Keyring(
        keys=parsed,
        active=list(parsed)[-1],
        index_key=parse_keys(f"1:{index_key}")[1],
        cipher={"international": AES, "guomi": SM4}[cipher],
    )


def keyring() -> Keyring:
    """The keyring of the settings. Raises ImproperlyConfigured when they are malformed."""
    return _keyring(settings.FIELD_KEYS, settings.FIELD_INDEX_KEY, settings.FIELD_CIPHER)


def _mac(key: bytes, message: bytes, cipher: int) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3() if cipher == SM4 else hashes.SHA256())
    mac.update(message)
    return mac.finalize()


def _place(field: str, number: str) -> bytes:
    return f"customer/{field}/{number}".encode()


@lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _encrypt(cipher: int, key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    if cipher == AES:
        return _aes(key).encrypt(nonce, plain, place)
    encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _decrypt(cipher: int, key: bytes, nonce: bytes, body: bytes, place: bytes) -> bytes:
    if cipher == AES:
        return _aes(key).decrypt(nonce, body, place)
    decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, body[-TAG:])).decryptor()
    decryptor.authenticate_additional_data(place)
    return decryptor.update(body[:-TAG]) + decryptor.finalize()


def seal(text: str, *, field: str, number: str) -> bytes:
    """Encrypt `text` for `field` of the customer `number` under the active key."""
    ring = keyring()
    key, place, plain = ring.keys[ring.active], _place(field, number), text.encode()
    nonce = _mac(key, b"nonce\0" + place + b"\0" + plain, ring.cipher)[:NONCE]
    return bytes([ring.cipher, ring.active]) + nonce + _encrypt(ring.cipher, key, nonce, plain, place)


def unseal(sealed: bytes, *, field: str, number: str) -> str:
    """Decrypt what `seal` made for the same field and customer. Raises SealBrokenError."""
    sealed = bytes(sealed)
    if len(sealed) < 2 + NONCE + TAG or sealed[0] not in (AES, SM4):
        raise SealBrokenError("not a sealed value")
    key = keyring().keys.get(sealed[1])
    if key is None:
        raise SealBrokenError(f"sealed under key {sealed[1]}, which is not configured")
    try:
        return _decrypt(sealed[0], key, sealed[2 : 2 + NONCE], sealed[2 + NONCE :], _place(field, number)).decode()
    except InvalidTag as error:
        raise SealBrokenError("changed, or moved from another place") from error


def blind_index(text: str, *, purpose: str) -> bytes:
    """A keyed 16-byte fingerprint of `text` for equality search; it cannot be reversed or made without the key."""
    ring = keyring()
    return _mac(ring.index_key, f"{purpose}\0{text}".encode(), ring.cipher)[:INDEX]
