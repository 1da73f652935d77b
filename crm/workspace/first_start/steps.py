"""The steps of a new bank, and how far each is: read off the data, so that every one can be left and taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from crm.staff.models import Branch, Role, User
from customers.models import ConsentPurpose, Customer, PrivacyNotice, Tier
from interactions.models import ContactRules, TemplateVersion

DONE, USUAL, OPEN = "done", "usual", "open"


@dataclass(frozen=True)
class Step:
    """state: DONE; USUAL: usual values stand, to be looked at; OPEN. url, action: where it is done, "" for nowhere."""

    title: str
    about: str
    state: str
    url: str = ""
    action: str = ""
    facts: Sequence[str] = ()


def steps() -> list[Step]:
    """All steps in their order."""
    return [_bank(), _people(), _tiers(), _contact(), _templates(), _notices(), _customers()]


def unfinished() -> bool:
    """Whether the bank has no branch yet: then an admin begins with the steps."""
    return not Branch.objects.exists()


def _bank() -> Step:
    facts = [
        _("Name: %(name)s") % {"name": settings.BANK_NAME or "—"},
        _("Time zone: %(zone)s") % {"zone": settings.TIME_ZONE},
        _("Currency: %(currency)s") % {"currency": settings.BASE_CURRENCY},
    ]
    about = _(
        "These come from the installation (BANK_NAME, BANK_TIME_ZONE, BASE_CURRENCY). The day of every movement is the "
        "bank's own: set the time zone before anything is imported."
    )
    return Step(_("The bank"), about, DONE if settings.BANK_NAME else OPEN, facts=facts)


def _people() -> Step:
    branches = Branch.objects.count()
    people = User.objects.filter(groups__name__in=Role.values).distinct().count()
    facts = [_("Branches: %(count)d") % {"count": branches}, _("People with a role: %(count)d") % {"count": people}]
    about = _(
        "One sheet, a row a person. Everybody gets a password for their first sign-in, to be handed out on paper."
    )
    state = DONE if branches and people else OPEN
    return Step(_("Branches and people"), about, state, reverse("first-people"), _("Bring the list"), facts)


def _tiers() -> Step:
    facts = [
        _("%(tier)s: from %(amount)s") % {"tier": tier.name, "amount": _amount(tier.from_aum)}
        for tier in Tier.objects.all()
    ]  # fmt: skip
    about = _("Tiers by the average assets of a month. Usual amounts stand there: set yours.")
    url = reverse("admin:customers_tier_changelist")
    return Step(_("Tiers"), about, USUAL if facts else OPEN, url, _("Set the amounts"), facts)


def _amount(minor: int) -> str:
    return f"{minor // 100:,} {settings.BASE_CURRENCY}"


def _contact() -> Step:
    rules = ContactRules.objects.order_by("-pk").first()
    cap, days = settings.CONTACT_BUDGET, settings.CONTACT_BUDGET_DAYS
    quiet = settings.QUIET_FROM, settings.QUIET_UNTIL
    if rules:
        cap, days, quiet = rules.cap, rules.days, (rules.quiet_from, rules.quiet_until)
    first, last = (time_format(at, "H:i") for at in quiet)
    offers = _("Offers: %(cap)d in any %(days)d days") % {"cap": cap or 0, "days": days}
    facts = [
        _("Offers without limit") if cap is None else offers,
        _("Quiet: %(first)s to %(last)s") % {"first": first, "last": last},
    ]
    about = _("How often a customer may be offered something, and when nobody is written to.")
    url = reverse("admin:interactions_contactrules_add")
    return Step(_("Quiet hours and contact budget"), about, DONE if rules else USUAL, url, _("Set the rules"), facts)


def _templates() -> Step:
    approved = TemplateVersion.objects.filter(approved_at__isnull=False, template__active=True)
    count = approved.values("template").distinct().count()
    about = _("Messages go out in approved words alone: whoever wrote them asks a second person to approve them.")
    url = reverse("admin:interactions_messagetemplate_changelist")
    facts = [_("Approved: %(count)d") % {"count": count}]
    return Step(_("Message templates"), about, DONE if count else OPEN, url, _("Write and approve"), facts)


def _notices() -> Step:
    published = set(PrivacyNotice.objects.values_list("purpose", flat=True))
    missing = [str(purpose.label) for purpose in ConsentPurpose if purpose.value not in published]
    facts = [_("Without a text: %(purposes)s") % {"purposes": _(", ").join(missing)}] if missing else []
    about = _("What customers are told when they are asked for consent. Without a text nobody can be asked.")
    url = reverse("admin:customers_privacynotice_changelist")
    return Step(_("Privacy notice"), about, OPEN if missing else USUAL, url, _("Read the texts"), facts)


def _customers() -> Step:
    about = _(
        "A supervisor brings a list in the browser (Customers, Bring a list). Whole systems are connected by files: "
        "manage.py import, see docs/import.md."
    )
    return Step(_("Bring your customers"), about, DONE if Customer.objects.exists() else OPEN)
