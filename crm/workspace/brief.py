"""The brief: what to know in the twenty seconds before a customer sits down.

In one order, whatever is there: what hurt, what was promised and asked, the mood of the last talk, what they looked at,
which days come, what to verify, what not to speak of. Each line says where it is from. Only composed here:
`brief_facts` asks the rooms below, `brief_words` writes the sentences.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from crm.staff.models import User
from crm.workspace.brief_facts import known_of
from crm.workspace.brief_parts import Line
from crm.workspace.brief_words import lines
from customers.models import Customer


@dataclass(frozen=True)
class Brief:
    """lines: in their order, those alone that have something to say. at: when it was made.

    looks_read: whether what the customer looked at on channels was read; False without their consent. serves_only:
    opened to serve a walk-in, and so without what leads to an offer.
    """

    lines: list[Line]
    at: datetime
    looks_read: bool
    serves_only: bool


def brief(customer: Customer, user: User, day: date) -> Brief:
    """What `user` is to know of `customer` on `day`, in the language of the page; nothing of a restricted customer."""
    now = timezone.localtime()
    if customer.restricted:
        return Brief([], now, looks_read=False, serves_only=False)
    known = known_of(customer, user, day)
    return Brief(lines(known), now, looks_read=known.looks_read, serves_only=known.serves_only)
