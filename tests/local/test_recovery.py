"""However a run ended, the next one starts, with the data that was committed."""

import os
import signal

import pytest

from tests.local.conftest import Runtime

pytestmark = pytest.mark.skipif(bool(os.environ.get("PG_BIN")), reason="for the embedded servers")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_leaves_nothing_running(runtime: Runtime, how: signal.Signals):
    held = runtime.hold()
    held.stop(how)
    assert runtime.living() == []
    assert not list(runtime.state.rglob("*.sock"))


def test_told_to_stop_while_the_servers_start(runtime: Runtime):
    program = runtime.command("tests.local.holder")
    assert program.stderr is not None
    assert "starting Postgres" in program.stderr.read(len("  starting Postgres"))
    program.terminate()
    program.communicate(timeout=30)
    assert runtime.living() == []


def test_killed_parent(runtime: Runtime):
    held = runtime.hold()
    before = {process.pid for process in runtime.living()}
    with held.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('kept')")
    held.broker().set("kept", "kept")
    held.stop(signal.SIGKILL)
    assert runtime.living()  # the orphans that the next run has to deal with

    held = runtime.hold()
    assert not before & {process.pid for process in runtime.living()}
    assert held.database().execute("SELECT word FROM kept LIMIT 1").fetchone() == ("kept",)
    assert held.broker().get("kept") == b"kept"
    held.stop()


def test_everything_killed_at_once(runtime: Runtime):
    held = runtime.hold()
    for process in [*runtime.living(), held.program]:
        process.kill()
    assert list(runtime.state.rglob(".s.PGSQL.*.lock"))  # what Postgres would take for a running server
    runtime.hold().stop()


def test_only_the_postmaster_killed(runtime: Runtime):
    """Its children may still write: they are ended before another server opens the same data."""
    held = runtime.hold()
    working = held.database()
    (pid_file,) = runtime.state.glob("run/postgres-*-*/postmaster.pid")
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    held.stop(signal.SIGKILL)
    runtime.hold().stop()
    working.close()


def test_a_process_number_that_is_somebody_elses_by_now(runtime: Runtime):
    runtime.hold().stop()
    (data,) = runtime.state.glob("run/postgres-*-*/")
    stranger = f"{os.getpid()}\n{data}\n"
    (data / "postmaster.pid").write_text(stranger)
    (runtime.state / "run" / "sockets" / ".s.PGSQL.5432.lock").write_text(stranger)
    runtime.hold().stop()  # and this process is still there to say so


def test_killed_while_the_database_was_being_created(runtime: Runtime):
    part = runtime.state / "run" / "postgres-part"
    part.mkdir()
    (part / "PG_VERSION").write_text("18\n")
    (data,) = runtime.state.glob("run/postgres-*-*/")
    data.rename(runtime.state / "aside")
    runtime.hold().stop()
    assert not part.exists()
