"""What organizers type in while they review, checked for its shape only; rules stand in the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from members.answers import company_key
from members.forms.fields import Line, Lines
from members.identity import LONGEST_MEANING, private_meaning
from members.models.person import Person
from members.models.review import Impression
from members.rubric import HIGHEST, QUESTIONS, Score
from members.stages import DECLINE_REASONS, DeclineCode
from roundtable.outbox.editing import MOST

ACTS = ("accept", "decline", "hold", "undo")
POINTS = [(points, ("no", "perhaps", "yes")[points]) for points in range(HIGHEST + 1)]


class DecisionForm(forms.Form):
    """One of four acts; a no needs its code."""

    act = forms.ChoiceField(
        choices=[(act, act) for act in ACTS], error_messages={"required": "Say what is to be done."}
    )
    code = forms.ChoiceField(
        choices=[("", "Why?"), *((code.value, words) for code, words in DECLINE_REASONS.items())],
        label="Reason",
        required=False,
    )
    words = Line(label="For ourselves", required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == "decline" and not cleaned.get("code"):
            self.add_error("code", "A no needs its reason: the letter says it.")
        return cleaned

    @property
    def decline_code(self) -> DeclineCode:
        return DeclineCode(self.cleaned_data["code"])


class NoteForm(forms.Form):
    text = Lines(
        label="Note",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Seen by organizers of this program, and by the person in their export.",
    )


class ScoreForm(forms.Form):
    """Three questions, 0 to 2 each."""

    def __init__(self, given: Any = None, **options: Any) -> None:
        super().__init__(given, auto_id="score_%s", **options)
        for name, question in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                choices=POINTS, coerce=int, label=question, widget=forms.RadioSelect
            )

    @classmethod
    def about(cls, given: Impression | None) -> ScoreForm:
        """Filled with what this organizer gave before."""
        return cls(initial={name: getattr(given, name) for name in QUESTIONS} if given else {})

    @property
    def score(self) -> Score:
        return Score(**{name: self.cleaned_data[name] for name in QUESTIONS})


class WordsForm(forms.Form):
    """A letter in the organizer's own words."""

    letter = forms.IntegerField(widget=forms.HiddenInput)
    text = Lines(label="The letter", max_length=MOST, widget=forms.Textarea(attrs={"rows": 12}))


class ApartForm(forms.Form):
    """An organizer's word on one line of a keep-apart request."""

    line = Line(max_length=24)
    act = forms.ChoiceField(choices=[(act, act) for act in ("apart", "company", "nobody", "undo")])
    company = Line(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """`other` are those whom the line means, `seen` all who stood beside it."""
        ids = {name: [key for key in self._listed(name) if key.isprintable()] for name in ("other", "seen")}
        return {**(super().clean() or {}), **ids}

    def _listed(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []


class ReaderForm(forms.Form):
    """One organizer of the whole program, or nobody."""

    def __init__(self, organizers: Iterable[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organizers = {one.public_id: one for one in organizers}
        choices = [("nobody", "nobody"), *((key, one.name or one.email) for key, one in self.organizers.items())]
        self.fields["reader"] = forms.ChoiceField(choices=choices)

    @property
    def chosen(self) -> Person | None:
        return self.organizers.get(self.cleaned_data["reader"])


class LookForm(forms.Form):
    """Whose words are opened, by an id that tells nobody who."""

    words = Line(max_length=24)


class MeaningForm(LookForm):
    """A value for own words: one of the list, or a new one, which counts if both are there."""

    value = Line(max_length=200)
    choice = Line(max_length=80, required=False)
    new = Line(max_length=LONGEST_MEANING, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {**cleaned, "meaning": private_meaning(cleaned.get("new", "")) or cleaned.get("choice", "")}


class MergeForm(forms.Form):
    """Which answers of the other application the kept one takes over."""

    def __init__(self, parts: Iterable[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(part, part) for part in parts]
        self.fields["taken"] = forms.MultipleChoiceField(choices=choices, required=False)


class CompaniesForm(forms.Form):
    """Two names that are one company, or one or two that are companies of their own. Typed names are read as keys."""

    spelling = Line(max_length=120)
    other = Line(max_length=120, required=False)
    apart = Line(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        return {name: company_key(words) or "" for name, words in (super().clean() or {}).items()}
