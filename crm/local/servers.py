"""The servers of one instance, and the environment in which the app finds them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from crm.local.daemon import Daemon
from crm.local.place import Instance, app_secrets, private_folder
from crm.local.postgres import Postgres
from crm.local.steps import step
from crm.local.valkey import Valkey


@dataclass
class Servers:
    """What runs for an instance: the environment in which the app finds it, and the servers started for it."""

    environment: dict[str, str]
    daemons: list[Daemon]

    def ended(self) -> str | None:
        """A sentence about the first server that is no longer there; None while all run."""
        return next(filter(None, (daemon.ended() for daemon in self.daemons)), None)


@contextmanager
def servers(place: Instance, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Servers]:
    """Start what the environment does not already name, tell where it is, stop what was started.

    more: what else stands in the environment of the app.

    DATABASE_URL and REDIS_URL set outside mean a bank's own servers: nothing is started for them.
    """
    ours = {"ZHIKE_LOCAL": "1", **app_secrets(), **more}
    environment = {name: os.environ.get(name) or value for name, value in ours.items()}
    daemons: list[Daemon] = []
    with ExitStack() as started:
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(place)
            started.callback(postgres.stop)
            daemons.append(postgres.daemon)
            with step("starting Postgres"):
                postgres.start()
                postgres.provision()
            environment["DATABASE_URL"] = postgres.url("zhike_app")
            environment["DATABASE_OWNER_URL"] = postgres.url("zhike_owner")
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(place)
            started.callback(valkey.stop)
            daemons.append(valkey.daemon)
            with step("starting the broker"):
                valkey.start()
            environment["REDIS_URL"] = valkey.url
        if place.name == "run":
            _write_env_file(environment)
        yield Servers({**place.environment, **environment}, daemons)


def _write_env_file(environment: dict[str, str]) -> None:
    """Lets `.venv/bin/python manage.py …` find the servers while `make run` is up."""
    path = private_folder() / "env"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
