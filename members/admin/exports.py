"""Applications out as a file: one page that says what it holds, and the button that makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from members import exporting
from members.admin.scope import OrganizerRequest
from members.models.program import Program
from roundtable import clock


def urls(view: Callable[..., Any]) -> list[URLPattern]:
    """The address under a program of the admin; `view` is the admin site's own guard."""
    return [path("<slug:slug>/export/", view(export), name="export_applications")]


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: OrganizerRequest, slug: str) -> HttpResponse:
    """What the file would hold; the POST makes it and leaves a line in the audit log."""
    if not request.user.is_organizer:
        raise Http404
    program = Program.objects.organized_by(request.user).filter(slug=slug).first()
    if program is None:
        raise Http404
    if request.method == "POST":
        name = f"applications-{program.slug}-{clock.today().isoformat()}.csv"
        content = exporting.export(program, by=request.user)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
    page = {
        **admin.site.each_context(request),
        "title": "Export applications",
        "program": program,
        "count": exporting.count(program, request.user),
        "columns": list(exporting.COLUMNS),
    }
    return render(request, "admin/members/export.html", page)
