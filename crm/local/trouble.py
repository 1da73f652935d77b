"""What goes wrong on a machine, said in one line."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class TroubleError(Exception):
    """A reason to stop that the person can do something about; its text is the whole message."""


_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "this folder or file may not be written",
    errno.EPERM: "this is not permitted",
    errno.EROFS: "this file system is read-only",
}


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
        sys.exit("zhike: stopped")


def _command(error: subprocess.CalledProcessError) -> str:
    parts = error.cmd if isinstance(error.cmd, list) else [error.cmd]
    return " ".join(str(part).rsplit("/", 1)[-1] for part in parts[:3])


def _last_line(error: subprocess.CalledProcessError) -> str:
    output = error.stderr or error.output or b""
    text = output.decode(errors="replace") if isinstance(output, bytes) else str(output)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if "No space left on device" in text:
        return _REASONS[errno.ENOSPC]
    return lines[-1] if lines else f"exit code {error.returncode}"
