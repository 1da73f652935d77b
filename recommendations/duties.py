"""What must be done as a product is sold: no gate, a duty, said beside the suggestion (domain, section 2)."""

from django.utils.translation import gettext as _

from recommendations.gate import LONG_INSURANCE, SENIOR_AGE, Person
from recommendations.models import RATED, Civil, Product, Regime


def duties(product: Product, person: Person) -> list[str]:
    """Sentences, in the order in which they fall due."""
    if product.regime not in RATED:
        return []
    found = [_("Record the sale by sound and picture from beginning to end.")]
    if person.age is not None and person.age >= SENIOR_AGE:
        found.append(_("From 65 on: explain the risk once more, leave time to think it over, and call back later."))
    if person.civil == Civil.LIMITED:
        found.append(_("The legal representative signs too."))
    if product.private:
        found.append(_("24 hours to think it over, then a call back before it is concluded."))
    if product.regime == Regime.INSURANCE and (product.term_days is None or product.term_days > LONG_INSURANCE):
        found.append(_("Tell of the 15 days in which the contract can be given back."))
    return found
