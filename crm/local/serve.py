"""Web server, worker and beat as one foreground group: Ctrl-C stops all of it."""

import errno
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from crm.local.bootstrap import BASE, PYTHON
from crm.local.steps import step
from crm.local.trouble import TroubleError

HOST = "127.0.0.1"
ASKED_TO_STOP = {128 + signal.SIGINT, 128 + signal.SIGTERM}
LOGINS = BASE / ".local" / "logins.txt"
PATIENCE = 60.0  # seconds until web and worker must answer
# Celery warns about root, which a container on trial often is.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def port_to_use() -> int:
    """PORT, or 8000. Raises TroubleError when it is no port or somebody listens there."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise TroubleError(f"PORT={text} is no port number")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used by this user"
            raise TroubleError(f"port {text} {why}: choose another with `make run PORT=8001`") from None
    return int(text)


def prepare(environment: dict[str, str]) -> None:
    """Migrate, compile messages, collect static files, and fill an empty database with the demo bank."""
    for title, command in (
        ("migrating", ["migrate", "--verbosity=0"]),
        ("compiling messages", ["messages", "--compile"]),
        ("collecting static files", ["collectstatic", "--noinput", "--verbosity=0"]),
        ("demo bank", ["demo", "--if-empty", f"--logins={LOGINS}"]),
    ):
        with step(title):
            subprocess.run(
                [str(PYTHON), "manage.py", *command], cwd=BASE, env=environment, check=True, capture_output=True
            )


def commands(port: int) -> dict[str, list[str]]:
    """The processes of the group by name."""
    bin_folder = PYTHON.parent
    celery = [str(bin_folder / "celery"), "--app=crm.celery", "--quiet"]
    beat_file = BASE / ".local" / "beat"
    return {
        "web": [
            str(bin_folder / "granian"),
            "--interface=wsgi",
            f"--host={HOST}",
            f"--port={port}",
            "--workers=2",
            "--blocking-threads=4",
            "--log-level=warning",
            "crm.wsgi:application",
        ],
        "worker": [*celery, "worker", "--concurrency=2", "--loglevel=warning", "--without-mingle", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel=warning", f"--schedule={beat_file}", "--pidfile="],
    }


def serve(environment: dict[str, str], port: int) -> int:
    """Run the group until Ctrl-C or until one of it ends; returns the exit code."""
    group = Manager(Printer(sys.stdout, colour=sys.stdout.isatty()))
    for name, command in commands(port).items():
        group.add_process(name, shlex.join(command), env={**environment, **QUIET}, cwd=str(BASE))
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    group.loop()
    code = int(group.returncode or 0)
    return 0 if code in ASKED_TO_STOP else code


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if _healthy(port):
            break
        time.sleep(0.2)
    else:
        print(f"Zhike answers slowly: see http://{HOST}:{port}/healthz", flush=True)
        return
    print(f"\nZhike is ready: http://{HOST}:{port}/    (Ctrl-C stops it)", flush=True)
    print(_logins(LOGINS), flush=True)


def _logins(path: Path) -> str:
    if not path.exists():
        return f"The demo logins are not in {path.relative_to(BASE)}: the database had people before."
    return f"Demo logins, also in {path.relative_to(BASE)}:\n{path.read_text()}"
