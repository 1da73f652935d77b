"""Holds the servers of a run until told to stop, as `make run` does, without the app on top."""

import signal
import sys

from crm.local.servers import servers
from crm.local.trouble import in_one_line, stop_on_signals
from crm.local.verbs import held

if __name__ == "__main__":
    with in_one_line():
        stop_on_signals()
        with held("run", "already running") as place, servers(place) as running:
            sys.stdout.write("{DATABASE_OWNER_URL} {REDIS_URL}\n".format_map(running.environment))
            sys.stdout.flush()
            signal.pause()
