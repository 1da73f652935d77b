"""The mail of the morning: how much there is to do, in counts alone. Mail leaves the bank: no names and no amounts.

One mail a person and day. A row says so, committed before the mail is handed over; who finds it sends none. A server
that refuses gives the row back; a process that dies in between leaves it, and that one mail may be missing, never
double.
"""

import logging
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.dates import bank_day
from crm.staff.models import Role, User
from crm.staff.scope import scope
from crm.workspace.today import today_of
from interactions import reminders
from interactions.models import DailyMail, ReminderKind
from interactions.reasons import day_words
from interactions.working_days import is_working_day

log = logging.getLogger("zhike.digest")
TEAM_MOST = 60  # managers of a supervisor's mail


@dataclass(frozen=True)
class TeamLine:
    """One manager of a team: customers with something late and for today."""

    name: str
    late: int
    today: int


@dataclass(frozen=True)
class Digest:
    """What a mail is made of. buckets: (label, customers), in the order of Today. promises: due today or before."""

    day: date
    buckets: list[tuple[str, int]] = field(default_factory=list)
    promises: int = 0
    team: list[TeamLine] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.buckets and not self.promises and not self.team


def digest_of(user: User, day: date) -> Digest:
    """What `user` finds on `day`, in the language that is active."""
    if Role.MANAGER in user.roles:
        found = today_of(user, day)
        buckets = [(str(one.kind.label), one.total) for one in found.buckets if one.total and one.kind.key != "coming"]
        promised = reminders.of(user).filter(kind=ReminderKind.PROMISE, day__lte=day).count()
    else:
        buckets, promised = [], 0
    team = _team(user, day) if Role.SUPERVISOR in user.roles else []
    return Digest(day, buckets, promised, team)


# Read by manager along the index of open reminders; whoever has nothing is not in the mail.
_TEAM = """
SELECT u.display_name,
    count(DISTINCT r.customer_id) FILTER (WHERE greatest(r.due, r.snoozed_until) < %(day)s),
    count(DISTINCT r.customer_id) FILTER (WHERE greatest(r.due, r.snoozed_until) = %(day)s)
FROM staff_user AS u
JOIN staff_user_groups AS g ON g.user_id = u.id
JOIN auth_group AS role ON role.id = g.group_id AND role.name = %(role)s
JOIN interactions_reminder AS r ON r.assignee_id = u.id AND r.state = 'open' AND NOT r.later
    AND r.due <= %(day)s AND greatest(r.due, r.snoozed_until) <= %(day)s
JOIN customers_customer AS c ON c.id = r.customer_id AND c.status = 'active'
WHERE u.is_active AND u.branch_id = ANY (%(branches)s)
GROUP BY u.id, u.employee_number, u.display_name
ORDER BY 2 DESC, u.employee_number
LIMIT %(most)s
"""


def _team(user: User, day: date) -> list[TeamLine]:
    given: dict[str, Any] = {
        "day": day,
        "branches": sorted(scope(user).branch_ids),
        "role": Role.MANAGER.value,
        "most": TEAM_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TEAM, given)
        return [TeamLine(*row) for row in cursor.fetchall()]


def written(user: User, digest: Digest) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    total = sum(number for _label, number in digest.buckets)
    if digest.buckets:
        subject = ngettext("%(day)s: %(count)d customer to see to", "%(day)s: %(count)d customers to see to", total)
    else:
        subject = _("%(day)s: your team")
    lines = [_("Good morning, %(name)s") % {"name": user.display_name}, ""]
    lines += [f"  {label}  {number}" for label, number in digest.buckets]
    if digest.promises:
        lines += ["", _("Promises due: %(count)d") % {"count": digest.promises}]
    if digest.team:
        lines += ["", _("Your team (late / for today):")]
        lines += [f"  {one.name}  {one.late} / {one.today}" for one in digest.team]
    page = "today" if Role.MANAGER in user.roles else "dashboards:board"
    lines += ["", f"{settings.SITE_URL}{reverse(page)}", ""]
    lines += [
        _("This mail holds counts alone. You switch it off here:"),
        f"{settings.SITE_URL}{reverse('my-settings')}",
    ]
    return subject % {"day": day_words(digest.day), "count": total}, "\n".join(lines) + "\n"


def preview(user: User, day: date) -> tuple[str, str] | None:
    """The mail as `user` would get it on `day`, in their language; None where there is nothing to say."""
    with translation.override(user.language):
        digest = digest_of(user, day)
        return None if digest.empty else written(user, digest)


def recipients() -> Iterator[User]:
    """Who gets the mail: active managers and supervisors with an address who did not switch it off."""
    people = User.objects.filter(is_active=True, groups__name__in=[Role.MANAGER, Role.SUPERVISOR]).exclude(email="")
    wanted = people.filter(Q(mail_choice=None) | Q(mail_choice__wanted=True))
    yield from wanted.order_by("pk").distinct().iterator(chunk_size=200)


def send_all(day: date | None = None) -> int:
    """Send the mails of `day` (default: the bank's today) that have not gone out; none on a day without work."""
    day = day or bank_day()
    if not is_working_day(day):
        return 0
    return sum(send_one(person, day) for person in recipients())


def send_one(user: User, day: date) -> bool:
    """Whether a mail of `day` went out to `user` now. Not inside a transaction: the claim has to be committed first."""
    said = preview(user, day)
    if said is None:
        return False
    claim = _claimed(user, day)
    if claim is None:
        return False
    try:
        _deliver(user, day, *said)
    except (OSError, smtplib.SMTPException) as error:
        log.error("no daily mail to %s: %s", user.employee_number, error)
        claim.delete()
        return False
    DailyMail.objects.filter(pk=claim.pk).update(sent_at=timezone.now())
    return True


def _claimed(user: User, day: date) -> DailyMail | None:
    try:
        with transaction.atomic():
            return DailyMail.objects.create(user=user, day=day)
    except IntegrityError:
        return None


def _deliver(user: User, day: date, subject: str, text: str) -> None:
    message_id = f"<zhike-{day.isoformat()}-{user.pk}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"
    mail = EmailMessage(
        subject, text, None, [user.email], headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    )
    mail.send()
