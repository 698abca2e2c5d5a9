"""Spreadsheets on their way in: choose a file, settle its columns, read the report, say yes, watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from members.admin.scope import OrganizerRequest
from members.forms.imports import ColumnsForm, UploadForm
from members.importing import RowReport, uploads
from members.models.person import Person
from members.models.program import Program
from members.models.review import Import, Step, Upload
from members.spreadsheet import KIND_NAMES, MOST_BYTES, Severity
from roundtable.errors import NotAllowed

PER_PAGE = 100
DOING = {"": "Waiting for a worker", "read": "Reading", "placed": "Understanding", "written": "Writing people"}
ORDER = {Severity.REFUSED: 0, Severity.ASK: 1, Severity.NOTE: 2}


def urls(view: Callable[..., Any]) -> list[URLPattern]:
    """The addresses under a program of the admin; `view` is the admin site's own guard."""
    return [
        path("<slug:slug>/import/", view(upload), name="import_applications"),
        path("<slug:slug>/import/<str:key>/columns/", view(columns), name="import_columns"),
        path("<slug:slug>/import/<str:key>/", view(confirm), name="import_confirm"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OrganizerRequest, slug: str) -> HttpResponse:
    """A file is kept for a day at most, closed, until its report was looked at."""
    program = whole_program(request.user, slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            kept = _kept(request, program, form.cleaned_data["file"])
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("admin:import_columns", program.slug, kept.public_id)
    earlier = Import.objects.filter(program=program).select_related("made_by")[:10]
    page = _page(request, program, "Import applications", form=form, earlier=earlier)
    return render(request, "admin/members/import.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: OrganizerRequest, slug: str, key: str) -> HttpResponse:
    """What each column was understood as; the organizer corrects it and says which consent the form took."""
    program, kept = _mine(request.user, slug, key)
    if kept.is_at_work or kept.step in (Step.DONE, Step.FAILED):
        return redirect("admin:import_confirm", slug, key)
    try:
        found = uploads.columns(kept)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:import_applications", slug)
    form = ColumnsForm(request.POST or None, columns=found, initial={"consent_wording": kept.consent_wording})
    if form.is_valid():
        try:
            uploads.check(kept, form.chosen, consent_wording=form.wording)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:import_confirm", slug, key)
    page = _page(request, program, "What the columns ask", form=form, upload=kept)
    return render(request, "admin/members/import_columns.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: OrganizerRequest, slug: str, key: str) -> HttpResponse:
    """The report of a kept file and the button that takes it in; while a worker is at it, how far it is."""
    program, kept = _mine(request.user, slug, key)
    if request.method == "POST":
        return _taken(request, program, kept)
    if kept.step == Step.KEPT:
        return redirect("admin:import_columns", slug, key)
    part = "#state" if getattr(request, "htmx", False) else ""
    rows = "one row" if kept.rows == 1 else f"{kept.rows} rows"
    page = _page(request, program, f"Import of {rows}", upload=kept, **_state(request, kept))
    return render(request, f"admin/members/import_confirm.html{part}", page)


def whole_program(person: Person, slug: str) -> Program:
    """A program that this person organizes as a whole; a chapter's organizer does not take in files. Else 404."""
    found = Program.objects.organized_as_a_whole_by(person).filter(slug=slug).first() if person.is_organizer else None
    if found is None:
        raise Http404
    return found


def _mine(person: Person, slug: str, key: str) -> tuple[Program, Upload]:
    """A file that this organizer brought; somebody else's is 404."""
    program = whole_program(person, slug)
    kept = Upload.objects.filter(public_id=key, program=program, made_by=person).select_related("program").first()
    if kept is None:
        raise Http404
    return program, kept


def _kept(request: OrganizerRequest, program: Program, file: Any) -> Upload:
    if file.size > MOST_BYTES:
        raise NotAllowed(
            f"The file has {file.size / 1024 / 1024:.1f} MB; the limit is {MOST_BYTES // 1024 // 1024} MB."
        )
    return uploads.keep(program, file.read(), by=request.user)


def _taken(request: OrganizerRequest, program: Program, kept: Upload) -> HttpResponse:
    try:
        kept = uploads.take(kept, leave_out_refused=request.POST.get("leave_out") == "yes")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    report = uploads.report_of(kept)
    if kept.step != Step.DONE or report is None:
        return redirect("admin:import_confirm", program.slug, kept.public_id)
    counts = f"{report.created} new, {report.updated} changed, {report.unchanged} unchanged"
    messages.success(request, f"Imported: {counts}. No copy of the file was kept.")
    return redirect(f"{reverse('admin:review')}?program={program.slug}")


def _state(request: HttpRequest, kept: Upload) -> dict[str, Any]:
    """How far it is, or what was found: rows with something to know about them, the gravest first."""
    if kept.is_at_work:
        doing, done, total = uploads.progress_of(kept)
        return {"doing": DOING[doing], "done": done, "total": total}
    report = uploads.report_of(kept)
    if report is None:
        return {}
    worth_a_look = sorted((row for row in report.rows if row.findings), key=_gravity)
    return {
        "report": report,
        "found": Paginator(worth_a_look, PER_PAGE).get_page(request.GET.get("page")),
        "understood": [(heading, KIND_NAMES[kind]) for heading, kind in report.columns.items()],
    }


def _gravity(row: RowReport) -> tuple[int, int]:
    return min(ORDER[found.severity] for found in row.findings), row.line


def _page(request: HttpRequest, program: Program, title: str, **more: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "program": program, **more}
