"""Versions of templates: written by one person, approved by another, and never changed after that."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.models import MessageTemplate, TemplateVersion

WORDS = ("subject_zh", "subject_en", "text_zh", "text_en")


class OwnVersionError(Exception):
    """Nobody approves what they wrote themselves."""


def newest(template: MessageTemplate) -> TemplateVersion | None:
    """The newest version, approved or not."""
    return template.versions.order_by("-number").first()


@transaction.atomic
def write(template: MessageTemplate, words: dict[str, str], *, by: User) -> TemplateVersion | None:
    """A new version with `words` (all of WORDS), to be approved by somebody else; None where nothing is new."""
    MessageTemplate.objects.select_for_update().get(pk=template.pk)
    last = newest(template)
    if last is not None and all(getattr(last, name) == words[name] for name in WORDS):
        return None
    version = TemplateVersion.objects.create(
        template=template, number=last.number + 1 if last else 1, author=by, **{name: words[name] for name in WORDS}
    )
    _record(Action.CREATE, version, by, "written")
    return version


@transaction.atomic
def approve(version: TemplateVersion, *, by: User) -> bool:
    """From now on people send this version. False where it is approved already. Raises OwnVersionError."""
    locked = TemplateVersion.objects.select_for_update().select_related("template").get(pk=version.pk)
    if locked.approved_at is not None:
        return False
    if locked.author_id == by.pk:
        raise OwnVersionError
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.save(update_fields=["approved_by", "approved_at"])
    _record(Action.CHANGE, locked, by, "approved")
    return True


def usable() -> QuerySet[TemplateVersion]:
    """The newest approved version of each template in use, by the template's code."""
    approved = TemplateVersion.objects.filter(template=OuterRef("template"), approved_at__isnull=False)
    return (
        TemplateVersion.objects.filter(template__active=True, approved_at__isnull=False)
        .filter(pk=Subquery(approved.order_by("-number").values("pk")[:1]))
        .select_related("template")
        .order_by("template__channel", "template__code")
    )


def _record(action: Action, version: TemplateVersion, by: User, what: str) -> None:
    record(
        action, by=by, object_type="messagetemplate", object_ids=[version.template_id], label=str(version),
        detail={"what": what},
    )  # fmt: skip
