"""The shapes of what an organizer says of a roundtable's date; the rules stand in the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from meetings.agreeing import FORMATS
from meetings.forms import MoveForm
from meetings.line import SEATS
from meetings.models.meeting import THEME, Format
from meetings.opening import Pool, Told
from members.forms.fields import Line
from members.models.person import Person

People = Mapping[str, Person]  # by public id
CHOOSE = "Please choose."
NOBODY = [("", "nobody")]


class TableForm(forms.Form):
    """Seats, format, theme and talk: what may change later."""

    cap = forms.IntegerField(
        label="Seats",
        min_value=1,
        max_value=SEATS,
        initial=SEATS,
        error_messages={
            "required": "How many seats?",
            "invalid": "Write a number from 1 to 12.",
            "min_value": "A roundtable has 1 to 12 seats.",
            "max_value": "A roundtable has 1 to 12 seats.",
        },
    )
    form = forms.ChoiceField(
        label="Format",
        choices=[(one.value, one.label.capitalize()) for one in FORMATS],
        initial=Format.LEAN_COFFEE,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    theme = Line(
        label="Theme",
        required=False,
        max_length=THEME,
        help_text="Stands in the letters and on the pages of whoever is asked, and afterwards in the public archive if"
        " you show one; never in a calendar. Name nobody.",
        error_messages={"max_length": f"A theme has at most {THEME} characters."},
    )
    presenter = forms.ChoiceField(
        label="Who gives a talk",
        required=False,
        help_text="They have a seat, or take one now. Those who come read the name.",
        error_messages={"invalid_choice": "Choose one of these people, or nobody."},
    )

    def __init__(self, *args: Any, people: People, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        self.fields["presenter"].choices = NOBODY + named(people)  # type: ignore[attr-defined] # a field with choices

    @property
    def told(self) -> Told:
        given = self.cleaned_data
        return Told(given["cap"], given["theme"], self.people.get(given["presenter"]), Format(given["form"]))


class DateForm(MoveForm, TableForm):
    """A new date: in which pool, when, and who hosts."""

    field_order = ["pool", "on", "at", "host", "cap", "form", "theme", "presenter"]
    pool = forms.ChoiceField(label="For whom", error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})
    host = forms.ChoiceField(label="Host", error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})

    def __init__(self, *args: Any, pools: Sequence[tuple[Pool, str]], people: People, **options: Any) -> None:
        super().__init__(*args, people=people, **options)
        self.pools = {pool.key: pool for pool, _ in pools}
        words = [(pool.key, words) for pool, words in pools]
        self.fields["pool"].choices = words  # type: ignore[attr-defined] # a field with choices
        self.fields["host"].choices = [("", "choose"), *named(people)]  # type: ignore[attr-defined] # as above

    @property
    def pool_chosen(self) -> Pool:
        return self.pools[self.cleaned_data["pool"]]

    @property
    def host_chosen(self) -> Person:
        return self.people[self.cleaned_data["host"]]


def named(people: People) -> list[tuple[str, str]]:
    return [(key, person.name or person.email) for key, person in people.items()]
