"""What `make` can be asked for, once the virtual environment is there."""

import os
import subprocess
from collections.abc import Callable

from crm.local import browser, frontend
from crm.local.bootstrap import BASE, PYTHON
from crm.local.checks import CHECKS, production_environment
from crm.local.place import alone, app_secrets, instance
from crm.local.serve import port_to_use, prepare, serve
from crm.local.servers import servers
from crm.local.steps import step


def run(arguments: list[str]) -> int:
    """The app with its servers, until Ctrl-C."""
    place = instance("run")
    with alone(place, "`make run` is already running for this folder"):
        port = port_to_use()
        frontend.ensure()
        with servers(place) as environment:
            prepare(environment)
            return serve(environment, port)


def test(arguments: list[str]) -> int:
    """All tests, or those that `make test ARGS=…` names, against servers of their own."""
    place = instance("test")
    with alone(place, "`make test` is already running for this folder"):
        frontend.ensure()
        found = browser.ensure()
        with servers(place) as environment:
            environment = {**environment, **found}
            _manage(environment, "messages", "--compile")
            with step("collecting static files"):
                _manage(environment, "collectstatic", "--noinput")
            return subprocess.run([str(PYTHON), "-m", "pytest", *arguments], cwd=BASE, env=environment).returncode


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
        done = subprocess.run([str(PYTHON), "-m", *command], cwd=BASE, env=environment, capture_output=True, text=True)
        print(f"  {title}: {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode:
            failed.append(title)
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """The benchmarks, on the test instance's servers."""
    place = instance("test")
    with alone(place, "`make test` or `make bench` is already running for this folder"):
        frontend.ensure()
        with servers(place) as environment:
            _manage(environment, "messages", "--compile")
            _manage(environment, "collectstatic", "--noinput")
            return subprocess.run([str(PYTHON), "-m", "benchmarks", *arguments], cwd=BASE, env=environment).returncode


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


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run([str(PYTHON), "manage.py", *command], cwd=BASE, env=environment, check=True, capture_output=True)


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "shell": shell,
    "messages": messages,
}
