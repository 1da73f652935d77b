"""`import channel-events`: what customers did on the channels. Who nobody knows yet waits among the unresolved."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, write
from customers.importing.values import Json, Target
from interactions.identities import external
from interactions.importing.words import EVENT_CHANNEL_WORDS, EVENT_KIND_WORDS, TOPIC_WORDS
from interactions.models import EventChannel, EventKind, Topic

_cached = lru_cache(maxsize=4096)
_external = lru_cache(maxsize=65_536)(external)
TARGETS = (
    Target("channel", _cached(typed.choice(EventChannel, EVENT_CHANNEL_WORDS)), True, ("渠道",)),
    Target("reference", typed.exact_text(40), True, ("流水号", "事件编号", "参考号")),
    Target("customer", typed.key, headings=("客户号", "客户编号", "customer_number")),
    Target("external_id", typed.exact_text(200), headings=("渠道用户号", "用户标识", "openid", "主叫号码")),
    Target("kind", _cached(typed.choice(EventKind, EVENT_KIND_WORDS)), True, ("事件", "行为", "事件类型")),
    Target("at", typed.past_moment, True, ("时间", "发生时间"), dated=True),
    Target("topic", _cached(typed.choice(Topic, TOPIC_WORDS)), headings=("话题", "主题")),
    Target("subject", typed.exact_text(120), headings=("对象", "页面", "内容")),
    Target("seconds", typed.whole_number, headings=("时长秒", "停留秒数")),
    Target("amount", money.positive_amount, headings=("金额",)),
)
_AMOUNT = money.minor("t.amount", f"'{settings.BASE_CURRENCY}'")
# The customer: by number; as was decided before; by a verified name; on the phone by a number that only one has.
DECISION = Decision(
    types={
        "channel": "text", "reference": "text", "customer": "text", "external": "text", "tail": "text", "kind": "text",
        "at": "timestamptz", "topic": "text", "subject": "text", "seconds": "integer", "amount": "numeric",
    },
    joins="""
    LEFT JOIN interactions_channelevent e ON e.channel = t.channel AND e.reference = t.reference
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN interactions_channelidentity i ON i.channel = t.channel AND i.verified_at IS NOT NULL
        AND i.external_index = decode(t.external, 'hex')
    LEFT JOIN LATERAL (
        SELECT min(p.id) AS id FROM customers_customer p
        WHERE t.channel = 'phone' AND p.phone_index = decode(t.external, 'hex') HAVING count(*) = 1
    ) p ON true""",
    columns={
        "known_id": "e.id",
        "n_customer_id": "coalesce(c.id, e.customer_id, i.customer_id, p.id)",
        "n_external_index": "coalesce(decode(t.external, 'hex'), e.external_index)",
        "n_external_tail": "coalesce(t.tail, e.external_tail, '')",
        "n_topic": "coalesce(t.topic, e.topic, '')",
        "n_subject": "coalesce(t.subject, e.subject, '')",
        "n_seconds": "coalesce(t.seconds, e.seconds)",
        "n_amount": f"coalesce(CASE WHEN abs(t.amount) < 1e15 THEN trunc({_AMOUNT})::bigint END, e.amount)",
    },
    rules=(
        DUPLICATE,
        Rule("t.customer IS NOT NULL AND c.id IS NULL AND t.external IS NULL",
             gettext_lazy("there is no customer “{value}”."), "customer", "t.customer"),
        *money.amount_rules("amount", f"'{settings.BASE_CURRENCY}'"),
    ),
)  # fmt: skip
VALUES = ("customer_id", "external_index", "external_tail", "topic", "subject", "seconds", "amount")
_NEW = ", ".join(f"d.n_{name}" for name in VALUES)
UPSERT = f"""
INSERT INTO interactions_channelevent (channel, reference, kind, at, {", ".join(VALUES)})
SELECT d.channel, d.reference, d.kind, d.at, {_NEW}
FROM decided d LEFT JOIN interactions_channelevent e ON e.id = d.known_id
WHERE d.reason = '' AND (e.id IS NULL OR ROW(d.kind, d.at, {_NEW})
    IS DISTINCT FROM ROW(e.kind, e.at, {", ".join(f"e.{name}" for name in VALUES)}))
ORDER BY d.line
ON CONFLICT (channel, reference) DO UPDATE
SET kind = excluded.kind, at = excluded.at, {", ".join(f"{name} = excluded.{name}" for name in VALUES)}
"""  # noqa: S608 (names of the code)


class ChannelEvents(ImportKind):
    """Key: channel and the channel's reference. An empty cell leaves what is known.

    The name by which the channel knows somebody is turned into its index before anything is staged.
    """

    name = "channel-events"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        data = dict(values)
        channel, reference = values.get("channel"), values.get("reference")
        name = data.pop("external_id", None)
        if name and channel:
            index, data["tail"] = _external(str(channel), str(name))
            data["external"] = index.hex()
        if not name and not values.get("customer") and not problems:
            problems.add("customer", _("neither a customer nor the channel's own name says who it was."))
        return (f"{channel}|{reference}" if channel and reference else ""), data

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        return counted(valid, rejected, *write(cursor, UPSERT, parameters))


KIND = ChannelEvents()
