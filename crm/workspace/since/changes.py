"""What others, the customer and the night did since a person's last visit to a customer's page.

When that was is known from the audit, which has a row for each opened page: nothing is written for it a second time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.audit.models import Action, Entry, Result
from crm.lib.dates import bank_day
from crm.staff.models import User
from crm.workspace.brief_parts import cut, quoted
from customers import profile
from customers.models import Channel, Customer
from customers.portrait.tags import agreed
from customers.warnings import for_managers
from interactions.models import INTENTS, ChannelEvent
from interactions.timeline.parts import Entry as TimelineEntry
from interactions.timeline.words import event as in_words

ONE_VISIT = timedelta(minutes=30)  # what is opened again sooner belongs to the same visit
MOST_EVENTS = 50
MOST_OF_A_KIND = 3
MOST_READ = 60

# One statement: each of these would else be a query of its own. Days of the night: it is made live the day after.
_CHANGES = """
(SELECT 'talk', i.created_at AS at, i.channel, left(i.summary, 200), coalesce(u.display_name, '')
 FROM interactions_interaction i LEFT JOIN staff_user u ON u.id = i.by_id
 WHERE i.customer_id = %(id)s AND i.created_at > %(since)s AND i.by_id IS DISTINCT FROM %(me)s
 ORDER BY i.created_at DESC LIMIT %(most)s)
UNION ALL
SELECT 'complaint', received_at, number, left(text, 200), ''
FROM interactions_complaint WHERE customer_id = %(id)s AND received_at > %(since)s
UNION ALL
SELECT 'closed', closed_at, number, left(ending, 200), ''
FROM interactions_complaint WHERE customer_id = %(id)s AND closed_at > %(since)s
UNION ALL
SELECT 'done', r.ended_at, r.kind, r.outcome, u.display_name
FROM interactions_reminder r JOIN staff_user u ON u.id = r.ended_by_id
WHERE r.customer_id = %(id)s AND r.state = 'done' AND r.ended_at > %(since)s AND r.ended_by_id <> %(me)s
UNION ALL
SELECT 'segment', m.day, f.name_{lang}, t.name_{lang}, ''
FROM customers_segmentmove m JOIN customers_segment f ON f.id = m.from_segment_id
JOIN customers_segment t ON t.id = m.to_segment_id
WHERE m.customer_id = %(id)s AND m.day >= %(since_day)s
UNION ALL
SELECT 'tag', p.since, r.name_{lang}, '', ''
FROM customers_portraittag p JOIN customers_portraitrule r ON r.id = p.rule_id AND r.active
WHERE p.customer_id = %(id)s AND p.state = 'live' AND p.since >= %(since_day)s AND %(portrait)s
UNION ALL
SELECT 'suggested', max(s.since), count(*)::text, '', ''
FROM recommendations_suggestion s
WHERE s.customer_id = %(id)s AND s.state = 'open' AND s.since >= %(since_day)s HAVING count(*) > 0
UNION ALL
(SELECT 'edit', a.at, a.detail ->> 'field', (SELECT min(key) FROM jsonb_object_keys(a.detail) AS key
    WHERE key IN ('life_event', 'relation', 'group', 'fact', 'owner', 'consent', 'merged')),
    coalesce(w.display_name, a.actor_label)
 FROM audit_entry a LEFT JOIN staff_user w ON w.id = a.actor_id
 WHERE a.object_label = %(number)s AND a.object_type = 'customer' AND a.action = 'change' AND a.result = 'ok'
     AND a.at > %(since)s AND a.actor_id <> %(me)s
 ORDER BY a.at DESC LIMIT %(most)s)
