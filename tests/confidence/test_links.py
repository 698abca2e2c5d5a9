"""Links of letters: whoever opens one sees one thing, and opening writes nothing, whatever scanner comes first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groups.models.invitation import Invitation
from roundtable import links
from tests.confidence.own import poll_of
from tests.confidence.test_every_url import digest
from tests.confidence.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["invitation", "seat", "poll", "role"])
def letter(request: pytest.FixtureRequest, world: World) -> tuple[str, str]:
    """The path in the letter, and the path of somebody else's."""
    if request.param == "seat":
        mine, theirs = (world.second.seats.get(person=world.cast[part]) for part in ("member", "facilitator"))
        token = links.make("seat", mine.about, mine.person, world.second.ends_at)
        return f"/seats/{token}/", f"/seats/{theirs.public_id}/"
    if request.param == "role":
        token = links.make("role", f"roles:{world.second.pk}", world.cast["member"], world.second.ends_at)
        return f"/your-turn/{token}/", f"/your-turn/{world.foreign_group.meetings.get().public_id}/"
    if request.param == "poll":
        ours, others = (poll_of(group, world.now) for group in (world.group, world.foreign_group))
        token = links.make("poll", ours.about, world.cast["member"], ours.closes_at)
        return f"/polls/{token}/", others.path
    asked = Invitation.objects.filter(draft__number=3).order_by("pk")
    own, other = asked[0], asked[1]
    token = links.make("invitation", own.about, own.application.person, own.answer_until or world.now)
    return f"/invitations/{token}/", f"/invitations/{other.public_id}/"


def shut(answer: Any) -> bool:
    """Not there, or the door to sign in."""
    return bool(answer.status_code == 404 or answer.headers.get("Location", "").startswith("/accounts/login/"))


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_writes_no_row(letter: tuple[str, str], method: str) -> None:
    before, client = digest(), Client()
    answer = getattr(client, method)(letter[0])
    page = getattr(client, method)(answer["Location"])
    assert (answer.status_code, page.status_code, digest()) == (302, 200, before)


def test_a_link_opens_one_thing(letter: tuple[str, str]) -> None:
    client = Client()
    opened = client.get(letter[0])["Location"]
    assert client.get(opened).status_code == 200
    assert shut(client.get(letter[1]))


def test_a_link_signs_nobody_in(letter: tuple[str, str], world: World) -> None:
    client = Client()
    client.get(letter[0])
    paths = ["/me/", f"/groups/{world.group.public_id}/", f"/meetings/{world.second.public_id}/board/"]
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]


def test_without_the_browser_that_opened_it_the_page_is_not_there(letter: tuple[str, str]) -> None:
    opened = Client().get(letter[0])["Location"]
    assert shut(Client().get(opened))
