"""Where the local servers keep their state, and as whom they run."""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from crm.local.bootstrap import BASE
from crm.local.trouble import TroubleError

LONGEST_SOCKET_PATH = 107  # bytes in sockaddr_un on Linux, without the final zero
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
FREE_BYTES = 500_000_000
MARK = "ZHIKE_INSTANCE"  # in the environment of every process that an instance starts


@dataclass(frozen=True)
class Instance:
    """One set of local servers: `run` or `test`. They share nothing, so both may be up at once."""

    name: str
    root: Path
    sockets: Path

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, marked so that what is left over of a killed run can be told."""
        return {**os.environ, MARK: str(self.root)}

    def secret(self, name: str) -> str:
        """A random password for `name`, made once and kept in a file only the owner reads."""
        return _kept(self.root / "secrets" / name, lambda: secrets.token_urlsafe(24))


def _kept(path: Path, make: Any) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def state_folder() -> Path:
    """`.local` in the clone; for root a folder below /var/lib, since Postgres refuses to run as root and the
    system user it runs as cannot enter root's home. ZHIKE_STATE names another place."""
    if chosen := os.environ.get("ZHIKE_STATE"):
        return Path(chosen).resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/zhike") / hashlib.sha256(str(BASE).encode()).hexdigest()[:12]
    return BASE / ".local"


def private_folder() -> Path:
    """Where the person who started it finds keys, environment and logins: `.local` in the clone, or ZHIKE_STATE."""
    return state_folder() if os.environ.get("ZHIKE_STATE") else BASE / ".local"


def instance(name: str) -> Instance:
    """The instance `name`, its folders made. Raises TroubleError where there is too little space."""
    root = state_folder() / name
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < FREE_BYTES:
        raise TroubleError(f"the disk is full: {root} has less than {FREE_BYTES // 1_000_000} MB left")
    return Instance(name, root, _sockets(root))


def _sockets(root: Path) -> Path:
    folder = root / "sockets"
    if len(os.fsencode(str(folder) + LONGEST_SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        folder = _short_folder(root)
    if not folder.exists():
        folder.mkdir(mode=0o700)
    give(folder)
    return folder


def _short_folder(root: Path) -> Path:
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    private = os.geteuid() != 0 and os.path.isdir(runtime)  # root's is closed to the servers' user
    folder = Path(runtime if private else tempfile.gettempdir()) / f"zhike-{digest}"
    if len(os.fsencode(str(folder) + LONGEST_SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        raise TroubleError(f"the path is too long for a socket, even at {folder}: set TMPDIR to a shorter folder")
    if folder.exists() or folder.is_symlink():
        owner = folder.lstat()
        if not stat.S_ISDIR(owner.st_mode) or owner.st_uid not in {os.geteuid(), _user_id()}:
            raise TroubleError(f"{folder} belongs to somebody else: remove it, or set TMPDIR")
    return folder


def _user_id() -> int:
    return servant().pw_uid if os.geteuid() == 0 else os.geteuid()


def servant() -> pwd.struct_passwd:
    """The system user that serves in root's place: who owns the data already, else `postgres`, else `nobody`."""
    owners = [folder.stat().st_uid for folder in state_folder().glob("*/postgres-*/")]
    for person in pwd.getpwall():
        if person.pw_uid and person.pw_uid in owners:
            return person
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise TroubleError("Postgres cannot run as root, and there is no user postgres or nobody: run as an ordinary user")


def as_servant() -> dict[str, Any]:
    """subprocess arguments that drop root's rights; nothing for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    person = servant()
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Hand `path` to the user the servers run as."""
    if os.geteuid() == 0:
        person = servant()
        os.chown(path, person.pw_uid, person.pw_gid)


def package_folder(package: str, distribution: str) -> Path:
    """The folder of an installed `package` of server binaries, where the servers' user can enter it.

    For root that is a copy, made once per version, with the libraries that the binaries find beside the package.
    Raises TroubleError when it is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise TroubleError(f"{distribution} is not installed: remove .venv and try again")
    installed = Path(spec.origin).parent
    if os.geteuid() != 0:
        return installed
    copy = state_folder() / "bin" / f"{package}-{version(distribution)}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=copy.parent))
        part.chmod(0o755)
        for folder in (installed, installed.with_name(f"{package}.libs")):
            if folder.exists():
                shutil.copytree(folder, part / folder.name, symlinks=True)
        try:
            part.rename(copy)
        except OSError:  # `make run` and `make test` at once: the other one was first
            shutil.rmtree(part)
    return copy / package


def app_secrets() -> dict[str, str]:
    """The app's own keys, made once for this clone."""
    folder = private_folder() / "keys"
    return {
        "SECRET_KEY": _kept(folder / "secret_key", lambda: secrets.token_urlsafe(50)),
        "FIELD_KEYS": _kept(folder / "field_keys", lambda: "1:" + b64encode(secrets.token_bytes(32)).decode()),
        "FIELD_INDEX_KEY": _kept(folder / "field_index_key", lambda: b64encode(secrets.token_bytes(32)).decode()),
    }


@contextmanager
def alone(place: Instance, message: str) -> Iterator[None]:
    """Hold the instance for this process. Raises TroubleError(message) while another one holds it; a killed one
    holds nothing, since the lock dies with its process."""
    with (place.root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TroubleError(message) from None
        yield
