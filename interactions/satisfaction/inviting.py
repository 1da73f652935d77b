"""Inviting: a link for one contact, shown once. A new one for the same contact takes the place of one not used."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.links import new_link
from crm.staff.models import User
from customers.models import Customer
from interactions.models import Complaint, Interaction, Survey, SurveyAbout
from interactions.satisfaction.sampling import OF_CHANNEL, Wait, rules_now, why_wait
from interactions.satisfaction.scales import FORMULA

SALT = "zhike.survey"


class NotNowError(Exception):
    """The customer is not to be asked now; `why` says why."""

    def __init__(self, why: Wait) -> None:
        super().__init__(why.value)
        self.why = why


class Invited(NamedTuple):
    """The invitation, and the address that opens it: this is the only moment at which it is known."""

    survey: Survey
    link: str


def invite(
    subject: Interaction | Complaint | Customer, *, by: User | None, kind: str = "", now: datetime | None = None
) -> Invited:
    """A link by which the customer is asked about `subject`: a contact, a closed complaint, or (a customer) the branch.

    kind: a SurveyKind, default that of the rule. Whether the contact was drawn is the caller's question
    (sampling.contacts). Raises NotNowError.
    """
    about, customer, manager_id, day = _facts(subject)
    moment = now or timezone.now()
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        of_contact = {"interaction": subject} if isinstance(subject, Interaction) else {}
        of_complaint = {"complaint": subject} if isinstance(subject, Complaint) else {}
        earlier = Survey.objects.filter(
            customer=customer, about=about, answered_at=None, revoked_at=None, **of_contact, **of_complaint
        )
        earlier.update(revoked_at=moment)
        if why := why_wait(customer, moment):
            raise NotNowError(why)
        token, token_hash = new_link(SALT)
        survey = Survey.objects.create(
            customer=customer, about=about, kind=kind or rules_now()[about].kind, branch_id=customer.branch_id,
            manager_id=manager_id, about_day=day, token_hash=token_hash, invited_at=moment, invited_by=by,
            expires_at=moment + timedelta(days=settings.SURVEY_VALID_DAYS), formula=FORMULA,
            **of_contact, **of_complaint,
        )  # fmt: skip
        _record(survey, by)
    return Invited(survey, address(token))


def address(token: str) -> str:
    """Where the survey of `token` is, for the customer."""
    return f"{settings.PUBLIC_URL}/s/{token}/"


def _facts(subject: Interaction | Complaint | Customer) -> tuple[str, Customer, int | None, date]:
    """What is asked about, whom, who served them, and on which day."""
    if isinstance(subject, Interaction):
        return OF_CHANNEL[subject.channel], subject.customer, subject.by_id, bank_day(subject.at)
    if isinstance(subject, Complaint):
        return SurveyAbout.COMPLAINT, subject.customer, subject.about_id, bank_day(subject.closed_at)
    return SurveyAbout.BRANCH, subject, subject.owner_id, bank_day()


def _record(survey: Survey, by: User | None) -> None:
    record(
        Action.CREATE, by=by, object_type="survey", object_ids=[survey.customer_id], label=survey.customer.number,
        detail={"kind": survey.kind, "about": survey.about},
    )  # fmt: skip


def answered_of(customer: Customer, most: int = 12) -> list[Survey]:
    """The answers of `customer`, the newest first, at most `most`."""
    answered = customer.surveys.filter(answered_at__isnull=False).select_related("manager", "case")
    return list(answered.order_by(F("answered_at").desc(), "-pk")[:most])
