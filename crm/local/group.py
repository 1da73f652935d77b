"""Programs that live and die together, their output on one screen."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from crm.local.processes import POLL, ending

PATIENCE = 10.0  # seconds to finish what they are at; unfinished jobs are taken up again by the next worker
COLOURS = (36, 33, 35, 32)  # cyan, yellow, magenta, green


class Group:
    """Programs by name, each in a session of its own so that a Ctrl-C reaches them once, through stop()."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str], folder: Path) -> None:
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        self._readers: list[threading.Thread] = []
        self._commands, self._environment, self._folder = commands, environment, folder

    def start(self) -> None:
        """Start all of them."""
        width = max(map(len, self._commands))
        for number, (name, command) in enumerate(self._commands.items()):
            program = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._programs[name] = program
            assert program.stdout is not None
            reader = threading.Thread(
                target=_copy, args=(program.stdout, _prefix(name.ljust(width), number)), daemon=True
            )
            reader.start()
            self._readers.append(reader)

    def ended(self) -> str | None:
        """A sentence about the first program that is no longer there; None while all run."""
        sentences = (ending(name, program) for name, program in self._programs.items())
        return next(filter(None, sentences), None)

    def stop(self) -> None:
        """Ask all of them to end, and kill what is left of each, its own children included, when patience is over."""
        for program in self._programs.values():
            program.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(program.poll() is None for program in self._programs.values()) and time.monotonic() < deadline:
            time.sleep(POLL)
        for program in self._programs.values():
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        for reader in self._readers:
            reader.join(1)


def _prefix(name: str, number: int) -> str:
    if not sys.stdout.isatty():
        return f"{name} | "
    return f"\033[{COLOURS[number % len(COLOURS)]}m{name} |\033[0m "


def _copy(lines: IO[bytes], prefix: str) -> None:
    for line in lines:
        if text := line.decode(errors="replace").rstrip():
            # One write a line: those of several threads would mix otherwise.
            sys.stdout.write(f"{prefix}{text}\n")
            sys.stdout.flush()
