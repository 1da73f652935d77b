"""Rules that a night could not use: it goes on without them, their owners are told, and the admin says why."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.lib.night import Night, NightPublication, Part
from crm.staff.models import Role, User
from crm.staff.notices import tell
from recommendations.models import Rule

LONGEST_TOLD = 120  # characters of a reason in a notice


def stage(cursor: CursorWrapper, night: Night, part: Part, aside: Mapping[int, str]) -> None:
    """Note which rules `part` did without. aside: rule -> why."""
    if aside:
        cursor.execute(
            "INSERT INTO recommendations_stagedruleaside (run, first, rule_id, reason)"
            " SELECT %s, %s, * FROM unnest(%s::bigint[], %s::text[]) ON CONFLICT DO NOTHING",
            [night.run, part.first, list(aside), list(aside.values())],
        )


class PublishRulesAside(NightPublication):
    """Marks the rules this night did without, and takes the mark from those that are well again."""

    name = "rules_aside"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {"run": night.run, "day": night.day}
        cursor.execute(_ASIDE, given)
        newly = [rule for rule, was_aside in cursor.fetchall() if not was_aside]
        count = int(cursor.rowcount)
        cursor.execute(_WELL_AGAIN, given)
        for rule in Rule.objects.filter(pk__in=newly).select_related("owner"):
            _tell(rule)
        return count + int(cursor.rowcount)


def _tell(rule: Rule) -> None:
    """The owner, or where a rule has none, who administers the bank's rules."""
    people = [rule.owner] if rule.owner else User.objects.filter(groups__name=Role.ADMIN.value, is_active=True)
    for person in people:
        tell(
            person, gettext_noop("The night did without the rule “%(rule)s”: %(why)s"),
            {"rule": rule.code, "why": rule.aside_reason[:LONGEST_TOLD]},
            url=reverse("admin:recommendations_rule_change", args=[rule.pk]),
        )  # fmt: skip


_ASIDE = """
UPDATE recommendations_rule AS r SET aside_since = coalesce(was.aside_since, %(day)s), aside_reason = s.reason
FROM (SELECT rule_id, min(reason) AS reason FROM recommendations_stagedruleaside WHERE run = %(run)s GROUP BY rule_id)
    AS s JOIN recommendations_rule AS was ON was.id = s.rule_id
WHERE r.id = s.rule_id AND (r.aside_since IS NULL OR r.aside_reason <> s.reason)
RETURNING r.id, was.aside_since IS NOT NULL
"""
_WELL_AGAIN = """
UPDATE recommendations_rule AS r SET aside_since = NULL, aside_reason = ''
WHERE r.aside_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM recommendations_stagedruleaside AS s WHERE s.run = %(run)s AND s.rule_id = r.id)
"""

PUBLISH_RULES_ASIDE = PublishRulesAside()
