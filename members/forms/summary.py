"""What somebody said on a page, in words, for them to check before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django import forms
from django.forms import BoundField

from members.forms.hours import HoursField, known
from members.weekhours import stretches

SAID_ELSEWHERE = ("place_id", "use_sensitive", "conduct")


@dataclass(frozen=True, slots=True)
class Part:
    """One page: its answers, and whether it is complete."""

    page: str
    title: str
    answers: list[tuple[str, str]]
    is_complete: bool


def answers_of(form: forms.Form) -> list[tuple[str, str]]:
    """Label and words of every field that was filled in."""
    said = ((str(field.label), words(field)) for field in form if field.name not in SAID_ELSEWHERE)
    return [(label, text) for label, text in said if text]


def words(field: BoundField) -> str:
    """What was chosen by its name, hours as stretches, and a text as it is."""
    value = field.value()
    if isinstance(field.field, HoursField):
        return "; ".join(f"{one.day} {one.start}–{one.end}" for one in stretches(known(value)))
    if isinstance(field.field, forms.BooleanField):
        return "yes" if value else ""
    if isinstance(field.field, forms.ChoiceField):
        return _chosen(field.field, value)
    return ", ".join(str(value or "").splitlines()) if value != 0 else "0"


def _chosen(field: forms.ChoiceField, value: Any) -> str:
    names = dict(_flat(field.choices))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names[one]) for one in values if one and one in names)


def _flat(choices: Any) -> chain[tuple[Any, Any]]:
    return chain.from_iterable([[(str(key), name)] for key, name in choices])
