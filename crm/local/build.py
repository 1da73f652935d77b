"""What Django makes of the sources before it serves: the translations and the collected static files."""

import subprocess
from collections.abc import Mapping

from crm.local.bootstrap import BASE, PYTHON
from crm.local.steps import step, when_changed

MESSAGES = BASE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COLLECTED = BASE / "staticfiles"


def manage(environment: Mapping[str, str], *command: str) -> None:
    """Run `manage.py command` quietly. Raises CalledProcessError, with its output, when it fails."""
    subprocess.run([str(PYTHON), "manage.py", *command], cwd=BASE, env=environment, check=True, capture_output=True)


def build(environment: Mapping[str, str]) -> None:
    """Compile the translations and collect the static files where their sources changed: 2 s each otherwise."""
    compiled = MESSAGES.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < MESSAGES.stat().st_mtime:
        with step("compiling messages"):
            manage(environment, "messages", "--compile")
    sources = [BASE / "requirements.txt", *sorted(path for path in (BASE / "static").rglob("*") if path.is_file())]
    when_changed(
        COLLECTED / ".stamp",
        sources,
        "collecting static files",
        lambda: manage(environment, "collectstatic", "--noinput"),
    )
