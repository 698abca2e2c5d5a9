"""Closing a circle together, and the way back to the pool after its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access, closing
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: MemberRequest, public_id: str) -> HttpResponse:
    """What closing means, and my own word; who else would close is shown to nobody."""
    own = access.membership(request.user, public_id)
    if request.method == "POST":
        try:
            closing.agree(own, would=request.POST.get("would") == "yes")
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return redirect("groups:close", public_id)
    return render(request, "groups/close.html", {"group": own.group, "own": own})


@require_POST
def look_on(request: MemberRequest, public_id: str) -> HttpResponse:
    """Back to the pool, first in line."""
    own = access.membership(request.user, public_id)
    try:
        closing.look_on(own)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("meetings:group", public_id)
    return redirect("members:status")
