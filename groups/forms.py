"""The shapes of what people send; the rules stand in the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms

from groups.cards import Card
from groups.consent import Answer
from groups.hosthours import HostHour
from groups.models.backfill import RULES, VOICES
from groups.models.group import Why
from groups.models.sabbatical import LONGEST
from members.forms.fields import Line, Lines, PlainText

ANSWERS = [
    (Answer.YES.value, "Yes, I would like to join"),
    (Answer.OTHER_TIME.value, "Yes, but at another time"),
    (Answer.NOT_THIS_GROUP.value, "Not this group"),
    (Answer.NOT_NOW.value, "Not now"),
]


LONGEST_REST = timedelta(days=730)


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
    reason = Lines(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Why not, if you like to say",
        help_text="Time, place or a person. It is kept encrypted; organizers see your answer, never these words.",
    )
    apart_from = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="With “Not this group”: whom would you rather not meet?",
        help_text="You are never put into one group of this program. Neither they nor an organizer learn of it.",
    )
    rest_until = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        label="With “Not now”: until when?",
        help_text="On that day you are in the pool again by yourself. Without a day you come back when you say so.",
    )

    def __init__(self, *args: Any, others: Mapping[str, Card], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["apart_from"].choices = [  # type: ignore[attr-defined] # a field of choices
            (key, card.line) for key, card in others.items()
        ]
        if not others:
            del self.fields["apart_from"]

    def clean_rest_until(self) -> date | None:
        """A day to come, within two years: further away nobody means it."""
        day: date | None = self.cleaned_data["rest_until"]
        if day is not None and not self.today < day <= self.today + LONGEST_REST:
            raise forms.ValidationError("Please choose a day between tomorrow and two years from now.")
        return day


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

    candidate = Line(max_length=24)
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


class WordForm(forms.Form):
    """One of a few buttons under a question; its member may press another one until the end."""

    word = forms.ChoiceField(error_messages={"required": "Please press one of the buttons."})

    def __init__(self, *args: Any, words: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].choices = words  # type: ignore[attr-defined] # a field of choices


class HalvesForm(forms.Form):
    """Who would go, as the page showed it."""

    goes = Line(max_length=400)


class CompanyForm(forms.Form):
    company = PlainText(
        required=False,
        max_length=120,
        label="Where you work now",
        help_text="Your card shows it, as before. Empty if there is no company.",
    )


class RenewalForm(CompanyForm):
    """How it goes on, and what still is true."""

    word = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="After this season",
        error_messages={
            "required": "Please choose one of the three answers.",
            "invalid_choice": "Please choose one of the three answers.",
        },
    )
    to_pool = forms.BooleanField(
        required=False, label="If I step out: look for another group for me", help_text="You go back into the pool."
    )
    place_text = PlainText(max_length=200, label="Where you are now", help_text="A city is enough.")
    code = forms.BooleanField(required=False, label="The code of conduct still holds for me")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32767)

    field_order = ("word", "to_pool", "company", "place_text", "code", "version")

    def __init__(self, *args: Any, words: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].choices = words  # type: ignore[attr-defined] # a field of choices


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
    words = Lines(
        required=False,
        max_length=300,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="A sentence to the host, if you like",
    )


class EditForm(forms.Form):
    """One edit of the board, in words: "move KEY 4", "move KEY pool", "lock 4", "hold KEY", "undo".

    A move without a place takes it from `group`, as the list of groups sends it.
    """

    do = Line(max_length=80, required=False)
    group = Line(max_length=10, required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    NEEDS: ClassVar = {"move": 2, "lock": 1, "free": 1, "hold": 1, "let_go": 1, "undo": 0, "redo": 0}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        act, *rest = said.get("do", "").split() or [""]
        if act == "move" and len(rest) == 1:
            rest.append(said.get("group", ""))
        if self.NEEDS.get(act) != len(rest):
            raise forms.ValidationError("That is nothing that can be done here. Load the page again.")
        person = rest[0] if act in ("move", "hold", "let_go") else ""
        group = rest[-1] if act in ("move", "lock", "free") else ""
        return said | {"act": act, "person": person, "group": number_of(group)}


def number_of(text: str) -> int | None:
    """The number of a draft as an address or a form says it; none for the pool."""
    return int(text) if text.isdecimal() and len(text) < 7 else None
