"""`import interactions`: conversations that were kept in another system."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, write
from customers.importing.values import Json, Target
from customers.models import Channel
from interactions.importing.words import (
    CHANNEL_WORDS,
    DIRECTION_WORDS,
    KIND_WORDS,
    MOOD_WORDS,
    OUTCOME_WORDS,
    TOPIC_WORDS,
)
from interactions.models import CONVERSATIONS, Direction, Kind, Mood, Outcome, Topic

_line = typed.exact_text(4000)


def prose(text: str) -> str:
    """A note of up to 4,000 characters; its line breaks become spaces."""
    return str(_line(re.sub(r"[\r\n\t]+", " ", text)))


def rating(text: str) -> int:
    """1 to 5."""
    number = typed.whole_number(text)
    if number not in range(1, 6):
        raise ValidationError(_("“%(value)s” is no satisfaction: it goes from 1 to 5."), params={"value": text})
    return int(str(number))


TARGETS = (
    Target("reference", typed.exact_text(40), True, ("流水号", "记录编号", "参考号")),
    Target("customer", typed.key, True, ("客户号", "客户编号", "customer_number")),
    Target("channel", typed.choice(Channel, CHANNEL_WORDS), True, ("渠道", "联系方式")),
    Target("at", typed.past_moment, True, ("时间", "联系时间"), dated=True),
    Target("direction", typed.choice(Direction, DIRECTION_WORDS), headings=("方向", "呼叫方向")),
    Target("kind", typed.choice(Kind, KIND_WORDS), headings=("目的", "类型")),
    Target("topics", typed.listed(typed.choice(Topic, TOPIC_WORDS)), headings=("话题", "主题")),
    Target("summary", prose, headings=("内容", "沟通内容", "备注")),
    Target("outcome", typed.choice(Outcome, OUTCOME_WORDS), headings=("结果", "联系结果")),
    Target("promise", typed.exact_text(200), headings=("承诺",)),
    Target("promise_due", money.any_day, headings=("承诺日期", "承诺期限"), dated=True),
    Target("promise_kept_at", typed.past_moment, headings=("兑现时间",), dated=True),
    Target("question", typed.exact_text(200), headings=("未答问题", "客户问题")),
    Target("question_answered_at", typed.past_moment, headings=("答复时间",), dated=True),
    Target("mood", typed.choice(Mood, MOOD_WORDS), headings=("情绪",)),
    Target("satisfaction", rating, headings=("满意度",)),
    Target("by", typed.key, headings=("员工号", "客户经理工号", "联系人工号")),
)
DECISION = Decision(
    types={
        "customer": "text", "channel": "text", "at": "timestamptz", "direction": "text", "kind": "text",
        "topics": "varchar[]", "summary": "text", "outcome": "text", "promise": "text", "promise_due": "date",
        "promise_kept_at": "timestamptz", "question": "text", "question_answered_at": "timestamptz", "mood": "text",
        "satisfaction": "smallint", "by": "text",
    },
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN staff_user u ON u.employee_number = t.by
    LEFT JOIN interactions_interaction e ON e.reference = t.key""",
    columns={
        "customer_id": "c.id",
        # The customer on whom it was before, where a correction says another.
        "customer_before": "e.customer_id",
        "n_direction": "coalesce(t.direction, e.direction, 'out')",
        "n_kind": "coalesce(t.kind, e.kind, 'service')",
        "n_topics": "coalesce(t.topics, e.topics, '{}')",
        "n_summary": "coalesce(t.summary, e.summary, '')",
        "n_outcome": "coalesce(t.outcome, e.outcome, 'talked')",
        "n_promise": "coalesce(t.promise, e.promise, '')",
        "n_promise_due": "coalesce(t.promise_due, e.promise_due)",
        "n_promise_kept_at": "coalesce(t.promise_kept_at, e.promise_kept_at)",
        "n_question": "coalesce(t.question, e.question, '')",
        "n_question_answered_at": "coalesce(t.question_answered_at, e.question_answered_at)",
        "n_mood": "coalesce(t.mood, e.mood, '')",
        "n_satisfaction": "coalesce(t.satisfaction, e.satisfaction)",
        "n_by": "coalesce(u.id, e.by_id)",
    },
    rules=(
        DUPLICATE,
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
        Rule("t.by IS NOT NULL AND u.id IS NULL", gettext_lazy("nobody has the employee number “{value}”."), "by",
             "t.by"),
    ),
)  # fmt: skip
VALUES = (
    "direction", "kind", "topics", "summary", "outcome", "promise", "promise_due", "promise_kept_at", "question",
    "question_answered_at", "mood", "satisfaction",
)  # fmt: skip
_COLUMNS = ", ".join(VALUES)
_NEW = ", ".join(f"d.n_{name}" for name in VALUES)
UPSERT = f"""
INSERT INTO interactions_interaction (reference, customer_id, channel, at, by_id, created_at, {_COLUMNS})
SELECT d.key, d.customer_id, d.channel, d.at, d.n_by, now(), {_NEW}
FROM decided d LEFT JOIN interactions_interaction e ON e.reference = d.key
WHERE d.reason = '' AND (e.id IS NULL OR ROW(d.customer_id, d.channel, d.at, d.n_by, {_NEW})
    IS DISTINCT FROM ROW(e.customer_id, e.channel, e.at, e.by_id, {", ".join(f"e.{name}" for name in VALUES)}))
ORDER BY d.line
ON CONFLICT (reference) DO UPDATE
SET customer_id = excluded.customer_id, channel = excluded.channel, at = excluded.at, by_id = excluded.by_id,
    {", ".join(f"{name} = excluded.{name}" for name in VALUES)}
"""  # noqa: S608 (names of the code)
# The newest conversation of every customer in the file: moved forward by a new one, back where one was corrected.
_NEWEST = """
DROP TABLE IF EXISTS pg_temp.newest;
CREATE TEMP TABLE newest ON COMMIT DROP AS
SELECT c.customer_id, n.at, n.channel, n.by_id
FROM (SELECT customer_id FROM decided WHERE reason = ''
      UNION SELECT customer_before FROM decided WHERE reason = '' AND customer_before IS NOT NULL) c
LEFT JOIN LATERAL (
    SELECT i.at, i.channel, i.by_id FROM interactions_interaction i
    WHERE i.customer_id = c.customer_id AND i.outcome = 'talked' AND i.channel = ANY(%(conversations)s)
    ORDER BY i.at DESC, i.id DESC LIMIT 1
) n ON true
"""
_MOVE = """
INSERT INTO interactions_lastcontact AS l (customer_id, at, channel, by_id)
SELECT customer_id, at, channel, by_id FROM newest WHERE at IS NOT NULL
ON CONFLICT (customer_id) DO UPDATE SET at = excluded.at, channel = excluded.channel, by_id = excluded.by_id
WHERE (l.at, l.channel, l.by_id) IS DISTINCT FROM (excluded.at, excluded.channel, excluded.by_id)
"""
_FORGET = """
DELETE FROM interactions_lastcontact l USING newest n WHERE n.customer_id = l.customer_id AND n.at IS NULL
"""


class Interactions(ImportKind):
    """Key: the bank's reference of the contact. An empty cell leaves what is known."""

    name = "interactions"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        for dated, said in (("promise_due", "promise"), ("question_answered_at", "question")):
            if values.get(dated) and values.get(said, "") is None:
                problems.add(dated, _("it says when, but not what."))
        return str(values.get("reference") or ""), {
            name: value for name, value in values.items() if name != "reference"
        }

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters={})
        written = write(cursor, UPSERT, {})
        if any(written):
            parameters: dict[str, Any] = {"conversations": [str(channel) for channel in CONVERSATIONS]}
            cursor.execute(_NEWEST, parameters)
            cursor.execute(_MOVE)
            cursor.execute(_FORGET)
        return counted(valid, rejected, *written)


KIND = Interactions()
