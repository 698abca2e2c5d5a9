"""The shapes of what people send about meetings; the rules stand in the actions."""

from __future__ import annotations

from django import forms
from django.core.validators import URLValidator

from meetings.models.seat import Answer
from meetings.voting import Thumb

TITLE_LENGTH = 120
NOTE_LENGTH = 1000
TAKEAWAY_LENGTH = 600


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=Answer.choices,
        widget=forms.RadioSelect,
        label="Are you coming?",
        error_messages={"required": "Please choose one of the three answers."},
    )


class WhereForm(forms.Form):
    video_link = forms.URLField(
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        label="Link to the video room",
    )
    room = forms.CharField(
        required=False,
        max_length=200,
        label="Room",
        help_text="Street, house, door, floor.",
        widget=forms.TextInput(attrs={"list": "rooms"}),  # those that the organizers of the city know
    )


class MoveForm(forms.Form):
    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Which day?", "invalid": "Write the day as 2026-05-28."},
    )
    at = forms.TimeField(
        label="Begins at",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "At what time?", "invalid": "Write the time as 17:30."},
    )


class TopicForm(forms.Form):
    title = forms.CharField(max_length=TITLE_LENGTH, label="What would you like to talk about?", strip=True)
    note = forms.CharField(
        max_length=NOTE_LENGTH,
        required=False,
        label="A few words on it",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    hidden = forms.BooleanField(
        required=False,
        label="Without my name",
        help_text='It says "somebody asks". In a small group people may still guess.',
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class EditTopicForm(forms.Form):
    title = forms.CharField(max_length=TITLE_LENGTH, label="Topic", strip=True)
    note = forms.CharField(
        max_length=NOTE_LENGTH, required=False, label="A few words on it", widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class TakeawayForm(forms.Form):
    text = forms.CharField(
        max_length=TAKEAWAY_LENGTH,
        label="What do we take along?",
        help_text="At most three lines. The others of this group can read it later.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class BallotForm(forms.Form):
    """A dot or a thumb: the topic with its number of dots, or the way, and the key of this very press."""

    key = forms.UUIDField()
    topic = forms.CharField(max_length=24, required=False)
    dots = forms.IntegerField(min_value=0, max_value=9, required=False)
    thumb = forms.ChoiceField(choices=[(way.value, way.value) for way in Thumb], required=False)


class PressForm(forms.Form):
    """A press on any other button: what, with its object after a colon."""

    act = forms.CharField(max_length=60)

    @property
    def said(self) -> tuple[str, str]:
        """The act and its object; both empty when the press did not arrive whole."""
        name, _, of = self.cleaned_data["act"].partition(":") if self.is_valid() else ("", "", "")
        return name, of


class TurnForm(forms.Form):
    """A press on the clock: what, with its object after a colon, and the step that the page showed."""

    act = forms.CharField(max_length=60)
    step = forms.IntegerField(min_value=0, required=False)
