"""What cannot work is said in one line, and nothing is left behind."""

import os
import socket
import sys
from pathlib import Path

import pytest

from crm.local.bootstrap import BASE
from crm.local.group import Group
from crm.local.processes import working_in
from tests.local.conftest import Runtime


def test_a_second_run(runtime: Runtime):
    held = runtime.hold()
    assert "already running" in runtime.refused("crm.local", "run")
    held.stop()


def test_a_taken_port(runtime: Runtime):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} is taken" in runtime.refused("crm.local", "run", PORT=port)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_no_port(runtime: Runtime, port: str):
    assert f"PORT={port} is no port number" in runtime.refused("crm.local", "run", PORT=port)


def test_a_system_postgres_that_is_not_there(runtime: Runtime):
    assert "holds no Postgres" in runtime.refused("tests.local.holder", PG_BIN="/nowhere/bin")


def test_a_state_folder_that_cannot_be_made(runtime: Runtime):
    file = runtime.state / "file"
    file.touch()
    assert str(file) in runtime.refused("tests.local.holder", ZHIKE_STATE=str(file / "below"))


def test_a_path_too_long_for_a_socket_falls_back_to_a_short_one(runtime: Runtime):
    long = runtime.state / ("long" * 30)
    short = runtime.state / "s"
    short.mkdir()
    held = runtime.hold(ZHIKE_STATE=str(long), TMPDIR=str(short), XDG_RUNTIME_DIR="")
    assert held.redis_url.startswith(f"unix://{short}/")
    assert held.broker().ping()
    held.stop()


def test_a_path_too_long_everywhere(runtime: Runtime):
    long = runtime.state / ("long" * 30)
    long.mkdir(exist_ok=True)
    elsewhere = {"TMPDIR": str(long), "XDG_RUNTIME_DIR": str(long)}
    assert "too long for a socket" in runtime.refused("tests.local.holder", ZHIKE_STATE=str(long), **elsewhere)


def test_a_short_folder_that_is_somebody_elses_link(runtime: Runtime, tmp_path: Path):
    long = runtime.state / ("long" * 30)
    short = runtime.state / "t"
    short.mkdir()
    held = runtime.hold(ZHIKE_STATE=str(long), TMPDIR=str(short), XDG_RUNTIME_DIR="")
    held.stop()
    (made,) = short.iterdir()
    made.rename(tmp_path / "aside")
    made.symlink_to(tmp_path)
    complaint = runtime.refused("tests.local.holder", ZHIKE_STATE=str(long), TMPDIR=str(short), XDG_RUNTIME_DIR="")
    assert "belongs to somebody else" in complaint


def test_one_program_of_a_group_ends():
    forever = [sys.executable, "-c", "import signal; signal.pause()"]
    group = Group({"stays": forever, "ends": [sys.executable, "-c", "raise SystemExit(3)"]}, dict(os.environ), BASE)
    group.start()
    try:
        while (sentence := group.ended()) is None:
            pass
    finally:
        group.stop()
    assert sentence == "ends ended with exit code 3"
    assert group.ended() is not None


def test_a_person_in_the_data_folder_is_nobodys_leftover(tmp_path: Path):
    """Only servers are ended, never a shell that somebody has open there."""
    group = Group({"shell": ["sleep", "60"]}, dict(os.environ), tmp_path)
    group.start()
    try:
        assert working_in(tmp_path, "postgres") == []
        assert len(working_in(tmp_path, "sleep")) == 1
    finally:
        group.stop()
