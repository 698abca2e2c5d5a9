"""Programs in the admin: their rules, organizers and code of conduct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from members import publishing
from members.admin import exports, imports, reading, tending
from members.admin.scope import TYPED, LookOnlyAdmin, OrganizerAdmin
from members.forms.fields import MinutesField
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.program import Organizer, Program
from members.models.review import Import
from roundtable.errors import NotAllowed


class OrganizerInline(admin.TabularInline[Organizer, Program]):
    """Who looks after the program; a metro makes it a chapter."""

    model = Organizer
    fields = ("person", "metro")
    autocomplete_fields = ("person",)
    formfield_overrides = TYPED
    extra = 0


@admin.register(Program)
class ProgramAdmin(OrganizerAdmin):
    """Its rules are changed by superusers; its words, dates and questions by organizers of the whole program."""

    list_display = ("name", "roster", "size_min", "size_max", "opens_at", "closes_at")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "summary", "roster")}),
        ("Groups", {"fields": (("size_min", "size_target", "size_max"), ("max_per_company", "willing_min"))}),
        ("Meetings", {"fields": (("minutes", "every_weeks"), "answer_days", "link_in_calendar")}),
        (
            "The board",
            {
                "fields": ("dots", "per_topic", "boxes", "rule", "tie"),
                "description": "Dates that are planned from now on go by this; a date that is planned keeps its own.",
            },
        ),
        ("Review", {"fields": ("blind_first_pass",)}),
        ("Open for applications", {"fields": (("opens_at", "closes_at"),)}),
    )
    inlines = (OrganizerInline,)
    formfield_overrides = OrganizerAdmin.formfield_overrides | {ArrayField: {"form_class": MinutesField}}
    change_form_template = "admin/members/program_form.html"

    def scoped(self, rows: QuerySet[Program], person: Person) -> QuerySet[Program]:
        return rows.filter(pk__in=Program.objects.organized_by(person))

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if isinstance(request.user, Person) and request.user.is_superuser else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        pages = [*imports.urls(view), *exports.urls(view), *reading.urls(view), *tending.urls(view)]
        return [*pages, *super().get_urls()]


class VersionForm(forms.ModelForm[CodeOfConduct]):
    """The words of the next version; the same words again are refused here, where they can be mended."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("program") and cleaned.get("text"):
            try:
                publishing.refuse_the_same(cleaned["program"].current_code(), cleaned["text"])
            except NotAllowed as refusal:
                raise ValidationError(str(refusal)) from None
        return cleaned


@admin.register(CodeOfConduct)
class CodeOfConductAdmin(OrganizerAdmin):
    """A version is published once and never changed: people accepted these words."""

    list_display = ("program", "number", "published_on")
    list_select_related = ("program",)
    list_filter = ("program",)
    fields = ("program", "text", "kind")
    readonly_fields = ("number", "published_on")
    form = VersionForm

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("program", "number", "published_on", "kind", "text") if obj else self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever organizes a whole program publishes its words; a chapter goes by them."""
        person = request.user
        if not isinstance(person, Person) or not person.is_organizer:
            return False
        return person.is_superuser or bool(person.whole_programs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Where there is one program to publish for, its present words are there to be changed."""
        programs = list(_published_by(request.user)[:2]) if isinstance(request.user, Person) else []
        code = programs[0].current_code() if len(programs) == 1 else None
        return {"program": code.program_id, "text": code.text} if code else {}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "program" and isinstance(request.user, Person):
            kwargs["queryset"] = _published_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: CodeOfConduct, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's
        """Published as the next version, with its letters."""
        assert isinstance(request.user, Person)  # noqa: S101 -- the admin closed this page
        made = publishing.publish(obj.program, text=obj.text, kind=obj.kind, by=request.user)
        obj.pk, obj.number = made.pk, made.number


def _published_by(person: Person) -> QuerySet[Program]:
    return Program.objects.organized_as_a_whole_by(person)


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
