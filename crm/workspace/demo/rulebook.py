"""The bank's work on its rules: one changed and approved, a draft that waits for its approval, and one rejected."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.staff.models import User
from recommendations.models import Rule, RuleVersion, VersionState
from recommendations.rulebook.versions import content_of

SOFTER = {
    "talk_zh": "您在别处也买了保险。方便的话带上保单，我们一起理一理：哪些重复，哪些没保到。只看，不推销；不方便也没关系。",
    "talk_en": "You are insured elsewhere. If you like, bring the policies and we sort out what is doubled and what is missing. Just looking: nothing is sold, and never mind if it does not suit.",
}


def write_rulebook(day: date) -> None:
    """Versions written by the admin and decided by compliance within the last weeks."""
    people = User.objects.in_bulk(["M9001", "C8001"], field_name="employee_number")
    rules = Rule.objects.in_bulk(["insured-elsewhere", "invests-elsewhere", "growing-assets"], field_name="code")
    at = timezone.make_aware(datetime.combine(day - timedelta(days=30), time(15, 20)))
    written = {"number": 2, "author": people["M9001"], "written_at": at}
    decided = {"decided_by": people["C8001"], "decided_at": at + timedelta(days=1)}

    softer = rules["insured-elsewhere"]
    softer.versions.update(state=VersionState.REPLACED)
    Rule.objects.filter(pk=softer.pk).update(**SOFTER)
    RuleVersion.objects.create(
        rule=softer, content={**content_of(softer), **SOFTER}, state=VersionState.IN_FORCE,
        comment="语气更缓，已核对用词。", **written, **decided,
    )  # fmt: skip
    wide = rules["invests-elsewhere"]
    content = {**content_of(wide), "condition": "invested_elsewhere_6 >= 1000"}
    RuleVersion.objects.create(
        rule=wide, content=content, state=VersionState.REJECTED,
        comment="太宽：转出一千元就找客户，会打扰很多人。", **written, **decided,
    )  # fmt: skip
    waiting = rules["growing-assets"]
    wanted = {"condition": f"({waiting.condition}) and age < 70" if waiting.condition else "age < 70", "benefit": 6}
    RuleVersion.objects.create(
        rule=waiting, content={**content_of(waiting), **wanted}, **written | {"written_at": at + timedelta(days=28)}
    )
