"""Presses at a board that bring more than a button: a promise, two numbers at the end, and what was counted by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from meetings import closing, handcounting, promising
from meetings.forms import PromiseForm, PulseForm
from meetings.views.press import first_error, press, with_words
from meetings.voting import Thumb
from members.models.person import Person
from roundtable.errors import NotAllowed

DIGITS = 3  # nobody raises a thousand hands, and a number may be too long to be read at all


@require_POST
def promise(request: HttpRequest, public_id: str) -> HttpResponse:
    """What I say I will do until the next meeting."""
    form = PromiseForm(request.POST)

    def act(table: Any, person: Person) -> None:
        if not form.is_valid():
            raise first_error(form)
        promising.promise(table, by=person, text=form.cleaned_data["text"])

    page = {"title": "My promise", "address": "promise", "button": "I promise it"}
    return press(request, public_id, act, back=with_words(request, public_id, form, page=page))


@require_POST
def pulse(request: HttpRequest, public_id: str) -> HttpResponse:
    """How it was, in two numbers."""
    form = PulseForm(request.POST)

    def act(table: Any, person: Person) -> object:
        if not form.is_valid():
            raise first_error(form)
        closing.pulse(table, by=person, **form.cleaned_data)
        return "Thank you. Nobody sees your numbers."

    return press(request, public_id, act)


@require_POST
def by_hand(request: HttpRequest, public_id: str) -> HttpResponse:
    """Thumbs or dots of those in the room: a field for each way, or for each topic."""
    sent = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "of")}
    of = request.POST.get("of")

    def act(table: Any, person: Person) -> object:
        counts = {name: _number(value) for name, value in sent.items()}
        if of == "thumbs":
            handcounting.thumbs(table, by=person, counts={way: counts.get(way.value, 0) for way in Thumb})
        else:
            handcounting.dots(table, by=person, counts=counts)
        return "Counted."

    return press(request, public_id, act)


def _number(value: object) -> int:
    words = str(value).strip() or "0"
    if not (words.isascii() and words.isdigit()) or len(words) > DIGITS:
        raise NotAllowed("Counts are whole numbers of people in the room.")
    return int(words)
