"""Production settings refuse to start on anything but a bank's own servers, keys and roles."""

import os
import subprocess
import sys

import pytest

from crm.local.checks import production_environment


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **production_environment(), **changes}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_banks_own_servers_are_accepted():
    assert check().returncode == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS is not set"),
        ({"FIELD_INDEX_KEY": ""}, "FIELD_INDEX_KEY is not set"),
        ({"DATABASE_URL": "postgres://zhike_app:x@/zhike?host=/home/me/zhike/.local/run/sockets"}, "embedded servers"),
        ({"REDIS_URL": "unix:///var/lib/zhike/1/run/sockets/valkey.sock"}, "embedded servers"),
        ({"DATABASE_OWNER_URL": "postgres://zhike_app:x@db.bank.example/zhike"}, "another role"),
    ],
)
def test_anything_less_stops_the_start_with_its_reason(changes, said):
    refused = check(**changes)
    assert refused.returncode != 0
    assert said in refused.stderr
