"""Progress: one line a step, with its time where it was slow enough to wonder."""

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SLOW = 1.0  # seconds from which the time is worth a word


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"  {title} …", end="", flush=True, file=sys.stderr)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True, file=sys.stderr)
        raise
    took = time.monotonic() - started
    print(f" {took:.0f} s" if took >= SLOW else " ok", flush=True, file=sys.stderr)


def when_changed(stamp: Path, sources: list[Path], title: str, do: Callable[[], None]) -> None:
    """Run `do` unless `stamp` says that it has been done for just these contents of `sources`."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    with step(title):
        do()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
