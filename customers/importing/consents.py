"""`import consents`: what customers agreed to or refused, taken over from another system."""

from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import bank_day
from customers.consent import GUARDED_AGE
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, twice_since_merged, write
from customers.importing.values import Json, Target
from customers.importing.words import CHANNEL_WORDS, MEANS_WORDS, PURPOSE_WORDS
from customers.models import Channel, ConsentPurpose, LegalBasis, Means

_means = typed.choice(Means, MEANS_WORDS)
TARGETS = (
    Target("customer", typed.key, True, ("客户号", "客户编号", "customer_number")),
    Target("purpose", typed.choice(ConsentPurpose, PURPOSE_WORDS), True, ("目的", "用途", "同意目的")),
    Target("channel", typed.choice(Channel, CHANNEL_WORDS), headings=("渠道",)),
    Target("recipient", typed.exact_text(80), headings=("接收方",)),
    Target("data_kinds", typed.listed(typed.exact_text(40)), headings=("数据种类", "信息种类")),
    Target("notice_version", typed.whole_number, headings=("告知书版本", "版本")),
    Target("legal_basis", typed.choice(LegalBasis), headings=("合法性基础",)),
    Target("given_at", typed.past_moment, headings=("同意时间", "同意日期"), dated=True),
    Target("given_means", _means, headings=("同意方式",)),
    Target("withdrawn_at", typed.past_moment, headings=("撤回时间", "撤回日期"), dated=True),
    Target("withdrawn_means", _means, headings=("撤回方式",)),
    Target("guardian_name", typed.exact_text(120), headings=("监护人", "监护人姓名")),
)
DECISION = Decision(
    types={
        "customer": "text", "purpose": "text", "channel": "text", "recipient": "text", "data_kinds": "varchar[]",
        "notice_version": "integer", "legal_basis": "text", "given_at": "timestamptz", "given_means": "text",
        "withdrawn_at": "timestamptz", "withdrawn_means": "text", "guardian_name": "text",
    },
    # Without a version the notice counts that was in force at the time: a later one would rewrite what was agreed to.
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN customers_consent e ON e.customer_id = c.id AND e.purpose = t.purpose
        AND e.channel = coalesce(t.channel, '') AND e.recipient = coalesce(t.recipient, '')
        AND e.given_at IS NOT DISTINCT FROM t.given_at
    LEFT JOIN LATERAL (
        SELECT version, data_kinds, legal_basis FROM customers_privacynotice
        WHERE purpose = t.purpose AND CASE WHEN t.notice_version IS NULL
              THEN published_at <= coalesce(t.given_at, t.withdrawn_at) ELSE version = t.notice_version END
        ORDER BY version DESC LIMIT 1
    ) n ON true""",
    columns={
        "customer_id": "c.id", "known_id": "e.id",
        "kinds": "coalesce(t.data_kinds, e.data_kinds, n.data_kinds)",
        "version": "coalesce(t.notice_version, e.notice_version, n.version)",
        "basis": "coalesce(t.legal_basis, e.legal_basis, n.legal_basis)",
        "given_by": "coalesce(t.given_means, nullif(e.given_by_means, ''),"
                    " CASE WHEN t.given_at IS NULL THEN '' ELSE 'file' END)",
        "withdrawn": "coalesce(t.withdrawn_at, e.withdrawn_at)",
        "withdrawn_by": "coalesce(t.withdrawn_means, nullif(e.withdrawn_by_means, ''),"
                        " CASE WHEN coalesce(t.withdrawn_at, e.withdrawn_at) IS NULL THEN '' ELSE 'file' END)",
        "guardian": "coalesce(t.guardian_name, e.guardian_name, '')",
    },
    rules=(
        DUPLICATE,
        twice_since_merged("purpose", "channel", "recipient", "given_at"),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
        Rule("t.purpose IS NOT NULL AND t.notice_version IS NOT NULL AND n.version IS NULL",
             gettext_lazy("the notice has no version {value}."), "notice_version", "t.notice_version"),
        Rule("t.purpose IS NOT NULL AND t.notice_version IS NULL AND e.id IS NULL AND n.version IS NULL"
             " AND coalesce(t.given_at, t.withdrawn_at) IS NOT NULL",
             gettext_lazy("no notice was published at that time: name its version."), "purpose"),
        Rule(f"t.given_at IS NOT NULL AND coalesce(t.guardian_name, e.guardian_name, '') = ''"
             f" AND (t.purpose = 'child' OR c.birth_date > %(day)s::date - interval '{GUARDED_AGE} years')",
             gettext_lazy("the consent of a child under 14 needs the name of a guardian."), "guardian_name"),
    ),
)  # fmt: skip
# A withdrawal is never taken back by a file: a consent that ended here stays ended (PIPL Art. 15).
UPSERT = """
INSERT INTO customers_consent (customer_id, purpose, channel, recipient, data_kinds, notice_version, legal_basis,
    given_at, given_by_means, withdrawn_at, withdrawn_by_means, guardian_name)
SELECT d.customer_id, d.purpose, coalesce(d.channel, ''), coalesce(d.recipient, ''), d.kinds, d.version, d.basis,
       d.given_at, d.given_by, d.withdrawn, d.withdrawn_by, d.guardian
FROM decided d LEFT JOIN customers_consent e ON e.id = d.known_id
WHERE d.reason = '' AND (e.id IS NULL
    OR ROW(d.kinds, d.version, d.basis, d.given_by, d.withdrawn, d.withdrawn_by, d.guardian)
    IS DISTINCT FROM ROW(e.data_kinds, e.notice_version, e.legal_basis, e.given_by_means, e.withdrawn_at,
                         e.withdrawn_by_means, e.guardian_name))
ORDER BY d.line
ON CONFLICT (customer_id, purpose, channel, recipient, given_at) DO UPDATE
SET data_kinds = excluded.data_kinds, notice_version = excluded.notice_version, legal_basis = excluded.legal_basis,
    given_by_means = excluded.given_by_means,
    withdrawn_at = coalesce(excluded.withdrawn_at, customers_consent.withdrawn_at),
    withdrawn_by_means = coalesce(nullif(excluded.withdrawn_by_means, ''), customers_consent.withdrawn_by_means),
    guardian_name = excluded.guardian_name
"""


class Consents(ImportKind):
    """Key: customer, purpose, channel, recipient and the moment it was given. An empty cell leaves what is known."""

    name = "consents"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        self._check_topic(values, problems)
        self._check_moments(values, problems)
        parts = [values.get(name) for name in ("customer", "purpose", "channel", "recipient", "given_at")]
        key = "" if problems else "|".join(str(part or "") for part in parts)
        return key, dict(values)

    def _check_topic(self, values: Values, problems: Problems) -> None:
        purpose = values.get("purpose")
        if purpose is None:
            return
        for target, of in (("channel", ConsentPurpose.MARKETING), ("recipient", ConsentPurpose.SHARING)):
            if target in problems.targets or bool(values.get(target)) == (purpose == of):
                continue
            if purpose == of:
                problems.add(target, _("a consent to “%(purpose)s” needs it.") % {"purpose": purpose})
            else:
                problems.add(target, _("a consent to “%(purpose)s” has none.") % {"purpose": purpose})

    def _check_moments(self, values: Values, problems: Problems) -> None:
        given, withdrawn = values.get("given_at"), values.get("withdrawn_at")
        if {"given_at", "withdrawn_at"} & problems.targets:
            return
        if not given and not withdrawn:
            problems.add("given_at", _("neither given nor withdrawn: one of the two is needed."))
        elif given and withdrawn and typed.moment_of(withdrawn) < typed.moment_of(given):
            problems.add("withdrawn_at", _("it was withdrawn before it was given."))

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {"day": bank_day()}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        return counted(valid, rejected, *write(cursor, UPSERT, parameters))


KIND = Consents()
