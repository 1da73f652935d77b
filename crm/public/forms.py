"""What a customer may wish, as boxes that are ticked as it stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Channel
from interactions.preferences.wishes import HOURS, OFFERED, State
from interactions.preferences.words import hours_words


class PreferenceForm(forms.Form):
    """Its fields begin with what stands (`state`)."""

    channels = forms.MultipleChoiceField(
        label=_("You may make me offers by"), choices=Channel.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("I like to hear of"), choices=[(topic.value, topic.label) for topic in OFFERED], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    hours = forms.ChoiceField(label=_("Please reach me"), choices=[], required=False, widget=forms.RadioSelect)
    preferred = forms.ChoiceField(
        label=_("I like best to be reached by"), choices=[("", _("no preference")), *Channel.choices], required=False
    )
    personal = forms.BooleanField(
        label=_("Suggestions may be made for me, from my accounts and what I told you"), required=False
    )
    surveys = forms.BooleanField(label=_("You may ask me how satisfied I am"), required=False)

    def __init__(self, state: State, data: Any = None) -> None:
        shown = {
            "channels": sorted(state.channels), "topics": sorted(state.topics), "hours": state.hours,
            "preferred": state.preferred, "personal": state.personal, "surveys": state.surveys,
        }  # fmt: skip
        super().__init__(data, initial=shown, auto_id="%s")
        self.fields["hours"].choices = [(key, words) for key, words in hours_words().items() if key in HOURS]  # type: ignore[attr-defined]

    def wished(self) -> State:
        """What the customer wishes, of a valid form."""
        data = self.cleaned_data
        return State(
            channels=frozenset(data["channels"]), topics=frozenset(data["topics"]), personal=data["personal"],
            surveys=data["surveys"], hours=data["hours"], preferred=data["preferred"],
        )  # fmt: skip
