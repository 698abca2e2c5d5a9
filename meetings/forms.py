"""The shapes of what people send about meetings; the rules stand in the actions."""

from __future__ import annotations

from django import forms

from meetings.models.seat import Answer


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=Answer.choices,
        widget=forms.RadioSelect,
        label="Are you coming?",
        error_messages={"required": "Please choose one of the three answers."},
    )
