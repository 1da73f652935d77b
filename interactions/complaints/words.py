"""What pages say of cases, in the language of the page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.dates import bank_day
from interactions.models import Category, Complaint, ComplaintState, ComplaintStep, Severity, StepKind

SOON = 5  # days before an answer is due that it turns amber
_TONES = {Severity.HIGH: "late", Severity.MEDIUM: "", Severity.LOW: ""}


@dataclass(frozen=True)
class Row:
    """One case of a worklist. when: until when, in words; tone: late, today or "". age: days since receipt."""

    number: str
    text: str
    customer_number: str
    customer: str
    branch: str
    handler: str
    severity: str
    severity_tone: str
    category: str
    due: date
    when: str
    tone: str
    age: int
    back: bool
    closed_on: date | None

    @classmethod
    def of(cls, row: dict[str, Any], today: date) -> "Row":
        """row: as complaints.reach.worklist answers."""
        severity = Severity(row["severity"])
        is_open = row["state"] == ComplaintState.OPEN
        when, tone = _when(row["due"], today) if is_open else ("", "")
        end = today if is_open else bank_day(row["closed_at"] or row["received_at"])
        return cls(
            number=row["number"], text=row["text"], customer_number=row["customer__number"],
            customer=row["customer__name"], branch=row["customer__branch__name"],
            handler=row["handler__display_name"] or "", severity=str(severity.label), severity_tone=_TONES[severity],
            category=str(Category(row["category"]).label), due=row["due"], when=when, tone=tone,
            age=(end - bank_day(row["received_at"])).days, back=row["reopened_at"] is not None,
            closed_on=_day(row["closed_at"]),
        )  # fmt: skip

    @classmethod
    def of_complaint(cls, complaint: Complaint, today: date) -> "Row":
        names = ("number", "text", "severity", "category", "due", "received_at", "closed_at", "reopened_at", "state")
        handler = complaint.handler
        return cls.of(
            {name: getattr(complaint, name) for name in names}
            | {
                "customer__number": complaint.customer.number,
                "customer__name": complaint.customer.name,
                "customer__branch__name": complaint.customer.branch.name,
                "handler__display_name": handler.display_name if handler else "",
            },
            today,
        )


def _day(at: datetime | None) -> date | None:
    return bank_day(at) if at else None


def _when(due: date, today: date) -> tuple[str, str]:
    days = (due - today).days
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}, "late"
    if days == 0:
        return _("today"), "today"
    left = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return left, "today" if days <= SOON else ""


def step_words(step: ComplaintStep) -> str:
    """What a step did, besides its note."""
    name = step.person.display_name if step.person else ""
    due = step.due.isoformat() if step.due else ""
    if step.kind == StepKind.ASSIGNED:
        return _("to %(name)s") % {"name": name}
    if step.kind == StepKind.ESCALATED:
        return _LEVELS[step.level]() % {"name": name, "due": due}
    if step.kind in (StepKind.EXTENDED, StepKind.REOPENED):
        return _("answer due %(due)s") % {"due": due}
    if step.kind == StepKind.RECEIVED:
        words = _("answer due %(due)s") % {"due": due}
        return f"{words} · " + _("handled by %(name)s") % {"name": name} if name else words
    return ""


_LEVELS = {
    "severe": lambda: _("%(name)s was told at once: it is severe"),
    "soon": lambda: _("%(name)s was reminded: answer due %(due)s"),
    "near": lambda: _("%(name)s was told: still open, answer due %(due)s"),
    "late": lambda: _("%(name)s was told: late since %(due)s"),
}