ORDER BY at DESC
"""


class Change(NamedTuple):
    """A row of _CHANGES. about, text: what they mean depends on `what`."""

    what: str
    at: datetime
    about: str | None
    text: str | None
    who: str


@dataclass(frozen=True)
class New:
    """One line: what is new, and the id of the panel where it stands."""

    icon: str
    label: StrOrPromise
    text: str
    source: str


@dataclass(frozen=True)
class Since:
    """at: of the last visit, None where this is the first."""

    at: datetime | None
    lines: list[New]


def last_visit(user: User, customer: Customer, now: datetime) -> datetime | None:
    """When `user` had the page of `customer` open before this visit."""
    looks = Entry.objects.filter(
        object_label=customer.number, actor_id=user.pk, action=Action.VIEW, result=Result.OK,
        object_type="customer", at__lt=now - ONE_VISIT,
    )  # fmt: skip
    return looks.order_by("-at").values_list("at", flat=True).first()


def since_last_visit(user: User, customer: Customer, now: datetime) -> Since:
    """What is new for `user` about `customer` at `now`; nothing on the first visit, when all is."""
    before = last_visit(user, customer, now)
    if before is None:
        return Since(None, [])
    portrait = agreed(customer)
    found = _changes(user, customer, before, portrait=portrait)
    lines = [
        *_complaints(found),
        *_talks(found),
        *_of_the_night(found),
        *_warnings(customer, bank_day(before)),
        *_events(customer, before, bank_day(now), portrait=portrait),
        *_done(found),
        *_edits(found),
    ]
    return Since(before, lines)


def _changes(user: User, customer: Customer, since: datetime, *, portrait: bool) -> list[Change]:
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGES.replace("{lang}", language),
            {
                "id": customer.pk, "number": customer.number, "me": user.pk, "since": since,
                "since_day": bank_day(since), "most": MOST_READ, "portrait": portrait,
            },
        )  # fmt: skip
        return [Change(*row) for row in cursor.fetchall()]


def _of(found: Iterable[Change], what: str) -> list[Change]:
    return [change for change in found if change.what == what]


def _and_more(lines: list[str], total: int) -> str:
    text = pgettext("sentences", "; ").join(lines)
    more = total - len(lines)
    return (
        text
        if more <= 0
        else f"{text}{ngettext(', and %(count)d more', ', and %(count)d more', more) % {'count': more}}"
    )


def _complaints(found: list[Change]) -> list[New]:
    new = [
        New("message-square-warning", gettext_lazy("Complaint"), quoted(one.text or ""), "complaints-panel")
        for one in _of(found, "complaint")
    ]
    ended = [
        New("circle-check", gettext_lazy("Complaint closed"), cut(one.text or ""), "complaints-panel")
        for one in _of(found, "closed")
    ]
    return (new + ended)[:MOST_OF_A_KIND]


def _talks(found: list[Change]) -> list[New]:
    talks = _of(found, "talk")
    if not talks:
        return []
    said = [
        _("%(who)s, %(channel)s: %(said)s")
        % {"who": one.who or _("the bank"), "channel": Channel(one.about or "").label, "said": quoted(one.text or "")}
        for one in talks[:MOST_OF_A_KIND]
    ]
    return [New("message-circle", gettext_lazy("Contacts"), _and_more(said, len(talks)), "timeline-panel")]


def _of_the_night(found: list[Change]) -> list[New]:
    lines = [
        New("users", gettext_lazy("Segment"), f"{one.about} → {one.text}", "segment-panel")
        for one in _of(found, "segment")[:1]
    ]
    if tags := [one.about or "" for one in _of(found, "tag")]:
        lines.append(New("tag", gettext_lazy("Portrait"), pgettext("list", ", ").join(tags), "portrait"))
    for one in _of(found, "suggested"):
        count = int(one.about or 0)
        text = ngettext("%(count)d new suggestion", "%(count)d new suggestions", count) % {"count": count}
        lines.append(New("lightbulb", gettext_lazy("What might help"), text, "suggestions-panel"))
    return lines


def _warnings(customer: Customer, since: date) -> list[New]:
    """Only that there is something to ask about; what, stands in its panel."""
    count = for_managers().filter(customer=customer, day__gte=since).count()
    if not count:
        return []
    text = ngettext("%(count)d new point to ask about", "%(count)d new points to ask about", count) % {"count": count}
    return [New("circle-question-mark", gettext_lazy("To verify"), text, "warnings-panel")]


def _events(customer: Customer, since: datetime, today: date, *, portrait: bool) -> list[New]:
    """What the customer did; what they looked at only with their consent to a portrait."""
    events = ChannelEvent.objects.filter(customer=customer, at__gt=since)
    if not portrait:
        events = events.exclude(kind__in=INTENTS)
    rows = list(events.order_by("-at", "-pk")[:MOST_EVENTS])
    if not rows:
        return []
    told = list(dict.fromkeys(in_words(TimelineEntry("event", (row,), row.at), today).title for row in rows))
    text = _and_more(told[:MOST_OF_A_KIND], len(told))
    return [New("smartphone", gettext_lazy("On the channels"), text, "timeline-panel")]


def _done(found: list[Change]) -> list[New]:
    done = _of(found, "done")
    if not done:
        return []
    said = [
        _("%(who)s: %(outcome)s") % {"who": one.who, "outcome": cut(one.text or "") or _("done")}
        for one in done[:MOST_OF_A_KIND]
    ]
    return [New("check", gettext_lazy("Followed up"), _and_more(said, len(done)), "timeline-panel")]


_EDITED: dict[str, StrOrPromise] = {
    "life_event": gettext_lazy("life events"),
    "relation": gettext_lazy("family and relations"),
    "group": gettext_lazy("family and relations"),
    "fact": gettext_lazy("what was learnt"),
    "owner": gettext_lazy("who looks after them"),
    "consent": gettext_lazy("consents"),
    "merged": gettext_lazy("merged with a second number"),
}


def _edits(found: list[Change]) -> list[New]:
    """Which parts of the profile others changed; the values stand in the profile."""
    by: dict[str, list[str]] = {}
    for one in _of(found, "edit"):
        field = profile.FIELDS.get(one.about or "")
        word = str(field.label) if field else str(_EDITED.get(one.text or "", ""))
        if word and word not in by.setdefault(one.who, []):
            by[one.who].append(word)
    said = [
        _("%(who)s: %(what)s") % {"who": who, "what": pgettext("list", ", ").join(words)}
        for who, words in by.items()
        if words
    ]
    text = pgettext("sentences", "; ").join(said)
    return [New("pencil", gettext_lazy("Profile"), text, "profile-panel")] if said else []
