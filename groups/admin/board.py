"""The composition board: drafts as columns, people moved between them, by drag, by buttons and by keys.

Without scripts every button is a form and every look a page. With htmx an edit is one request that answers with the
parts of the board that it has changed, a look is one that answers with the hand or the verdict alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap

from groups import access, arranging, history, judging, tiles, ways
from groups.admin.desk import context, person_of
from groups.forms import EditForm, number_of
from groups.judging import Outlook
from groups.models.draft import Composition, DraftGroup
from groups.models.edit import Act, Edit
from members.admin.scope import OrganizerRequest
from members.models.application import Application
from members.models.person import Person
from roundtable.errors import NotAllowed

COLUMNS_A_PAGE, TILES_A_PAGE, LAST_EDITS = 12, 20, 5
KEPT = ("page", "left", "show")  # where somebody is on the board


class Said(NamedTuple):
    """What came of an edit, in sentences."""

    kind: str  # success, warning or error
    sentences: tuple[str, ...]


@require_safe
def show(request: OrganizerRequest, key: str) -> HttpResponse:
    """The board; or, of the same address, only what is in the hand, or only the verdict on where it would go."""
    composition = access.composition(person_of(request), key)
    if composition.under_way:
        return redirect("admin:groups_composition_show", key)
    target = request.htmx.target or ""
    if target == "verdict":
        return render(request, "admin/groups/board.html#verdict", {"look": look(composition, request.GET)})
    page = context(request, f"Board of {composition.program}", **hand(composition, request.GET, full=not target))
    if target == "hand":
        return render(request, "admin/groups/board.html#hand", page | about(composition, request.GET))
    part = "#board" if target else ""
    return render(request, f"admin/groups/board.html{part}", page | board(composition, request.GET))


@require_safe
def news(request: HttpRequest, key: str) -> HttpResponse:
    """What has happened to the board since somebody saw it; nothing if it is still the same."""
    composition = access.composition(person_of(request), key)
    seen = number_of(request.GET.get("version", "")) or 0
    if seen == composition.version:
        return HttpResponse(status=204)
    page = {"composition": composition, "news": history.news(composition, seen), "here": here(request.GET)}
    return render(request, "admin/groups/board.html#news", page)


@require_POST
def edit(request: OrganizerRequest, key: str) -> HttpResponse:
    """One edit by hand. A refusal changes nothing and shows the board as it is."""
    organizer = person_of(request)
    composition = access.composition(organizer, key)
    said = done(composition, EditForm(request.POST), organizer)
    back = QueryDict(request.POST.get("back", "")[:200])
    if not request.htmx:
        for sentence in said.sentences:
            getattr(messages, said.kind)(request, sentence)
        return redirect(f"{reverse('admin:groups_composition_board', args=[key])}?{here(back)}")
    composition.refresh_from_db()
    last = None if said.kind == "error" else step_from(composition, request.POST.get("version", ""))
    if last is None:
        return render(request, "admin/groups/board.html#whole", {**board(composition, back), "said": said})
    answer = render(request, "admin/groups/board.html#changed", {**changed(composition, back, last), "said": said})
    return reswap(answer, "none")  # each part says itself what it replaces


def done(composition: Composition, form: EditForm, by: Person) -> Said:
    """The edit, and what there is to say about it."""
    if not form.is_valid():
        return Said("error", tuple(str(error) for errors in form.errors.values() for error in errors))
    try:
        return ACTS[form.cleaned_data["act"]](composition, form.cleaned_data, by)
    except NotAllowed as refusal:
        return Said("error", (str(refusal),))


def step_from(composition: Composition, seen: str) -> Edit | None:
    """The one edit between the board that somebody saw and the board as it is; none if it is not one."""
    if composition.version != (number_of(seen) or 0) + 1:
        return None
    return composition.edits.filter(version=composition.version).first()


def _move(composition: Composition, wanted: dict[str, Any], by: Person) -> Said:
    application = somebody(composition, wanted["person"])
    target = draft_of(composition, wanted["group"])
    outlook = arranging.move(composition, application, target, seen=wanted["version"], by=by)
    words = f"{application.person.initials} is in {history.place(target)} now. {gain(outlook)}"
    new = broken(outlook)
    return Said("warning" if new else "success", (words, *new))


def _lock(composition: Composition, wanted: dict[str, Any], by: Person) -> Said:
    draft, on = draft_of(composition, wanted["group"]), wanted["act"] == "lock"
    if draft is None:
        raise Http404
    arranging.lock(composition, draft, on=on, seen=wanted["version"], by=by)
    return Said("success", (f"Group {draft.number} is {'locked' if on else 'unlocked'}.",))


def _hold(composition: Composition, wanted: dict[str, Any], by: Person) -> Said:
    application, on = somebody(composition, wanted["person"]), wanted["act"] == "hold"
    arranging.hold(composition, application, on=on, seen=wanted["version"], by=by)
    return Said("success", (f"{application.person.initials} is {'held' if on else 'free to move'} now.",))


def _undo(composition: Composition, wanted: dict[str, Any], by: Person) -> Said:
    undone = arranging.undo(composition, seen=wanted["version"], by=by)
    return Said("success", (f"Taken back: {Act(undone.act).label} {history.described(undone)}.",))


def _redo(composition: Composition, wanted: dict[str, Any], by: Person) -> Said:
    again = arranging.redo(composition, seen=wanted["version"], by=by)
    return Said("success", (f"Done again: {Act(again.act).label} {history.described(again)}.",))


ACTS = {"move": _move, "lock": _lock, "free": _lock, "hold": _hold, "let_go": _hold, "undo": _undo, "redo": _redo}


def gain(outlook: Outlook) -> str:
    """The difference for the whole, in words: "Quality +0.012, 1 person more placed." """
    placed = {0: "", 1: ", one person more placed", -1: ", one person fewer placed"}[outlook.placed]
    return f"Quality {outlook.quality:+.3f}{placed}."


def broken(outlook: Outlook) -> tuple[str, ...]:
    """Each rule that a draft breaks now and did not before, by the number of the draft."""
    return tuple(f"Group {side.draft.number}: {said}" for side in outlook.sides for said in side.new)


def board(composition: Composition, wanted: QueryDict) -> dict[str, object]:
    """One page of columns, one of those who wait, and what the board can do."""
    drafts = shown(composition, wanted)
    columns = tiles.columns(composition, list(drafts))
    return {**state(composition, wanted, drafts), **pool(composition, wanted), "columns": columns, "hand": None}


def changed(composition: Composition, wanted: QueryDict, edit: Edit) -> dict[str, object]:
    """What one edit has changed of the board: its state, the columns it touched, the pool if somebody came or went."""
    drafts = shown(composition, wanted)
    touched = [draft for draft in drafts if draft.pk in (edit.source_id, edit.target_id)]
    page = {**state(composition, wanted, drafts), "columns": tiles.columns(composition, touched), "hand": None}
    by_pool = edit.act == Act.MOVE and None in (edit.source_id, edit.target_id)
    return {**page, **(pool(composition, wanted) if by_pool else {}), "oob": True}


def shown(composition: Composition, wanted: QueryDict) -> Page[DraftGroup]:
    """The drafts of the page on which somebody is."""
    drafts = tiles.drafts(composition, broken=wanted.get("show") == "broken")
    return Paginator(drafts, COLUMNS_A_PAGE).get_page(page_of(drafts, wanted))


def pool(composition: Composition, wanted: QueryDict) -> dict[str, object]:
    """One page of those who wait."""
    left = Paginator(tiles.waiting(composition), TILES_A_PAGE).get_page(wanted.get("left"))
    return {"left": left, "waiting": tiles.waiting_tiles(composition, left)}


def state(composition: Composition, wanted: QueryDict, drafts: Page[DraftGroup]) -> dict[str, object]:
    """Figures, what can be taken back and done again, and the last edits."""
    edits = history.edits(composition)
    return {
        **about(composition, wanted),
        "drafts": drafts,
        "undo": edits.to_undo(),
        "redo": edits.to_redo(),
        "edits": [history.sentence(one) for one in edits.order_by("-version", "-number")[:LAST_EDITS]],
    }


def about(composition: Composition, wanted: QueryDict) -> dict[str, object]:
    """What every part of the board needs."""
    return {"composition": composition, "here": here(wanted), "only_broken": wanted.get("show") == "broken"}


def page_of(drafts: Any, wanted: QueryDict) -> str:
    """The page asked for, or the one on which a group of this number stands."""
    number = number_of(wanted.get("find", ""))
    if number is None:
        return wanted.get("page", "1")
    return str(max(0, drafts.filter(number__lte=number).count() - 1) // COLUMNS_A_PAGE + 1)


def here(wanted: QueryDict) -> str:
    """Where somebody is on the board, as a query."""
    return urlencode({name: wanted[name][:10] for name in KEPT if wanted.get(name)})


def hand(composition: Composition, wanted: QueryDict, *, full: bool) -> dict[str, object]:
    """Who is picked up, where they could go, and the verdict on where they are to go, if that is said too."""
    key = wanted.get("hand", "")
    if not key:
        return {"hand": None}
    application = somebody(composition, key)
    open_drafts = list(ways.open_drafts(composition))
    for draft in open_drafts:
        draft.composition = composition  # spares a query for each
    source = arranging.seat_of(composition, application)
    return {
        "hand": tiles.tile(application, held=source is not None and tiles.held(application, source)),
        "source": source,
        "ways": ways.ways(composition, application, open_drafts),
        "targets": [(draft, judging.hour_of(draft, draft.window)) for draft in open_drafts if draft != source],
        "look": look(composition, wanted) if full and "group" in wanted else None,
    }


def look(composition: Composition, wanted: QueryDict) -> dict[str, object]:
    """What moving somebody there would break and gain, or why it cannot be."""
    application = somebody(composition, wanted.get("hand", ""))
    target = draft_of(composition, number_of(wanted.get("group", "")))
    try:
        outlook = arranging.what_if(composition, application, target)
    except NotAllowed as refusal:
        return {"refusal": str(refusal)}
    return {"place": history.place(target), "outlook": outlook, "gain": gain(outlook), "broken": broken(outlook)}


def somebody(composition: Composition, key: str) -> Application:
    """Somebody of this program, for its organizers. Everyone else: 404."""
    found = Application.objects.filter(program=composition.program, public_id=key) if key.isprintable() else None
    application = found.select_related("person").first() if found is not None else None
    if application is None:
        raise Http404
    return application


def draft_of(composition: Composition, number: int | None) -> DraftGroup | None:
    """The draft of this number; no number is the pool, a wrong one is 404."""
    if number is None:
        return None
    draft = composition.drafts.filter(number=number).first()
    if draft is None:
        raise Http404
    return draft
