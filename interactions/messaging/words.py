"""Why a message waits, failed or was cancelled, in the language of the page."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from interactions.messaging.asking import sentences
from interactions.models import Message, MessageState

_CODES: dict[str, StrOrPromise] = {
    "not_served": _("The data of this customer are only stored: no contact."),
    "too_late": _("It would have come too late to make sense."),
    "withdrawn": _("The template was taken out of use."),
    "no_way": _("Nothing is set up to send by this channel: send it by hand."),
    "no_address": _("The customer has no number or address for this channel."),
    "gave_up": _("Tried several times, and given up."),
    "died": _("The program stopped while it was being sent."),
    "replaced": _("Sent anew as another message."),
    "not_delivered": _("The gateway says it was not delivered."),
}
_BY_HAND = _("Copied to be sent by hand: not yet confirmed.")


def why(message: Message) -> str:
    """One or more sentences; "" where there is nothing to say."""
    if message.state == MessageState.HELD:
        return str(_BY_HAND) if message.by_hand else " ".join(sentences(message.held))
    return str(_CODES.get(message.reason, message.reason))
