"""What ran, what failed and what waits: nights, imports, messages, approvals. No count over a big table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.lib.charts import Spark, spark
from crm.nightly.models import Run, RunState
from customers.models import ImportBatch, PortraitRule, Upload
from customers.models.staging import BatchState
from customers.models.upload import RUNNING
from interactions.models import Message, MessageState, TemplateVersion
from interactions.models.message import LIVE_STATES
from recommendations.models import Rule

NIGHTS, IMPORTS, APPROVALS = 14, 10, 20
MOST = 1000  # of messages of one state are counted, of more it is said that they are more
LATE = timedelta(minutes=15)  # a message that was due so long ago waits for a worker
STUCK = timedelta(hours=12)  # an import that runs longer is looked at
_MESSAGES = """
SELECT asked.state, (SELECT count(*) FROM (
    SELECT 1 FROM interactions_message AS m WHERE m.state = asked.state LIMIT %(most)s) AS counted)
FROM unnest(%(states)s::text[]) WITH ORDINALITY AS asked (state, place) ORDER BY asked.place
"""
SHOWN_STATES = (
    MessageState.DRAFT, MessageState.QUEUED, MessageState.HELD, MessageState.SENDING, MessageState.UNKNOWN,
    MessageState.FAILED,
)  # fmt: skip
_TONES = {MessageState.UNKNOWN: "today", MessageState.FAILED: "late"}


@dataclass(frozen=True)
class Night:
    """One attempt at a night. seconds: how long it took, None while it runs."""

    run: Run
    seconds: int | None
    rows: int
    aside: int

    @property
    def tone(self) -> str:
        return {RunState.FAILED: "late", RunState.RUNNING: "today"}.get(RunState(self.run.state), "good")


@dataclass(frozen=True)
class Nights:
    """The last attempts, newest first, and the line of how long those that were done took."""

    newest: Sequence[Night]
    drawn: Spark | None


def nights() -> Nights:
    """The last NIGHTS attempts."""
    runs = Run.objects.annotate(aside=Count("set_aside")).order_by("-started_at")[:NIGHTS]
    found = [Night(run, _seconds(run), sum(run.counts.values()), run.aside) for run in runs]
    done = [night.seconds for night in reversed(found) if night.run.state == RunState.DONE]
    return Nights(found, spark(done, width=180))


def _seconds(run: Run) -> int | None:
    return round((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None


@dataclass(frozen=True)
class Imports:
    """The last imports of the bank's files; how many run, and how many of those for too long; lists at work."""

    newest: Sequence[ImportBatch]
    running: int
    stuck: int
    lists: int


def imports() -> Imports:
    """The last IMPORTS imports."""
    running = ImportBatch.objects.filter(state=BatchState.RUNNING).aggregate(
        all=Count("pk"), stuck=Count("pk", filter=Q(started_at__lt=timezone.now() - STUCK))
    )
    lists = Upload.objects.filter(state__in=RUNNING).count()
    newest = list(ImportBatch.objects.select_related("by").order_by("-started_at")[:IMPORTS])
    return Imports(newest, running["all"], running["stuck"], lists)


@dataclass(frozen=True)
class Outbox:
    """How many messages stand in each state that is no good end, and since when the oldest should have been sent."""

    states: Sequence[tuple[MessageState, str, str]]  # state, count in words, tone
    waits_since: datetime | None


def outbox() -> Outbox:
    """The messages on their way, counted up to MOST a state."""
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"most": MOST + 1, "states": [state.value for state in SHOWN_STATES]})
        counts = dict(cursor.fetchall())
    due = Message.objects.filter(state__in=LIVE_STATES, due_at__lt=timezone.now() - LATE).order_by("due_at", "pk")
    states = [(state, _count(counts[state]), _TONES.get(state, "") if counts[state] else "") for state in SHOWN_STATES]
    return Outbox(states, due.values_list("due_at", flat=True).first())


def _count(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number)


def approvals() -> QuerySet[TemplateVersion]:
    """The newest words of a template in use that nobody has approved yet, at most APPROVALS of them."""
    newer = TemplateVersion.objects.filter(template=OuterRef("template"), number__gt=OuterRef("number"))
    waiting = TemplateVersion.objects.filter(~Exists(newer), approved_at=None, template__active=True)
    return waiting.select_related("template", "author").order_by("written_at")[:APPROVALS]


def drafts() -> list[tuple[str, str, int]]:
    """Rules that are written but not in use: what they are, where they are listed, how many."""
    models: tuple[type[Rule] | type[PortraitRule], ...] = (Rule, PortraitRule)
    return [
        (str(model._meta.verbose_name_plural), f"admin:{model._meta.label_lower.replace('.', '_')}_changelist", count)
        for model in models if (count := model._default_manager.filter(active=False).count())
    ]  # fmt: skip
