"""Applying to a program: the form, the code for the address, thanks."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members import applying
from members.forms import BEGUN, ApplicationForm, CodeForm
from members.models.application import Application, Unconfirmed
from members.models.program import Program
from roundtable import clock, limits
from roundtable.errors import NotAllowed

WAITING = "waiting for a code"
PER_ADDRESS, PER_EMAIL = 5, 3
TOO_FAST = "That was faster than anybody types. Nothing is lost: please send it once more."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form on one page. Whoever is signed in is asked for no code."""
    program = get_object_or_404(Program, slug=slug)
    if not program.takes_applications(clock.now()):
        return render(request, "members/apply_closed.html", {"program": program})
    form = _form(request)
    if form.is_valid():
        try:
            return _send(request, program, form)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "members/apply.html", {"program": program, "form": form, "begun": BEGUN.sign("apply")})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the letter; with it the form becomes an application and the address an account."""
    waiting = Unconfirmed.objects.filter(public_id=request.session.get(WAITING, ""), program__slug=slug).first()
    if waiting is None:
        return redirect("members:apply", slug)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            application = applying.confirm(waiting, form.cleaned_data["code"])
        except NotAllowed as refusal:
            form.add_error("code", str(refusal))
        else:
            return _welcome(request, application)
    return render(request, "members/apply_confirm.html", {"waiting": waiting, "program": waiting.program, "form": form})


def _form(request: HttpRequest) -> ApplicationForm:
    person = request.user
    known = {}
    if person.is_authenticated:
        known = {name: getattr(person, name) for name in ("email", "name", "initials", "pronouns", "zone")}
    if request.method != "POST":
        return ApplicationForm(initial=known)
    given = request.POST.copy()
    if person.is_authenticated:
        given["email"] = person.email
    return ApplicationForm(given, initial=known)


def _send(request: HttpRequest, program: Program, form: ApplicationForm) -> HttpResponse:
    if form.is_from_a_program:
        raise NotAllowed(TOO_FAST)
    given = {name: value for name, value in form.cleaned_data.items() if name not in ("website", "begun")}
    if request.user.is_authenticated:
        application = applying.submit(request.user, program, given)
        return _thank(request, application)
    limits.count("apply", limits.address(request), most=PER_ADDRESS, within=timedelta(hours=1))
    limits.count("apply", given["email"].lower(), most=PER_EMAIL, within=timedelta(days=1))
    waiting = applying.wait_for_code(program, given, email=given["email"])
    request.session[WAITING] = waiting.public_id
    return redirect("members:apply_confirm", program.slug)


def _welcome(request: HttpRequest, application: Application) -> HttpResponse:
    """Signs the person in by allauth's own road, so that a second factor is still asked for."""
    request.session.pop(WAITING, None)
    if request.user.is_authenticated:
        return _thank(request, application)
    _thank(request, application)
    person = application.person
    return perform_login(request, person, redirect_url="/status/", email=person.email)


def _thank(request: HttpRequest, application: Application) -> HttpResponse:
    messages.success(request, f"We have your application to {application.program.name}.")
    return redirect("members:status")
