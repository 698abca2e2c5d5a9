"""Keep apart: what people asked for, and the organizer's word on each line."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from members import apart
from members.admin import fitting, review
from members.admin.review import Said
from members.admin.scope import OrganizerRequest, for_organizers
from members.forms.review import ApartForm
from members.models.apart import KeepApartLine, Verdict
from members.models.application import Application
from members.models.person import Person
from roundtable.errors import NotAllowed

PER_PAGE = 25
OPEN_STILL = "That is noted. The line stays open, since somebody fits whom you do not see here."
DONE = {
    "apart": "They will not sit in one group. The line is settled.",
    "company": "Nobody of this company will sit with them, now or later. The line is settled.",
    "nobody": "Nobody else here is meant. The line is settled.",
    "undo": "The line is open again.",
}


@require_safe
@for_organizers
def keep_apart(request: OrganizerRequest) -> HttpResponse:
    """All requests with a line that is not settled; behind a link those where every line is."""
    settled = request.GET.get("show") == "settled"
    wanted = Paginator(fitting.requests(request.user, settled=settled), PER_PAGE)
    page: Page[Application] = wanted.get_page(request.GET.get("page"))
    lines = fitting.lines_of(list(page), request.user)
    shown = {
        "title": "Keep apart",
        "page": page,
        "requests": [(application, lines[application.pk]) for application in page],
        "settled": settled,
        "count": fitting.open_lines(request.user),
    }
    return render(request, "admin/members/keep_apart.html", shown)


@require_POST
@for_organizers
def settle(request: OrganizerRequest, public_id: str) -> HttpResponse:
    """The organizer's word on one line of this person's request."""
    application, form = review.one_of_mine(request.user, public_id), ApartForm(request.POST)
    if form.is_valid():
        said = _settled(application, form, by=request.user)
    else:
        said = Said("error", "Say which line is meant, and what is to be done with it.")
    if "back" in request.POST:
        return review.answer(request, [said], stays=public_id)
    review.TELL[said.kind](request, said.sentence)
    return redirect(f"{reverse('admin:keep_apart')}{'?show=settled' if request.POST.get('show') else ''}")


def _settled(application: Application, form: ApartForm, *, by: Person) -> Said:
    line = KeepApartLine.objects.filter(application=application, public_id=form.cleaned_data["line"]).first()
    try:
        if line is None:
            raise NotAllowed(apart.GONE)
        line = _act(line, form, by=by)
    except NotAllowed as refusal:
        return Said("error", str(refusal))
    act = form.cleaned_data["act"]
    return Said("warning", OPEN_STILL) if line.verdict == Verdict.OPEN and act != "undo" else Said("success", DONE[act])


def _act(line: KeepApartLine, form: ApartForm, *, by: Person) -> KeepApartLine:
    said, mine = form.cleaned_data, Application.objects.organized_by(by)
    seen = mine.filter(public_id__in=said["seen"]).values_list("pk", flat=True)
    if said["act"] == "undo":
        return apart.undo(line, within=mine, by=by)
    if said["act"] == "company":
        return apart.whole_company(line, said["company"], by=by)
    if said["act"] == "nobody":
        return apart.nobody(line, seen=seen, by=by)
    others = list(mine.filter(public_id__in=said["other"]))
    if not others:
        raise NotAllowed("Nobody was chosen, so nothing was done.")
    return apart.keep_apart(line, others, seen=seen, by=by)
