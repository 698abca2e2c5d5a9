"""Which hours suit my group, and what can be done about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groups import access as groups
from meetings import access, hourdesk
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: MemberRequest, public_id: str) -> HttpResponse:
    """For members: the best hours with their reasons, in counts. Who leads opens a poll, or takes an hour for all."""
    if request.method == "POST":
        own = access.group_of_leader(request.user, public_id)
        try:
            messages.success(request, hourdesk.press(own.group, request.POST, by=request.user))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return redirect("meetings:hours", public_id)
    own = groups.membership(request.user, public_id)
    page = hourdesk.hours(own.group, request.user, belongs=True)
    return render(request, "meetings/hours.html", {**page, "leads": access.leads(own)})
