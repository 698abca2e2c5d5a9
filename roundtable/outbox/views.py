"""The development page: every letter as its reader sees it, links and codes filled in."""

from ipaddress import ip_address
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roundtable.outbox import reading
from roundtable.outbox.models import Letter

ON_A_PAGE = 60


def at_home(request: HttpRequest) -> None:
    """For staff, and for who sits at the machine itself: a sign-in code is read here. Everyone else: 404."""
    directly = not settings.TRUSTED_PROXY_COUNT and ip_address(request.META["REMOTE_ADDR"]).is_loopback
    if not settings.DEVELOPMENT_PAGES or not (directly or getattr(request.user, "is_staff", False)):
        raise Http404


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """All letters, the newest first, page by page; `?to=` one address."""
    at_home(request)
    letters = Letter.objects.order_by("-pk")
    if address := request.GET.get("to", "").strip():
        letters = letters.filter(to__iexact=address)
    page = Paginator(letters, ON_A_PAGE).get_page(request.GET.get("page"))
    query = "&" + urlencode({"to": address}) if address else ""
    return render(request, "outbox/outbox.html", {"page": page, "address": address, "query": query})


@login_not_required
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: text, HTML in its frame, calendar part."""
    at_home(request)
    found = get_object_or_404(Letter, pk=pk)
    shown = reading.as_its_reader_sees_it(found)
    return render(request, "outbox/letter.html", {"letter": found, "shown": shown})


@login_not_required
@require_safe
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part by itself, for the frame."""
    at_home(request)
    return reading.framed(reading.as_its_reader_sees_it(get_object_or_404(Letter, pk=pk)).html)
