"""What each role may do in the admin site. Customers are not there: those are reached through customers.access."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from crm.staff.models import Role

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.MANAGER: (),
    Role.AGENT: (),
    Role.SUPERVISOR: (),
    Role.ADMIN: (
        "staff.add_branch",
        "staff.change_branch",
        "staff.view_branch",
        "staff.add_user",
        "staff.change_user",
        "staff.view_user",
        "staff.view_cover",
        "customers.add_privacynotice",
        "customers.view_privacynotice",
        "customers.view_importbatch",
        "customers.add_segment",
        "customers.change_segment",
        "customers.view_segment",
        "customers.view_segmentrule",
        "customers.add_portraitrule",
        "customers.change_portraitrule",
        "customers.view_portraitrule",
        "customers.add_tier",
        "customers.change_tier",
        "customers.view_tier",
        "customers.add_exchangerate",
        "customers.change_exchangerate",
        "customers.view_exchangerate",
        "customers.view_detectorsetting",
        "interactions.view_reminder",
        "interactions.add_festival",
        "interactions.change_festival",
        "interactions.view_festival",
        "interactions.add_surveyrule",
        "interactions.change_surveyrule",
        "interactions.view_surveyrule",
        "interactions.add_contactrules",
        "interactions.view_contactrules",
        "interactions.add_contactlimit",
        "interactions.view_contactlimit",
        "interactions.add_messagetemplate",
        "interactions.change_messagetemplate",
        "interactions.view_messagetemplate",
        "interactions.approve_messagetemplate",
        "interactions.view_templateversion",
        "interactions.view_message",
        "interactions.change_message",
        "recommendations.add_product",
        "recommendations.change_product",
        "recommendations.view_product",
        "recommendations.add_rule",
        "recommendations.change_rule",
        "recommendations.view_rule",
        "recommendations.approve_rule",
        "recommendations.view_ruleversion",
        "recommendations.add_scorecardband",
        "recommendations.change_scorecardband",
        "recommendations.delete_scorecardband",
        "recommendations.view_scorecardband",
        "recommendations.change_gradelimit",
        "recommendations.view_gradelimit",
        "recommendations.change_weights",
        "recommendations.view_weights",
        "recommendations.view_rulechance",
        "nightly.add_run",
        "nightly.view_run",
        "nightly.view_step",
        "nightly.view_chunk",
        "nightly.view_setaside",
        "dashboards.add_scoreweights",
        "dashboards.view_scoreweights",
        "audit.view_entry",
    ),
    Role.COMPLIANCE: (
        "audit.view_entry",
        "interactions.view_messagetemplate",
        "interactions.approve_messagetemplate",
        "interactions.view_templateversion",
        "recommendations.view_rule",
        "recommendations.approve_rule",
        "recommendations.view_ruleversion",
        "customers.view_privacynotice",
        "customers.view_importbatch",
        # What is looked for is for compliance to set, not for who administers the system.
        "customers.change_detectorsetting",
        "customers.view_detectorsetting",
        "staff.view_cover",
        "staff.view_user",
        "staff.view_branch",
    ),
}


def sync_roles(using: str) -> None:
    """Create the five groups and set their permissions as PERMISSIONS says. Idempotent."""
    for role, names in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        wanted = Q(pk__in=[])
        for name in names:
            app, codename = name.split(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.using(using).filter(wanted))
