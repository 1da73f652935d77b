"""What the night learns from outcomes: months of rules, and from them chances and annoyance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.lib.dates import month_of, months_before, start_of_day
from crm.lib.night import Night, NightPublication
from crm.staff.notices import tell
from recommendations.learning.chances import STRENGTH, Chances, Factor, Seen
from recommendations.models import PRIOR, Rule, RuleChance

HALF_LIFE_MONTHS = 6.0
ANNOYED_WITHIN = 14  # days after an offer in which what the customer does is put down to it
DIGITS = 4  # of a chance: what differs less would be written every night and change nothing
RULE, RULE_IN_SEGMENT = Factor((0,)), Factor((0, 1), within=Factor((0,)))

# Of months before the last one nothing can change any more but by undoing, which ends after minutes.
_MONTHS = """
WITH answered AS MATERIALIZED (
    SELECT DISTINCT ON (a.suggestion_id) s.rule_id, s.customer_id, a.state, a.at,
        CAST(date_trunc('month', a.at AT TIME ZONE %(zone)s) AS date) AS month
    FROM recommendations_answer AS a JOIN recommendations_suggestion AS s ON s.id = a.suggestion_id
    WHERE a.at >= %(first)s AND a.at < %(end)s AND a.undone_at IS NULL AND s.rule_id IS NOT NULL
    ORDER BY a.suggestion_id, a.at DESC, a.id DESC
), found AS MATERIALIZED (
    SELECT a.rule_id, m.segment_id, a.month, count(*) AS offered,
        count(*) FILTER (WHERE a.state = 'interested') AS welcome,
        count(*) FILTER (WHERE a.state IN ('refused', 'wrong')) AS unwelcome,
        count(*) FILTER (WHERE a.state IN ('refused', 'wrong')
            OR EXISTS (SELECT FROM interactions_complaint AS c WHERE c.customer_id = a.customer_id
                AND c.received_at >= a.at AND c.received_at < a.at + %(within)s * INTERVAL '1 day')
            OR EXISTS (SELECT FROM customers_consent AS w WHERE w.customer_id = a.customer_id
                AND w.purpose IN ('profiling', 'marketing')
                AND w.withdrawn_at >= a.at AND w.withdrawn_at < a.at + %(within)s * INTERVAL '1 day')) AS annoyed
    FROM answered AS a LEFT JOIN customers_membership AS m ON m.customer_id = a.customer_id
    GROUP BY a.rule_id, m.segment_id, a.month
), written AS (
    INSERT INTO recommendations_rulemonth AS r (rule_id, segment_id, month, offered, welcome, unwelcome, annoyed)
    SELECT * FROM found
    ON CONFLICT (rule_id, segment_id, month) DO UPDATE
    SET offered = excluded.offered, welcome = excluded.welcome, unwelcome = excluded.unwelcome,
        annoyed = excluded.annoyed
    WHERE (r.offered, r.welcome, r.unwelcome, r.annoyed)
        IS DISTINCT FROM (excluded.offered, excluded.welcome, excluded.unwelcome, excluded.annoyed)
    RETURNING 1
), gone AS (
    DELETE FROM recommendations_rulemonth AS r WHERE r.month >= %(since)s AND NOT EXISTS (SELECT FROM found AS f
        WHERE f.rule_id = r.rule_id AND f.segment_id IS NOT DISTINCT FROM r.segment_id AND f.month = r.month)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""


@dataclass(frozen=True)
class Outcomes:
    """What became of a rule's offers in a segment, months ago. Counts as in RuleMonth."""

    rule: int
    segment: int | None
    ago: int
    offered: int
    welcome: int
    unwelcome: int
    annoyed: int


@dataclass(frozen=True)
class Learned:
    chance: float
    annoyance: float
    n: int


def learned(outcomes: Iterable[Outcomes]) -> dict[tuple[int, int | None], Learned]:
    """(rule, segment; None: everywhere) -> what is learned. Pure; what was put off is no outcome yet."""
    chances, every = Chances([RULE, RULE_IN_SEGMENT], prior=PRIOR), Seen()
    annoyed: dict[int, Seen] = {}
    counts: dict[tuple[int, int | None], int] = {}
    for one in outcomes:
        weight = 0.5 ** (one.ago / HALF_LIFE_MONTHS)
        told = one.welcome + one.unwelcome
        chances.add((one.rule, one.segment), weight * told, weight * one.welcome)
        for seen in (every, annoyed.setdefault(one.rule, Seen())):
            seen.count += weight * one.offered
            seen.welcome += weight * one.annoyed
        for key in {(one.rule, one.segment), (one.rule, None)}:
            counts[key] = counts.get(key, 0) + told
    usual = every.share(0.0, STRENGTH)
    return {
        (rule, segment): Learned(
            round(chances.chance((rule, segment)), DIGITS), round(annoyed[rule].share(usual, STRENGTH), DIGITS), n
        )
        for (rule, segment), n in counts.items()
    }


class PublishLearning(NightPublication):
    """Months of rules up to the night, and the chances that follow; tells the owner of a rule that annoys much."""

    name = "learning"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        # All that is known the first time; then the month before as well, whose last fortnight was still open.
        cursor.execute("SELECT EXISTS (SELECT FROM recommendations_rulemonth)")
        since = months_before(month_of(night.day), 1) if cursor.fetchone()[0] else date(2000, 1, 1)
        cursor.execute(
            _MONTHS,
            {
                "zone": settings.TIME_ZONE, "since": since, "first": start_of_day(since),
                "end": start_of_day(night.day + timedelta(days=1)), "within": ANNOYED_WITHIN,
            },
        )  # fmt: skip
        written = int(cursor.fetchone()[0])
        return written + _keep(learned(_outcomes(cursor, month_of(night.day))))


PUBLISH_LEARNING = PublishLearning()


def _outcomes(cursor: CursorWrapper, month: date) -> list[Outcomes]:
    cursor.execute(
        "SELECT rule_id, segment_id, (date_part('year', age(%(month)s, month)) * 12"
        " + date_part('month', age(%(month)s, month)))::integer, offered, welcome, unwelcome, annoyed"
        " FROM recommendations_rulemonth WHERE month <= %(month)s",
        {"month": month},
    )
    return [Outcomes(*row) for row in cursor.fetchall()]


def _keep(found: Mapping[tuple[int, int | None], Learned]) -> int:
    """Write what differs. A rule that has come to annoy more than the bank allows is told to its owner, who decides."""
    known = {(one.rule_id, one.segment_id): one for one in RuleChance.objects.all()}
    written = 0
    for (rule, segment), new in found.items():
        old = known.pop((rule, segment), None)
        if old is not None and (old.chance, old.annoyance, old.n) == (new.chance, new.annoyance, new.n):
            continue
        row = old or RuleChance(rule_id=rule, segment_id=segment)
        row.chance, row.annoyance, row.n, row.updated = new.chance, new.annoyance, new.n, timezone.now()
        row.save()
        written += 1
        if segment is None and new.annoyance > settings.RULE_ANNOYANCE_LIMIT >= (old.annoyance if old else 0):
            _tell_owner(rule, new)
    for gone in known.values():
        gone.delete()
        written += 1
    return written


def _tell_owner(pk: int, new: Learned) -> None:
    rule = Rule.objects.select_related("owner").get(pk=pk)
    if rule.owner is not None:
        tell(
            rule.owner,
            gettext_noop(
                "The rule “%(rule)s” annoys %(share)d%% of those it is offered to: look at it, or let it rest."
            ),
            {"rule": rule.code, "share": round(100 * new.annoyance)},
        )
