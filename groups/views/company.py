"""A new job: the card shows it, and the circle decides where two of one company sit together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groups import access, colleagues
from groups.forms import CompanyForm
from groups.models.group import Membership
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def company(request: MemberRequest, public_id: str) -> HttpResponse:
    """One line, filled with what we know."""
    own = access.membership(request.user, public_id)
    form = CompanyForm(request.POST if request.method == "POST" else None, initial={"company": _known(own)})
    if form.is_valid():
        try:
            colleagues.change_company(own, form.cleaned_data["company"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Noted. Your card shows it from now on.")
            return redirect("meetings:group", public_id)
    return render(request, "groups/company.html", {"group": own.group, "form": form})


def _known(own: Membership) -> str:
    try:
        return colleagues.application_of(own).company
    except NotAllowed:
        return ""
