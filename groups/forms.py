"""The shapes of what people send; the rules stand in the actions."""

from __future__ import annotations

from django import forms

from groups.consent import Answer

ANSWERS = [
    (Answer.YES.value, "Yes, I would like to join"),
    (Answer.OTHER_TIME.value, "Yes, but at another time"),
    (Answer.NOT_THIS_GROUP.value, "Not this group"),
    (Answer.NOT_NOW.value, "Not now"),
]


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=ANSWERS,
        widget=forms.RadioSelect,
        label="Your answer",
        error_messages={"required": "Please choose one of the four answers."},
    )
    shares_address = forms.BooleanField(
        required=False,
        label="The group may have my e-mail address",
        help_text="Only once it is sealed, and only for its own coordination. You can change this later.",
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Anything the organizer should know",
        help_text="Private: time, place or a person. Nobody in the group ever reads it.",
    )


class ComposeForm(forms.Form):
    seconds = forms.IntegerField(
        min_value=1,
        max_value=300,
        initial=30,
        label="Time to search, in seconds",
        help_text="A good answer comes at once; more time proves it, and makes the groups better.",
    )
