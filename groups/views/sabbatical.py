"""A pause that keeps the seat: how long, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access, sabbaticals
from groups.forms import SabbaticalForm
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def sabbatical(request: MemberRequest, public_id: str) -> HttpResponse:
    """One question, one button; while one runs, the button that ends it."""
    own = access.membership(request.user, public_id)
    form = SabbaticalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sabbaticals.begin(own, meetings=form.cleaned_data["meetings"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("groups:sabbatical", public_id)
    page = {"group": own.group, "running": own.sabbaticals.running().first(), "form": form}
    return render(request, "groups/sabbatical.html", page)


@require_POST
def come_back(request: MemberRequest, public_id: str) -> HttpResponse:
    """Every date to come is mine again."""
    own = access.membership(request.user, public_id)
    try:
        sabbaticals.come_back(own)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Welcome back. The dates to come are on their way to your calendar.")
    return redirect("meetings:group", public_id)
