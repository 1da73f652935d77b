"""How long to wait before the next try: exponential back-off with jitter. Pure."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 8  # of sending: about three hours
MOST_QUERIES = 6  # of asking what became of a message, before a person is asked


def wait(times: int, share: float) -> timedelta:
    """The pause after `times` (1 and more) tries: doubled each time, from a half of it to the whole.

    share: 0 to 1, drawn at random by the caller, so that a thousand messages do not come back together.
    """
    whole = min(FIRST * int(2 ** min(times - 1, 20)), LONGEST_WAIT)
    return whole * (0.5 + share / 2)
