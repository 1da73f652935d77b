"""What a manager objects with, and what a supervisor answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.dashboards.models import ScorePart


class ObjectionForm(forms.Form):
    """One figure, and what is wrong with it."""

    scored = forms.ChoiceField(label=gettext_lazy("Which figure"), choices=ScorePart)
    text = forms.CharField(
        label=gettext_lazy("What is wrong with it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """Accepted with what was put right, or rejected with the reason."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Your answer"), widget=forms.RadioSelect,
        choices=[
            ("accept", gettext_lazy("accept: say what is put right")),
            ("reject", gettext_lazy("reject: say why")),
        ],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What is put right, or why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_answer_%s")
        super().__init__(*args, **kwargs)
