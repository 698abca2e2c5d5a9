"""What every answer carries, errors too: the policy, nothing stored, nothing embedded, nothing guessed."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from roundtable import links
from roundtable.middleware import CLOSED
from tests.confidence.conftest import Ask
from tests.confidence.own import Things, where
from tests.confidence.permissions import addresses
from tests.confidence.world import World

pytestmark = pytest.mark.django_db
POLICY = {
    *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"),
    *("connect-src 'self'", "form-action 'self'", "frame-src 'self'", "base-uri 'none'", "object-src 'none'"),
    "frame-ancestors 'none'",
}
SANDBOX = {
    *("sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "frame-ancestors 'self'"),
}
SHARED = ("members:program", "members:city")  # one answer for all who never signed in
FRAMED = ("admin:outbox_letter_preview", "outbox:html")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": CLOSED,
}


def policy(answer: HttpResponse) -> set[str]:
    return {one.strip() for one in answer["Content-Security-Policy"].split(";") if one.strip()}


def carried(answer: HttpResponse) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in ALWAYS}


@pytest.mark.parametrize("part", ["anon", "member", "superuser"])
def test_every_answer_is_closed(part: str, world: World, ask: Ask) -> None:
    things = Things(world)
    for name in addresses():
        answer = ask(part, "GET", where(things, name, part)[0])
        framed = name in FRAMED and answer.status_code == 200
        assert (name, carried(answer)) == (name, ALWAYS)
        assert (name, policy(answer)) == (name, SANDBOX if framed else POLICY)
        kept = "public, max-age=60" if part == "anon" and name in SHARED else "no-store"
        assert (name, kept in answer["Cache-Control"]) == (name, True)
        assert (name, answer.headers.get("Referrer-Policy")) == (name, "same-origin")


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere/", 404), ("PUT", "/", 405), ("POST", "/", 405)]
)
def test_a_refusal_is_closed_too(method: str, path: str, status: int, ask: Ask) -> None:
    answer = ask("anon", method, path)
    assert (answer.status_code, carried(answer), policy(answer)) == (status, ALWAYS, POLICY)


@pytest.mark.urls("tests.confidence.broken")
def test_an_error_is_closed_too() -> None:
    answer: HttpResponse = Client(raise_request_exception=False).post("/broken/", {"title": "x"})  # type: ignore[assignment] # it is one
    assert (answer.status_code, carried(answer), policy(answer)) == (500, ALWAYS, POLICY)


def test_the_way_from_a_letter_tells_no_other_site_where_one_came_from(world: World) -> None:
    seat = world.second.seats.get(person=world.cast["member"])
    token = links.make("seat", seat.about, world.cast["member"], world.second.ends_at)
    answer = Client().get(f"/seats/{token}/")
    assert (answer.status_code, answer["Referrer-Policy"]) == (302, "no-referrer")


def test_cookies_are_closed_to_scripts_and_other_sites(ask: Ask) -> None:
    cookies = Client().get("/accounts/login/code/").cookies
    assert {name: (one["httponly"], one["samesite"]) for name, one in cookies.items()} == {"csrftoken": (True, "Lax")}
