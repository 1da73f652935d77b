"""Processes of this and of former runs: finding them, and ending them for sure."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from crm.local.place import MARK, Instance

POLL = 0.05


def alive(process: psutil.Process) -> bool:
    """Whether it still runs. A zombie does not: it has let go of everything, though a slow init may keep its number."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def end(processes: Iterable[psutil.Process], patience: float, how: signal.Signals = signal.SIGTERM) -> None:
    """Send `how` to all of `processes`, kill what still lives after `patience` seconds, return when all are gone."""
    left = list(processes)
    for number, wait in ((how, patience), (signal.SIGKILL, patience)):
        for process in left:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + wait
        while (left := [process for process in left if alive(process)]) and time.monotonic() < deadline:
            time.sleep(POLL)


def ending(name: str, program: "subprocess.Popen[bytes]") -> str | None:
    """A sentence about how `program` came to its end; None while it runs."""
    code = program.poll()
    if code is None:
        return None
    return f"{name} {f'was killed by {signal.Signals(-code).name}' if code < 0 else f'ended with exit code {code}'}"


def working_in(folder: Path, program: str) -> list[psutil.Process]:
    """The processes called `program…` whose working directory is `folder`: a server stays in its data folder, and so do
    its children after it was killed. Not by process id from a file: that number may be somebody else's by now."""
    return [process for process in _others() if _works_in(process, folder.resolve(), program)]


def marked(place: Instance) -> list[psutil.Process]:
    """What a former run of `place` started and left behind, told by the mark in its environment."""
    return [process for process in _others() if _mark(process) == str(place.root)]


def _others() -> Iterator[psutil.Process]:
    return (process for process in psutil.process_iter() if process.pid != os.getpid() and alive(process))


def _works_in(process: psutil.Process, folder: Path, program: str) -> bool:
    try:
        return bool(process.name().startswith(program) and process.cwd() == str(folder))
    except psutil.Error:  # gone meanwhile, or somebody else's
        return False


def _mark(process: psutil.Process) -> str | None:
    try:
        return str(process.environ().get(MARK, "")) or None
    except psutil.Error:
        return None
