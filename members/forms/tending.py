"""What organizers of a whole program write about it, checked for its shape only; rules stand in the actions."""

from __future__ import annotations

from typing import Any

from django import forms

from members.forms.fields import PlainLines, PlainText, one_of
from members.models.asking import Readers

MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: str) -> forms.DateTimeField:
    picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=False, widget=picker, help_text="In UTC. Empty: no limit.")


class DescribeForm(forms.Form):
    """The words of the program's page and its two dates."""

    summary = PlainLines(
        label="What it is",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Stands at the top of the program’s page; its first line is what search engines show.",
    )
    opens_at = _moment("Takes applications from")
    closes_at = _moment("Takes applications until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "It would close before it opens.")
        return cleaned


class QuestionForm(forms.Form):
    """One question, and who reads what is answered."""

    text = PlainText(label="Question", max_length=200, help_text="Short; one line is answered. Nobody has to.")
    readers = one_of(dict(Readers.choices), label="Who reads the answers", initial=Readers.ORGANIZERS)


class LinkForm(forms.Form):
    """The name of a partner community."""

    name = PlainText(label="Partner community", max_length=80, help_text="For example “Women in Tech Chicago”.")
