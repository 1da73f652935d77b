"""Why a message waits, failed or was cancelled, in the language of the page."""

from django.utils.translation import gettext, gettext_noop
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
    """One or more sentences; "" where there is nothing to say. What a line or a gateway said stands as they said it."""
    if message.state == MessageState.HELD:
        return str(_BY_HAND) if message.by_hand else " ".join(sentences(message.held))
    if message.reason in _CODES or not message.reason:
        return str(_CODES.get(message.reason, ""))
    if message.state in _SAID:
        return gettext(_SAID[MessageState(message.state)]) % {"said": message.reason}
    return message.reason


_SAID = {
    MessageState.UNKNOWN: gettext_noop("No answer came, so it may have arrived (%(said)s)."),
    MessageState.QUEUED: gettext_noop("Not taken on yet, tried again (%(said)s)."),
    MessageState.SENDING: gettext_noop("No answer came: it is being asked what became of it (%(said)s)."),
    MessageState.FAILED: gettext_noop("It was refused (%(said)s)."),
}
