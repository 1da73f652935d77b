"""How fresh the figures of the night are, for every page to say honestly; at most one small query in half a minute."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from redis.exceptions import RedisError

from crm.lib.dates import bank_day
from crm.nightly.models import Run, RunState

log = logging.getLogger("zhike.night")
KEY = "nightly-freshness"
KEPT = 30  # seconds


@dataclass(frozen=True)
class Freshness:
    """day: of the figures that are live, None before the first night. state: "ok", "running", "late", "never"."""

    day: date | None
    state: str


def freshness() -> Freshness:
    """What pages say of the last night; a broker that is gone costs a query, not the page."""
    try:
        found = cache.get(KEY)
        if found is None:
            found = _last_night()
            cache.set(KEY, found, KEPT)
    except RedisError as error:
        log.warning("no cache: %s", error)
        found = _last_night()
    day, newest = found
    return Freshness(day, _state(day, newest))


def _last_night() -> tuple[date | None, str]:
    """The day of the last night that was done, and the state of the newest of all."""
    done = Run.objects.filter(state=RunState.DONE, started_at__lte=OuterRef("started_at")).order_by("-started_at")
    runs = Run.objects.order_by("-started_at").annotate(figures=Subquery(done.values("day")[:1]))
    return runs.values_list("figures", "state").first() or (None, "")


def _state(day: date | None, newest: str) -> str:
    if day is not None and day >= bank_day() - timedelta(days=1):
        return "ok"
    if newest == RunState.RUNNING:
        return "running"
    if day is None:
        return "never"
    if newest == RunState.FAILED:
        return "late"
    due = timezone.localtime().time() >= settings.NIGHT_DUE
    return "late" if due or day < bank_day() - timedelta(days=2) else "ok"


def begun_since(moment: datetime) -> bool:
    """Whether a night has begun since `moment`: what it computed stands on what was there."""
    return Run.objects.filter(started_at__gte=moment).exists()


def forget() -> None:
    """The next page asks anew."""
    try:
        cache.delete(KEY)
    except RedisError as error:
        log.warning("no cache: %s", error)
