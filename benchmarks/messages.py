"""`python -m benchmarks.messages [COUNT]`: COUNT (10,000) messages through a gateway that fails, dawdles and restarts.

Runs the trial of tests/interactions/test_messages_sending.py with that many messages on the servers of `make test`, and
keeps what it saw under benchmarks/results: none twice, none lost, none in quiet hours, or it fails.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.report import RESULTS
from crm.local.bootstrap import BASE

TEST = "tests/interactions/test_messages_sending.py"


def main() -> int:
    count = sys.argv[1] if len(sys.argv) > 1 else "10000"
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen.json"
        environment = {**os.environ, "MESSAGE_TRIAL": count, "MESSAGE_TRIAL_RESULT": str(seen)}
        command = ["make", "test", f"ARGS={TEST} -q -k through"]
        code = subprocess.run(command, cwd=BASE, env=environment).returncode
        if code:
            return code
        path = RESULTS / f"{date.today().isoformat()}-messages-{count}.json"  # noqa: DTZ011 - the day of who ran it
        path.write_text(json.dumps(json.loads(seen.read_text()), indent=1, ensure_ascii=False) + "\n")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
