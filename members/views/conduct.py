"""The code of conduct after it changed: what is new, and the button that says yes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members import differences, publishing
from members.forms.person import VersionForm
from members.models.conduct import CodeOfConduct
from members.models.program import Program
from members.views import MemberRequest
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: MemberRequest, slug: str) -> HttpResponse:
    """The present version beside the one I accepted, or beside the one before, with every difference marked."""
    program = get_object_or_404(Program, slug=slug)
    code = program.current_code()
    if code is None:
        raise Http404
    form = VersionForm(request.POST or None)
    if form.is_valid():
        try:
            publishing.accept(program, form.cleaned_data["version"], by=request.user)
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect("members:code_changed", slug)
        messages.success(request, f"Thank you. You accepted version {code.number} of the code of conduct.")
        return redirect("meetings:groups")
    return render(request, "members/code_changed.html", _page(request, program, code))


def _page(request: MemberRequest, program: Program, code: CodeOfConduct) -> dict[str, object]:
    accepted = publishing.accepted_before(program, request.user)
    is_accepted = accepted is not None and accepted.number == code.number
    before = publishing.version_before(code) if is_accepted or accepted is None else accepted
    return {
        "program": program,
        "code": code,
        "before": before,
        "pieces": differences.pieces(before.text if before else code.text, code.text),
        "is_accepted": is_accepted,
        "owed": CodeOfConduct.objects.owed_by(request.user).filter(program=program).exists(),
    }
