"""/healthz: whether each part the CRM needs answers, for people and monitors alike."""

from collections.abc import Callable
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm.nightly.models import Run

PATIENCE = 2.0  # seconds a part has to answer


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)) as client:
        client.ping()


def _worker() -> None:
    if not current_app.control.ping(timeout=PATIENCE, limit=1):
        raise TimeoutError("no worker answered")


def _check(part: Callable[[], None]) -> str:
    try:
        part()
    except (DatabaseError, redis.RedisError, OSError, OperationalError) as error:
        return type(error).__name__
    return "ok"


def _last_night() -> dict[str, Any] | None:
    """The last night by its start: day, state and end; None before the first one, or where the database is gone."""
    try:
        last = Run.objects.order_by("-started_at").values("day", "state", "finished_at").first()
        return dict(last) if last else None
    except DatabaseError:
        return None


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with every part "ok", else 503 with the kind of error at the part that fails; nothing of the data."""
    broker = _check(_broker)
    parts: dict[str, Any] = {
        "database": _check(_database),
        "broker": broker,
        "worker": _check(_worker) if broker == "ok" else "unknown",
    }
    healthy = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"healthy": healthy, **parts, "last_night": _last_night()}, status=200 if healthy else 503)
