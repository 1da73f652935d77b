"""Signing in with an employee number, and who is behind a session."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from crm.staff.models import User

# Asked on every request and every panel, so it is one statement: through the ORM, person, branch, roles, covers and
# unread notices were five, and building them cost more processor time (2.5 ms) than all else a panel does.
_PERSON = """
SELECT person.*, branch.name AS branch_label,
       ARRAY(SELECT auth_group.name FROM staff_user_groups AS member JOIN auth_group ON auth_group.id = member.group_id
             WHERE member.user_id = person.id) AS role_list,
       ARRAY(SELECT content_object_id FROM staff_cover
             WHERE user_id = person.id AND starts_at <= %(now)s AND expires_at > %(now)s) AS covered_list,
       (SELECT count(*) FROM (SELECT FROM staff_notice WHERE user_id = person.id AND read_at IS NULL LIMIT 100) AS new)
           AS unread
FROM staff_user AS person LEFT JOIN staff_branch AS branch ON branch.id = person.branch_id
WHERE person.id = %(id)s
"""


class StaffBackend(ModelBackend):
    """Django's, with the person's roles, covers, branch name and unread notices fetched along."""

    def get_user(self, user_id: Any) -> User | None:
        person: User | None = next(iter(User.objects.raw(_PERSON, {"id": user_id, "now": timezone.now()})), None)
        return person if person is not None and self.user_can_authenticate(person) else None
