"""Compliance's cases: what was found, in full, and what was done about it. Nobody else has a way here."""

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.forms import DayInput
from crm.lib.keyset import newest_first
from crm.staff.models import User
from customers.models import CaseState, CaseStep, ComplianceCase, Detector

PAGE_SIZE = 40


class CaseFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *CaseState.choices])
    detector = forms.ChoiceField(label=_("Detector"), required=False, choices=[("", _("any")), *Detector.choices])
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)


class CaseStepForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=CaseState.choices)
    note = forms.CharField(
        label=_("What was looked at and decided"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def cases(asked: dict[str, Any], cursor: str) -> tuple[list[ComplianceCase], str]:
    """Cases as asked for, newest first, after `cursor`; and the cursor of the next ones."""
    found = ComplianceCase.objects.select_related("customer", "customer__branch")
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    if asked.get("detector"):
        found = found.filter(detector=asked["detector"])
    since: date | None = asked.get("since")
    if since:
        found = found.filter(day__gte=since)
    return newest_first(found, cursor, PAGE_SIZE)


@transaction.atomic
def take_step(case: ComplianceCase, *, state: str, note: str, by: User) -> None:
    """Note what was done about `case`; the note stays as it is written."""
    CaseStep.objects.create(case=case, state=state, note=note, by=by)
    case.state = state
    case.save(update_fields=["state"])
    record(Action.CHANGE, by=by, object_type="case", object_ids=[case.pk], label=str(case.pk), detail={"state": state})
