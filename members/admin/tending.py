"""What organizers of a whole program look after: its words and dates, its own questions, the links of its partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from members import sums, tending
from members.admin.imports import whole_program
from members.admin.scope import OrganizerRequest
from members.forms.tending import DescribeForm, LinkForm, QuestionForm
from members.letters import address_of
from members.models.application import Application
from members.models.asking import MOST_QUESTIONS
from members.models.program import Program
from members.models.source import Source
from members.stages import Stage
from roundtable.errors import NotAllowed


class Line(NamedTuple):
    """One partner: its link, and what came of it. `share` mind being the only one; None where that is too few."""

    source: Source
    link: str
    applied: int
    pooled: int
    placed: int
    share: int | None


def urls(view: Callable[..., Any]) -> list[URLPattern]:
    """The addresses under a program of the admin; `view` is the admin site's own guard."""
    return [
        path("<slug:slug>/words/", view(words), name="program_words"),
        path("<slug:slug>/questions/", view(questions), name="program_questions"),
        path("<slug:slug>/questions/drop/", view(drop), name="program_questions_drop"),
        path("<slug:slug>/sources/", view(sources), name="program_sources"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: OrganizerRequest, slug: str) -> HttpResponse:
    """The summary of the program's page, and from when to when it takes applications."""
    program = whole_program(request.user, slug)
    now = {name: getattr(program, name) for name in ("summary", "opens_at", "closes_at")}
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        tending.describe(program, **form.cleaned_data, by=request.user)
        messages.success(request, "The program’s page says so now.")
        return redirect("admin:program_words", slug)
    return render(request, "admin/members/program_words.html", _page(request, program, "Words and dates", form=form))


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: OrganizerRequest, slug: str) -> HttpResponse:
    """The program's own questions, and one more while there are fewer than five."""
    program = whole_program(request.user, slug)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            tending.ask(program, **form.cleaned_data, by=request.user)
        except NotAllowed as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "The form asks it from now on.")
            return redirect("admin:program_questions", slug)
    asked = list(program.own_questions.all())
    page = _page(request, program, "Own questions", form=form, asked=asked, is_full=len(asked) >= MOST_QUESTIONS)
    return render(request, "admin/members/program_questions.html", page)


@require_POST
def drop(request: OrganizerRequest, slug: str) -> HttpResponse:
    """A question goes, with every answer to it."""
    program = whole_program(request.user, slug)
    number = request.POST.get("number", "")
    if number in [str(one) for one in range(1, MOST_QUESTIONS + 1)]:
        tending.stop_asking(program, int(number), by=request.user)
        messages.success(request, "The question is gone, and so is every answer to it.")
    return redirect("admin:program_questions", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: OrganizerRequest, slug: str) -> HttpResponse:
    """The links of partner communities, each with what came of it; and a new one."""
    program = whole_program(request.user, slug)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = tending.make_link(program, **form.cleaned_data, by=request.user)
        except NotAllowed as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The link of {made.name} is ready to be copied.")
            return redirect("admin:program_sources", slug)
    page = _page(request, program, "Partner links", form=form, lines=lines(program))
    return render(request, "admin/members/program_sources.html", page)


def lines(program: Program) -> list[Line]:
    """Every link with its numbers; a handful of queries for any number of them."""
    came: dict[int, list[tuple[int, str]]] = defaultdict(list)
    sent = Application.objects.filter(program=program).exclude(source=None).exclude(submitted_at=None)
    for source, key, stage in sent.values_list("source_id", "pk", "stage"):
        came[source].append((key, stage))
    shares = sums.minding({source: [key for key, _ in people] for source, people in came.items()})
    address = address_of("members:apply", program.slug)
    return [_line(source, address, [stage for _, stage in came[source.pk]], shares) for source in program.sources.all()]


def _line(source: Source, address: str, stages: list[str], shares: dict[int, int]) -> Line:
    pooled, placed = stages.count(Stage.POOLED), stages.count(Stage.PLACED)
    return Line(source, f"{address}?from={source.slug}", len(stages), pooled, placed, shares.get(source.pk))


def _page(request: OrganizerRequest, program: Program, title: str, **more: object) -> dict[str, object]:
    return {**admin.site.each_context(request), "title": title, "program": program, **more}
