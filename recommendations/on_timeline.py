"""What suggestions add to the line of time of a customer: what they answered."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from customers.models import Customer
from interactions.timeline import sources
from interactions.timeline.parts import Entry, Group, Line
from interactions.timeline.sight import Sight
from recommendations.models import Answer, Need, SuggestionState
from recommendations.words import Why

KIND = "suggestions"


def register() -> None:
    """Add them to the line; once, as the program starts. Who serves for a moment sees none of them."""
    sources.register(
        sources.Source(
            "answer", _answers, "at", {KIND: Q()}, _matches, _line,
            also={
                "need": "suggestion__need", "zh": "suggestion__product__name_zh", "en": "suggestion__product__name_en",
            },
            people=("by",), for_serving=False,
        ),
        {KIND: Group(gettext_lazy("Suggestions answered"), "lightbulb")},
    )  # fmt: skip


def _answers(customer: Customer, _sight: Sight) -> "QuerySet[Any]":
    return Answer.objects.filter(suggestion__customer=customer, undone_at=None)


def _matches(text: str) -> Q:
    named = Q(suggestion__need__in=sources.named(Need, text)) | Q(state__in=sources.named(SuggestionState, text))
    return named | Q(suggestion__product__name_zh__icontains=text) | Q(suggestion__product__name_en__icontains=text)


def _line(entry: Entry, _today: date) -> Line:
    answer: Any = entry.row
    need = str(Need(answer.need).label) if answer.need in Need.values else answer.need
    product = answer.zh if (get_language() or "").startswith("zh") else answer.en
    said = str(SuggestionState(answer.state).label)
    title = _("Suggested “%(what)s”: %(answer)s") % {"what": product or need, "answer": said}
    details = [answer.by.display_name] if answer.by else []
    reason = str(Why(answer.reason).label) if answer.reason in Why.values else ""
    return Line(entry.at, "lightbulb", title, details, reason, ours=True)
