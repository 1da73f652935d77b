"""The night's fourth step: what the detectors find, for the manager to ask about and for compliance to look at.

Manager and compliance get rows of their own (customers.models.warning): a manager never reads of structuring and
dispersed patterns at all, and of nothing that is known only from a case.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.money import digits
from crm.lib.night import Night, NightPublication, NightStep, Part
from customers.models import FOR_COMPLIANCE_ALONE, Detector, DetectorSetting, ExchangeRate
from customers.night import definitions

# A full night looks at the movements of the last month: older ones were looked at in their own night.
LOOK_BACK = 31
WIDEST_WINDOW = 10
MOST_EVIDENCE = 20
# Parameters that are amounts: settings hold units of BASE_CURRENCY (…_foreign: US dollars), statements minor units.
_AMOUNTS = frozenset({
    "cash", "transfer", "cross_border", "cash_foreign", "transfer_foreign", "cross_border_foreign", "least",
})  # fmt: skip
# What the thresholds of large value lend to others that go by them.
_SHARED = ("cash",)


@dataclass(frozen=True)
class Search:
    """One detector in use with its parameters as its statement takes them."""

    detector: str
    parameters: dict[str, Any]


def searches() -> list[Search]:
    """The detectors in use."""
    known = {setting.detector: setting for setting in DetectorSetting.objects.all()}
    large = known.get(Detector.LARGE_VALUE)
    shared = {name: large.parameters[name] for name in _SHARED} if large else {}
    return [
        Search(detector, _in_minor_units({**shared, **setting.parameters}))
        for detector, setting in sorted(known.items())
        if setting.active
    ]


def _in_minor_units(parameters: dict[str, Any]) -> dict[str, Any]:
    scale = 10 ** digits(settings.BASE_CURRENCY)
    return {name: int(value * scale) if name in _AMOUNTS else value for name, value in parameters.items()}


class Findings(NightStep):
    """Stages what the detectors find on the days about which something changed, in a full night on the last month's.

    A late booking is looked at on its own day and, since patterns run over days, on those after it.
    """

    name = "findings"
    label = gettext_lazy("Warnings")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given: dict[str, Any] = {
            "run": night.run, "day": night.day, "first": part.first, "last": part.last,
            "since": night.day - timedelta(days=LOOK_BACK), "window": WIDEST_WINDOW,
            "base_currency": settings.BASE_CURRENCY, "dollar": _dollar(night.day), "most": MOST_EVIDENCE,
        }  # fmt: skip
        for name, select in (("days", _DAYS_ALL if night.full else _DAYS_CHANGED), ("recent", _text("recent"))):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(definitions.bound(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}"), given)
        # A small sample says enough of how many rows there are.
        cursor.execute(
            "CREATE INDEX ON recent (customer_id, booked_on); SET LOCAL default_statistics_target = 10;"
            " ANALYZE days; ANALYZE recent"
        )
        count = 0
        for search in searches():
            cursor.execute(
                definitions.bound(_STAGE.format(detector=search.detector, select=_text(search.detector))),
                given | search.parameters,
            )
            count += cursor.rowcount
        return count


_DAYS_ALL = """
SELECT DISTINCT customer_id, booked_on AS day FROM customers_transaction
WHERE booked_on > :since AND booked_on <= :day AND customer_id BETWEEN :first AND :last
"""
_DAYS_CHANGED = """
SELECT DISTINCT c.customer_id, CAST(following AS date) AS day
FROM (
    SELECT DISTINCT customer_id, day FROM customers_stagedchange
    WHERE run = :run AND customer_id BETWEEN :first AND :last AND day > :since
) AS c
CROSS JOIN LATERAL generate_series(c.day, least(c.day + :window, :day), INTERVAL '1 day') AS following
"""
_STAGE = """
INSERT INTO customers_stagedfinding (run, customer_id, detector, cause, day, evidence)
SELECT :run, f.customer_id, '{detector}', f.cause, f.day,
    (SELECT jsonb_agg(item) FROM (SELECT item FROM jsonb_array_elements(f.evidence) AS item LIMIT :most) AS newest)
FROM ({select}) AS f
JOIN customers_customer AS c ON c.id = f.customer_id AND c.status = 'active'
"""


_EVIDENCE = """jsonb_build_object(
    'on', {0}.booked_on, 'amount', {0}.amount, 'currency', {0}.currency, 'category', {0}.category,
    'channel', {0}.channel, 'counterparty', {0}.counterparty, 'tail', {0}.counterparty_tail, 'country', {0}.country)"""
_EVIDENCE_OF = re.compile(r"\bevidence\((\w+)\)")


def _text(name: str) -> str:
    """The SQL of a detector, `evidence(m)` written out as the values of the movement m."""
    return _EVIDENCE_OF.sub(lambda found: _EVIDENCE.format(found[1]), definitions.text(f"findings/{name}"))


def _dollar(day: date) -> Decimal | None:
    """Units of BASE_CURRENCY for a US dollar on `day`; None where no rate is known."""
    known = ExchangeRate.objects.filter(currency="USD", day__lte=day).order_by("-day")
    return known.values_list("rate", flat=True).first()


class PublishFindings(NightPublication):
    """Opens a warning and a case for what was not found before. What people made of earlier ones stays as it is."""

    name = "findings"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        given: dict[str, Any] = {"run": night.run, "alone": sorted(FOR_COMPLIANCE_ALONE)}
        count = 0
        for statement in (_WARNINGS, _CASES):
            cursor.execute(statement, given)
            count += cursor.rowcount
        return count


# A movement both of large value and far above the customer's history is one matter to ask about.
_WARNINGS = """
INSERT INTO customers_riskwarning (customer_id, detector, cause, day, evidence, state, note)
SELECT s.customer_id, s.detector, s.cause, s.day, s.evidence, 'open', ''
FROM customers_stagedfinding AS s
WHERE s.run = %(run)s AND s.detector <> ALL (%(alone)s)
    AND NOT (s.detector = 'large_value' AND EXISTS (
        SELECT FROM customers_stagedfinding AS o
        WHERE o.run = s.run AND o.customer_id = s.customer_id AND o.detector = 'large_move' AND o.day = s.day))
    AND NOT EXISTS (SELECT FROM customers_riskwarning AS w
        WHERE w.customer_id = s.customer_id AND w.detector = s.detector AND w.cause = s.cause)
ORDER BY s.customer_id, s.day, s.detector, s.cause
ON CONFLICT DO NOTHING
"""
_CASES = """
INSERT INTO customers_compliancecase (customer_id, detector, cause, day, evidence, state)
SELECT s.customer_id, s.detector, s.cause, s.day, s.evidence, 'open'
FROM customers_stagedfinding AS s
WHERE s.run = %(run)s AND NOT EXISTS (SELECT FROM customers_compliancecase AS c
    WHERE c.customer_id = s.customer_id AND c.detector = s.detector AND c.cause = s.cause)
ORDER BY s.customer_id, s.day, s.detector, s.cause
ON CONFLICT DO NOTHING
"""

FINDINGS = Findings()
PUBLISH_FINDINGS = PublishFindings()
