"""Form fields used in several rooms."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own date picker. It takes ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
