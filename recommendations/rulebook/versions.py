"""Versions of rules: what is in force stands in the rule itself and changes only by approval.

Whoever writes makes a draft beside it; somebody else, who has seen a dry run, puts it in force. Taking a rule out of
use is one person's to do, at once: it can do no harm. Bringing it back is a draft again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from crm.staff.notices import tell
from recommendations.dry_run import DryRun
from recommendations.models import Product, Rule, RuleVersion, VersionState

DAYS = ("valid_from", "valid_until")
CONTENT = (
    "name_zh", "name_en", "need", "family", "product", "condition", "viewed", "viewed_days", "event", "event_days",
    "benefit", "sure", "order", *DAYS, "reason_zh", "reason_en", "talk_zh", "talk_en",
)  # fmt: skip


class NotPossibleError(Exception):
    """What was asked is not to be done; the subclass says why."""


class OwnVersionError(NotPossibleError):
    """Nobody approves what they wrote themselves."""


class NotTriedError(NotPossibleError):
    """Nobody has seen yet whom it would find."""


class DecidedAlreadyError(NotPossibleError):
    """The version is not, or no longer, in the state for it."""


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of a form or of a rule's columns as a version keeps them."""
    content: dict[str, Any] = {name: values.get(name) for name in CONTENT}
    product = content["product"]
    content["product"] = product.code if isinstance(product, Product) else product or ""
    for name in DAYS:
        day = content[name]
        content[name] = day.isoformat() if isinstance(day, date) else ""
    return content


def content_of(rule: Rule) -> dict[str, Any]:
    """What stands in the rule itself."""
    return packed({name: getattr(rule, name) for name in CONTENT})


