"""The virtual environment with the locked requirements. Standard library only: it runs before anything is installed."""

import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from crm.local.steps import step, when_changed
from crm.local.trouble import TroubleError

BASE = Path(__file__).resolve().parent.parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
FREE_BYTES = 1_500_000_000  # what packages, front-end files and an empty database take, and as much again


def in_venv() -> bool:
    """Whether this process already runs in the project's virtual environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def _create() -> None:
    if shutil.disk_usage(BASE).free < FREE_BYTES:
        raise TroubleError(f"the disk is full: {BASE} has less than {FREE_BYTES // 1_000_000} MB left")
    if find_spec("ensurepip") is None:
        raise TroubleError("this Python cannot make virtual environments: install python3-venv (Debian, Ubuntu)")
    with step("creating the virtual environment"):
        venv.create(VENV, with_pip=True, clear=VENV.exists())


def _install(*lock_files: Path) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for lock_file in lock_files:
        command += ["-r", str(lock_file)]
    subprocess.run(command, check=True, capture_output=True)


def ensure_venv(*, developer: bool, then: list[str]) -> NoReturn:
    """Create `.venv` where it is missing, install what the locks name, and continue there with `then`.

    developer: also what tests, lint and benchmarks need.
    """
    if not (VENV / "bin" / "pip").exists() or not PYTHON.exists():  # a venv whose making was killed has no pip
        _create()
    locks = [BASE / "requirements.txt"]
    when_changed(VENV / "requirements", locks, "installing the requirements", lambda: _install(*locks))
    if developer:
        both = [*locks, BASE / "requirements-dev.txt"]
        when_changed(VENV / "requirements-dev", both, "installing what tests need", lambda: _install(*both))
    os.execv(PYTHON, [str(PYTHON), "-m", "crm.local", *then])
