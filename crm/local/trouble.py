"""What goes wrong on a machine, said in one line."""

import errno
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TroubleError(Exception):
    """A reason to stop that the person can do something about; its text is the whole message."""


_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "this folder or file may not be written",
    errno.EPERM: "this is not permitted",
    errno.EROFS: "this file system is read-only",
}


_ERROR = re.compile(r"\b(error|fatal|panic|denied|refused)\b", re.IGNORECASE)
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn expected trouble inside the block into one line on stderr and exit code 1."""
    try:
        yield
    except TroubleError as trouble:
        sys.exit(f"zhike: {trouble}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"zhike: {_command(error)} failed: {_last_line(error)}")
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        sys.exit(f"zhike: {reason}: {error.filename}" if error.filename else f"zhike: {reason}")
    except KeyboardInterrupt:
        print("\nzhike: stopped", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


def _command(error: subprocess.CalledProcessError) -> str:
    parts = error.cmd if isinstance(error.cmd, list) else [error.cmd]
    return " ".join(str(part).rsplit("/", 1)[-1] for part in parts[:3])


def _last_line(error: subprocess.CalledProcessError) -> str:
    output = error.stderr or error.output or b""
    return cause(output if isinstance(output, bytes) else str(output).encode()) or f"exit code {error.returncode}"


def cause(output: bytes) -> str:
    """The line of a program's `output` that says what went wrong: the last that speaks of an error, else the last."""
    text = output.decode(errors="replace")
    if "No space left on device" in text:
        return _REASONS[errno.ENOSPC]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line)]
    return (errors or lines or [""])[-1]


def stop_on_signals() -> None:
    """Let SIGTERM and a closed terminal unwind like Ctrl-C, so that what was started is stopped on every way out."""
    for number in _STOPS:
        signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    # Once: a second signal (make passes its own on) must not interrupt the stopping, which has its own deadlines.
    for every in _STOPS:
        signal.signal(every, signal.SIG_IGN)
    raise KeyboardInterrupt
