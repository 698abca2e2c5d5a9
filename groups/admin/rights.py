"""Organizers come in by their role, not by permissions ticked somewhere; nothing here adds, changes or deletes rows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class LookOnly(admin.ModelAdmin[Any]):
    """For organizers and superusers: lists and pages of our own."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return organizes(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return organizes(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def organizes(request: HttpRequest) -> bool:
    """Staff who look after at least one program, and superusers."""
    person = request.user
    if not person.is_authenticated or not person.is_staff:
        return False
    return person.is_superuser or person.organizing.exists()
