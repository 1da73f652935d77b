"""Who may enter a page at all. What they see there is decided by crm.staff.scope and each room's access module."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from crm.staff.models import Role, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that the sign-in middleware let through."""
    return cast(User, request.user)


def requires_role(*roles: Role) -> Callable[[View], View]:
    """Let a view be entered with one of `roles` only; others get 403, since the page's existence is no secret."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if signed_in(request).roles.isdisjoint(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate
