"""Of “How do you know that?”: family, life and what was learnt in talks.

Of health nothing but until when offers pause; of a child under 14 nothing without its guardian's consent; of other
customers no name, since what they told is theirs.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.workspace.known_parts import Counts, Known, ten_years_after_end
from customers import knowing, life_events, relations
from customers.life_events import Allowed
from customers.models import Customer, LifeEvent, LifeKind, LifeState, Source


def life(customer: Customer, counts: Counts, allows: Allowed, day: date) -> list[Known]:
    """The parts there is something to say of. Two queries."""
    return [*_family(customer, counts, day), *_events(customer, counts, allows, day), *_facts(counts, allows)]


def _family(customer: Customer, counts: Counts, day: date) -> list[Known]:
    people = relations.people(customer, relations.of(customer), {}, day)
    told = [
        _("%(purpose)s: %(about)s") % {"purpose": person.label, "about": person.name}
        if person.name
        else _("%(relation)s, who is our customer too") % {"relation": person.label}
        for person in people
        if person.name or not person.relation.name
    ]
    if counts.households:
        groups = ngettext(
            "Counted in %(count)d group of people who belong together",
            "Counted in %(count)d groups of people who belong together", counts.households,
        )  # fmt: skip
        told.append(groups % {"count": counts.households})
    if not told:
        return []
    return [
        Known(
            _("Your family and people close to you"),
            told,
            _("You or they told us, or it stands in a contract, such as a guarantee."),
            _("To advise you together, where you both wish so. What others have with us we tell nobody."),
            ten_years_after_end(),
        )
    ]


def _events(customer: Customer, counts: Counts, allows: Allowed, day: date) -> list[Known]:
    found = LifeEvent.objects.filter(customer=customer).exclude(kind=LifeKind.ILLNESS)
    found = found.exclude(state=LifeState.REJECTED).order_by("-on", "-pk")[: life_events.MOST]
    what = [
        _("%(what)s: %(when)s (%(source)s)")
        % {
            "what": event.get_kind_display(),
            "when": life_events.when(event, day),
            "source": life_events.why(event) or event.get_source_display(),
        }
        for event in found
        if life_events.may_be_shown(event, allows)
    ]
    if counts.paused_until:
        what.append(_("Offers pause until %(day)s. Why is not kept.") % {"day": counts.paused_until.isoformat()})
    if not what:
        return []
    return [
        Known(
            _("What happened in your life, and what you plan"),
            what,
            _("You told your manager; or it was seen in your contracts, as it says there."),
            _("To be there at the right moment, and to be quiet when offers would be out of place."),
            ten_years_after_end(),
        )
    ]


def _facts(counts: Counts, allows: Allowed) -> list[Known]:
    what = []
    for row in counts.facts:
        fact = knowing.BY_NAME.get(row["name"])
        if fact is None or fact.column or (fact.name == "child_study" and not allows.child):
            continue
        line = _("%(what)s: %(value)s (%(source)s, %(day)s)")
        words = fact.choices.get(row["value"], row["value"])
        source = Source(row["source"]).label if row["source"] in Source.values else ""
        what.append(line % {"what": fact.label, "value": words, "source": source, "day": row["on"]})
    if not what:
        return []
    return [
        Known(
            _("What you told of yourself"),
            what,
            _("From talks with your manager. You need not answer, and what you declined is not asked again."),
            _("So that advice fits your life, and not only your account."),
            ten_years_after_end(),
        )
    ]
