"""My profile, my words as a file, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members import applying, leaving, ownwords
from members.forms.person import ProfileForm, SureForm
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: MemberRequest) -> HttpResponse:
    """What others see of me, the clock my letters go by, and everything I can do with my account."""
    person = request.user
    known = {name: getattr(person, name) for name in ("name", "initials", "pronouns", "zone")}
    form = ProfileForm(request.POST or None, initial=known)
    if form.is_valid():
        applying.change_profile(person, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("members:me")
    return render(request, "members/me.html", {"form": form, "private": ownwords.mine(person)})


@require_safe
def export(request: MemberRequest) -> HttpResponse:
    """Everything this product keeps about me, as one JSON file."""
    answer = JsonResponse(
        leaving.everything_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = 'attachment; filename="roundtable-my-data.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    """Leaving for good: account, applications, answers. Asked twice, done at once."""
    form = SureForm(request.POST or None)
    if form.is_valid():
        try:
            leaving.erase(request.user)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, "Your account and everything in it is deleted. Take care.")
            return redirect("members:home")
    return render(request, "members/leave.html", {"form": form})
