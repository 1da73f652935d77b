"""What the customers behind a number have in common, as the heading of their list."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from crm.dashboards.models import Measured, Parted
from interactions.models import EventChannel

_TITLES = {
    (Measured.CSAT, "part"): _("Answered 4 or 5 of 5 in 90 days"),
    (Measured.CSAT, "whole"): _("Said how satisfied they are in 90 days"),
    (Measured.NPS, "part"): _("Would recommend us (9 or 10), 90 days"),
    (Measured.NPS, "low"): _("Would not recommend us (0 to 6), 90 days"),
    (Measured.NPS, "whole"): _("Asked whether they would recommend us, 90 days"),
    (Measured.CES, "whole"): _("Said how much effort it took them, 90 days"),
    (Measured.COMPLAINTS_OPEN, "part"): _("Complaints open past their day"),
    (Measured.COMPLAINTS_OPEN, "whole"): _("Complaints open"),
    (Measured.ACTIVE, "part"): _("Active by themselves in 90 days"),
    (Measured.ACTIVE, "whole"): _("Customers in service"),
    (Measured.CONTACTED, "part"): _("Spoken to this month by their own manager"),
    (Measured.CONTACTED, "whole"): _("Customers with a manager of their own"),
    (Measured.CARED, "part"): _("Spoken to in 90 days by their own manager"),
    (Measured.CARED, "whole"): _("Customers with a manager of their own"),
    (Measured.ON_TIME, "part"): _("Follow-ups done on their day in 30 days"),
    (Measured.ON_TIME, "whole"): _("Follow-ups due in 30 days"),
    (Measured.LATE, "part"): _("Follow-ups late and open"),
    (Measured.LATE, "whole"): _("Follow-ups open"),
    (Measured.WELCOMED, "part"): _("Interested in a suggestion in 90 days"),
    (Measured.WELCOMED, "whole"): _("Offered a suggestion in 90 days"),
    (Measured.REFUSED, "part"): _("Suggestion not wanted or wrong in 90 days"),
    (Measured.REFUSED, "whole"): _("Offered a suggestion in 90 days"),
    (Measured.PRODUCTS, "whole"): _("Customers with a product"),
    (Measured.RETENTION, "part"): _("Matured in 30 days, and something stayed with us"),
    (Measured.RETENTION, "whole"): _("Matured in 30 days, looked at 30 days later"),
    (Measured.CHURN_WARNED, "part"): _("May be about to leave"),
    (Measured.CHURN_WARNED, "whole"): _("Customers in service"),
    (Measured.CHURN_RESCUED, "part"): _("Were about to leave and stayed, 90 days"),
    (Measured.CHURN_RESCUED, "whole"): _("Were about to leave, and stayed or were lost in 90 days"),
    (Measured.CHURN_LOST, "part"): _("Lost in 90 days"),
    (Measured.CHURN_LOST, "whole"): _("Were about to leave, and stayed or were lost in 90 days"),
    (Measured.NOTES, "part"): _("Conversations with a note in 30 days"),
    (Measured.NOTES, "whole"): _("Conversations in 30 days"),
    (Measured.SETTLED_DAYS, "whole"): _("Complaints settled in 90 days"),
    (Measured.KEPT_DAY, "part"): _("Complaints settled by their day in 90 days"),
    (Measured.KEPT_DAY, "whole"): _("Complaints settled in 90 days"),
    (Measured.MONTHLY, "part"): _("Used a channel in 30 days"),
    (Measured.ENGAGED, "part"): _("Took part in something in 90 days"),
    (Measured.TOUCH, "part"): _("Not spoken to for longer than their interval"),
    (Measured.TOUCH, "whole"): _("Customers to be spoken to at an interval"),
    (Measured.NO_PHONE, "part"): _("Without a phone number"),
    (Measured.NO_BIRTH, "part"): _("Without a date of birth"),
    (Measured.RISK_OLD, "part"): _("Risk assessment run out"),
    (Measured.RISK_OLD, "whole"): _("Customers with a risk assessment"),
    (Measured.UNVERIFIED, "part"): _("With a channel name nobody has made sure of"),
    (Measured.UNVERIFIED, "whole"): _("With a channel name"),
    (Measured.DOUBLES, "part"): _("Perhaps known twice"),
    (Measured.AUM, "whole"): _("Customers whose assets are known"),
}


def title(measured: str, of: str) -> str:
    """The heading of the customers behind `of` ("part", "whole" or a key) of a measure; `measured` has to be one."""
    if measured == Parted.MOVED:
        return translate("Moved to another segment in 90 days")
    if measured == Measured.MONTHLY and of in EventChannel.values:
        return translate("Used this channel in 30 days: %(channel)s") % {"channel": EventChannel(of).label}
    return str(_TITLES.get((Measured(measured), of), _("Customers in service")))
