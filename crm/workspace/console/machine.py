"""Whether the parts of the system answer, and how much room they have left."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm.workspace.health import PATIENCE

QUEUE_LONG = 1000  # tasks that wait: a worker is stuck or there are too few
DISK_FULL = 90  # percent


@dataclass(frozen=True)
class Part:
    """One part as the page shows it. tone: "good", "today" (look at it) or "late" (it fails)."""

    name: str
    words: str
    tone: str = "good"


def parts() -> list[Part]:
    """Every part; a part that does not answer says so instead of taking the page with it."""
    asked: list[tuple[str, Callable[[], Part]]] = [
        (_("Database"), _database), (_("Broker"), _broker), (_("Workers"), _workers), (_("Disk"), _disk),
    ]  # fmt: skip
    return [_asked(name, ask) for name, ask in asked]


def _asked(name: str, ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except (DatabaseError, redis.RedisError, OSError, OperationalError) as error:
        return Part(name, _("does not answer (%(kind)s)") % {"kind": type(error).__name__}, "late")


def _database() -> Part:
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    words = _("%(size)s, answers in %(time)d ms") % {"size": _size(size), "time": 1000 * (time.monotonic() - begun)}
    return Part(_("Database"), words)


def _broker() -> Part:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)) as client:
        waiting: Any = client.llen("celery")
    words = _("%(count)d tasks waiting") % {"count": waiting}
    return Part(_("Broker"), words, "today" if waiting > QUEUE_LONG else "good")


def _workers() -> Part:
    answers = current_app.control.ping(timeout=PATIENCE / 2)
    if not answers:
        return Part(_("Workers"), _("no worker answers: nights, mails and messages stand still"), "late")
    return Part(_("Workers"), _("%(count)d answer") % {"count": len(answers)})


def _disk() -> Part:
    used = shutil.disk_usage(settings.BASE_DIR)
    percent = round(100 * used.used / used.total)
    words = _("%(percent)d%% full, %(free)s free on this machine") % {"percent": percent, "free": _size(used.free)}
    return Part(_("Disk"), words, "today" if percent >= DISK_FULL else "good")


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"
