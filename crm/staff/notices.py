"""Short messages to one person, shown at the bell."""

from typing import Any

from django.utils import timezone

from crm.staff.models import Notice, User


def tell(user: User, message: str, values: dict[str, Any], *, url: str = "") -> None:
    """Leave `user` a notice. `message` is a gettext_noop'ed sentence whose %(places)s are filled when it is read."""
    Notice.objects.create(user=user, message=message, values=values, url=url)


def read_notices(user: User, limit: int = 30) -> list[Notice]:
    """The newest notices of `user`, which count as read from now on."""
    notices = list(user.notices.order_by("-at")[:limit])
    user.notices.filter(read_at=None).update(read_at=timezone.now())
    return notices
