"""The shapes of what people send about meetings; the rules stand in the actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import URLValidator

from meetings.agreeing import FORMATS
from meetings.attendance import SAID
from meetings.cadence import MOST_WEEKS, NTH
from meetings.models.meeting import THEME, Format, Ready, Role
from meetings.models.seat import LABEL, Answer
from meetings.resources import TYPED
from meetings.voting import Thumb
from members.forms.fields import Line, Lines
from roundtable.moments import DAYS, MONTHS, city

TITLE_LENGTH = 120
NOTE_LENGTH = 1000
TAKEAWAY_LENGTH = 600
OWN_NOTE_LENGTH = 5000


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=Answer.choices,
        widget=forms.RadioSelect,
        label="Are you coming?",
        error_messages={"required": "Please choose one of the three answers."},
    )


class RoleForm(forms.Form):
    """One press about a role; whom to ask is a member's public id, and behind it a meeting's where that is swapped."""

    what = forms.ChoiceField(choices=[(one, one) for one in ("accept", "take", "ask", "withdraw", "yes", "no")])
    role = forms.ChoiceField(choices=Role.choices)
    whom = forms.RegexField(r"^[\w-]{1,24}( [\w-]{1,24})?$", required=False, max_length=50)


class WhereForm(forms.Form):
    video_link = forms.URLField(
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        label="Link to the video room",
    )
    room = Line(
        required=False,
        max_length=200,
        label="Room",
        help_text="Street, house, door, floor.",
        widget=forms.TextInput(attrs={"list": "rooms"}),  # those that the organizers of the city know
    )
    ask_again = forms.BooleanField(
        required=False,
        label="Ask everybody again whether they come",
        help_text="For another part of the town, say: answers so far were for the old place.",
    )


class LabelForm(forms.Form):
    label = Line(
        label="What your calendar calls these dates",
        required=False,
        max_length=LABEL,
        help_text="“Roundtable”, unless you choose your own words. Others who see your calendar may read them.",
        error_messages={"max_length": f"At most {LABEL} characters, please."},
    )


class CalendarForm(forms.Form):
    calendar = forms.EmailField(
        label="Address of your calendar",
        help_text="Calendars show buttons only in the mailbox that they belong to. Everything else still comes to the "
        "address that you sign in with.",
        error_messages={"required": "Which address?", "invalid": "Write the address as ada@example.org."},
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


EVERY = [
    *((str(weeks), "every week" if weeks == 1 else f"every {weeks} weeks") for weeks in range(1, MOST_WEEKS + 1)),
    *((f"monthly:{nth}", f"every month, on its {word} such weekday") for nth, word in NTH.items()),
]
LENGTHS = (60, 75, 90, 120)


class RhythmForm(forms.Form):
    """Another rhythm for a circle: which planned dates go along, and how the new ones are counted."""

    start = forms.ChoiceField(label="Which planned dates move")
    first = forms.DateField(
        label="First date",
        help_text="The weekday of this date is the weekday of the rhythm.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Which day is the first?", "invalid": "Write the day as 2026-05-28."},
    )
    every = forms.ChoiceField(label="How often", choices=EVERY)
    at = forms.TimeField(
        label="Begins at",
        help_text="On the hour or at half past, from 05:00 on.",
        widget=forms.TimeInput(attrs={"type": "time", "step": "1800"}, format="%H:%M"),
        error_messages={"required": "At what time?", "invalid": "Write the time as 17:30."},
    )
    zone = forms.ChoiceField(label="On the clock of")
    minutes = forms.TypedChoiceField(label="How long", coerce=int)

    def __init__(self, *args: Any, starts: Sequence[date], zones: Sequence[str], minutes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [(day.isoformat(), f"from {said(day)} on") for day in starts]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(zone, city(zone)) for zone in dict.fromkeys(zones)]  # type: ignore[attr-defined]
        lengths = sorted({*LENGTHS, minutes})
        self.fields["minutes"].choices = [(one, f"{one} minutes") for one in lengths]  # type: ignore[attr-defined]


def said(day: date) -> str:
    """ "Thu 22 Oct"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


class DayForm(forms.Form):
    """One date of a rhythm, left out or taken back."""

    day = forms.DateField()
    back = forms.BooleanField(required=False)


