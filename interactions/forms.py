"""Forms about what was said. Each error stands at its field, in the person's language."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.lib.forms import DayInput
from customers.models import Channel
from interactions.drafts import reference
from interactions.log import Said
from interactions.models import Direction, Kind, Mood, Outcome, Topic

AHEAD = timedelta(days=730)  # a next contact or a promise further away is a slip of the keyboard
TAPS = {"tomorrow": timedelta(days=1), "three": timedelta(days=3), "week": timedelta(days=7)}
IN_PERSON = pgettext_lazy("log", "in person")
# The channels of the bar come first: nearly every contact goes by one of them.
CHANNELS = [
    (Channel.VISIT.value, IN_PERSON),
    *((c.value, c.label) for c in (Channel.PHONE, Channel.WECHAT, Channel.SMS, Channel.EMAIL, Channel.APP)),
]
_HASHTAG = re.compile(r"#(\w{2,12})")


def tagged(text: str) -> list[str]:
    """The topics named in `text` with a hash, by a part of their name in the page's language: `#mortgage`."""
    words = [word.casefold() for word in _HASHTAG.findall(text)]
    return [
        topic.value
        for topic in Topic
        if any(word == topic.value or word in str(topic.label).casefold() for word in words)
    ]


class LogForm(forms.Form):
    """One contact, told in a sentence; everything but channel and sentence may stay as it is.

    today: the bank's day, from which "tomorrow" counts.
    """

    key = forms.UUIDField(required=False)
    rev = forms.IntegerField(required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    direction = forms.ChoiceField(label=_("Who began"), choices=Direction.choices, required=False)
    kind = forms.ChoiceField(label=_("What for"), choices=Kind.choices, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, required=False)
    summary = forms.CharField(label=_("What was said"), max_length=4000, required=False)
    topics = forms.MultipleChoiceField(label=_("Topics"), choices=Topic.choices, required=False)
    mood = forms.ChoiceField(label=_("Mood"), choices=Mood.choices, required=False)
    satisfaction = forms.IntegerField(label=_("Satisfaction"), min_value=1, max_value=5, required=False)
    promise = forms.CharField(label=_("You promised"), max_length=200, required=False)
    promise_due = forms.DateField(label=pgettext_lazy("promise", "by"), widget=DayInput, required=False)
    question = forms.CharField(label=_("The customer's open question"), max_length=200, required=False)
    next = forms.ChoiceField(label=_("Next contact"), choices=[(tap, tap) for tap in (*TAPS, "day")], required=False)
    next_on = forms.DateField(label=_("Day of the next contact"), widget=DayInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        usual = {"direction": Direction.OUT, "kind": Kind.SERVICE, "outcome": Outcome.TALKED, "key": uuid.uuid4().hex}
        for name, value in usual.items():
            self.initial.setdefault(name, value)

    def clean_promise_due(self) -> date | None:
        return self._ahead("promise_due")

    def clean_next_on(self) -> date | None:
        if self.cleaned_data.get("next") != "day":
            return None  # a day picked earlier, and another tap since
        if self.cleaned_data.get("next_on") is None:
            raise ValidationError(_("Which day?"))
        return self._ahead("next_on")

    def _ahead(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not self.today <= day <= self.today + AHEAD:
            raise ValidationError(_("Choose a day from today to two years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = cleaned.get("summary") or cleaned.get("topics") or cleaned.get("promise") or cleaned.get("question")
        if not told and cleaned.get("outcome") in ("", Outcome.TALKED) and "summary" not in self.errors:
            self.add_error("summary", _("What was said? A sentence is enough."))
        if cleaned.get("promise_due") and not cleaned.get("promise"):
            self.add_error("promise", _("What did you promise for that day?"))
        return cleaned

    def said(self) -> Said:
        """What was told. Only for a valid form."""
        data = self.cleaned_data
        topics = {*data["topics"], *tagged(data["summary"])}
        tap = TAPS.get(data["next"])
        return Said(
            channel=data["channel"],
            direction=data["direction"] or Direction.OUT,
            kind=data["kind"] or Kind.SERVICE,
            topics=tuple(topic for topic in Topic.values if topic in topics),
            summary=data["summary"],
            outcome=data["outcome"] or Outcome.TALKED,
            promise=data["promise"],
            promise_due=data["promise_due"],
            question=data["question"],
            mood=data["mood"],
            satisfaction=data["satisfaction"],
            next_on=self.today + tap if tap else data["next_on"],
            reference=reference(data["key"].hex) if data["key"] else None,
        )
