"""The servers of one instance, and the environment in which the app finds them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from crm.local.bootstrap import BASE
from crm.local.place import MARK, Instance, app_secrets
from crm.local.postgres import Postgres
from crm.local.steps import step
from crm.local.valkey import Valkey

STOP_WAIT = 10.0


def end_leftovers(place: Instance) -> None:
    """End app processes that a killed run left behind, told by the mark in their environment; servers are taken over."""
    left = []
    for process in psutil.process_iter():
        try:
            ours = process.pid != os.getpid() and process.environ().get(MARK) == str(place.root)
            if ours and process.name().split(":")[0] not in {"postgres", "valkey-server"}:
                process.terminate()
                left.append(process)
        except psutil.Error:
            continue
    _gone, alive = psutil.wait_procs(left, STOP_WAIT)
    for process in alive:
        process.kill()


@contextmanager
def servers(place: Instance) -> Iterator[dict[str, str]]:
    """Start what the environment does not already name, give the app's environment, stop what was started.

    DATABASE_URL and REDIS_URL set outside mean a bank's own servers: nothing is started for them.
    """
    end_leftovers(place)
    environment = {"ZHIKE_LOCAL": "1", **app_secrets()}
    with ExitStack() as started:
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(place)
            with step("starting Postgres"):
                started.callback(postgres.stop)
                postgres.start()
                postgres.provision(may_create_databases=place.name == "test")
            environment["DATABASE_URL"] = postgres.url("zhike_app")
            environment["DATABASE_OWNER_URL"] = postgres.url("zhike_owner")
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(place)
            with step("starting the broker"):
                started.callback(valkey.stop)
                valkey.start()
            environment["REDIS_URL"] = valkey.url
        if place.name == "run":
            _write_env_file(environment)
        yield {
            **place.environment,
            **environment,
            **{name: os.environ[name] for name in environment if name in os.environ},
        }


def _write_env_file(environment: dict[str, str]) -> None:
    """Lets `.venv/bin/python manage.py …` find the servers while `make run` is up."""
    path = BASE / ".local" / "env"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
