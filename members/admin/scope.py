"""Who may use the organizers' pages: staff with a role in some program, each within their own programs and cities."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import CharField, DateField, DateTimeField, Model, QuerySet, SlugField, TextField
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from members.forms.fields import Line, Lines
from members.models.person import Person
from members.models.program import Program

PICKS_A_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
PICKS_A_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OrganizerRequest(HttpRequest):
    """A request by somebody who organizes."""

    user: Person
    htmx: HtmxDetails


def organizers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For our own pages: staff without a role in any program meet a page that does not exist."""

    @wraps(view)
    def guarded(modeladmin: Any, request: OrganizerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_organizer:
            raise Http404
        return view(modeladmin, request, *args, **kwargs)

    return guarded


def for_organizers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for a page that is a plain function."""

    @wraps(view)
    def guarded(request: OrganizerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_organizer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


# What is typed here is as free of control characters as what is typed elsewhere.
TYPED: Any = {CharField: {"form_class": Line}, SlugField: {}, TextField: {"form_class": Lines}}


class OrganizerAdmin(admin.ModelAdmin[Any]):
    """Readable by organizers, cut to what they organize; changed by superusers, or by our own pages."""

    # The browser's own pickers: Django's need inline styles, which our policy refuses, and leave fields unlabelled.
    formfield_overrides = {
        **TYPED,
        DateTimeField: {"form_class": forms.DateTimeField, "widget": PICKS_A_MOMENT, "help_text": "In UTC."},
        DateField: {"widget": PICKS_A_DAY},
    }

    def scoped(self, rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
        """The rows that this organizer may see: those of their programs."""
        return rows.filter(program__in=Program.objects.organized_by(person))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(super().get_queryset(request), _person(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _person(request).is_organizer

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _person(request).is_organizer

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _person(request).is_superuser and _person(request).is_organizer

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _person(request: HttpRequest) -> Person:
    """Anonymous visitors reach only the sign-in; the site asks about their permissions all the same."""
    return request.user if isinstance(request.user, Person) else Person(is_active=False)


class LookOnlyAdmin(OrganizerAdmin):
    """What only our own pages and actions change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
