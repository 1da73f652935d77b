"""What hangs on a customer in this room, and how it comes over when two customers turn out to be one."""

from django.utils.translation import gettext_lazy as _

from customers.moving import Belonging, Mover
from recommendations.models.need import STANDING
from recommendations.models.suggestion import LIVE

_UNSAID = "t.state = 'open' AND NOT EXISTS (SELECT FROM recommendations_answer AS said WHERE said.suggestion_id = t.id)"
_LIVE = f"t.state IN ({', '.join(repr(state.value) for state in LIVE)})"

_DECIDED = "t.state <> 'found'"
_STANDING = f"t.state IN ({', '.join(repr(state.value) for state in STANDING)})"

MOVES = Mover((
    # What nobody has decided goes: the night finds the needs of the one customer they are now.
    Belonging("recommendations_customerneed", derived=True, only="t.state = 'found'"),
    Belonging("recommendations_customerneed", label=_("needs spoken of"), unique=("need",), only=_DECIDED,
              among=_STANDING, instead={"state": "'gone'"}, edited=("state", "later_until")),
    # Of two standings the stricter care is a person's matter: the one of who stays is kept.
    Belonging("recommendations_investorstanding", key="customer_id", label=_("standing as an investor"), single=True),
    Belonging("recommendations_creditrequest", label=_("loans asked for"), edited=()),
    # What nobody has talked about yet goes: the night finds what suits the one customer they are now.
    Belonging("recommendations_suggestion", derived=True, only=_UNSAID),
    # What was answered comes over; a customer has one live suggestion a need: of two that were, one is over.
    Belonging("recommendations_suggestion", label=_("suggestions talked about"), unique=("need",),
              among=_LIVE, wins=_UNSAID, instead={"state": "'over'"}, edited=("state", "later_until")),
))  # fmt: skip
