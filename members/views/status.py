"""Where I stand: my applications, the way they go, what I am asked, what happens next."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import apart, applying, leaving, pools, waiting
from members.forms.hours import HoursForm
from members.forms.person import PlaceForm, SureForm
from members.hournames import names_of
from members.models.application import Application, Placed
from members.models.hours import Hours
from members.stages import OPEN
from members.views import MemberRequest
from roundtable import clock
from roundtable.errors import NotAllowed


@require_safe
def status(request: MemberRequest) -> HttpResponse:
    """All my applications, the newest first."""
    now = clock.now()
    standings = pools.standings(request.user, now=now)
    page = {"standings": standings, "outlooks": waiting.outlooks(standings, now=now)}
    return render(request, "members/status.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: MemberRequest, public_id: str) -> HttpResponse:
    """My hours in this application."""
    application = mine(request, public_id)
    form = HoursForm(request.POST or None, initial=_hours_of(application))
    if form.is_valid():
        applying.change_hours(application, **form.cleaned_data)
        messages.success(request, "Your hours are saved.")
        return redirect("members:status")
    return render(request, "members/hours.html", {"application": application, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: MemberRequest, public_id: str) -> HttpResponse:
    """Where I am, in my own words."""
    application = mine(request, public_id)
    form = PlaceForm(
        request.POST or None, initial={"place_text": application.place_text, "zone": _hours_of(application)["zone"]}
    )
    if form.is_valid():
        application = applying.tell_place(application, **form.cleaned_data)
        if application.placed == Placed.RESOLVED:
            messages.success(request, "Thank you. Your place is saved.")
            return redirect("members:status")
        messages.info(request, "That is kept, and not quite clear yet: pick one, or write it in other words.")
        return redirect("members:place", public_id)
    return render(request, "members/place.html", {"application": application, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: MemberRequest, public_id: str) -> HttpResponse:
    """The code of conduct, and the button that accepts it."""
    application = mine(request, public_id)
    if request.method == "POST":
        applying.agree(application)
        messages.success(request, "Thank you. You accepted the code of conduct.")
        return redirect("members:status")
    code = application.program.current_code()
    page = {"application": application, "program": application.program, "code": code}
    return render(request, "members/conduct.html", page)


@require_POST
def sensitive(request: MemberRequest, public_id: str) -> HttpResponse:
    """A yes to the use of my sensitive answers, or their end: one by one, or all with the yes itself."""
    application = own(request, public_id)
    if request.POST.get("answer") == "allow":
        applying.allow_sensitive(application)
        messages.success(request, "Thank you. They are used to compose groups, and for nothing else.")
    elif value := request.POST.get("value", ""):
        leaving.take_back_answer(application, value)
        messages.success(request, "This answer is deleted.")
    else:
        leaving.take_back_sensitive(application)
        messages.success(request, "Your sensitive answers are deleted, and your yes to their use is taken back.")
    return redirect("members:me" if request.POST.get("from") == "me" else "members:status")


@require_POST
def keep_apart(request: MemberRequest, public_id: str) -> HttpResponse:
    """The end of my keep-apart list."""
    apart.take_back(own(request, public_id))
    messages.success(request, "Your list is deleted, and everything that was made of it.")
    return redirect("members:me")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, public_id: str) -> HttpResponse:
    """Taking an application back, with one question: are you sure."""
    application = mine(request, public_id)
    form = SureForm(request.POST or None)
    if form.is_valid():
        try:
            leaving.withdraw(application)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your application is taken back.")
            return redirect("members:status")
    return render(request, "members/withdraw.html", {"application": application, "form": form})


def own(request: MemberRequest, public_id: str) -> Application:
    """My own application at any stage; everybody else's is 404."""
    return get_object_or_404(Application.objects.filter(person=request.user), public_id=public_id)


def mine(request: MemberRequest, public_id: str) -> Application:
    """My own application while it is open; everybody else's, and a closed one, is 404."""
    own = Application.objects.filter(person=request.user, public_id=public_id, stage__in=[*OPEN, "placed"])
    application = own.select_related("program", "person").first()
    if application is None:
        raise Http404
    return application


def _hours_of(application: Application) -> dict[str, object]:
    hours = Hours.objects.filter(application=application).first()
    if hours is None:
        return {"zone": application.person.zone}
    return {
        "good": names_of(int(hours.good, 16)),
        "possible": names_of(int(hours.possible, 16)),
        "zone": hours.zone or application.person.zone,
    }
