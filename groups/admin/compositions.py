"""Composing, as organizers do it: order a run, watch it, read drafts and reasons, release, seal, dissolve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access, cards, composing, inviting, sealing, standing, times
from groups.admin import board, pools, versions
from groups.admin.desk import context, done, person_of
from groups.consent import State
from groups.forms import ComposeForm
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.models.offer import State as OfferState
from groups.models.shard import ShardState, Step
from members.admin.scope import LookOnlyAdmin
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable.errors import NotAllowed

View = Callable[..., HttpResponse]
GROUPS_A_PAGE, PEOPLE_A_PAGE = 60, 200
IS_DONE = Q(state=ShardState.DONE)


@admin.register(Composition)
class CompositionAdmin(LookOnlyAdmin):
    """The list of runs; one run is a page of our own."""

    list_display = ["__str__", "program", "made_at", "progress", "placed", "bound", "quality"]
    list_filter = ["program", "progress"]
    list_select_related = ["program"]
    list_display_links = None

    def scoped(self, rows: QuerySet[Composition], person: Person) -> QuerySet[Composition]:
        return rows.filter(pk__in=Composition.objects.organized_by(person))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("compose/", view(choose), name="groups_compose_choose"),
            path("compose/<slug:slug>/", view(order), name="groups_compose"),
            path("pools/", view(pools.show), name="groups_pools"),
            path("offers/<str:key>/sign/", view(pools.sign), name="groups_offer_sign"),
            path("offers/<str:key>/decline/", view(pools.decline), name="groups_offer_decline"),
            path("offers/<str:key>/again/", view(pools.choose_again), name="groups_offer_again"),
            path("show/<str:key>/", view(show), name="groups_composition_show"),
            path("show/<str:key>/cancel/", view(cancel), name="groups_composition_cancel"),
            path("board/<str:key>/", view(board.show), name="groups_composition_board"),
            path("board/<str:key>/news/", view(board.news), name="groups_composition_news"),
            path("board/<str:key>/edit/", view(board.edit), name="groups_composition_edit"),
            path("board/<str:key>/again/", view(versions.again), name="groups_composition_again"),
            path("board/<str:key>/beside/", view(versions.show), name="groups_composition_beside"),
            path("board/<str:key>/prices/", view(versions.prices), name="groups_composition_prices"),
            path("draft/<str:key>/hours/", view(versions.hours), name="groups_draft_hours"),
            path("draft/<str:key>/shift/", view(versions.shift), name="groups_draft_shift"),
            path("draft/<str:key>/reseat/", view(versions.reseat), name="groups_draft_reseat"),
            path("draft/<str:key>/release/", view(act(inviting.release)), name="groups_draft_release"),
            path("draft/<str:key>/stand-by/", view(act(standing.ask_stand_by)), name="groups_draft_stand_by"),
            path("draft/<str:key>/seal/", view(act(sealing.seal)), name="groups_draft_seal"),
            path("draft/<str:key>/dissolve/", view(act(inviting.dissolve)), name="groups_draft_dissolve"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The way in from the admin's list of records leads to the page for composing."""
        return redirect("admin:groups_compose_choose")


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Every program with its pool and its latest runs."""
    programs = Program.objects.organized_as_a_whole_by(person_of(request))
    waiting = Count("applications", filter=Q(applications__stage="pooled"), distinct=True)
    compositions = Composition.objects.organized_by(person_of(request)).select_related("program")[:20]
    page = context(request, "Compose", programs=programs.annotate(waiting=waiting), compositions=compositions)
    return render(request, "admin/groups/choose.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, slug: str) -> HttpResponse:
    """Order a composition of one program's pool."""
    program = Program.objects.organized_as_a_whole_by(person_of(request)).filter(slug=slug).first()
    if program is None:
        raise Http404
    form = ComposeForm(request.POST or None)
    if form.is_valid():
        try:
            composition = composing.start(program, by=person_of(request), seconds=form.cleaned_data["seconds"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:groups_composition_show", composition.public_id)
    pool = Application.objects.filter(program=program).pooled().without_group().count()
    page = context(request, f"Compose {program}", program=program, form=form, pool=pool)
    return render(request, "admin/groups/order.html", page)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One run: its progress while it lasts, then drafts with people, and everybody left out with a reason."""
    composition = access.composition(person_of(request), key)
    title = f"Composition of {composition.program}"
    page = context(request, title, composition=composition, running=composition.under_way)
    page |= progress(composition) if composition.under_way else result(request, composition)
    part = "#result" if getattr(request, "htmx", False) else ""
    return render(request, f"admin/groups/composition.html{part}", page)


def progress(composition: Composition) -> dict[str, object]:
    """How far the run is: the bar counts people while they are placed, then parts of the pool. One query."""
    doing = Step(composition.stage).label if composition.stage in Step.values else ""
    parts = composition.shards.filter(step=Step.IMPROVE).aggregate(all=Count("pk"), done=Count("pk", filter=IS_DONE))
    done, whole = (parts["done"], parts["all"]) if parts["all"] else (composition.placed, composition.bound)
    return {"doing": doing, "parts": parts, "done": done, "whole": whole}


def result(request: HttpRequest, composition: Composition) -> dict[str, object]:
    """A page of groups and a page of those left out; a large pool has many of both."""
    some = Paginator(
        composition.drafts.select_related("offer").prefetch_related("invitations__application__person"), GROUPS_A_PAGE
    )
    without = composition.left_out.select_related("application__person").order_by("code", "pk")
    drafts = some.get_page(request.GET.get("page"))
    left_out = Paginator(without, PEOPLE_A_PAGE).get_page(request.GET.get("left"))
    return {
        "drafts": drafts,
        "cards": [draft_card(composition, draft) for draft in drafts],
        "left_out": left_out,
        "other_page": f"&page={drafts.number}",
        "other_left": f"&left={left_out.number}",
    }


@require_POST
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Stop a run that goes on; nothing of it is kept."""
    organizer = person_of(request)
    composition = access.composition(organizer, key)
    said = "The composition is cancelled; nothing was changed."
    back, run = "admin:groups_composition_show", composition.public_id
    return done(request, lambda: composing.cancel(composition, by=organizer), said, back=back, key=run)


def draft_card(composition: Composition, draft: DraftGroup) -> dict[str, object]:
    draft.composition = composition  # spares a query for each
    asked = list(draft.invitations.all())
    invitations: list[Invitation] = [one for one in asked if one.state != State.STAND_BY]
    states = [invitation.state for invitation in invitations]
    hour = times.of_draft(draft)
    offered = hasattr(draft, "offer") and draft.offer.state == OfferState.OPEN
    return {
        "draft": draft,
        "invitations": [(invitation, local_hour(draft, hour, invitation)) for invitation in invitations],
        "hour": hour,
        "senders": [(one.application.person, other.application.person) for one, other in cards.senders_in(invitations)],
        "line": [one for one in asked if one.state == State.STAND_BY and draft.state == DraftState.RELEASED],
        "proposed": [one for one in asked if one.proposed_at],
        "accepted": states.count("accepted"),
        "out": states.count("sent"),
        "wishing": sum(one.other_time for one in invitations if one.state == State.SENT),
        "may_release": draft.state == DraftState.DRAFT and not offered,
        "may_seal": draft.state == DraftState.RELEASED,
        "may_dissolve": draft.state in (DraftState.DRAFT, DraftState.RELEASED) and not offered,
        "offered": offered,
    }


def local_hour(draft: DraftGroup, hour: times.Hour, invitation: Invitation) -> str:
    """The hour on this person's clock, where it is another than the group's."""
    own = times.of_draft(draft, zone=invitation.application.person.zone)
    return "" if own.words == hour.words else f"{own.words} in {own.city}"


def act(action: Callable[..., object]) -> View:
    """A POST that does one thing to one draft and comes back to its composition, with a sentence either way."""

    @require_POST
    def view(request: HttpRequest, key: str) -> HttpResponse:
        organizer = person_of(request)
        draft = access.draft(organizer, key)
        back, run = "admin:groups_composition_show", draft.composition.public_id
        return done(request, lambda: action(draft, by=organizer), DONE[action], back=back, key=run)

    return view


DONE: dict[Callable[..., object], str] = {
    inviting.release: "Everybody in this group has been asked, one letter each.",
    standing.ask_stand_by: "Asked, with three days to answer. The group holds if everybody who is asked now says yes.",
    sealing.seal: "The group is sealed: names are open to its members, and the first date is in the letters.",
    inviting.dissolve: "The draft is dissolved; whoever had been asked has been told.",
}
