"""Applying to a program: pages that keep what is typed, the code for the address, thanks."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members import drafting, meetable
from members.forms.application import FIRST, LAST, PAGES, Check, Gate, after, before
from members.forms.draft import Papers, typed_in
from members.forms.fields import Page
from members.forms.person import CodeForm
from members.models.application import Application, Unconfirmed
from members.models.program import Program
from members.stages import Stage
from members.views import drafts, sources
from roundtable import clock, limits
from roundtable.errors import NotAllowed

PER_ADDRESS, PER_EMAIL = 5, 3
KNOWN = {  # for who had applied before, and is on the way already
    Stage.POOLED: "You are in the pool already, and stay there. Your new answers replace the old ones.",
    Stage.DORMANT: "Your application rests. Your new answers are kept; press “Come back” to be composed again.",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The first page. With the address on it a draft begins, known or unknown alike."""
    return page(request, slug, FIRST)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """Any page of the application, with what was typed there before."""
    program = get_object_or_404(Program, slug=slug)
    if page not in PAGES:
        raise Http404
    draft = drafts.found(request, program)
    if draft is None and page != FIRST:
        return drafts.lost(request, program)
    papers = Papers(program, request.user, draft)
    if request.method == "POST":
        return _taken(request, papers, page)
    if not papers.is_open:
        return _closed(request, papers)
    return _shown(request, papers, page, papers.form(page))


def _taken(request: HttpRequest, papers: Papers, page: str) -> HttpResponse:
    """Keeps the page first, right or wrong; then looks where the person wants to go."""
    typed = typed_in(request, PAGES[page])
    form = papers.form(page, typed)
    if papers.draft is None and not _begun(request, papers, form):
        return _shown(request, papers, page, form) if papers.is_open else _closed(request, papers)
    try:
        papers.keep(page, typed, email=form.cleaned_data.get("email", "") if form.is_valid() else "")
    except NotAllowed as refusal:
        return drafts.lost(request, papers.program, str(refusal))
    drafts.hold(request, papers.draft)
    if not papers.is_open:
        return _closed(request, papers)
    return _onward(request, papers, page, form)


def _begun(request: HttpRequest, papers: Papers, form: Page) -> bool:
    """A new draft, if the first page holds a good address, and a person seems to have typed it."""
    wanted = form.is_valid() or (request.POST.get("then") == "later" and not form.has_error("email"))
    if not papers.is_open or not wanted:
        return False
    if papers.person is None:
        if refusal := Gate(request.POST).refusal:
            form.add_error(None, refusal)
            return False
        limits.count("apply", limits.address(request), most=PER_ADDRESS, within=timedelta(hours=1))
    email, source = form.cleaned_data["email"], sources.named(request)
    papers.draft = drafting.begin(papers.program, email=email, person=papers.person, source=source)
    return True


def _onward(request: HttpRequest, papers: Papers, page: str, form: Page) -> HttpResponse:
    """Where the pressed button leads. Going back and leaving ask for nothing; going on wants a page without errors."""
    slug, then = papers.program.slug, request.POST.get("then", "")
    if then == "keep":
        return HttpResponse(status=204)
    if then == "later":
        return drafts.leave(request, papers.draft)
    if then == "back" and before(page):
        return redirect("members:apply_page", slug, before(page))
    if not form.is_valid():
        return _shown(request, papers, page, form)
    _tell_how_many(request, papers, page)
    if page == LAST:
        return _send(request, papers, form)
    return redirect("members:apply_page", slug, LAST if request.GET.get("then") == LAST else after(page))


def _tell_how_many(request: HttpRequest, papers: Papers, page: str) -> None:
    """The same sentence that the grid shows while ticking, for who has no scripts."""
    week = papers.week if page == "hours" else None
    people = meetable.people(papers.program, week, now=clock.now(), way=papers.way) if week else None
    if people:
        messages.info(request, f"{people} people could meet you at these hours.")


