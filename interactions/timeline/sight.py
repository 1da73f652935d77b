"""How much of a customer's line of time a person is shown."""

from dataclasses import dataclass

from django.db.models import Subquery
from django.utils import timezone

from crm.staff.models import User
from customers import consent
from customers.models import Consent, ConsentPurpose, Customer, PrivacyNotice, Share
from interactions.complaints import looks_after


@dataclass(frozen=True)
class Sight:
    """serves_only: opened for a moment to serve somebody else's customer: without money and without what leads to an
    offer. intents: whether what the customer looked at may be read; only with their consent, and not for serving."""

    serves_only: bool
    intents: bool


def sight(user: User, customer: Customer) -> Sight:
    """What `user`, who may see `customer`, is shown. Two queries at most."""
    own = looks_after(user, customer) or Share.objects.live().filter(user=user, content_object=customer).exists()
    return Sight(serves_only=not own, intents=own and agrees_to_profiling(customer))


def agrees_to_profiling(customer: Customer) -> bool:
    """Whether what the customer does on the bank's channels may be read for what they are thinking of."""
    purpose = ConsentPurpose.PROFILING.value
    asking_again = PrivacyNotice.objects.filter(purpose=purpose, asks_again=True, published_at__lte=timezone.now())
    answers: list[Consent] = list(
        customer.consents.filter(purpose=purpose).annotate(
            counts_from=Subquery(asking_again.order_by("-version").values("version")[:1])
        )
    )
    counts_from = getattr(answers[0], "counts_from", None) if answers else None
    standing = consent.standings(answers, {purpose: counts_from or 1}).get((purpose, "", ""))
    return standing is not None and standing.allows
