"""Applications in the admin: the plain list, and the addresses of the pages where the work is done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from members import reviewing
from members.admin import drawing, filters, keepapart, listing, review, twins
from members.admin.scope import LookOnlyAdmin, OrganizerRequest, for_organizers
from members.models.application import Application
from members.models.person import Person
from roundtable import dashboard
from roundtable.errors import NotAllowed

LONG = 10  # digits; no place has so many


@dashboard.add
def waiting(request: HttpRequest) -> dashboard.Part | None:
    """How many wait for a decision, how many wait for a group, and the share that has one."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        return None
    counts = listing.counts(Application.objects.organized_by(request.user), request.GET)
    pooled, placed = counts.get("pooled", 0), counts.get("placed", 0)
    share = f"{round(100 * placed / (pooled + placed))} %" if pooled + placed else "–"
    lines = [("to review", counts.get("submitted", 0)), ("in the pool", pooled), ("placed", share)]
    return dashboard.Part("Applications", lines, reverse("admin:review"))


@dashboard.add
def unclear(request: HttpRequest) -> dashboard.Part | None:
    """How many places nobody could be sure of; silent when there are none."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        return None
    count = Application.objects.organized_by(request.user).place_unclear().count()
    return dashboard.Part("Places", [("unclear", count)], reverse("admin:places")) if count else None


@admin.register(Application)
class ApplicationAdmin(LookOnlyAdmin):
    """The plain list is read-only; the work is done on the pages of our own."""

    list_display = ("who", "program", "stage", "metro", "mode", "role_name", "submitted_at")
    list_filter = ("stage", "program", "placed", "mode", "role", "metro")
    list_select_related = ("person", "program")
    search_fields = ("person__name", "person__email", "company", "place_text")
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def scoped(self, rows: QuerySet[Application], person: Person) -> QuerySet[Application]:
        mine = rows.filter(pk__in=Application.objects.organized_by(person))
        return mine.annotate(is_hidden=filters.hidden_case(person))

    @admin.display(description="person", ordering="submitted_at")
    def who(self, application: Application) -> str:
        return listing.name_of(application)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Application], search_term: str
    ) -> tuple[QuerySet[Application], bool]:
        """What is hidden on a first pass is not found by its name either."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        return (found.exclude(is_hidden=True) if search_term else found), repeats

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The card of our own stands for Django's form."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return redirect(f"{reverse('admin:review')}?{urlencode({'stage': found.stage, 'card': found.public_id})}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("review/", view(review.review), name="review"),
            path("review/decide/", view(review.decide), name="review_decide"),
            path("review/<str:public_id>/note/", view(review.note), name="review_note"),
            path("review/<str:public_id>/score/", view(review.score), name="review_score"),
            path("review/<str:public_id>/letter/", view(review.reword), name="review_letter"),
            path("review/<str:public_id>/apart/", view(keepapart.settle), name="review_apart"),
            path("review/<str:public_id>/merge/<str:other>/", view(twins.merge), name="review_merge"),
            path("keep-apart/", view(keepapart.keep_apart), name="keep_apart"),
            path("duplicates/<slug:slug>/", view(twins.pairs), name="duplicates"),
            path("duplicates/<slug:slug>/companies/", view(twins.settle_companies), name="duplicates_companies"),
            path("pictures/<slug:slug>/", view(drawing.pictures), name="pictures"),
            path("places/", view(places), name="places"),
            path("places/<str:public_id>/", view(settle), name="places_settle"),
        ]
        return ours + super().get_urls()


@require_safe
@for_organizers
def places(request: OrganizerRequest) -> HttpResponse:
    """Texts that nobody could be sure of, each with its candidates."""
    page = {"title": "Unclear places", **listing.unclear(request.user, request.GET)}
    return render(request, "admin/members/places.html", page)


@require_POST
@for_organizers
def settle(request: OrganizerRequest, public_id: str) -> HttpResponse:
    """The organizer picks; the same words are understood from now on."""
    application = review.one_of_mine(request.user, public_id)
    place_id = request.POST.get("place_id", "")
    place = int(place_id) if place_id.isdecimal() and len(place_id) < LONG else 0
    try:
        settled = reviewing.settle_place(application, place, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        city = settled[0].place_name
        many = f"{len(settled)} applications are" if len(settled) > 1 else "One application is"
        messages.success(request, f"“{application.place_text}” is {city}. {many} settled.")
    return redirect("admin:places")
