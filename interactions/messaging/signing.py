"""Signatures between Zhike and the gateway: HMAC-SHA256 over the time and the body, in both directions."""

import hashlib
import hmac

TIMESTAMP = "X-Zhike-Timestamp"  # seconds since 1970
SIGNATURE = "X-Zhike-Signature"  # hex
WINDOW = 300  # seconds that the clocks may differ; older requests are refused, also when replayed


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of `body` sent at `timestamp`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verified(secret: str, timestamp: str, given: str, body: bytes, now: float) -> bool:
    """Whether `given` is the signature of `body` at `timestamp`, and that is within WINDOW of `now` (seconds)."""
    if not secret or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    return given.isascii() and hmac.compare_digest(signature(secret, timestamp, body), given)