def _send(request: HttpRequest, papers: Papers, form: Page) -> HttpResponse:
    given, draft = papers.given(), papers.draft
    try:
        if given is None or draft is None:
            raise NotAllowed("Some pages are not complete yet. They are marked below.")
        if request.user.is_authenticated:
            return _thank(request, drafting.send(request.user, draft, given))
        return _code_sent(request, draft, given)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, papers, LAST, form)


def _code_sent(request: HttpRequest, draft: Unconfirmed, given: dict[str, object]) -> HttpResponse:
    if drafting.is_new_code(draft):
        limits.count("apply", draft.email, most=PER_EMAIL, within=timedelta(days=1))
    drafting.send_code(draft, given)
    return redirect("members:apply_confirm", draft.program.slug)


def _shown(request: HttpRequest, papers: Papers, page: str, form: Page) -> HttpResponse:
    names = list(PAGES)
    context = {
        "program": papers.program,
        "draft": papers.draft,
        "draft_key": drafts.key_of(papers.draft),
        "form": form,
        "page": page,
        "number": names.index(page) + 1,
        "count": len(names),
        "before": before(page),
        "begun": Gate(request.POST).again,
        "gate": Gate(),
        "zone": papers.zone,
        "clock": papers.zone.replace("_", " "),
        "summary": papers.summary() if isinstance(form, Check) else [],
        "is_change": papers.is_change,
        "keeps_private": papers.keeps_private,
        **(_meeting(papers) if page == "hours" else {}),
        "minutes": papers.program.minutes,
        "code": papers.program.current_code() if isinstance(form, Check) else None,
    }
    return render(request, f"members/apply_{page}.html", context)


def _meeting(papers: Papers) -> dict[str, object]:
    """How many could meet at the hours ticked so far, in the way that was said on the page before."""
    way, week = papers.way, papers.week
    return {"way": way, "people": meetable.people(papers.program, week, now=clock.now(), way=way) if week else None}


def _closed(request: HttpRequest, papers: Papers) -> HttpResponse:
    return render(request, "members/apply_closed.html", {"program": papers.program, "draft": papers.draft})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the letter; with it the form becomes an application and the address an account."""
    program = get_object_or_404(Program, slug=slug)
    draft = drafts.found(request, program)
    if draft is None or draft.coded_at is None:
        return drafts.lost(request, program)
    form = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if request.POST.get("then") == "again":
            return _another_code(request, Papers(program, request.user, draft))
        if form.is_valid():
            return _welcome(request, drafting.confirm(draft, form.cleaned_data["code"]))
    except NotAllowed as refusal:
        form = form if form.is_bound else CodeForm({})
        form.errors.clear()
        form.add_error("code", str(refusal))
    page = {"draft": draft, "draft_key": drafts.key_of(draft), "program": program, "form": form}
    return render(request, "members/apply_confirm.html", page)


def _another_code(request: HttpRequest, papers: Papers) -> HttpResponse:
    """What was lost on its way is sent again; with a gap in the form back to it."""
    given = papers.given()
    if given is None or papers.draft is None:
        return redirect("members:apply_page", papers.program.slug, LAST)
    messages.info(request, "If the letter does not come, look among the unwanted mail.")
    return _code_sent(request, papers.draft, given)


def _welcome(request: HttpRequest, application: Application) -> HttpResponse:
    """Signs the person in by allauth's own road, so that a second factor is still asked for."""
    answer = _thank(request, application)
    if request.user.is_authenticated:
        return answer
    person = application.person
    return perform_login(request, person, redirect_url="/status/", email=person.email)


def _thank(request: HttpRequest, application: Application) -> HttpResponse:
    drafts.let_go(request, application.program)
    said = KNOWN.get(Stage(application.stage), f"We have your application to {application.program.name}.")
    messages.success(request, said)
    return redirect("members:status")
