"""`python -m crm.local VERB`: run, test, lint, shell, messages, bench. Called by the Makefile."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before any module that an older Python could not even read
    sys.exit("Zhike needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.11" % sys.version_info[:2])  # noqa: UP031

from crm.local.bootstrap import ensure_venv, in_venv
from crm.local.trouble import in_one_line, stop_on_signals

DEVELOPER_VERBS = {"test", "lint", "bench"}


def main(verb: str, arguments: list[str]) -> int:
    """Make the virtual environment, then go on inside it; returns the exit code of the verb."""
    os.umask(0o022)  # the servers' user must be able to enter what root makes; secrets are 0600 one by one
    stop_on_signals()
    if not in_venv():
        ensure_venv(developer=verb in DEVELOPER_VERBS, then=[verb, *arguments])
    from crm.local import verbs  # needs packages of the virtual environment

    if verb not in verbs.VERBS:
        sys.exit(f"Unknown: {verb}. There are: {', '.join(verbs.VERBS)}")
    return verbs.VERBS[verb](arguments)


if __name__ == "__main__":
    with in_one_line():
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run", sys.argv[2:]))
