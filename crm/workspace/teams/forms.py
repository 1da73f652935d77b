"""Forms of a supervisor: how to split a book, and a word about how a customer was served."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import User
from crm.workspace.teams.books import Given, Source
from customers.models import CoachingKind, Segment

LOAD, SHARES = "load", "shares"
MOST_SHARE = 100


class SplitForm(forms.Form):
    """Whose customers go to whom, by which rules. Each manager of the team has a tick (`to`) and a share."""

    source = forms.ChoiceField(label=gettext_lazy("Whose customers"))
    how = forms.ChoiceField(
        label=gettext_lazy("Divided"),
        choices=[(LOAD, gettext_lazy("by load: to whoever has least to do")), (SHARES, gettext_lazy("by shares"))],
    )
    segments = forms.ModelMultipleChoiceField(
        Segment.objects.all(), label=gettext_lazy("Only these segments"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    most = forms.IntegerField(label=gettext_lazy("Customers of one manager at most"), required=False, min_value=1)
    most_top = forms.IntegerField(label=gettext_lazy("Of the highest tier at most"), required=False, min_value=0)
    together = forms.BooleanField(label=gettext_lazy("Households stay together"), required=False, initial=True)
    note = forms.CharField(
        label=gettext_lazy("A word to the new managers"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Sequence[Source], team: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {source.key: source for source in sources}
        self.team = {member.pk: member for member in team}
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [(one.key, one.label) for one in sources]
        for pk in self.team:
            self.fields[f"to_{pk}"] = forms.BooleanField(required=False)
            self.fields[f"share_{pk}"] = forms.IntegerField(
                required=False, initial=1, min_value=1, max_value=MOST_SHARE
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [pk for pk in self.team if cleaned.get(f"to_{pk}")]
        source = self.sources.get(cleaned.get("source", ""))
        if not chosen:
            self.add_error(None, _("Choose at least one manager who gets customers."))
        elif source and source.manager and source.manager.pk in chosen:
            self.add_error(None, _("Nobody can get their own customers: choose others."))
        return cleaned

    def chosen_source(self) -> Source:
        return self.sources[self.cleaned_data["source"]]

    def given(self) -> list[Given]:
        """Who gets customers, as said."""
        said = self.cleaned_data
        return [
            Given(member, said.get(f"share_{pk}") or 1, said["most"], said["most_top"])
            for pk, member in self.team.items()
            if said.get(f"to_{pk}")
        ]

    def rows(self) -> list[tuple[int, Any, Any]]:
        """Manager id, tick and share of each member of the team, for the table."""
        return [(pk, self[f"to_{pk}"], self[f"share_{pk}"]) for pk in self.team]


class CoachingForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=CoachingKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("In your words"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReplyForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Reply"), max_length=500)
