"""The door of the gateway's receipts: outside of sign-in, behind a signature. It stands in the public process."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from interactions.messaging import receipts
from interactions.messaging.signing import SIGNATURE, TIMESTAMP, verified

_MOST_RECEIPT = 8 << 10  # bytes


@login_not_required
@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """The gateway tells what became of a message. See interactions.messaging.receipts for what it may say."""
    if int(request.headers.get("Content-Length") or 0) > _MOST_RECEIPT:
        return HttpResponse(status=413)
    body = request.body
    given, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    if not verified(settings.GATEWAY_SECRET, timestamp, given, body, time.time()):
        return HttpResponse(status=403)
    try:
        told = receipts.parsed(body)
    except (ValueError, TypeError):
        return HttpResponse(status=400)
    return HttpResponse(status=200 if receipts.take(told, timezone.now()) else 404)
