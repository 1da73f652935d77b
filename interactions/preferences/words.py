"""The preference centre in plain words."""

from django.utils.translation import gettext as _

from customers.models import Channel
from interactions.models import Topic
from interactions.preferences.codes import Outcome
from interactions.preferences.wishes import Wish


def hours_words() -> dict[str, str]:
    """The parts of the day, by key of wishes.HOURS."""
    return {
        "any": _("any time from 9 to 21"),
        "work": _("from 9 to 18"),
        "morning": _("mornings, from 9 to 12"),
        "afternoon": _("afternoons, from 12 to 18"),
        "evening": _("evenings, from 18 to 21"),
    }


def wish_words(wish: Wish) -> str:
    """A change as the customer reads it: `Offers by SMS: yes`."""
    names = {
        "channel": lambda: _("Offers by %(channel)s") % {"channel": Channel(wish.value).label},
        "topic": lambda: _("Offers about %(topic)s") % {"topic": Topic(wish.value).label},
        "personal": lambda: _("Suggestions made for you"),
        "surveys": lambda: _("Questions about your satisfaction"),
        "hours": lambda: hours_words()[wish.value],
        "preferred": lambda: str(Channel(wish.value).label) if wish.value else _("no preference"),
    }
    said = names[wish.what]()
    if wish.what == "hours":
        return _("We reach you: %(hours)s") % {"hours": said}
    if wish.what == "preferred":
        return _("You like to be reached by: %(channel)s") % {"channel": said}
    return _("%(what)s: yes") % {"what": said} if wish.open else _("%(what)s: no") % {"what": said}


def outcome_words(outcome: Outcome, left: int = 0) -> str:
    """What to tell of a code that was not sent or not right."""
    return {
        Outcome.SENT: "",
        Outcome.RIGHT: "",
        Outcome.TOO_MANY: _("Too many codes were asked for. Please try again later, or ask us at the branch."),
        Outcome.NO_WAY: _("We have no way to send you a code. Please tell us at the branch what you wish to hear of."),
        Outcome.GUARDIAN: _("For a child its guardian decides: please come to the branch."),
        Outcome.WRONG: _("This is not the code. You can try %(left)d more times.") % {"left": left},
        Outcome.OVER: _("This code counts no more. Please save your wishes again to get a new one."),
    }[outcome]
