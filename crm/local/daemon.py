"""A server as a child of this process: started in its data folder, waited for, stopped; leftovers ended."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from crm.local.place import Instance, as_servant, give
from crm.local.processes import POLL, end, ending, working_in
from crm.local.trouble import TroubleError, cause

START = 60.0  # seconds for a server to answer, replaying its log after a crash included
STOP = 20.0


class Daemon:
    """One server of an instance.

    title: how messages call it; program: its name among processes; folder: its data, also its working directory.
    """

    def __init__(self, title: str, program: str, place: Instance, folder: Path, stop_signal: signal.Signals) -> None:
        self.title = title
        self.program = program
        self.folder = folder
        self.log = place.root / f"{folder.name}.log"
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], answers: Callable[[], bool]) -> None:
        """Start `command` and return once `answers()`. Raises TroubleError with the log's reason when it ends first."""
        give(self.folder)
        with self.log.open("wb") as log:
            # In a session of its own: Ctrl-C in the terminal must reach the app first and the servers last.
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_servant(),
            )
        deadline = time.monotonic() + START
        while not answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise TroubleError(
                    f"{self.title} did not start: {cause(self.log.read_bytes())} (all of it: {self.log})"
                )
            time.sleep(POLL)

    def ended(self) -> str | None:
        """A sentence about the server's end, if it was started and is no longer there."""
        return ending(self.title, self._process) if self._process else None

    def stop(self) -> None:
        """Stop the server, if it was started, and wait until it is gone."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.end_leftovers()

    def end_leftovers(self) -> None:
        """End what a killed run left of this server; its orphaned children too, which may still write to its data."""
        end(working_in(self.folder, self.program), STOP, self._stop_signal)
