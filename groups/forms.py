"""The shapes of what people send; the rules stand in the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from groups.consent import Answer
from groups.hosthours import HostHour
from groups.models.backfill import RULES, VOICES
from groups.models.group import Why
from groups.models.sabbatical import LONGEST

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
        help_text="Only once it is sealed, and only for its own coordination. You can change this on the group's page.",
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Why not, if you like to say",
        help_text="Time, place or a person. It is kept encrypted; organizers see your answer, never these words.",
    )


class LeaveForm(forms.Form):
    back_to_pool = forms.BooleanField(
        required=False,
        initial=True,
        label="Look for another group for me",
        help_text="You go back into the pool. Without the tick your application is taken back.",
    )


class AddressForm(forms.Form):
    shares_address = forms.BooleanField(required=False, label="The group may have my e-mail address")


class VoiceForm(forms.Form):
    """One of two buttons under a card; its member may press the other one until the end."""

    candidate = forms.CharField(max_length=24)
    voice = forms.ChoiceField(choices=VOICES)


class CloseForm(forms.Form):
    why = forms.ChoiceField(
        choices=[(Why.NOT_NEEDED.value, "It is no longer needed"), (Why.DIED.value, "It died")],
        widget=forms.RadioSelect,
        label="One question",
        error_messages={"required": "Please say which of the two it is."},
    )


class SabbaticalForm(forms.Form):
    meetings = forms.TypedChoiceField(
        coerce=int,
        choices=[(1, "the next meeting"), (2, "the next two meetings"), (LONGEST, "the next three meetings")],
        widget=forms.RadioSelect,
        label="How long",
        error_messages={"required": "Please choose how many meetings you pause."},
    )


class EntryRuleForm(forms.Form):
    rule = forms.ChoiceField(choices=RULES, widget=forms.RadioSelect, label="Our rule for a newcomer")


class ComposeForm(forms.Form):
    seconds = forms.IntegerField(
        min_value=1,
        max_value=300,
        initial=30,
        label="Time to search, in seconds",
        help_text="A good answer comes at once; more time proves it, and makes the groups better."
        " Above 2,000 people each part of the pool has this time.",
    )


class HostForm(forms.Form):
    """One of the hours that were computed for this host."""

    window = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        label="An hour that suits you",
        help_text="On your own clock. The group keeps it.",
        error_messages={
            "required": "Please choose one of the hours.",
            "invalid_choice": "This hour does not suit enough people any more. Please choose another one.",
        },
    )

    def __init__(self, *args: Any, hours: Sequence[HostHour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [  # type: ignore[attr-defined] # a field of choices
            (one.window, f"{one.hour.words} · {one.told}") for one in hours
        ]


class DeclineOfferForm(forms.Form):
    words = forms.CharField(
        required=False,
        max_length=300,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="A sentence to the host, if you like",
    )
