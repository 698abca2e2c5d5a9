"""A spreadsheet to be taken in, and what its columns ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from members.forms.fields import Lines
from members.spreadsheet import Column

PROTECTION, ASKED = "protection", "asked"
CONSENT = {
    PROTECTION: "Nothing of its own. The answers protect people from the start, are used for nothing else,"
    " and are deleted after 30 days unless the person says yes to our letter.",
    ASKED: "It asked for consent to use them, in the words below.",
}


class UploadForm(forms.Form):
    """A spreadsheet as CSV or XLSX."""

    file = forms.FileField(
        label="Spreadsheet (CSV or XLSX)",
        help_text="An export of Airtable, Google Forms, Typeform or the like: at most 10 MB, 10,000 rows, 60 columns.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )


class ColumnsForm(forms.Form):
    """One choice per column, and what the old form said about sensitive answers where the file has any."""

    consent = forms.ChoiceField(
        label="What did the form say about the use of sensitive answers?",
        choices=CONSENT.items(),
        initial=PROTECTION,
        widget=forms.RadioSelect,
    )
    consent_wording = Lines(
        label="If it asked: the words that people said yes to",
        help_text="As they stood in the form. They are kept with these consents.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.asks_sensitive = any(column.asks_sensitive for column in columns)
        if not self.asks_sensitive:
            del self.fields["consent"], self.fields["consent_wording"]
        for number, column in enumerate(columns):
            choices = list(column.choices.items())
            self.fields[f"column{number}"] = forms.ChoiceField(
                label=column.heading, choices=choices, initial=column.kind, required=True
            )

    def lines(self) -> Iterator[tuple[Column, forms.BoundField]]:
        """Each column with its choice."""
        return ((column, self[f"column{number}"]) for number, column in enumerate(self.columns))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent") == ASKED and not given.get("consent_wording"):
            self.add_error("consent_wording", "Copy the words of the form here, or choose the first answer.")
        return given

    @property
    def chosen(self) -> dict[str, str]:
        """Heading to what it asks."""
        return {column.heading: self.cleaned_data[f"column{number}"] for number, column in enumerate(self.columns)}

    @property
    def wording(self) -> str:
        """The old form's words, where people said yes to any."""
        asked = self.cleaned_data.get("consent") == ASKED
        return self.cleaned_data["consent_wording"] if asked else ""
