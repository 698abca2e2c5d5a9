"""A draft and the browser it belongs to: found again by the session, by the page that was open, by a letter's link."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from members import drafting, letters
from members.forms.application import FIRST
from members.models.application import Unconfirmed
from members.models.program import Program
from roundtable import limits, links

HELD = "drafts"
SALT = "members.draft"
LETTERS_A_DAY = 3
LOST = "We cannot find what you typed in this browser. If you saved it, open the link in our letter; else begin here."


def found(request: HttpRequest, program: Program) -> Unconfirmed | None:
    """This browser's draft for a program. A page outlives its session; who is signed in finds theirs anywhere."""
    known = Unconfirmed.objects.filter(program=program).select_related("program")
    keys = [unsigned(request.POST.get("draft", "")), request.session.get(HELD, {}).get(program.slug, "")]
    for key in filter(None, keys):
        if draft := known.filter(public_id=key).first():
            return draft
    if not request.user.is_authenticated:
        return None
    return known.filter(email=request.user.email).order_by("-edited_at", "-pk").first()


def key_of(draft: Unconfirmed | None) -> str:
    """The draft's id, signed, for a page that may come back after its session has ended."""
    return signing.dumps(draft.public_id, salt=SALT) if draft else ""


def unsigned(key: str) -> str:
    try:
        return str(signing.loads(key, salt=SALT, max_age=drafting.LIVES))
    except signing.BadSignature:
        return ""


def hold(request: HttpRequest, draft: Unconfirmed | None) -> None:
    """This browser goes on with this draft."""
    if draft is not None and request.session.get(HELD, {}).get(draft.program.slug) != draft.public_id:
        request.session[HELD] = request.session.get(HELD, {}) | {draft.program.slug: draft.public_id}


def let_go(request: HttpRequest, program: Program) -> None:
    """It was sent or deleted."""
    request.session[HELD] = {slug: key for slug, key in request.session.get(HELD, {}).items() if slug != program.slug}


def lost(request: HttpRequest, program: Program, why: str = LOST) -> HttpResponse:
    """There is no draft: to the first page, or to where an application stands that was sent a moment ago."""
    if request.user.is_authenticated and request.user.applications.filter(program=program).exists():
        return redirect("members:status")
    if request.method == "POST":
        messages.info(request, why)
    return redirect("members:apply", program.slug)


def leave(request: HttpRequest, draft: Unconfirmed | None) -> HttpResponse:
    """Save and come back later: the letter with the link, and a page that says so."""
    if draft is None:
        raise Http404
    limits.count("draft letter", draft.email, most=LETTERS_A_DAY, within=timedelta(days=1))
    drafting.leave(draft)
    return redirect("members:apply_saved", draft.program.slug)


@login_not_required
@require_safe
def saved(request: HttpRequest, slug: str) -> HttpResponse:
    """It is kept, and the letter is on its way."""
    program = get_object_or_404(Program, slug=slug)
    draft = found(request, program)
    if draft is None:
        return lost(request, program)
    return render(request, "members/apply_saved.html", {"program": program, "draft": draft})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link: go on where you left, or delete it. Opening changes nothing."""
    if links.is_token(key):
        return _open_link(request, key)
    draft = get_object_or_404(Unconfirmed.objects.select_related("program"), public_id=key)
    if links.check(request, letters.DRAFT_LINK, draft.about) is None:
        raise Http404
    if request.method != "POST":
        return render(request, "members/draft.html", {"program": draft.program, "draft": draft})
    if request.POST.get("answer") == "delete":
        drafting.drop(Unconfirmed.objects.filter(pk=draft.pk))
        let_go(request, draft.program)
        messages.success(request, "Your draft is deleted.")
        return redirect("members:home")
    hold(request, draft)
    return redirect("members:apply_page", draft.program.slug, draft.page or FIRST)


def _open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, letters.DRAFT_LINK, token)
    draft = get_object_or_404(Unconfirmed, public_id=link.about.partition(":")[2])
    return links.opened(request, link, reverse("members:draft", args=[draft.public_id]))
