"""A draft as its pages: each form with what was typed there, the gaps, and the whole once nothing is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from members import applying, drafting, earlier, ownwords, places
from members.drafting import Typed
from members.folding import plain
from members.forms.alone import Alone
from members.forms.application import PAGES, Check, Where, Wishes
from members.forms.fields import Page
from members.forms.hours import known
from members.forms.summary import Part, answers_of
from members.meetable import Way
from members.models.application import Application, Mode, Placed, Unconfirmed
from members.models.asking import MOST_QUESTIONS, Question
from members.models.person import Person
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

    def __init__(self, program: Program, user: Any, draft: Unconfirmed | None) -> None:
        self.program, self.draft = program, draft
        self.person: Person | None = user if user.is_authenticated else None
        self.pages = drafting.typed(draft) if draft else {}
        self.is_open = applying.is_open(program, self.person)
        self.code = program.current_code()

    @cached_property
    def before(self) -> Application | None:
        """What this person sent earlier, to this program or another one."""
        return earlier.application_of(self.person, self.program) if self.person else None

    @cached_property
    def known(self) -> dict[str, Any]:
        """What we know of somebody who is signed in, from their account and what they sent earlier."""
        return earlier.said(self.person, self.before, self.program) if self.person else {}

    @property
    def is_change(self) -> bool:
        """Whether this changes an application that was sent already."""
        return self.person is not None and applying.on_the_way(self.person, self.program) is not None

    @property
    def keeps_private(self) -> bool:
        """Whether sensitive answers are there already, which an empty page leaves as they are."""
        return earlier.keeps_private(self.before, self.program)

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
        if page in self.pages:
            kept = self.pages[page]
            return self._made(page, kept, initial=self._initial(kind, self._own(page, kept)))
        return self._made(page, self.said(page), initial=self._of(kind))

    def said(self, page: str) -> Typed:
        """A page as its person sent it; one that they have not come to yet, as far as it is known."""
        return self.pages[page] if page in self.pages else _typed(self._of(PAGES[page]))

    def _of(self, kind: type[Page]) -> dict[str, Any]:
        return {name: value for name, value in self.known.items() if name in self._names(kind)}

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
        if page == "you" and self.person is not None:
            data["email"] = self.person.email
        return data

    def _meanings(self, typed: Typed) -> list[tuple[int, str]]:
        """The places to choose from; nobody who only uses video is asked for one, nor whose place is settled."""
        if _one(typed, "mode") == Mode.VIDEO or self._is_settled(_one(typed, "place_text")):
            return []
        said = self._read_place(typed)
        return places.meanings(self.program, said.get("place_text", ""), said.get("place_id"), said.get("zone", ""))

    def _read_place(self, typed: Typed) -> dict[str, Any]:
        """What can be read of the page about the place, however much else is wrong there."""
        form = Where(MultiValueDict({name: list(values) for name, values in typed.items()}))
        form.is_valid()
        return form.cleaned_data

    def _is_settled(self, text: str) -> bool:
        before = self.before
        if before is None or before.program_id != self.program.pk:
            return False
        return before.placed == Placed.RESOLVED and before.place_text == plain(text)

    def _names(self, kind: type[Page]) -> set[str]:
        return {*kind.base_fields, *(question.field for question in self.questions if kind is Wishes)}

    @property
    def zone(self) -> str:
        """The clock of the hours: what was said on the page before."""
        return zone_name(_one(self.said("where"), "zone")) or ""

    @property
    def week(self) -> WeekHours | None:
        """The hours ticked so far on that clock."""
        typed = self.said("hours")
        return WeekHours(known(typed.get("good")), known(typed.get("possible")), self.zone) if self.zone else None

    @property
    def way(self) -> Way:
        """How and where they would meet, as far as they said it on the page before."""
        said = self._read_place(self.said("where"))
        text, mode = said.get("place_text", ""), said.get("mode") or Mode.EITHER
        if self.before is not None and self._is_settled(text):
            return Way(mode, self.before.metro)
        found = applying.placed(self.program, text, said.get("place_id"), said.get("zone", ""))
        return Way(mode, found.metro or None)

    def checked(self, page: str) -> Page:
        """A page as it would be sent now."""
        return self.form(page, self.said(page))

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


def _initial(kind: type[Page], data: MultiValueDict[str, str]) -> dict[str, Any]:
    fields: dict[str, forms.Field] = {**kind.base_fields}
    return {name: field.widget.value_from_datadict(data, MultiValueDict(), name) for name, field in fields.items()}


def _typed(values: Mapping[str, Any]) -> Typed:
    """Known values as a browser would send them."""
    return {name: _sent(value) for name, value in values.items() if value not in (None, False, "")}


def _sent(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return ["on" if value is True else str(value)]


def _one(typed: Typed, name: str) -> str:
    return next(reversed(list(typed.get(name, ()))), "")
