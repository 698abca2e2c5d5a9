"""Duplicates: who seems to have applied twice, and which companies are one. An organizer looks and says so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import answers, companies, duplicates, merging
from members.admin import listing
from members.admin.review import one_of_mine
from members.admin.scope import OrganizerRequest, for_organizers
from members.forms.review import CompaniesForm, MergeForm
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable.errors import NotAllowed

MOST = 100  # pairs on a page; what is settled goes, and the next ones come
NOT_SHOWN = "not shown"
LABELS = {
    "place": "Place",
    "mode": "Mode and rhythm",
    "role": "Role and scope",
    "years": "Years, code",
    "company": "Company",
    "topics": "Topics",
    "words": "Gives, is stuck on, offers",
    "hours": "Hours",
}


@require_safe
@for_organizers
def pairs(request: OrganizerRequest, slug: str) -> HttpResponse:
    """Open applications that look like one person, and spellings that are or may be one company."""
    program = of_program(request.user, slug)
    rows = Application.objects.organized_by(request.user).filter(program=program).exclude(stage__in=listing.CLOSED)
    found = duplicates.same_person(listing.applicants(rows))
    known = rows.select_related("person").in_bulk({key for pair in found[:MOST] for key in (pair.one, pair.other)})
    page = {
        "title": "Duplicates",
        "program": program,
        "pairs": [(known[pair.one], known[pair.other], pair.why.value) for pair in found[:MOST]],
        "more": max(0, len(found) - MOST),
        "whole": Program.objects.organized_as_a_whole_by(request.user).filter(pk=program.pk).exists(),
        **_companies(program, rows),
    }
    return render(request, "admin/members/duplicates.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def merge(request: OrganizerRequest, public_id: str, other: str) -> HttpResponse:
    """Side by side with a choice per answer; then a page that says what will happen; then it happens."""
    kept, goes = one_of_mine(request.user, public_id), one_of_mine(request.user, other)
    sides = [(part, LABELS[part], _words(kept, part), _words(goes, part)) for part in LABELS]
    form = MergeForm(LABELS, request.POST or None)
    page = {"title": "Two applications, one person?", "kept": kept, "other": goes, "sides": sides, "taken": []}
    if not form.is_valid():
        return render(request, "admin/members/merge.html", page)
    taken = form.cleaned_data["taken"]
    if request.POST.get("sure") != "yes":
        return render(request, "admin/members/merge_confirm.html", {**page, "taken": taken, "title": "Make them one"})
    try:
        merging.merge(kept, goes, taken=taken, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:duplicates", kept.program.slug)
    messages.success(request, f"The two applications of {kept.person.name} are one.")
    return redirect(f"{reverse('admin:review')}?stage={kept.stage}&card={kept.public_id}")


@require_POST
@for_organizers
def settle_companies(request: OrganizerRequest, slug: str) -> HttpResponse:
    """Two names are one company, or a name is a company of its own. For organizers of the whole program."""
    program = Program.objects.organized_as_a_whole_by(request.user).filter(slug=slug).first()
    if program is None:
        raise Http404
    form = CompaniesForm(request.POST)
    if form.is_valid():
        try:
            _settle(request, program, **form.cleaned_data)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    return redirect("admin:duplicates", slug)


def of_program(person: Person, slug: str) -> Program:
    """A program that this person organizes, all of it or a city; else 404."""
    program = Program.objects.organized_by(person).filter(slug=slug).first()
    if program is None:
        raise Http404
    return program


def _settle(request: OrganizerRequest, program: Program, *, spelling: str, other: str, apart: str) -> None:
    if other:
        companies.join(program, spelling, other, by=request.user)
        messages.success(request, f"“{spelling}” and “{other}” count as one company now.")
        return
    for name in filter(None, (spelling, apart)):
        companies.part(program, name, by=request.user)
        messages.success(request, f"“{name}” counts as a company of its own now.")


def _companies(program: Program, rows: QuerySet[Application]) -> dict[str, Any]:
    """What counts as one under several spellings, and what may be one and nobody has said yet."""
    named = rows.exclude(company_key="").values_list("company", "company_key").distinct()
    spelled = {key: counts_as for name, counts_as in named if (key := answers.company_key(name))}
    several = {
        company: sorted(key for key in spelled if spelled[key] == company and key != company)
        for company in spelled.values()
    }
    said = set(program.company_words.values_list("spelling", flat=True))
    guessed = companies.counted(program, spelled)
    perhaps = [*((guessed[key], key) for key in sorted(spelled)), *duplicates.perhaps_one(spelled)]
    return {
        "joined": [(company, others) for company, others in sorted(several.items()) if others],
        "perhaps": [
            (one, other) for one, other in perhaps if spelled[one] != spelled[other] and not {one, other} <= said
        ][:MOST],
    }


def _words(application: Application, part: str) -> str:
    """One part of an application in a line."""
    extra = application.extra
    said: dict[str, list[object]] = {
        "place": [application.place_name or application.place_text],
        "mode": [application.get_mode_display(), application.rhythm],
        "role": [application.role_name, application.role_text, application.org_size_name],
        "years": [application.years_in_tech, application.years_leading, application.still_coding_name],
        "company": [application.company, application.sector],
        "topics": application.topics,
        "words": [extra.get("gives"), extra.get("stuck_on"), *application.could_names],
        "hours": [NOT_SHOWN],
    }
    return ", ".join(str(word) for word in said[part] if word not in (None, "")) or "–"
