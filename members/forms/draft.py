"""A draft as its pages: each form with what was typed there, the gaps, and the whole once nothing is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from members import applying, drafting, ownwords, places
from members.drafting import Typed
from members.forms.alone import Alone
from members.forms.application import PAGES, Check, Where, Wishes
from members.forms.fields import Page
from members.forms.hours import known
from members.forms.summary import Part, answers_of
from members.meetable import Way
from members.models.application import Application, Mode, Unconfirmed
from members.models.asking import MOST_QUESTIONS, Question
from members.models.program import Program
from members.weekhours import WeekHours, zone_name

LONGEST_KEPT = 12_000
MOST_KEPT = 600


def typed_in(request: HttpRequest, form: type[Page]) -> Typed:
    """What was sent of a page's own fields; of an endless text the beginning, so that it can be shown and mended."""
    own = [name for name in request.POST if form is Wishes and re.fullmatch(r"question_\d{1,18}", name)]
    names = [name for name in ("meant", *form.base_fields, *own[:MOST_QUESTIONS]) if name in request.POST]
    return {
        name: [value[:LONGEST_KEPT].replace("\x00", "") for value in request.POST.getlist(name)[:MOST_KEPT]]
        for name in names
    }


class Papers:
    """The application that somebody is filling in, whether or not a draft of it exists yet."""

    def __init__(self, program: Program, person: Any, draft: Unconfirmed | None) -> None:
        self.program, self.person, self.draft = program, person, draft
        self.pages = drafting.typed(draft) if draft else {}
        self.is_open = applying.is_open(program)
        self.code = program.current_code()

    def keep(self, page: str, typed: Typed, *, email: str = "") -> None:
        """One page into the draft."""
        if self.draft is not None:
            self.draft = drafting.keep(self.draft, page, typed, email=email)
            self.pages = drafting.typed(self.draft)

    def form(self, page: str, typed: Typed | None = None) -> Page:
        """A page to fill in: as it was just sent, or with what was kept, or with what is known of the person."""
        kind = PAGES[page]
        if typed is not None:
            return self._made(page, typed, data=self._own(page, typed))
        kept = self.pages.get(page)
        initial = self._initial(kind, self._own(page, kept)) if kept is not None else self._known(kind)
        return self._made(page, kept or {}, initial=initial)

    def _made(self, page: str, typed: Typed, **options: Any) -> Page:
        if PAGES[page] is Where:
            return Where(meanings=self._meanings(typed), **options)
        if PAGES[page] is Alone:
            reader = ownwords.reader_of(self.program)
            return Alone(reader=reader.name if reader else "", **options)
        if PAGES[page] is Wishes:
            return Wishes(questions=self.questions, **options)
        if PAGES[page] is Check:
            return Check(version=self.code.number if self.code else None, **options)
        return PAGES[page](**options)

    @cached_property
    def questions(self) -> list[Question]:
        """What this program asks besides."""
        return list(self.program.own_questions.all())

    def _initial(self, kind: type[Page], data: MultiValueDict[str, str]) -> dict[str, Any]:
        own = {question.field: data.get(question.field, "") for question in self.questions} if kind is Wishes else {}
        return _initial(kind, data) | own

    def _own(self, page: str, typed: Typed) -> MultiValueDict[str, str]:
        """Who is signed in applies under their own address, whatever was sent."""
        data = MultiValueDict({name: list(values) for name, values in typed.items()})
        if page == "you" and self.person.is_authenticated:
            data["email"] = self.person.email
        return data

    def _meanings(self, typed: Typed) -> list[tuple[int, str]]:
        """The places to choose from; nobody who only uses video is asked for one."""
        if _one(typed, "mode") == Mode.VIDEO:
            return []
        form = Where(MultiValueDict({name: list(values) for name, values in typed.items()}))
        form.is_valid()
        said = form.cleaned_data
        return places.meanings(self.program, said.get("place_text", ""), said.get("place_id"), said.get("zone", ""))

    def _known(self, kind: type[Page]) -> dict[str, Any]:
        """What we know of somebody who is signed in, from their account and their last application."""
        if not self.person.is_authenticated:
            return {}
        account = {name: getattr(self.person, name) for name in ("email", "name", "initials", "pronouns", "zone")}
        last = Application.objects.filter(person=self.person).order_by("-submitted_at", "-pk").first()
        said = applying.said_before(last) if last else {}
        return {name: value for name, value in (said | account).items() if name in self._names(kind)}

    def _names(self, kind: type[Page]) -> set[str]:
        return {*kind.base_fields, *(question.field for question in self.questions if kind is Wishes)}

    @property
    def zone(self) -> str:
        """The clock of the hours: what was said on the page before."""
        return zone_name(_one(self.pages.get("where", {}), "zone")) or ""

    @property
    def week(self) -> WeekHours | None:
        """The hours ticked so far on that clock."""
        typed = self.pages.get("hours", {})
        return WeekHours(known(typed.get("good")), known(typed.get("possible")), self.zone) if self.zone else None

    @property
    def way(self) -> Way:
        """How and where they would meet, as far as they said it on the page before."""
        typed = self.pages.get("where", {})
        place_id = _one(typed, "place_id")
        text, zone = _one(typed, "place_text"), self.zone
        found = applying.placed(self.program, text, int(place_id) if place_id.isdigit() else None, zone)
        return Way(_one(typed, "mode") or Mode.EITHER, found.metro or "")

    def checked(self, page: str) -> Page:
        """A page as it would be sent now; one that was not opened, with what is known of who is signed in."""
        typed = self.pages.get(page)
        return self.form(page, _as_typed(PAGES[page], self._known(PAGES[page])) if typed is None else typed)

    def given(self) -> dict[str, Any] | None:
        """Everything that was said, or None while a page is missing or wrong."""
        given: dict[str, Any] = {}
        for page in PAGES:
            form = self.checked(page)
            if not form.is_valid():
                return None
            given |= form.cleaned_data
        return given

    def summary(self) -> list[Part]:
        """The pages before the last one: what was said, and which are not complete."""
        forms_of = {page: self.checked(page) for page in PAGES if PAGES[page] is not Check}
        return [Part(page, form.title, answers_of(form), form.is_valid()) for page, form in forms_of.items()]


def _as_typed(kind: type[Page], known: Mapping[str, Any]) -> Typed:
    """What is known of a page's fields, in the shape in which a browser sends it."""
    return {name: [*_sent(known[name])] for name in kind.base_fields if name in known}


def _sent(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield from ["on"] * value
    elif isinstance(value, (list, tuple)):
        yield from map(str, value)
    elif value not in (None, ""):
        yield str(value)


def _initial(kind: type[Page], data: MultiValueDict[str, str]) -> dict[str, Any]:
    fields: dict[str, forms.Field] = {**kind.base_fields}
    return {name: field.widget.value_from_datadict(data, MultiValueDict(), name) for name, field in fields.items()}


def _one(typed: Typed, name: str) -> str:
    return next(reversed(list(typed.get(name, ()))), "")
