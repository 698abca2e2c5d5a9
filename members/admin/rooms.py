"""Rooms in the admin: each organizer keeps those of their programs, a chapter's those of its city."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from members.admin.scope import OrganizerAdmin
from members.gazetteer import metros
from members.models.person import Person
from members.models.program import Organizer, Program
from members.models.room import Room


class RoomForm(forms.ModelForm[Room]):
    """A city that exists, and one that this organizer looks after."""

    organizer: Person

    def clean_metro(self) -> str:
        metro = " ".join(str(self.cleaned_data["metro"]).split())
        if metro not in metros.names():
            raise ValidationError("This is not the name of a city here; write it as it stands in Pools.")
        return metro

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        program, metro = cleaned.get("program"), cleaned.get("metro")
        if program and metro and not _looks_after(self.organizer, program, metro):
            raise ValidationError(f"You do not organize {program} in {metro}.")
        return cleaned


@admin.register(Room)
class RoomAdmin(OrganizerAdmin):
    list_display = ("name", "metro", "address", "seats", "program")
    list_filter = ("program", "metro")
    list_select_related = ("program",)
    search_fields = ("name", "metro", "address")
    fields = ("program", "metro", "name", "address", "seats", "note")
    form = RoomForm

    def scoped(self, rows: QuerySet[Room], person: Person) -> QuerySet[Room]:
        return rows.filter(pk__in=Room.objects.organized_by(person))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Person) and request.user.is_organizer

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- as Django declares it
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.organizer = request.user
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "program" and isinstance(request.user, Person):
            kwargs["queryset"] = Program.objects.organized_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _looks_after(person: Person, program: Program, metro: str) -> bool:
    roles = Organizer.objects.filter(person=person, program=program, metro__in=["", metro])
    return person.is_superuser or roles.exists()
