"""The forms of a list: the file, and what its columns are."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import User
from customers.importing.kind import resolve
from customers.models import Upload
from customers.uploading import columns
from customers.uploading.columns import Choices
from customers.uploading.error_sheet import REASONS


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel workbook or text file"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MOST_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s, at most %(most)s go at once.")
                % {"size": filesizeformat(file.size or 0), "most": filesizeformat(settings.UPLOAD_MOST_BYTES)}
            )
        return file


class HeadingForm(forms.Form):
    """Where the list stands, if it was found in the wrong place."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row of the headings"), min_value=1, max_value=40)

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in upload.sheets]  # type: ignore[attr-defined]
        if len(upload.sheets) < 2:
            del self.fields["sheet"]


class ColumnsForm(forms.Form):
    """One choice for every column of the file, and what holds for rows that do not say it."""

    make_number = forms.BooleanField(
        label=gettext_lazy("Make customer numbers, since no column holds them"), required=False
    )
    branch = forms.ChoiceField(label=gettext_lazy("Branch of rows that name none"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Relationship manager of rows that name none"), required=False)

    def __init__(self, *args: Any, upload: Upload, by: User, **kwargs: Any) -> None:
        self._kind = resolve(upload.kind)
        self._header = upload.header
        choices = Choices.of(upload.choices)
        kwargs["initial"] = {"make_number": choices.make_number, "branch": choices.branch, "owner": choices.owner}
        super().__init__(*args, **kwargs)
        meant = {column: target for target, column in choices.columns.items()}
        targets = [("", _("not used")), *((one.name, columns.label(one.name)) for one in self._kind.targets)]
        for place, name in enumerate(upload.header):
            if name and name not in REASONS:
                self.fields[f"column_{place}"] = forms.ChoiceField(
                    label=name, choices=targets, required=False, initial=meant.get(name, "")
                )
        self._fill_places(by)

    def _fill_places(self, by: User) -> None:
        branches = [(branch.code, str(branch)) for branch in columns.branches_of(by)]
        managers = [(one.employee_number, str(one)) for one in columns.managers_of(by)[: columns.MOST_MANAGERS]]
        self.fields["branch"].choices = [("", "—"), *branches]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", _("the pool of the branch")), *managers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen: dict[str, str] = {}
        for place, name in enumerate(self._header):
            target = data.get(f"column_{place}")
            if target in chosen:
                self.add_error(f"column_{place}", _("“%(column)s” is this already.") % {"column": chosen[target]})
            elif target:
                chosen[target] = name
        make = bool(data.get("make_number")) and "number" not in chosen
        data["choices"] = Choices(chosen, make, data.get("branch", ""), data.get("owner", ""))
        if not self.errors and (missing := columns.complete(self._kind, data["choices"])):
            raise forms.ValidationError(missing)
        return data
