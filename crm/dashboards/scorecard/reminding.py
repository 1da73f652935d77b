"""The night reminds supervisors of objections whose day comes near."""

from datetime import timedelta

from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.dashboards.models import Objection, ObjectionState
from crm.dashboards.scorecard.objecting import tell_supervisor
from crm.lib.night import Night, NightPublication
from interactions import working_days

BEFORE = 2  # working days before its day that an objection is reminded of
MOST = 500  # a night; the next one takes the rest


class RemindOfObjections(NightPublication):
    """Once for each objection that still waits, to the supervisor above its manager."""

    name = "objections"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        near = working_days.add(night.day + timedelta(days=1), BEFORE)
        waiting = Objection.objects.filter(state=ObjectionState.OPEN, reminded_at=None, due__lte=near)
        due = list(waiting.select_related("manager__branch").order_by("due")[:MOST])
        for objection in due:
            tell_supervisor(
                objection, gettext_noop("The objection of %(name)s still waits; an answer is due by %(day)s")
            )
        Objection.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=timezone.now())
        return len(due)


REMIND_OF_OBJECTIONS = RemindOfObjections()
