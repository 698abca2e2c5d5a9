"""People in the admin: for superusers, who make organizers and organizers' accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from members.admin.scope import TYPED
from members.models.person import Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin[Person]):
    """An address is changed by its owner alone, and nobody signs in as somebody else."""

    list_display = ("name", "email", "is_staff", "is_superuser", "is_active")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("name", "email")
    formfield_overrides = TYPED
    fields = ("email", "name", "initials", "pronouns", "zone", "is_active", "is_staff", "is_superuser")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("email",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: Any) -> None:
        """A new account has no password: its owner signs in with a code."""
        if not change:
            obj.email = obj.email.strip().lower()
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:  # the first code that is typed in confirms it
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _is_superuser(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Person) and request.user.is_active and request.user.is_superuser
