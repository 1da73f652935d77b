"""What `make` can be asked for, once the virtual environment is there."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from crm.local import browser, frontend
from crm.local.bootstrap import BASE, PYTHON
from crm.local.build import build
from crm.local.checks import CHECKS, production_environment
from crm.local.place import Instance, alone, app_secrets, instance
from crm.local.processes import end, marked
from crm.local.serve import port_to_use, prepare, public_url, serve
from crm.local.servers import servers

PATIENCE = 10.0  # seconds for what is told to stop


def run(arguments: list[str]) -> int:
    """The app with its servers, until Ctrl-C."""
    with held("run", "`make run` is already running for this folder") as place:
        port = port_to_use()
        public_port = port_to_use("PUBLIC_PORT", port + 1)
        frontend.ensure()
        with servers(place, {"PUBLIC_URL": public_url(public_port)}) as running:
            prepare(running.environment)
            serve(running, port, public_port)
    return 0


def test(arguments: list[str]) -> int:
    """All tests, or those that `make test ARGS=…` names, against servers of their own."""
    with held("test", "`make test` or `make bench` is already running for this folder") as place:
        frontend.ensure()
        found = browser.ensure()
        with servers(place) as running:
            environment = {**running.environment, **found}
            build(environment)
            return _to_the_end([str(PYTHON), "-m", "pytest", *arguments], environment)


def lint(arguments: list[str]) -> int:
    """Every check of crm.local.checks; all run, and any failure fails."""
    local = {
        **os.environ,
        **app_secrets(),
        "ZHIKE_LOCAL": "1",
        "DATABASE_URL": "postgres://nobody@/none",
        "REDIS_URL": "unix:///none",
    }
    failed = []
    for title, command, production in CHECKS:
        environment = {**local, **production_environment()} if production else local
        done = subprocess.run([str(PYTHON), *command], cwd=BASE, env=environment, capture_output=True, text=True)
        print(f"  {title}: {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode:
            failed.append(title)
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """The benchmarks, on the test instance's servers."""
    with held("test", "`make test` or `make bench` is already running for this folder") as place:
        frontend.ensure()
        with servers(place) as running:
            build(running.environment)
            return _to_the_end([str(PYTHON), "-m", "benchmarks", *arguments], running.environment)


def shell(arguments: list[str]) -> int:
    """Django's shell on the running instance."""
    return subprocess.run([str(PYTHON), "manage.py", "shell", *arguments], cwd=BASE).returncode


def messages(arguments: list[str]) -> int:
    """Collect the strings to translate."""
    environment = {
        **os.environ,
        **app_secrets(),
        "ZHIKE_LOCAL": "1",
        "DATABASE_URL": "postgres://nobody@/none",
        "REDIS_URL": "unix:///none",
    }
    return subprocess.run([str(PYTHON), "manage.py", "messages", *arguments], cwd=BASE, env=environment).returncode


@contextmanager
def held(name: str, message: str) -> Iterator[Instance]:
    """The instance `name` for this process alone, rid of what a killed run left. Raises TroubleError(message)."""
    place = instance(name)
    with alone(place, message):
        end(marked(place), PATIENCE)
        yield place


def _to_the_end(command: list[str], environment: dict[str, str]) -> int:
    """Run `command` and give its exit code; told to stop, it is asked to close what it opened, and waited for."""
    program = subprocess.Popen(command, cwd=BASE, env=environment)
    try:
        return program.wait()
    finally:
        # Ctrl-C in a terminal reaches it by itself; a second SIGINT only cuts its closing short if it came alone.
        if program.poll() is None:
            end([psutil.Process(program.pid)], PATIENCE, signal.SIGINT)


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "shell": shell,
    "messages": messages,
}
