"""Review: the list on the left, the card on the right, a decision for one or for the ticked ones; the place queue.

Neither page knows a sensitive answer or an hour: they are not asked for, not filtered by, not shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from members import reviewing
from members.admin import listing
from members.admin.scope import LookOnlyAdmin, OrganizerRequest, organizers_only
from members.forms import DecisionForm, NoteForm
from members.models.application import Application
from members.models.person import Person
from roundtable import dashboard
from roundtable.errors import NotAllowed


@dashboard.add
def waiting(request: HttpRequest) -> dashboard.Part | None:
    """How many wait for a decision, how many wait for a group, and the share that has one."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        return None
    counts = listing.counts(Application.objects.organized_by(request.user))
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


LONG = 10  # digits; no place has so many
ACTS = {"accept": "accepted", "decline": "declined", "hold": "held", "undo": "taken back"}


@admin.register(Application)
class ApplicationAdmin(LookOnlyAdmin):
    """The plain list is read-only; the work is done on the pages of our own."""

    list_display = ("person", "program", "stage", "metro", "mode", "role_name", "submitted_at")
    list_filter = ("stage", "program", "placed", "mode", "role", "metro")
    list_select_related = ("person", "program")
    search_fields = ("person__name", "person__email", "company", "place_text")
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def scoped(self, rows: QuerySet[Application], person: Person) -> QuerySet[Application]:
        return rows.filter(pk__in=Application.objects.organized_by(person))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The card of our own stands for Django's form."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return redirect(f"{reverse('admin:review')}?{urlencode({'stage': found.stage, 'card': found.public_id})}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("review/", view(self.review), name="review"),
            path("review/decide/", view(self.decide), name="review_decide"),
            path("review/<str:public_id>/note/", view(self.note), name="review_note"),
            path("places/", view(self.places), name="places"),
            path("places/<str:public_id>/", view(self.settle), name="places_settle"),
        ]
        return ours + super().get_urls()

    @method_decorator(require_safe)
    @organizers_only
    def review(self, request: OrganizerRequest) -> HttpResponse:
        """What waits for a decision, cut by filters, and one whole application beside it."""
        found = listing.look_up(request.user, request.GET)
        page = {"title": "Review", "decision": DecisionForm(), "note": NoteForm(), **found}
        return render(request, "admin/members/review.html", page)

    @method_decorator(require_POST)
    @organizers_only
    def decide(self, request: OrganizerRequest) -> HttpResponse:
        """One act on the ticked applications; nothing ticked is nobody."""
        form = DecisionForm(request.POST)
        chosen = [key for key in request.POST.getlist("chosen") if key.isprintable()]
        mine = Application.objects.organized_by(request.user).filter(public_id__in=chosen)
        applications = list(mine.select_related("person", "program"))
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        elif not applications:
            messages.error(request, "Nobody was ticked, so nothing was done.")
        else:
            tell(request, form.cleaned_data["act"], decided(form, applications, by=request.user))
        return redirect(f"{reverse('admin:review')}?{request.POST.get('back', '')}")

    @method_decorator(require_POST)
    @organizers_only
    def note(self, request: OrganizerRequest, public_id: str) -> HttpResponse:
        """The organizer's own words."""
        application = one_of_mine(request.user, public_id)
        form = NoteForm(request.POST)
        if form.is_valid():
            reviewing.write_note(application, form.cleaned_data["text"], by=request.user)
            messages.success(request, "The note is saved.")
        return redirect(f"{reverse('admin:review')}?{request.POST.get('back', '')}")

    @method_decorator(require_safe)
    @organizers_only
    def places(self, request: OrganizerRequest) -> HttpResponse:
        """Texts that nobody could be sure of, each with its candidates."""
        page = {"title": "Unclear places", **listing.unclear(request.user, request.GET)}
        return render(request, "admin/members/places.html", page)

    @method_decorator(require_POST)
    @organizers_only
    def settle(self, request: OrganizerRequest, public_id: str) -> HttpResponse:
        """The organizer picks; the same words are understood from now on."""
        application = one_of_mine(request.user, public_id)
        place_id = request.POST.get("place_id", "")
        try:
            settled = reviewing.settle_place(
                application, int(place_id) if place_id.isdecimal() and len(place_id) < LONG else 0, by=request.user
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            city = settled[0].place_name
            many = f"{len(settled)} applications are" if len(settled) > 1 else "One application is"
            messages.success(request, f"“{application.place_text}” is {city}. {many} settled.")
        return redirect("admin:places")


def one_of_mine(person: Person, public_id: str) -> Application:
    """An application that this organizer looks after; everybody else's is 404."""
    found = Application.objects.organized_by(person).select_related("program", "person").filter(public_id=public_id)
    application = found.first()
    if application is None:
        raise Http404
    return application


def decided(form: DecisionForm, applications: list[Application], *, by: Person) -> reviewing.Sweep:
    """The act of the form on each application."""
    act = form.cleaned_data["act"]
    if act == "decline":
        code, words = form.decline_code, form.cleaned_data["words"]
        return reviewing.each(applications, lambda one: reviewing.decline(one, code, by=by, words=words))
    action = {"accept": reviewing.accept, "hold": reviewing.hold, "undo": reviewing.undo}[act]
    return reviewing.each(applications, lambda one: action(one, by=by))


def tell(request: HttpRequest, act: str, sweep: reviewing.Sweep) -> None:
    """What came of it: how many were done, and each refusal in its own words."""
    if sweep.done:
        letter = "" if act == "undo" else " The letters leave in 15 minutes; until then you can take it back."
        messages.success(request, f"{sweep.done} {ACTS[act]}.{letter}")
    for application, sentence in sweep.refused[:5]:
        messages.warning(request, f"{application.person.name}: {sentence}")
    if len(sweep.refused) > 5:
        messages.warning(request, f"{len(sweep.refused) - 5} more were not {ACTS[act]}.")
