"""Groups by name, place, size and age: roster and dates, nothing of what they talk about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from groups.admin import living, reshaping
from groups.models.group import Group
from groups.sealing import calendar
from members.admin.scope import LookOnlyAdmin
from members.models.person import Person
from members.models.program import Roster

# Pages about a circle that apps above this one have: route, view, name.
beside: list[tuple[str, Callable[..., HttpResponse], str]] = []


class GroupList(ChangeList):
    """A circle's name leads to the page that keeps it whole, a roundtable's to its dates."""

    def url_for_result(self, result: Model) -> str:
        if isinstance(result, Group) and result.roster == Roster.FIXED:
            return reverse(living.PAGE, args=[result.public_id])
        if isinstance(result, Group):
            return reverse("admin:groups_tables", args=[result.program.slug])
        return super().url_for_result(result)


@admin.register(Group)
class GroupAdmin(LookOnlyAdmin):
    list_display = ["name", "program", "mode", "metro", "members", "dates", "sealed_at", "closed_at"]
    list_filter = ["program", "mode"]
    search_fields = ["name", "metro"]
    list_select_related = ["program"]
    fields = ["name", "program", "roster", "mode", "metro", "zone", "sealed_at", "closed_at", "why"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GroupList

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("living/<str:key>/", view(living.show), name="groups_living"),
            path("living/<str:key>/propose/<str:other>/", view(living.propose), name="groups_living_propose"),
            path("living/<str:key>/close/", view(living.close), name="groups_living_close"),
            path("living/<str:key>/people/", view(reshaping.show), name="groups_living_people"),
            path("living/<str:key>/merge/<str:other>/", view(reshaping.merge), name="groups_living_merge"),
            path("living/<str:key>/split/", view(reshaping.split), name="groups_living_split"),
            path("proposals/<str:key>/withdraw/", view(reshaping.withdraw), name="groups_proposal_withdraw"),
            path("cards/<str:key>/withdraw/", view(living.withdraw), name="groups_card_withdraw"),
            *(path(route, view(page), name=name) for route, page, name in beside),
            *super().get_urls(),
        ]

    def scoped(self, rows: QuerySet[Group], person: Person) -> QuerySet[Group]:
        current = Count("memberships", filter=Q(memberships__left_on=None))
        found = rows.filter(pk__in=Group.objects.organized_by(person)).annotate(members_now=current)
        return calendar.with_dates(found) if calendar.with_dates else found

    @admin.display(ordering="members_now")
    def members(self, group: Group) -> int:
        return group.members_now  # type: ignore[attr-defined] # annotated above

    @admin.display(description="dates ahead", ordering="dates_ahead")
    def dates(self, group: Group) -> int | None:
        """Of a circle; a roundtable's dates are set one by one."""
        return getattr(group, "dates_ahead", None) if group.roster == Roster.FIXED else None
