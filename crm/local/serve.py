"""Web server, worker and beat as one foreground group: Ctrl-C stops all of it."""

import errno
import os
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from crm.local.bootstrap import BASE, PYTHON
from crm.local.build import build, manage
from crm.local.group import Group
from crm.local.place import private_folder
from crm.local.servers import Servers
from crm.local.steps import step
from crm.local.trouble import TroubleError

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds until web and worker must answer
# Celery warns about root, which a container on trial often is.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def port_to_use(name: str = "PORT", usual: int = 8000) -> int:
    """The port in the environment's `name`, or `usual`. Raises TroubleError for none or one that is taken."""
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise TroubleError(f"{name}={text} is no port number")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used by this user"
            raise TroubleError(f"port {text} {why}: choose another with `make run {name}={int(text) + 1}`") from None
    return int(text)


def logins_file() -> Path:
    """The file with the demo people's random passwords, for the person who started it only."""
    return private_folder() / "logins.txt"


def prepare(environment: dict[str, str]) -> None:
    """Migrate, build what is served, and fill an empty database with the demo bank."""
    with step("migrating"):
        manage(environment, "migrate", "--verbosity=0")
    build(environment)
    with step("demo bank"):
        manage(environment, "demo", "--if-empty", f"--logins={logins_file()}")
    with step("first night"):
        manage(environment, "night", "--if-never", "--here")
        manage(environment, "demo", "--past")


def commands(port: int, public_port: int) -> dict[str, list[str]]:
    """The processes of the group by name. `public` serves the pages of customers, and nothing of the CRM."""
    bin_folder = PYTHON.parent
    celery = [str(bin_folder / "celery"), "--app=crm.celery", "--quiet"]
    beat_file = private_folder() / "beat"
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
        "public": [
            str(bin_folder / "granian"),
            "--interface=wsgi",
            f"--host={HOST}",
            f"--port={public_port}",
            "--blocking-threads=2",
            "--log-level=warning",
            "crm.public.wsgi:application",
        ],
        "worker": [*celery, "worker", "--concurrency=2", "--loglevel=warning", "--without-mingle", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel=warning", f"--schedule={beat_file}", "--pidfile="],
    }


def public_url(public_port: int) -> str:
    """Where customers reach the public pages of this machine."""
    return os.environ.get("PUBLIC_URL") or f"http://{HOST}:{public_port}"


def serve(running: Servers, port: int, public_port: int) -> None:
    """Run the app until Ctrl-C, which raises KeyboardInterrupt. Raises TroubleError when a part of it ends."""
    group = Group(commands(port, public_port), {**running.environment, **QUIET}, BASE)
    try:
        group.start()
        _announce(group, port)
        while not (sentence := running.ended() or group.ended()):
            time.sleep(0.2)
        raise TroubleError(f"{sentence}, so everything was stopped")
    finally:
        print("\nzhike: stopping …", flush=True)
        group.stop()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(group: Group, port: int) -> None:
    address = f"http://{HOST}:{port}/"
    deadline = time.monotonic() + PATIENCE
    while group.ended() is None:
        if _healthy(port):
            print(f"\nZhike is ready: {address}    (Ctrl-C stops it)\n{_logins(logins_file())}", flush=True)
            return
        if time.monotonic() > deadline:
            print(f"Zhike is not healthy yet: see {address}healthz", flush=True)
            return
        time.sleep(0.2)


def _logins(path: Path) -> str:
    if not path.exists():
        return f"The demo logins are not in {path}: the database had people before."
    survey = path.with_name("survey.txt")
    link = f"A customer's survey, to be tried once: {survey.read_text()}" if survey.exists() else ""
    return f"Demo logins, also in {path}:\n{path.read_text()}{link}"
