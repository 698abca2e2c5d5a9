"""Own words in sensitive answers: who reads them, and the page of that one organizer. Never whose they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from members import identity, ownwords
from members.admin.scope import OrganizerRequest, for_organizers
from members.forms.review import LookForm, MeaningForm, ReaderForm
from members.models.person import Person
from members.models.program import Organizer, Program
from members.ownwords import Words
from roundtable import dashboard
from roundtable.errors import NotAllowed


@dashboard.add
def unread(request: HttpRequest) -> dashboard.Part | None:
    """To whom it is given to read them: how many wait."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        return None
    for program in ownwords.programs_read_by(request.user):
        if count := sum(words.is_new for words in ownwords.waiting_for(program)):
            return dashboard.Part("Own words", [("to read", count)], reverse("admin:own_words", args=[program.slug]))
    return None


@require_safe
@for_organizers
def own_words(request: OrganizerRequest, slug: str) -> HttpResponse:
    """Who reads; and to that one the words that wait, closed."""
    return _page(request, _whole(request.user, slug))


@require_POST
@for_organizers
def name_reader(request: OrganizerRequest, slug: str) -> HttpResponse:
    """An organizer of the whole program names one of them, or nobody."""
    program = _whole(request.user, slug)
    form = ReaderForm(_organizers(program), request.POST)
    if form.is_valid():
        try:
            ownwords.name_reader(program, form.chosen, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            name = form.chosen.name if form.chosen else "Nobody"
            messages.success(request, f"{name} reads own words from now on.")
    else:
        messages.error(request, "Choose one of the organizers of the whole program, or nobody.")
    return redirect("admin:own_words", slug)


@require_POST
@for_organizers
def look(request: OrganizerRequest, slug: str) -> HttpResponse:
    """Opens the words of one application. The look is written down, and its person sees it."""
    program, form = _read_by(request.user, slug), LookForm(request.POST)
    if not form.is_valid():
        return _refused(request, slug, "Choose whose words to open.")
    try:
        words = ownwords.look(program, form.cleaned_data["words"], by=request.user)
    except NotAllowed as refusal:
        return _refused(request, slug, str(refusal))
    return _page(request, program, words)


@require_POST
@for_organizers
def give_meaning(request: OrganizerRequest, slug: str) -> HttpResponse:
    """What the solver takes these words for."""
    program, form = _read_by(request.user, slug), MeaningForm(request.POST)
    if not form.is_valid():
        return _refused(request, slug, "Choose a meaning, or write one of at most 60 characters.")
    said = form.cleaned_data
    try:
        ownwords.give_meaning(program, said["words"], said["value"], said["meaning"], by=request.user)
    except NotAllowed as refusal:
        return _refused(request, slug, str(refusal))
    messages.success(request, "The meaning is saved. The solver goes by it from the next composition on.")
    return redirect("admin:own_words", slug)


def urls(view: Callable[..., Any]) -> list[URLPattern]:
    """The addresses of these pages, inside the admin of programs."""
    return [
        path("own-words/<slug:slug>/", view(own_words), name="own_words"),
        path("own-words/<slug:slug>/reader/", view(name_reader), name="own_words_reader"),
        path("own-words/<slug:slug>/look/", view(look), name="own_words_look"),
        path("own-words/<slug:slug>/meaning/", view(give_meaning), name="own_words_meaning"),
    ]


def _whole(person: Person, slug: str) -> Program:
    program = Program.objects.organized_as_a_whole_by(person).filter(slug=slug).first()
    if program is None:
        raise Http404
    return program


def _read_by(person: Person, slug: str) -> Program:
    """The named organizer's guard: to everybody else, superusers too, there is nothing here."""
    program = ownwords.programs_read_by(person).filter(slug=slug).first()
    if program is None:
        raise Http404
    return program


def _page(request: OrganizerRequest, program: Program, opened: Words | None = None) -> HttpResponse:
    reader = ownwords.reader_of(program)
    reads = reader == request.user
    waiting = ownwords.waiting_for(program) if reads else []
    page: dict[str, Any] = {
        "title": "Own words",
        "program": program,
        "reader": reader,
        "reads": reads,
        "waiting": waiting,
        "opened": opened,
        "meanings": [(value, identity.label_of(value)) for value in _meanings(waiting)],
        "form": ReaderForm(_organizers(program), initial={"reader": reader.public_id if reader else "nobody"}),
    }
    return render(request, "admin/members/own_words.html", page)


def _meanings(waiting: list[Words]) -> list[str]:
    return [*identity.known_meanings(), *ownwords.meanings_in(waiting)]


def _organizers(program: Program) -> list[Person]:
    """Who looks after all of it."""
    roles = Organizer.objects.filter(program=program, metro="", person__is_active=True, person__is_staff=True)
    return [role.person for role in roles.select_related("person").order_by("person__name", "person")]


def _refused(request: OrganizerRequest, slug: str, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("admin:own_words", slug)
