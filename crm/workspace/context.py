"""What every page of the shell shows."""

from typing import Any

from django.http import HttpRequest

from crm.staff.models import Role
from crm.workspace.guide.topics import topic_of
from crm.workspace.guide.tour import standing


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail's entries and the unread notices for the signed-in person; lazy, since admin pages use none of it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "has_today": Role.MANAGER in user.roles,
        "serves_customers": not user.roles.isdisjoint({Role.MANAGER, Role.AGENT, Role.SUPERVISOR}),
        "reads_warnings": not user.roles.isdisjoint({Role.MANAGER, Role.SUPERVISOR}),
        "has_a_book": Role.MANAGER in user.roles,
        "works_on_cases": Role.COMPLIANCE in user.roles,
        "leads_team": Role.SUPERVISOR in user.roles,
        "takes_walk_ins": not user.roles.isdisjoint({Role.MANAGER, Role.AGENT}),
        "help_topic": topic_of(request),
        "tour": standing(user, request),
        "administers": user.is_superuser or Role.ADMIN in user.roles,
        "unread_notices": getattr(user, "unread", 0),  # see crm.staff.backends
    }
