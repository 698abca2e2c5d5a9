"""Programs in the admin: their rules, organizers and code of conduct, and the spreadsheets that come in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from members import importing
from members.admin.scope import LookOnlyAdmin, OrganizerAdmin, OrganizerRequest, organizers_only
from members.forms import UploadForm
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.program import Organizer, Program
from members.models.review import Import, Upload
from members.spreadsheet import MOST_BYTES
from roundtable import clock
from roundtable.errors import NotAllowed

REPORTED = 200


class OrganizerInline(admin.TabularInline[Organizer, Program]):
    """Who looks after the program; a metro makes it a chapter."""

    model = Organizer
    fields = ("person", "metro")
    autocomplete_fields = ("person",)
    extra = 0


@admin.register(Program)
class ProgramAdmin(OrganizerAdmin):
    """Its rules are changed by superusers; spreadsheets are taken in by organizers of the whole program."""

    list_display = ("name", "roster", "size_min", "size_max", "opens_at", "closes_at")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "summary", "roster")}),
        ("Groups", {"fields": (("size_min", "size_target", "size_max"), ("max_per_company", "willing_min"))}),
        ("Meetings", {"fields": (("minutes", "every_weeks"), "answer_days")}),
        ("Open for applications", {"fields": (("opens_at", "closes_at"),)}),
    )
    inlines = (OrganizerInline,)
    change_form_template = "admin/members/program_form.html"

    def scoped(self, rows: QuerySet[Program], person: Person) -> QuerySet[Program]:
        return rows.filter(pk__in=Program.objects.organized_by(person))

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if isinstance(request.user, Person) and request.user.is_superuser else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_urls(self) -> list[URLPattern]:
        ours = [
            path("<slug:slug>/import/", self.admin_site.admin_view(self.upload), name="import_applications"),
            path("<slug:slug>/import/<str:key>/", self.admin_site.admin_view(self.confirm), name="import_confirm"),
        ]
        return ours + super().get_urls()

    @organizers_only
    def upload(self, request: OrganizerRequest, slug: str) -> HttpResponse:
        """Choose a file; the next page says what would become of each row."""
        return upload(request, whole_program(request.user, slug))

    @organizers_only
    def confirm(self, request: OrganizerRequest, slug: str, key: str) -> HttpResponse:
        """The report of a kept file, and the button that takes it in."""
        program = whole_program(request.user, slug)
        kept = get_object_or_404(Upload, public_id=key, program=program, made_by=request.user)
        return confirm(request, program, kept)


def whole_program(person: Person, slug: str) -> Program:
    """A program that this person organizes as a whole; a chapter's organizer does not take in files. Else 404."""
    found = Program.objects.organized_whole(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def upload(request: OrganizerRequest, program: Program) -> HttpResponse:
    """A file is kept for an hour, closed, until its report was looked at."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            form.add_error("file", f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
        else:
            kept = importing.keep(program, file.read(), by=request.user)
            return redirect("admin:import_confirm", program.slug, kept.public_id)
    earlier = Import.objects.filter(program=program).select_related("made_by")[:10]
    page = {"title": "Import applications", "program": program, "form": form, "earlier": earlier}
    return render(request, "admin/members/import.html", page)


def confirm(request: OrganizerRequest, program: Program, kept: Upload) -> HttpResponse:
    """GET shows what would happen, POST does it."""
    leave_out = request.POST.get("leave_out") == "yes"
    if request.method == "POST":
        try:
            report = importing.take(kept, by=request.user, leave_out_refused=leave_out)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:import_applications", program.slug)
        if report.written:
            counts = f"{report.created} new, {report.updated} changed, {report.unchanged} unchanged"
            messages.success(request, f"Imported: {counts}. No copy of the file was kept.")
            return redirect(f"{reverse('admin:review')}?program={program.slug}")
    else:
        raw = kept.content.encode("latin-1")
        report = importing.import_applications(program, raw, by=request.user, dry_run=True)
    worth_a_look = [row for row in report.rows if row.findings]
    page = {
        "title": "What the import would do",
        "program": program,
        "report": report,
        "rows": worth_a_look[:REPORTED],
        "more": max(len(worth_a_look) - REPORTED, 0),
    }
    return render(request, "admin/members/import_confirm.html", page)


@admin.register(CodeOfConduct)
class CodeOfConductAdmin(OrganizerAdmin):
    """A version is published once and never changed: people accepted these words."""

    list_display = ("program", "number", "published_on")
    list_select_related = ("program",)
    list_filter = ("program",)
    fields = ("program", "number", "text", "published_on")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"published_on": clock.today()}


@admin.register(PlaceAlias)
class PlaceAliasAdmin(OrganizerAdmin):
    """What the place queue taught; a wrong lesson is deleted here."""

    list_display = ("text", "program", "place_id", "made_by", "made_at")
    list_select_related = ("program", "made_by")
    list_filter = ("program",)
    search_fields = ("text",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request, obj)


@admin.register(Import)
class ImportAdmin(LookOnlyAdmin):
    """Which files came in, in numbers."""

    list_display = ("made_at", "program", "made_by", "rows", "created", "updated", "unchanged")
    list_select_related = ("program", "made_by")
    list_filter = ("program",)
