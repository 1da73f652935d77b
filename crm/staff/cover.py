"""Leave cover: one expiring grant on the absent person lets a colleague serve their customers."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import Cover, Role, User
from crm.staff.notices import tell
from crm.staff.scope import scope


def team_of(supervisor: User) -> QuerySet[User]:
    """The active relationship managers in the branches that `supervisor` heads."""
    return User.objects.filter(
        is_active=True, groups__name=Role.MANAGER, branch_id__in=scope(supervisor).branch_ids
    ).select_related("branch")


def covers_in(supervisor: User) -> QuerySet[Cover]:
    """Covers of the supervisor's team that hold now or begin later, the soonest to end first."""
    return (
        Cover.objects.filter(content_object__branch_id__in=scope(supervisor).branch_ids, expires_at__gt=timezone.now())
        .select_related("user", "content_object", "given_by")
        .order_by("expires_at")
    )


@transaction.atomic
def give_cover(*, absent: User, to: User, starts_at: datetime, until: datetime, reason: str, by: User) -> Cover:
    """Let `to` serve the customers of `absent` from `starts_at` until `until`; a second grant replaces the first."""
    permission = Permission.objects.get(codename="cover_user", content_type__app_label="staff")
    cover, _created = Cover.objects.update_or_create(
        user=to,
        content_object=absent,
        permission=permission,
        defaults={"starts_at": starts_at, "expires_at": until, "reason": reason, "given_by": by},
    )
    record(
        Action.GRANT,
        by=by,
        object_type="cover",
        object_ids=[cover.pk],
        label=f"{absent} → {to}",
        reason=reason,
        detail={"from": starts_at.isoformat(), "until": until.isoformat()},
    )
    tell(
        to,
        gettext_noop("You look after the customers of %(absent)s until %(until)s."),
        {"absent": absent.display_name, "until": f"{timezone.localtime(until):%Y-%m-%d %H:%M}"},
        url="/customers/",
    )
    return cover


@transaction.atomic
def end_cover(cover: Cover, *, by: User) -> None:
    """End a cover now. Its row stays, as the record of who had access until when."""
    cover.expires_at = timezone.now()
    cover.save(update_fields=["expires_at"])
    record(
        Action.REVOKE,
        by=by,
        object_type="cover",
        object_ids=[cover.pk],
        label=f"{cover.content_object} → {cover.user}",
    )