def unpacked(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of Rule. A product that is gone is None; what an older version does not have yet is left out."""
    columns = {name: content[name] for name in CONTENT if name in content}
    code = columns.get("product")
    columns["product"] = Product.objects.filter(code=code).first() if code else None
    for name in DAYS:
        columns[name] = date.fromisoformat(columns[name]) if columns.get(name) else None
    return columns


def draft_of(rule: Rule) -> RuleVersion | None:
    return rule.versions.filter(state=VersionState.DRAFT).first()


def in_force(rule: Rule) -> RuleVersion | None:
    return rule.versions.filter(state=VersionState.IN_FORCE).first()


@transaction.atomic
def begin(rule: Rule, content: dict[str, Any], *, by: User) -> RuleVersion:
    """The first draft of a new rule, which is not in use before somebody approves it."""
    return _write(rule, content, 0, by)


@transaction.atomic
def write(rule: Rule, content: dict[str, Any], *, by: User) -> RuleVersion | None:
    """A draft with `content`, in place of one that waits; None where it says what the draft, or the rule, says."""
    locked = Rule.objects.select_for_update(of=("self",)).select_related("product").get(pk=rule.pk)
    draft = draft_of(locked)
    if content == (draft.content if draft is not None else content_of(locked)):
        return None
    return _write(locked, content, _last(locked), by)


def _last(rule: Rule) -> int:
    """The number of the newest version. A rule that came with the system is its own first one."""
    last = rule.versions.order_by("-number").first()
    if last is None:
        state = VersionState.IN_FORCE if rule.active else VersionState.RETIRED
        last = RuleVersion.objects.create(rule=rule, number=1, state=state, content=content_of(rule))
    return last.number


@transaction.atomic
def bring_back(version: RuleVersion, *, by: User) -> RuleVersion:
    """A draft that says what `version` says."""
    rule = Rule.objects.select_for_update().get(pk=version.rule_id)
    return _write(rule, version.content, _last(rule), by)


def _write(rule: Rule, content: dict[str, Any], last: int, by: User) -> RuleVersion:
    rule.versions.filter(state=VersionState.DRAFT).update(state=VersionState.REWRITTEN)
    version = RuleVersion.objects.create(rule=rule, number=last + 1, content=content, author=by)
    _record(Action.CREATE, version, by, "written")
    return version


@transaction.atomic
def approve(version: RuleVersion, comment: str, *, by: User) -> None:
    """Put `version` in force from the next night on; the caller has checked its content. Raises NotPossibleError."""
    rule, locked = _locked(version)
    if locked.state != VersionState.DRAFT:
        raise DecidedAlreadyError
    if locked.author_id == by.pk:
        raise OwnVersionError
    if locked.trial is None:
        raise NotTriedError
    rule.versions.filter(state=VersionState.IN_FORCE).update(state=VersionState.REPLACED)
    for name, value in unpacked(locked.content).items():
        setattr(rule, name, value)
    rule.active, rule.aside_since, rule.aside_reason = True, None, ""
    rule.save()
    _decide(locked, VersionState.IN_FORCE, comment, by)


@transaction.atomic
def reject(version: RuleVersion, comment: str, *, by: User) -> None:
    """Leave the draft, with a reason; who wrote it may withdraw it so. Raises DecidedAlreadyError."""
    _rule, locked = _locked(version)
    if locked.state != VersionState.DRAFT:
        raise DecidedAlreadyError
    _decide(locked, VersionState.REJECTED, comment, by)


@transaction.atomic
def retire(version: RuleVersion, reason: str, *, by: User) -> None:
    """Take the rule out of use, of which `version` is in force. Raises DecidedAlreadyError."""
    rule, locked = _locked(version)
    if locked.state != VersionState.IN_FORCE:
        raise DecidedAlreadyError
    locked.state, locked.ended_by, locked.ended_at, locked.ended_reason = (
        VersionState.RETIRED, by, timezone.now(), reason,
    )  # fmt: skip
    locked.save(update_fields=["state", "ended_by", "ended_at", "ended_reason"])
    rule.active, rule.aside_since, rule.aside_reason = False, None, ""
    rule.save(update_fields=["active", "aside_since", "aside_reason"])
    _record(Action.CHANGE, locked, by, VersionState.RETIRED, reason)


def keep_trial(version: RuleVersion, result: DryRun, day: date) -> None:
    """Keep the figures of a dry run beside a draft: who approves it has seen them. No customer is named in them."""
    figures = {
        "day": day.isoformat(), "matching": result.matching, "stopped": result.stopped, "suggested": result.suggested,
        "removed": [[rule.value, count] for rule, count in result.removed.most_common()],
        "overlap": [[one.code, one.found_too] for one in result.overlap],
    }  # fmt: skip
    RuleVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT).update(trial=figures)


def _locked(version: RuleVersion) -> tuple[Rule, RuleVersion]:
    """The rule first, always: two people who decide at once do it one after the other."""
    rule = Rule.objects.select_for_update().get(pk=version.rule_id)
    return rule, RuleVersion.objects.select_for_update(of=("self",)).select_related("author").get(pk=version.pk)


_TOLD = {
    VersionState.IN_FORCE: gettext_noop("Your version %(version)s was approved: %(comment)s"),
    VersionState.REJECTED: gettext_noop("Your version %(version)s was rejected: %(comment)s"),
}


def _decide(version: RuleVersion, state: VersionState, comment: str, by: User) -> None:
    version.state, version.decided_by, version.decided_at, version.comment = state, by, timezone.now(), comment
    version.save(update_fields=["state", "decided_by", "decided_at", "comment"])
    _record(Action.CHANGE, version, by, state, comment)
    if version.author is not None and version.author_id != by.pk:
        tell(version.author, _TOLD[state], {"version": str(version), "comment": comment})


def _record(action: Action, version: RuleVersion, by: User, what: str, reason: str = "") -> None:
    record(
        action, by=by, object_type="rule", object_ids=[version.rule_id], label=str(version), reason=reason,
        detail={"version": version.number, "what": str(what)},
    )  # fmt: skip
