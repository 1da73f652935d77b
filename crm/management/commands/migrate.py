"""`manage.py migrate` as the owner role, followed by the app role's rights and the roles' permissions."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from crm.audit import grants
from crm.staff.roles import sync_roles

OWNER = "owner"


class Command(DjangoMigrate):
    help = "Migrates as the role that owns the schema, then gives the app's role its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        options["database"] = OWNER
        super().handle(*args, **options)
        if options.get("app_label") is None and not options.get("plan") and not options.get("check_unapplied"):
            sync_roles(using=OWNER)
            grants.apply(connections[OWNER], str(connections["default"].settings_dict["USER"]))
