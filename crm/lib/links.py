"""Signed links for people without a login: a random id under a signature; the database keeps its hash alone.

A link that was tampered with is refused by its signature, before any table is asked. The salt names what it is for: a
survey's link opens no preference centre.
"""

import hashlib
import secrets

from django.core.signing import BadSignature, Signer

BYTES = 18  # 144 bits of chance


def new_link(salt: str) -> tuple[str, bytes]:
    """A fresh signed id for `salt`, and the hash to keep of it."""
    chance = secrets.token_urlsafe(BYTES)
    return Signer(salt=salt).sign(chance).replace(":", "."), digest(chance)


def hash_of(link: str, salt: str) -> bytes | None:
    """The hash under which `link` is kept, None where its signature is not ours."""
    chance, _dot, signature = link.partition(".")
    try:
        return digest(Signer(salt=salt).unsign(f"{chance}:{signature}"))
    except BadSignature:
        return None


def digest(chance: str) -> bytes:
    """SHA-256: of 144 bits of chance nothing can be guessed back."""
    return hashlib.sha256(chance.encode()).digest()
