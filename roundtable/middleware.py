"""On every request: an id for the log, answers that nobody stores, and the door for staff with a second factor."""

import secrets
from collections.abc import Callable
from functools import cache

import structlog
from allauth.account.authentication import get_authentication_records
from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from roundtable import limits, logs, vault
from roundtable.errors import FirstThis
from roundtable.sessions import people_along

Next = Callable[[HttpRequest], HttpResponse]

NUL = "\0"
KNOWN = ("GET", "HEAD", "POST")
CLOSED = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)


def request_id(get_response: Next) -> Next:
    """One random id for all log lines of a request, which a client cannot choose; data keys are held as long, and who
    came along with a session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META[logs.REQUEST_ID] = secrets.token_hex(8)  # Django complains of an answer when all this is over
        named = structlog.contextvars.bound_contextvars(request_id=request.META[logs.REQUEST_ID])
        with named, vault.keys_held(), people_along():
            return get_response(request)

    return middleware


@cache
def policy() -> str:
    """Content-Security-Policy, as the settings say it."""
    return build_policy()


def closed_answers(get_response: Next) -> Next:
    """No other site may embed or read an answer, and neither cache nor browser stores it, unless the view says so.

    The library of the security policy has a middleware that writes it anew for each answer, because a page may change
    it. Of ours one has none (`_csp_exempt`) and none has another. Django's pages for who develops need their styles.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        debugs = settings.DEBUG and response.status_code in (404, 500)
        if not debugs and not getattr(response, "_csp_exempt", False):
            response.headers.setdefault(HEADER, policy())
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", CLOSED)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def known_methods(get_response: Next) -> Next:
    """Pages are read and forms are sent; nothing here answers to any other method, whoever asks for whatever."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in KNOWN:
            return get_response(request)
        return HttpResponseNotAllowed(KNOWN)

    return middleware


def without_nul(get_response: Next) -> Next:
    """No text of ours holds a NUL and PostgreSQL takes none: an address, question or cookie with one leads nowhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = [text for name, texts in request.GET.lists() for text in (name, *texts)]
        if any(NUL in text for text in (request.path_info, *asked, *request.COOKIES.values())):
            raise Http404
        return get_response(request)

    return middleware


class TooManyTries:
    """A limit that was passed is a page with a sentence and a time, wherever it was counted."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """429 with Retry-After."""
        if not isinstance(exception, limits.TooMany):
            return None
        response = render(request, "429.html", {"wait": exception.wait}, status=429)
        response["Retry-After"] = str(int(exception.wait.total_seconds()))
        return response


class FirstThings:
    """Where a guard says that something comes first, the answer leads there, whatever was asked for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A redirect of the whole page, also for a request that asked for a part of it."""
        if not isinstance(exception, FirstThis):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": exception.path})
        return redirect(exception.path)


class StaffGate:
    """Staff without a second factor, or signed in without using it, reach the pages for setting one up only."""

    OPEN = ("account_", "mfa_", "usersessions_")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """To the MFA pages, if this is staff and the second factor is missing."""
        match = request.resolver_match
        if match is None or (match.url_name or "").startswith(self.OPEN):
            return None
        return redirect("mfa_index") if second_factor_missing(request) else None


def second_factor_missing(request: HttpRequest) -> bool:
    """Staff see other people's data, so for them the code by e-mail is not enough."""
    staff = settings.STAFF_MFA_REQUIRED and getattr(request.user, "is_staff", False)
    return staff and not second_factor_used(request)


def second_factor_used(request: HttpRequest) -> bool:
    """Allauth notes each step of a log-in in the session; a log-in older than the enrolment has no such note."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
