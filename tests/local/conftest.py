"""A state folder of its own for the servers under test: those that the other tests stand on are never touched."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from crm.local.bootstrap import BASE
from crm.local.processes import alive, end

PATIENCE = 30


@dataclass
class Runtime:
    """Starts and ends `python -m …` of this clone with its state in `state`, and knows what it started."""

    state: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        return {**inherited, "ZHIKE_STATE": str(self.state), **more}

    def command(self, module: str, *arguments: str, **more: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=BASE,
            env=self.environment(**more),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.started.append(program)
        return program

    def hold(self, **more: str) -> "Held":
        """Start the servers and wait until they answer."""
        program = self.command("tests.local.holder", **more)
        assert program.stdout is not None
        words = program.stdout.readline().split()
        if len(words) != 2:
            pytest.fail(f"the servers did not start: {program.communicate(timeout=PATIENCE)[1]}")
        return Held(program, *words)

    def refused(self, module: str, *arguments: str, **more: str) -> str:
        """The one line with which a start is refused."""
        program = self.command(module, *arguments, **more)
        _said, complaint = program.communicate(timeout=PATIENCE)
        assert program.returncode not in (0, None)
        assert "Traceback" not in complaint
        return complaint.strip().splitlines()[-1]

    def living(self) -> list[psutil.Process]:
        """Every server process whose data is in this state folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if alive(process) and Path(process.cwd()).is_relative_to(self.state):
                    found.append(process)
            except psutil.Error:
                continue
        return found


@dataclass
class Held:
    """Servers that answer, and the process that holds them."""

    program: subprocess.Popen[str]
    database_url: str
    redis_url: str

    def database(self) -> psycopg.Connection:
        return psycopg.connect(self.database_url, autocommit=True)

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.program.send_signal(how)
        self.program.wait(PATIENCE)


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    """One state folder for a module: as root the server binaries are copied into it, which is worth doing once."""
    state = Path(tempfile.mkdtemp(prefix="zk-")).resolve()
    state.chmod(0o755)  # the servers' user must be able to enter it
    runtime = Runtime(state)
    yield runtime
    for program in runtime.started:
        if program.poll() is None:
            program.terminate()
            program.wait(PATIENCE)
    end(runtime.living(), PATIENCE)
    shutil.rmtree(state)
