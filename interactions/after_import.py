"""What follows here when a file was imported (setting AFTER_IMPORT)."""

import logging

from kombu.exceptions import OperationalError

from interactions.tasks import cadence_reminders

log = logging.getLogger("zhike.imports")


def remind(kind: str) -> None:
    """Customers came: ask for their return visits. Without a broker the next night makes them."""
    if kind != "customers":
        return
    try:
        cadence_reminders.apply_async(retry=False)
    except OperationalError as error:
        log.warning("no broker, reminders wait for the night: %s", error)


# What the machine makes of a new customer and nobody has touched: it goes with them when the import is undone.
TRACES = {"interactions_reminder": "r.state = 'open' AND r.made_by_id IS NULL AND r.touched_at IS NULL"}
