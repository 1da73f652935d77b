"""Words of a supervisor about how a customer was served: read by the manager and by who wrote them, nobody else."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.cover import team_of
from crm.staff.models import User
from crm.staff.notices import tell
from customers.access import visible_to
from customers.models import Coaching, CoachingKind, CoachingReply, Customer
from interactions.models import Interaction

SHOWN = 30


def talks_of(manager: User, supervisor: User) -> list[Interaction]:
    """The last SHOWN contacts of `manager` with customers whom `supervisor` may see, the newest first."""
    newest = Interaction.objects.filter(by=manager).order_by("-at", "-pk").select_related("customer")
    rows = list(newest[: SHOWN * 2])
    seen = set(visible_to(supervisor).filter(pk__in=[row.customer_id for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.customer_id in seen][:SHOWN]


def addressee(customer: Customer, talk: Interaction | None, supervisor: User) -> User | None:
    """Whom `supervisor` speaks to about `customer`: who had the talk, else who looks after them; None where that is
    nobody of their team."""
    pk = talk.by_id if talk else customer.owner_id
    return team_of(supervisor).filter(pk=pk).first() if pk else None


@transaction.atomic
def say(customer: Customer, *, talk: Interaction | None, to: User, kind: str, text: str, by: User) -> Coaching:
    """`by` says something to `to`, who is told that there is something, not what."""
    made = Coaching.objects.create(
        customer=customer, talk=talk.pk if talk else None, manager=to, by=by, kind=kind, text=text
    )
    record(
        Action.CREATE, by=by, object_type="coaching", object_ids=[customer.pk], label=str(to),
        detail={"coaching": made.pk, "kind": kind},
    )  # fmt: skip
    praise = gettext_noop("%(who)s praises how you served %(customer)s.")
    advice = gettext_noop("%(who)s has a word for you about %(customer)s.")
    tell(
        to, praise if kind == CoachingKind.PRAISE else advice,
        {"who": by.display_name, "customer": customer.name}, url="/coaching/",
    )  # fmt: skip
    return made


def of_both(user: User) -> QuerySet[Coaching]:
    """What was said to `user` or by them."""
    return Coaching.objects.filter(manager=user) | Coaching.objects.filter(by=user)


def latest(user: User) -> list[Coaching]:
    """The last SHOWN of both, with their replies."""
    found = of_both(user).select_related("customer", "manager", "by").prefetch_related("replies__by")
    return list(found.order_by("-at", "-pk")[:SHOWN])


@transaction.atomic
def reply(coaching: Coaching, *, text: str, by: User) -> None:
    """`by`, one of the two, answers the other, who is told."""
    made = CoachingReply.objects.create(coaching=coaching, by=by, text=text)
    if by.pk == coaching.manager_id:
        Coaching.objects.filter(pk=coaching.pk, read_at=None).update(read_at=timezone.now())
    record(Action.CREATE, by=by, object_type="coaching", object_ids=[coaching.customer_id], detail={"reply": made.pk})
    tell(
        coaching.by if by.pk == coaching.manager_id else coaching.manager,
        gettext_noop("%(who)s answered you about %(customer)s."),
        {"who": by.display_name, "customer": coaching.customer.name},
        url="/coaching/",
    )


@transaction.atomic
def read(coaching: Coaching, *, by: User) -> None:
    """The manager has read it: it leaves their Today."""
    Coaching.objects.filter(pk=coaching.pk, read_at=None).update(read_at=timezone.now())
    record(
        Action.CHANGE, by=by, object_type="coaching", object_ids=[coaching.customer_id], detail={"read": coaching.pk}
    )
