"""Whose events a person sees: those of the branch they work for, and of the branches they lead."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from crm.audit.log import look
from crm.audit.models import Action, Result
from crm.staff.models import Branch, User
from crm.staff.scope import scope
from interactions.models import Outreach


def branch_ids(user: User) -> list[int]:
    """The branches for which `user` may plan."""
    limits = scope(user)
    return sorted(limits.branch_ids | limits.pool_branch_ids)


def branches(user: User) -> QuerySet[Branch]:
    found: QuerySet[Branch] = Branch.objects.filter(pk__in=branch_ids(user)).order_by("code")
    return found


def events(user: User) -> QuerySet[Outreach]:
    return Outreach.objects.filter(branch_id__in=branch_ids(user))


def event_of(user: User, pk: int) -> Outreach:
    """The event `pk` if it is one of the branches of `user`; else Http404, whether it exists or not, and audited."""
    event = events(user).select_related("branch", "made_by").filter(pk=pk).first()
    if event is None:
        look(Action.VIEW, by=user, object_type="outreach", label=str(pk), result=Result.DENIED)
        raise Http404(_("There is no such event, or it is not of your branch."))
    return event


def runs(user: User, event: Outreach) -> bool:
    """Whether `user` has the list at the door: who planned the event, and who leads its branch.

    They see the names of all who were invited, and nothing else of customers whom they do not look after. Other
    managers of the branch see their own customers.
    """
    return event.made_by_id == user.pk or event.branch_id in scope(user).branch_ids
