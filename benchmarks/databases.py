"""The benchmark's own databases: built once per size and kept; each run works on a copy and drops it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

BASE = Path(__file__).resolve().parent.parent
SEED = 1
Environment = dict[str, str]


def _url(variable: str, database: str) -> str:
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{database}"))


def environment(database: str) -> Environment:
    """This process's environment with both roles pointed at `database`."""
    urls = {name: _url(name, database) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    return {**os.environ, **urls}


def manage(env: Environment, *command: str) -> None:
    """Run a management command; its output goes to stderr, since stdout is the table's."""
    subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, env=env, check=True, stdout=sys.stderr)


def connect_as_owner() -> psycopg.Connection[tuple[str, ...]]:
    """An autocommitting connection of the owner role to the database it is configured with."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _stamp(customers: int) -> str:
    """What the database was made of: its size, and the code that shaped and filled it."""
    digest = hashlib.sha256()
    patterns = (
        "*/migrations/*.py", "crm/*/migrations/*.py", "crm/workspace/demo/*.py", "crm/nightly/*.py",
        "customers/night/**/*.*",
    )  # fmt: skip
    for pattern in patterns:
        for path in sorted(BASE.glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return f"{customers} customers of seed {SEED}, code {digest.hexdigest()[:16]}"


def _drop(owner: psycopg.Connection[tuple[str, ...]], name: str) -> None:
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def ensure(customers: int) -> str:
    """The name of a database of `customers` people; built anew only where its stamp says it is another one."""
    name, stamp = f"zhike_bench_{customers}", _stamp(customers)
    with connect_as_owner() as owner:
        found = owner.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found is not None and found[0] == stamp:
            return name
        _drop(owner, name)
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        manage(environment(name), "migrate", "--verbosity=0")
        manage(environment(name), "demo", f"--customers={customers}", f"--seed={SEED}")
        manage(environment(name), "night", "--here")
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(stamp)))
    return name


@contextmanager
def copy_of(name: str) -> Iterator[Environment]:
    """The environment of a copy of database `name`: pages write audit rows, and the next run must find none of them."""
    copy = f"{name}_run"
    with connect_as_owner() as owner:
        _drop(owner, copy)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(copy), sql.Identifier(name)
            )
        )
        try:
            yield environment(copy)
        finally:
            _drop(owner, copy)
