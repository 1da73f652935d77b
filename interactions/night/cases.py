"""Complaints near or past their day, the morning after a night: who handles and who answers for them is reminded."""

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication
from interactions.complaints import escalation
from interactions.night.statements import morning_after


class RemindOfComplaints(NightPublication):
    """Each reminder once: a case keeps which ones were given for which day."""

    name = "complaints"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        return escalation.remind(morning_after(night.day))


REMIND_OF_COMPLAINTS = RemindOfComplaints()
