"""The customer answers: once, before the link ends. A low answer opens a case in the same transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop
from django.utils.translation import override as in_language

from crm.audit.log import outsider, record
from crm.audit.models import Action
from crm.lib.links import hash_of
from crm.staff.models import Role, User
from crm.staff.notices import tell
from interactions import complaints
from interactions.models import Complaint, Severity, Survey, Via
from interactions.satisfaction.inviting import SALT
from interactions.satisfaction.scales import SCALES
from interactions.satisfaction.words import case_text

LONGEST = 1000  # characters of a customer's own words


def open_survey(link: str, now: datetime) -> Survey | None:
    """The survey that `link` may answer at `now`; None for a link that is wrong, expired, taken back or used.

    Reading it uses nothing up: mail scanners and previews open links too.
    """
    found = hash_of(link, SALT)
    if found is None:
        return None
    return Survey.objects.filter(_usable(found, now)).select_related("branch").first()


def answer(link: str, score: int, text: str, *, language: str, now: datetime) -> Survey | None:
    """Keep the answer behind `link`; None where it may not be answered (any more). Raises ValueError off the scale."""
    found = hash_of(link, SALT)
    if found is None:
        return None
    with transaction.atomic():
        usable = Survey.objects.filter(_usable(found, now)).select_for_update(of=("self",))
        survey = usable.select_related("customer", "manager", "branch").first()
        if survey is None:
            return None
        if not SCALES[survey.kind].holds(score):
            raise ValueError("not on the scale")
        with outsider(f"customer {survey.customer.number}"):
            survey.score, survey.text, survey.answered_at = score, text.strip()[:LONGEST], now
            survey.language = language
            if SCALES[survey.kind].is_low(score):
                survey.case = _open_case(survey)
            survey.save(update_fields=["score", "text", "answered_at", "language", "case"])
            _record(survey)
    return survey


def _usable(token_hash: bytes, now: datetime) -> Q:
    return Q(token_hash=token_hash, answered_at=None, revoked_at=None, expires_at__gt=now)


def _open_case(survey: Survey) -> Complaint:
    """The case, never with the manager concerned; owner and supervisor hear of it at once."""
    with in_language("zh-hans"):
        text = case_text(survey)
    # Not complaints.open_from_survey: that one knows nobody it could be about, and would ask the manager concerned.
    case = complaints.receive(
        survey.customer, text=text, about=survey.manager, severity=Severity.MEDIUM, via=Via.SURVEY, by=None
    )
    values = {
        "name": survey.customer.name, "number": case.number,
        "handler": case.handler.display_name if case.handler else survey.branch.name,
    }  # fmt: skip
    for person in _others(survey, case):
        tell(person, LOW_ANSWER, values, url=f"/customers/{survey.customer.number}/")
    return case


LOW_ANSWER = gettext_noop("%(name)s gave a low answer: %(handler)s handles case %(number)s.")


def _others(survey: Survey, case: Complaint) -> list[User]:
    """The owner and the supervisors of the branch, but for the handler, who is told with the case."""
    supervisors = User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR, branch=survey.customer.branch_id)
    people = [survey.customer.owner, *supervisors]
    return [person for person in people if person is not None and person.is_active and person != case.handler]


def _record(survey: Survey) -> None:
    record(
        Action.CREATE, by=None, object_type="survey answer", object_ids=[survey.customer_id],
        label=survey.customer.number, detail={"kind": survey.kind, "case": survey.case.number if survey.case else ""},
    )  # fmt: skip
