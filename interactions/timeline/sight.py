"""How much of a customer's line of time a person is shown."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from crm.staff.models import User
from customers import consent
from customers.life_events import PORTRAIT, SENSITIVE, Allowed
from customers.models import Consent, Customer, PrivacyNotice, Share
from interactions.complaints import looks_after

_NOTHING = Allowed(health=False, child=False, portrait=False)


@dataclass(frozen=True)
class Sight:
    """serves_only: opened for a moment to serve somebody else's customer: without money and without what leads to an
    offer. intents: whether what the customer looked at may be read; only with their consent, and not for serving.
    health, child: whether their consents let what concerns health, or a child under 14, be shown."""

    serves_only: bool
    intents: bool
    health: bool = False
    child: bool = False


def sight(user: User, customer: Customer) -> Sight:
    """What `user`, who may see `customer`, is shown. Two queries at most."""
    own = looks_after(user, customer) or Share.objects.live().filter(user=user, content_object=customer).exists()
    allows = allowed(customer) if own else _NOTHING
    return Sight(serves_only=not own, intents=allows.portrait, health=allows.health, child=allows.child)


def agrees_to_profiling(customer: Customer) -> bool:
    """Whether what the customer does on the bank's channels may be read for what they are thinking of."""
    return allowed(customer).portrait


def allowed(customer: Customer) -> Allowed:
    """What the consents of today allow, as `life_events.allowed`, in one query."""
    purposes = [SENSITIVE[0], consent.CHILD[0], PORTRAIT[0]]
    asking_again = PrivacyNotice.objects.filter(
        purpose=OuterRef("purpose"), asks_again=True, published_at__lte=timezone.now()
    )
    answers: list[Consent] = list(
        customer.consents.filter(purpose__in=purposes).annotate(
            counts_from=Subquery(asking_again.order_by("-version").values("version")[:1])
        )
    )
    counts_from = {str(answer.purpose): getattr(answer, "counts_from", None) or 1 for answer in answers}
    standing = consent.standings(answers, counts_from)
    given = {topic for topic, answer in standing.items() if answer.allows}
    return Allowed(SENSITIVE in given, consent.CHILD in given, PORTRAIT in given)