class ChecklistForm(forms.Form):
    """Four ticks of who leads, and the format of this time."""

    form = forms.ChoiceField(label="Format", choices=Format.choices)
    ready = forms.MultipleChoiceField(
        label="Ready so far",
        choices=Ready.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class IdeaForm(forms.Form):
    """What a member proposes for the next meeting of their circle."""

    theme = Line(
        max_length=THEME,
        label="What it is about",
        help_text="The circle reads it here and in its timeline; no letter and no calendar has it.",
        error_messages={"required": "Write a few words.", "max_length": f"A theme has at most {THEME} characters."},
    )
    form = forms.ChoiceField(label="Format", choices=[(one.value, one.label.capitalize()) for one in FORMATS])
    presenter = forms.ChoiceField(
        label="Who speaks",
        required=False,
        help_text="At a talk or deep dive. They are asked, and speak only if they say yes.",
        error_messages={"invalid_choice": "Choose somebody of this circle, or nobody."},
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presenter"].choices = [("", "nobody"), *people]  # type: ignore[attr-defined] # a field with choices


class AttendanceForm(forms.Form):
    attendance = forms.ChoiceField(
        choices=[(one.value, one.label.capitalize()) for one in SAID], label="Were you there?", widget=forms.RadioSelect
    )


class ChoicesForm(forms.Form):
    """What the members of a circle choose for it."""

    standings = forms.BooleanField(required=False, label="We read on our page who came how often")
    link_minutes = forms.TypedChoiceField(
        label="The link to the video room shows",
        coerce=int,
        choices=[(10, "10 minutes before"), (30, "30 minutes before"), (120, "2 hours before"), (1440, "a day before")],
    )


class LinksField(Lines):
    """What a topic links to, as it is typed; `resources.tidy` says what of it can be."""

    def __init__(self) -> None:
        super().__init__(
            max_length=TYPED,
            required=False,
            label="Links",
            help_text="Up to five, one a line: first the https address, then a title.",
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class TopicForm(forms.Form):
    title = Line(max_length=TITLE_LENGTH, label="What would you like to talk about?", strip=True)
    note = Lines(
        max_length=NOTE_LENGTH,
        required=False,
        label="A few words on it",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    links = LinksField()
    hidden = forms.BooleanField(
        required=False,
        label="Without my name",
        help_text='It says "somebody asks". In a small group people may still guess.',
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class EditTopicForm(forms.Form):
    title = Line(max_length=TITLE_LENGTH, label="Topic", strip=True)
    note = Lines(
        max_length=NOTE_LENGTH, required=False, label="A few words on it", widget=forms.Textarea(attrs={"rows": 3})
    )
    links = LinksField()
    revision = forms.IntegerField(widget=forms.HiddenInput)


class TakeawayForm(forms.Form):
    text = Lines(
        max_length=TAKEAWAY_LENGTH,
        label="What do we take along?",
        help_text="At most three lines. The others of this group can read it later; whoever joins afterwards only if"
        " all who were there agree.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    text = Lines(
        max_length=OWN_NOTE_LENGTH,
        required=False,
        label="For myself",
        help_text="Nobody else reads it, and no organizer. Empty it to delete it.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReleaseForm(forms.Form):
    text = Lines(
        max_length=TAKEAWAY_LENGTH,
        label="In words for outside",
        help_text="No name, no company, nothing that says which circle it was.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class BallotForm(forms.Form):
    """A dot or a thumb: the topic with its number of dots, or the way, the number of the call, and the page's key."""

    key = forms.UUIDField()
    call = forms.IntegerField(min_value=0)
    topic = Line(max_length=24, required=False)
    dots = forms.IntegerField(min_value=0, max_value=9, required=False)
    thumb = forms.ChoiceField(choices=[(way.value, way.value) for way in Thumb], required=False)


PRESS = re.compile(r"([a-z_]{1,30})(?::([A-Za-z0-9_-]{1,40}))?")


def pressed(sent: Mapping[str, str]) -> tuple[str, str]:
    """A press on any other button: what, and its object after a colon; both empty when it did not arrive whole."""
    found = PRESS.fullmatch(sent.get("act", ""))
    return (found[1], found[2] or "") if found else ("", "")


class MergeForm(forms.Form):
    """Which topic goes into which."""

    child = Line(max_length=24, required=False)
    into = Line(max_length=24, required=False)


class PromiseForm(forms.Form):
    text = Line(
        max_length=200,
        label="I promise",
        strip=True,
        help_text="One sentence. Next time you are asked what came of it.",
        error_messages={"required": "Write one sentence first."},
    )


PULSE = [(str(number), str(number)) for number in range(1, 6)]
ENDS = "From 1, not at all, to 5, fully."


class PulseForm(forms.Form):
    """How it was, from 1 to 5: told to nobody, an average from five answers on."""

    needed = forms.TypedChoiceField(
        label="I could say what I needed",
        help_text=ENDS,
        choices=PULSE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a number for both."},
    )
    worth = forms.TypedChoiceField(
        label="It was worth my time",
        help_text=ENDS,
        choices=PULSE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a number for both."},
    )


class TurnForm(forms.Form):
    """A press on the clock: what, with its object after a colon, and the step that the page showed."""

    act = Line(max_length=60)
    step = forms.IntegerField(min_value=0, required=False)


class BriefForm(forms.Form):
    """Whether an organizer gets the weekly brief."""

    weekly = forms.TypedChoiceField(
        choices=[("on", "on"), ("off", "off")],
        coerce=lambda word: word == "on",
    )


class NudgeForm(forms.Form):
    """What who leads does with a word in private."""

    answer = forms.ChoiceField(
        choices=[("used", "used"), ("dismissed", "dismissed")],
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Please press one of the two buttons."),
    )
