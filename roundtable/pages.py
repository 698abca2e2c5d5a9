"""The few pages that belong to no app: health, clock, privacy, and allauth's names that lead elsewhere."""

import time as stopwatch
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from roundtable import clock as time
from roundtable import health
from roundtable.privacy import REGISTER

EVEN_TIME = 0.2  # seconds, longer than it takes to write a letter


def in_even_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form answers after the same time whether it wrote a letter or not: how long it takes tells nobody's address."""

    @wraps(view)
    def even(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        began = stopwatch.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            stopwatch.sleep(max(0.0, EVEN_TIME - (stopwatch.monotonic() - began)))
        return response

    return even


@login_not_required
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """There are no passwords: signing in is a code by e-mail."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect("account_request_login_code")
    response["Location"] += query
    return response


@login_not_required
@require_safe
def nowhere(request: HttpRequest) -> HttpResponse:
    """Accounts arise from applications and have no password."""
    raise Http404


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, who reads it and until when: the table that the code goes by."""
    return render(request, "privacy.html", {"register": REGISTER})


@login_not_required
@require_safe
def clock(request: HttpRequest) -> HttpResponse:
    """The server's time in milliseconds, bare: the browsers' clocks go by it."""
    answer = HttpResponse(str(round(time.now().timestamp() * 1000)), content_type="text/plain")
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Numbers, no names. Database and migrations decide; what the site works without is told as degraded, with 200."""
    report = health.report()
    return JsonResponse(report, status=200 if report["status"] != "down" else 503)


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for those who build pages."""
    return render(request, "styleguide.html")
