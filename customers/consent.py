"""What a customer agreed to, and recording it.

One answer counts for each (purpose, channel, recipient): the latest. A given consent ends by withdrawal, or when a
newer notice asks again (PIPL Art. 14); withdrawal works from now on and leaves history as it was (Art. 15).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Channel, Consent, ConsentPurpose, Customer, LifeKind, PrivacyNotice

GUARDED_AGE = 14  # PIPL Art. 31
CHILD_FACT = "child_study"  # the one learnt fact that is of a child
Topic = tuple[str, str, str]  # purpose, channel, recipient
CHILD: Topic = (ConsentPurpose.CHILD.value, "", "")


class Answer(StrEnum):
    """What the customer's latest answer means today."""

    NEVER_ASKED = "never_asked"
    GIVEN = "given"
    OUTDATED = "outdated"  # given to a notice that has been replaced by one that asks again
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True)
class Standing:
    """Where one topic stands: the answer, the row it comes from (None if never asked) and when it was made."""

    purpose: str
    channel: str
    recipient: str
    answer: Answer
    consent: Consent | None = None
    since: datetime | None = None

    @property
    def allows(self) -> bool:
        return self.answer is Answer.GIVEN

    @property
    def label(self) -> str:
        """The topic in words: `Marketing by channel: SMS`."""
        about = Channel(self.channel).label if self.channel else self.recipient
        purpose = str(ConsentPurpose(self.purpose).label)
        return gettext("%(purpose)s: %(about)s") % {"purpose": purpose, "about": about} if about else purpose


def _moment(consent: Consent) -> datetime:
    moments = [moment for moment in (consent.given_at, consent.withdrawn_at) if moment is not None]
    return max(moments)


def answer_of(
    given_at: datetime | None, withdrawn_at: datetime | None, notice_version: int, valid_from_version: int
) -> Answer:
    """What a row of these columns means, where the notices count from `valid_from_version` on. Pure."""
    if given_at is None:
        return Answer.REFUSED
    if withdrawn_at is not None:
        return Answer.WITHDRAWN
    return Answer.GIVEN if notice_version >= valid_from_version else Answer.OUTDATED


def _answer(consent: Consent, valid_from_version: int) -> Answer:
    return answer_of(consent.given_at, consent.withdrawn_at, consent.notice_version, valid_from_version)


def standings(consents: Iterable[Consent], valid_from: Mapping[str, int]) -> dict[Topic, Standing]:
    """The latest answer of one customer per topic. Pure.

    consents: all rows of the customer. valid_from: purpose -> first notice version that still counts.
    """
    latest: dict[Topic, Consent] = {}
    for consent in sorted(consents, key=_moment):
        latest[(consent.purpose, consent.channel, consent.recipient)] = consent
    return {
        topic: Standing(*topic, _answer(consent, valid_from.get(topic[0], 1)), consent, _moment(consent))
        for topic, consent in latest.items()
    }


def topics() -> list[Topic]:
    """The topics every customer can be asked about; sharing adds one per recipient as it comes up."""
    marketing: list[Topic] = [(ConsentPurpose.MARKETING.value, channel, "") for channel in Channel.values]
    return [(ConsentPurpose.PROFILING.value, "", ""), *marketing, (ConsentPurpose.SENSITIVE.value, "", "")]


@dataclass(frozen=True)
class Notices:
    """The published notices: the current one per purpose, and the first version per purpose that still counts."""

    current: dict[str, PrivacyNotice]
    valid_from: dict[str, int]


def notices(at: datetime | None = None) -> Notices:
    """The notices in force at `at` (default now)."""
    current: dict[str, PrivacyNotice] = {}
    valid_from: dict[str, int] = {}
    for notice in PrivacyNotice.objects.filter(published_at__lte=at or timezone.now()).order_by("version"):
        current[notice.purpose] = notice
        if notice.asks_again:
            valid_from[notice.purpose] = notice.version
    return Notices(current, valid_from)


def standings_of(customer: Customer, known: Notices) -> list[Standing]:
    """Every topic of `customer` with where it stands, never asked included, in the order of the page.

    A child's guardian comes first; also where the birth date is unknown, since it is stored only once they agreed.
    """
    answered = standings(customer.consents.all(), known.valid_from)
    first = [CHILD] if customer.birth_date is None or needs_guardian(customer) else []
    asked = [*first, *topics()]
    extra = sorted(topic for topic in answered if topic not in asked)
    return [answered.get(topic, Standing(*topic, Answer.NEVER_ASKED)) for topic in [*asked, *extra]]


def needs_guardian(customer: Customer) -> bool:
    """Whether a guardian answers for `customer`: under 14 years (PIPL Art. 31)."""
    age = customer.age(bank_day())
    return age is not None and age < GUARDED_AGE


@transaction.atomic
def give(customer: Customer, topic: Topic, *, means: str, by: User | None, guardian: str = "") -> Consent:
    """Record that `customer` agrees to `topic` today, under the current notice.

    Raises ValueError for a child under 14 without a guardian's name, and KeyError where no notice is published.
    """
    if (topic == CHILD or needs_guardian(customer)) and not guardian:
        raise ValueError("a child's consent needs its guardian")
    purpose, channel, recipient = topic
    notice = notices().current[purpose]
    consent = Consent.objects.create(
        customer=customer,
        purpose=purpose,
        channel=channel,
        recipient=recipient,
        data_kinds=notice.data_kinds,
        notice_version=notice.version,
        legal_basis=notice.legal_basis,
        given_at=timezone.now(),
        given_by_means=means,
        guardian_name=guardian,
        recorded_by=by,
    )
    _record(customer, topic, "given", means, by)
    return consent


@transaction.atomic
def withdraw(customer: Customer, topic: Topic, *, means: str, by: User | None) -> Consent:
    """Record that `customer` does not, or no longer, agree to `topic`. Nothing is asked for but the means (Art. 15)."""
    purpose, channel, recipient = topic
    now = timezone.now()
    standing = customer.consents.select_for_update().filter(
        purpose=purpose, channel=channel, recipient=recipient, given_at__isnull=False, withdrawn_at=None
    )
    standing.update(withdrawn_at=now, withdrawn_by_means=means)
    consent = customer.consents.filter(purpose=purpose, channel=channel, recipient=recipient, withdrawn_at=now).first()
    if consent is None:
        known = notices().current.get(purpose)
        consent, _created = Consent.objects.update_or_create(
            customer=customer,
            purpose=purpose,
            channel=channel,
            recipient=recipient,
            given_at=None,
            defaults={
                "withdrawn_at": now,
                "withdrawn_by_means": means,
                "recorded_by": by,
                "notice_version": known.version if known else 0,
            },
        )
    _forget(customer, topic)
    _record(customer, topic, "withdrawn", means, by)
    return consent


def _forget(customer: Customer, topic: Topic) -> None:
    """Delete what was kept under the consent to `topic` alone, now that it is withdrawn (PIPL Art. 47)."""
    if topic == CHILD:
        customer.relations.filter(young=True).delete()
        customer.life_events.filter(of_child=True).delete()
        customer.facts.filter(name=CHILD_FACT).delete()
    elif topic[0] == ConsentPurpose.SENSITIVE:
        customer.life_events.filter(kind=LifeKind.ILLNESS).delete()


def _record(customer: Customer, topic: Topic, answer: str, means: str, by: User | None) -> None:
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        detail={"consent": [part for part in topic if part], "answer": answer, "means": means},
    )
