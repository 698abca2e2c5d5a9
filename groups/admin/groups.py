"""Groups by name, place, size and age: roster and dates, nothing of what they talk about."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q, QuerySet

from groups.models.group import Group
from members.admin.scope import LookOnlyAdmin
from members.models.person import Person


@admin.register(Group)
class GroupAdmin(LookOnlyAdmin):
    list_display = ["name", "program", "mode", "metro", "members", "sealed_at", "closed_at"]
    list_filter = ["program", "mode"]
    search_fields = ["name", "metro"]
    list_select_related = ["program"]
    fields = ["name", "program", "roster", "mode", "metro", "zone", "sealed_at", "closed_at"]

    def scoped(self, rows: QuerySet[Group], person: Person) -> QuerySet[Group]:
        current = Count("memberships", filter=Q(memberships__left_on=None))
        return rows.filter(pk__in=Group.objects.organized_by(person)).annotate(members_now=current)

    @admin.display(ordering="members_now")
    def members(self, group: Group) -> int:
        return group.members_now  # type: ignore[attr-defined] # annotated above
