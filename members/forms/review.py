"""What an organizer types in while reviewing."""

from __future__ import annotations

from typing import Any

from django import forms

from members.stages import DECLINE_REASONS, DeclineCode


class DecisionForm(forms.Form):
    """What an organizer decides, about one application or the ticked ones. Nothing ticked is nobody."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("accept", "decline", "hold", "undo")])
    code = forms.ChoiceField(
        label="Reason",
        choices=[("", "Reason …"), *((code.value, words) for code, words in DECLINE_REASONS.items())],
        required=False,
    )
    words = forms.CharField(label="Note for organizers", max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == "decline" and not cleaned.get("code"):
            self.add_error("code", "Choose a reason: the letter is different for each.")
        return cleaned

    @property
    def decline_code(self) -> DeclineCode:
        return DeclineCode(self.cleaned_data["code"])


class NoteForm(forms.Form):
    """An organizer's own words about an application."""

    text = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
