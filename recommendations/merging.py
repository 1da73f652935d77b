"""What hangs on a customer in this room, and how it comes over when two customers turn out to be one."""

from django.utils.translation import gettext_lazy as _

from customers.moving import Belonging, Mover
from recommendations.models.suggestion import LIVE

_UNSAID = "t.state = 'open' AND NOT EXISTS (SELECT FROM recommendations_answer AS said WHERE said.suggestion_id = t.id)"
_LIVE = f"t.state IN ({', '.join(repr(state.value) for state in LIVE)})"

MOVES = Mover((
    # What nobody has talked about yet goes: the night finds what suits the one customer they are now.
    Belonging("recommendations_suggestion", derived=True, only=_UNSAID),
    # What was answered comes over; a customer has one live suggestion a need: of two that were, one is over.
    Belonging("recommendations_suggestion", label=_("suggestions talked about"), unique=("need",),
              among=_LIVE, wins=_UNSAID, instead={"state": "'over'"}, edited=("state", "later_until")),
))  # fmt: skip
