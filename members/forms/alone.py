"""The page about not being the only one: all of it optional, and none of it used without a yes."""

from __future__ import annotations

from typing import Any

from django import forms

from members import identity
from members.forms.fields import Page, PlainText, several
from members.models.conduct import WORDINGS

NEVER_ALONE = identity.DIMENSIONS
VALUED = tuple(name for name in NEVER_ALONE if name not in ("gender", "role", "remote"))  # where one can say which
READ_BY = (
    "The solver knows no words, so one person has to say what to take them for: {reader}, an organizer of this"
    " program, who is not told whose words they are. Until then no group is composed with you, unless somebody wrote"
    " the same. You see each look on your page."
)
READ_BY_NOBODY = (
    "The solver knows no words, so one organizer has to say what to take them for, and this program has named nobody"
    " yet. Until then no group is composed with you, unless somebody wrote the same."
)


def value_of(dimension: str) -> PlainText:
    """Which language, which path: only who wrote the same is company then."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return PlainText(
        label=NEVER_ALONE[dimension][0].upper() + NEVER_ALONE[dimension][1:],
        max_length=40,
        required=False,
        widget=widget,
    )


class Alone(Page):
    title = "Not the only one"
    why = (
        "All of this is optional, and kept apart from all else, encrypted. Only the solver that composes groups reads"
        " it, so that nobody ends up the only one against their wish: no organizer, no member, no list. Own words it"
        " cannot understand; below it says who reads those."
    )

    gender = PlainText(
        label="Gender",
        max_length=60,
        required=False,
        help_text="Woman, man, non-binary, your own words, or nothing.",
        widget=forms.TextInput(attrs={"list": "genders", "autocomplete": "off"}),
    )
    never_alone = several(
        NEVER_ALONE,
        label="Where would it matter to be the only one in the room?",
        help_text="Leave it empty if you do not mind. You can delete it at any time.",
    )
    own_wish = PlainText(
        label="Or in your own words",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    value_race_or_ethnicity = value_of("race_or_ethnicity")
    value_lgbtq = value_of("lgbtq")
    value_disability_or_neurodivergence = value_of("disability_or_neurodivergence")
    value_age = value_of("age")
    value_carer = value_of("carer")
    value_first_language = value_of("first_language")
    value_immigrant = value_of("immigrant")
    value_unusual_path = value_of("unusual_path")
    use_sensitive = forms.BooleanField(label=WORDINGS["sensitive"], required=False)

    def __init__(self, *args: Any, reader: str = "", **options: Any) -> None:
        """`reader` is the organizer who reads own words here."""
        super().__init__(*args, **options)
        self.fields["own_wish"].help_text = READ_BY.format(reader=reader) if reader else READ_BY_NOBODY

    def values(self) -> list[Any]:
        """The fields for a value, beside which tick they belong."""
        return [self[f"value_{name}"] for name in VALUED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ticked = cleaned.get("never_alone") or []
        cleaned["values"] = {name: value for name in VALUED if (value := cleaned.pop(f"value_{name}", ""))}
        for name in cleaned["values"].keys() - set(ticked):
            self.add_error(f"value_{name}", f"Tick “{NEVER_ALONE[name]}” above as well, or empty this.")
        said = (cleaned.get("gender"), ticked, cleaned.get("own_wish"))
        if any(said) and not cleaned.get("use_sensitive"):
            self.add_error("use_sensitive", "Tick this, or empty the answers above it.")
        return cleaned
