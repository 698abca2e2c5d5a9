"""The shapes of what people send about hours and polls; the rules stand in the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from meetings.forms import MoveForm
from meetings.models.poll import Option
from meetings.polls import REPLIES, Reply
from members.forms.fields import Line


class RepliesForm(forms.Form):
    """Good, possible or no to each hour that is asked."""

    def __init__(
        self,
        *args: Any,
        hours: Sequence[tuple[Option, str, str]],
        known: Mapping[int, Reply],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.options = [option for option, _, _ in hours]
        for option, words, reasons in hours:
            self.fields[name_of(option)] = forms.ChoiceField(
                label=words,
                help_text=reasons,
                choices=REPLIES,
                widget=forms.RadioSelect,
                initial=known.get(option.pk),
                error_messages={"required": "Please say good, possible or no."},
            )

    @property
    def replies(self) -> dict[int, Reply]:
        """By the key of the hour."""
        return {option.pk: Reply(self.cleaned_data[name_of(option)]) for option in self.options}


def name_of(option: Option) -> str:
    return f"hour_{option.pk}"


class OpenPollForm(forms.Form):
    """About which date, or all of them, and for how long."""

    about = forms.ChoiceField(label="What shall the group choose?")
    days = forms.TypedChoiceField(
        label="How long may people answer?",
        choices=[(days, f"{days} days") for days in (3, 5, 7, 10, 14)],
        coerce=int,
        initial=5,
    )

    def __init__(self, *args: Any, abouts: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"] = forms.ChoiceField(label="What shall the group choose?", choices=abouts)


class AddHourForm(MoveForm):
    """One more day and hour to be asked about."""


class SettleForm(forms.Form):
    option = forms.IntegerField(
        min_value=1, max_value=2**31, error_messages={"required": "Choose one of the hours.", "invalid": "Choose one."}
    )
    reason = Line(required=False, max_length=300, strip=True)
