"""The product's web server as it runs for people: granian, one process, on a free port of this machine."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from benchmarks.databases import BASE, Environment

PATIENCE = 60.0  # seconds until it must answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(env: Environment) -> Iterator[int]:
    """The port of a server on the database of `env`. Raises RuntimeError when it does not come up."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}", "--workers=1"]
    command += ["--blocking-threads=4", "--log-level=warning", "crm.wsgi:application"]
    process = subprocess.Popen(
        command,
        cwd=BASE,
        env={**env, "ROOT_URLCONF": "benchmarks.urls", "SESSION_IDLE_MINUTES": "600"},
        stdout=sys.stderr,
    )
    try:
        deadline = monotonic() + PATIENCE
        while not _listens(port):
            if _ended(process) or monotonic() > deadline:
                raise RuntimeError("the web server does not start: see above")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return False
    return True
