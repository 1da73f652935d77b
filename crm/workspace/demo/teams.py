"""What a supervisor did for the team: customers who changed hands two days ago, a word of praise and one of advice."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.staff.models import User
from crm.workspace.demo.cast import CAST
from crm.workspace.teams import coaching, moving
from customers.models import Coaching, CoachingKind, Customer, Status, Transfer
from interactions.models import Interaction, Outcome

MOVED = 6
FROM, TO, HEAD, PRAISED = "R1003", "R1002", "S2001", "R1001"


def lead_teams(day: date) -> None:
    """Wants the conversations; does nothing where a bank is too small to have them."""
    person = {one.employee_number: one for one in User.objects.filter(employee_number__in=[FROM, TO, HEAD, PRAISED])}
    _hand_over(person, day)
    _coach(person, day)


def _hand_over(person: dict[str, User], day: date) -> None:
    """Those of whom something is open first: the list shows what it is for."""
    promised = Interaction.objects.filter(customer=OuterRef("pk"), promise_kept_at=None).exclude(promise="")
    own = Customer.objects.filter(owner=person[FROM], branch=person[TO].branch, status=Status.ACTIVE)
    found = list(own.annotate(open=Exists(promised)).order_by("-open", "-number")[:MOVED])
    if not found:
        return
    made = moving.move(
        {one.pk: person[TO] for one in found},
        {one.pk: one.owner_id for one in found},
        branch=found[0].branch,
        source=str(person[FROM]),
        note="苏曼下月起半职，请在两周内问候一声，有承诺的先联系。",
        by=person[HEAD],
    )
    Transfer.objects.filter(pk=made.pk).update(at=_at(day - timedelta(days=2), 17))


def _coach(person: dict[str, User], day: date) -> None:
    talks = Interaction.objects.filter(by=person[PRAISED], outcome=Outcome.TALKED, customer__owner=person[PRAISED])
    of_others = talks.filter(customer__pk__in=Customer.objects.order_by("number").values("pk")[len(CAST) :])
    for talk, kind, text in zip(
        of_others.exclude(summary="").select_related("customer").order_by("-at")[:2],
        (CoachingKind.PRAISE, CoachingKind.ADVICE),
        (
            "先问客户最近怎么样，再说事情，还约好了下次时间。就这样做。",
            "客户问的费率当场没答上来，可以先记成待答问题，第二天回电话，客户会记得。",
        ),
        strict=False,
    ):
        made = coaching.say(talk.customer, talk=talk, to=person[PRAISED], kind=kind, text=text, by=person[HEAD])
        read = None if kind == CoachingKind.PRAISE else timezone.now()
        Coaching.objects.filter(pk=made.pk).update(at=_at(day - timedelta(days=1), 18), read_at=read)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))
