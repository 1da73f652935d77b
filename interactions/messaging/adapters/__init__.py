"""By which way a message leaves the bank: one adapter a way, chosen by the channel and the settings.

Without settings nothing is sent by itself: people copy the text and send it by hand.
"""

from functools import lru_cache

from django.conf import settings

from interactions.messaging.adapters.gateway import Gateway
from interactions.messaging.adapters.smtp import Smtp
from interactions.messaging.adapters.way import Adapter
from interactions.models import MessageChannel


def adapter_for(channel: str) -> Adapter | None:
    """The adapter that sends by `channel`; None where only people do."""
    if channel == MessageChannel.EMAIL:
        return Smtp(settings.MESSAGE_FROM) if settings.MESSAGE_FROM else None
    if settings.GATEWAY_URL and settings.GATEWAY_SECRET:
        return _gateway(settings.GATEWAY_URL, settings.GATEWAY_SECRET)
    return None


@lru_cache(maxsize=1)
def _gateway(url: str, secret: str) -> Gateway:
    return Gateway(url, secret)  # making one reads the certificates: too slow for every message
