"""A whole Zhike for browser tests: its own database with the demo bank, granian and a Celery worker."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from tests.databases import drop

NAME = "test_zhike_served"
PATIENCE = 60.0  # seconds for web server and worker to answer


@dataclass(frozen=True)
class Served:
    """Where it answers, the passwords of the demo logins by employee number, and the environment of its processes.

    public: where the pages of customers answer.
    """

    url: str
    public: str
    passwords: dict[str, str]
    environment: dict[str, str]


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def database_of_its_own(name: str) -> Iterator[dict[str, str]]:
    """An empty database until the block ends: the environment in which processes use it."""
    owner = settings.DATABASES["owner"]
    dsn = {"user": owner["USER"], "password": owner["PASSWORD"], "host": owner["HOST"] or owner["OPTIONS"].get("host")}
    with psycopg.connect(dbname="postgres", autocommit=True, **dsn) as connection:
        drop(connection, name)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield {
            **os.environ,
            "FIRST_DAY_TOUR": "0",  # a story begins on its own page
            "DATABASE_URL": _with_database(os.environ["DATABASE_URL"], name),
            "DATABASE_OWNER_URL": _with_database(os.environ["DATABASE_OWNER_URL"], name),
        }
        drop(connection, name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _passwords(path: Path) -> dict[str, str]:
    return {line.split()[0]: line.split()[-1] for line in path.read_text().splitlines() if line.strip()}


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url}/healthz did not turn healthy")


@contextmanager
def served(folder: Path, customers: int) -> Iterator[Served]:
    """Serve a demo bank of `customers` until the block ends."""
    with database_of_its_own(NAME) as environment, ExitStack() as stack:
        logins = folder / "logins.txt"
        public_port = _free_port()
        environment["PUBLIC_URL"] = public = f"http://127.0.0.1:{public_port}"
        for command in (
            ["migrate", "--verbosity=0"],
            ["demo", f"--customers={customers}", f"--logins={logins}"],
            ["night", "--here"],
            ["demo", "--past"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], check=True, env=environment, capture_output=True)
        port = _free_port()
        binaries = Path(sys.executable).parent
        for program, *arguments in (
            [
                "granian",
                "--interface=wsgi",
                f"--port={port}",
                "--blocking-threads=4",
                "--log-level=warning",
                "crm.wsgi:application",
            ],
            [
                "granian",
                "--interface=wsgi",
                f"--port={public_port}",
                "--blocking-threads=2",
                "--log-level=warning",
                "crm.public.wsgi:application",
            ],
            ["celery", "--app=crm.celery", "--quiet", "worker", "--concurrency=1", "--loglevel=warning"],
        ):
            process = subprocess.Popen([binaries / program, *arguments], env=environment)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(url)
        _wait_until_healthy(public)
        yield Served(url, public, _passwords(logins), environment)
