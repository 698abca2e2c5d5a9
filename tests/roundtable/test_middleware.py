from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpResponse
from django.test import Client, RequestFactory

from roundtable import limits, middleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(organizer):
    client = Client()
    client.force_login(organizer)
    return client


def note(client, person, *methods):
    """What allauth writes into the session at each step of a log-in."""
    request = RequestFactory().get("/")
    request.session = client.session
    for method in methods:
        record_authentication(request, person, method)
    request.session.save()


@pytest.mark.parametrize(("methods", "code"), [((), 302), (("code",), 302), (("code", "mfa"), 200)])
def test_staff_reach_the_admin_with_a_second_factor_only(signed_in, organizer, settings, methods, code):
    settings.STAFF_MFA_REQUIRED = True
    note(signed_in, organizer, *methods)
    response = signed_in.get("/admin/")
    assert (response.status_code, response.get("Location")) == (code, "/accounts/2fa/" if code == 302 else None)


def test_staff_without_a_second_factor_reach_the_pages_to_set_one_up(signed_in, settings):
    settings.STAFF_MFA_REQUIRED = True
    assert signed_in.get("/accounts/2fa/").status_code == 200


def test_members_need_no_second_factor(ada, settings):
    settings.STAFF_MFA_REQUIRED = True
    client = Client()
    client.force_login(ada)
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 200


def test_what_stands_behind_the_sign_in_is_stored_nowhere(signed_in):
    for path in ("/admin/", "/accounts/2fa/", "/accounts/sessions/"):
        assert "no-store" in signed_in.get(path)["Cache-Control"].split(", ")


HEADERS = {
    "Content-Security-Policy": {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    },
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
}


@pytest.mark.parametrize(
    "path", ["/health/live/", "/accounts/login/code/", "/nowhere/", "/accounts/signup/", "/admin/"]
)
def test_every_answer_is_closed_errors_too(path):
    response = Client().get(path)
    found = {name: set(response.get(name, "").split("; ")) for name in HEADERS}
    assert found == HEADERS
    assert "camera=()" in response["Permissions-Policy"]


def test_a_request_has_an_id_that_the_client_does_not_choose():
    seen = []

    def view(request):
        seen.append(middleware.structlog.contextvars.get_contextvars()["request_id"])
        return HttpResponse()

    chain = middleware.request_id(view)
    for _ in range(2):
        chain(RequestFactory().get("/", headers={"X-Request-ID": "mine"}))
    assert (len(set(seen)), [len(each) for each in seen]) == (2, [16, 16])


def test_a_limit_that_was_passed_is_a_page_with_a_time(rf):
    gate = middleware.TooManyTries(lambda request: HttpResponse())
    request = rf.get("/")
    request.user = None
    response = gate.process_exception(request, limits.TooMany(timedelta(minutes=10)))
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert gate.process_exception(request, ValueError()) is None


@pytest.mark.parametrize(
    "path",
    [
        "/meetings/%00/",
        "/invitations/%00/",
        "/seats/a.b%00/",
        "/apply/%00/",
        "/status/%00/hours/",
        "/?q=%00",
        "/?%00=q",
    ],
)
def test_an_address_with_a_nul_leads_nowhere(signed_in, path):
    assert signed_in.get(path).status_code == 404


def test_a_cookie_with_a_nul_leads_nowhere():
    client = Client()
    client.cookies["sessionid"] = "a\0" * 16
    assert client.get("/me/").status_code == 404


@pytest.mark.parametrize(
    ("path", "code", "to"),
    [
        ("/accounts/login/?next=/me/", 302, "/accounts/login/code/?next=/me/"),
        ("/accounts/signup/", 404, None),
        ("/accounts/password/reset/", 404, None),
    ],
)
def test_there_are_no_passwords_and_no_sign_up(path, code, to):
    response = Client().get(path)
    location = response.get("Location")
    assert (response.status_code, location and location.replace("%2F", "/")) == (code, to)


def test_the_clock_is_a_bare_number(clock):
    response = Client().get("/clock/")
    assert response.content == str(int(clock.moment.timestamp() * 1000)).encode()
