"""Nobody leads any more: who is offered to take over, and when."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from meetings import attending, board
from meetings.leading import Silence, silence
from meetings.models.board import Board
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import START, Stopped

MINUTE = START + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("led_until", "now", "who"),
    [
        (None, START - timedelta(seconds=1), Silence.NONE),
        (None, START + timedelta(seconds=59), Silence.NONE),
        (None, START + timedelta(seconds=60), Silence.TIMEKEEPER),
        (None, START + timedelta(seconds=90), Silence.ANYBODY),
        (START - timedelta(days=3), START - timedelta(days=2), Silence.NONE),
        (START - timedelta(days=3), START + timedelta(seconds=59), Silence.NONE),
        (START - timedelta(days=3), START + timedelta(seconds=90), Silence.ANYBODY),
        (MINUTE, MINUTE - timedelta(seconds=1), Silence.NONE),
        (MINUTE, MINUTE, Silence.TIMEKEEPER),
        (MINUTE, MINUTE + timedelta(seconds=29), Silence.TIMEKEEPER),
        (MINUTE, MINUTE + timedelta(seconds=30), Silence.ANYBODY),
    ],
)
def test_who_may_take_over_after_the_last_sign_of_life(led_until, now, who):
    assert silence(led_until, START, now) is who


def offered(client: Client, table: Board, person: Person) -> bool:
    """Whether the page offers it; then the press is taken, and otherwise refused."""
    client.force_login(person)
    page = client.get(f"/meetings/{table.meeting.public_id}/board/").content.decode()
    rights = re.search(r'data-rights="([^"]*)"', page)
    assert rights is not None
    return "unled" in rights[1].split()


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "who"), [(59, []), (61, ["Grace"]), (89, ["Grace"]), (90, ["Grace", "Hedy"])])
def test_the_page_offers_what_the_board_takes(
    seconds: int,
    who: list[str],
    gathered: Board,
    clock: Stopped,
    client: Client,
    ada: Person,
    grace: Person,
    hedy: Person,
) -> None:
    board.begin(gathered, by=ada, step=0)
    clock.forward(seconds=seconds)
    assert [person.name for person in (ada, grace, hedy) if offered(client, gathered, person)] == who
    for person in (hedy, grace):
        if person.name not in who:
            with pytest.raises(NotAllowed, match="Somebody leads"):
                attending.take_over(gathered, by=person)
    if who:
        attending.take_over(gathered, by=grace)


@pytest.mark.django_db
def test_the_page_of_who_keeps_the_time_hears_who_may_and_stands_for_nobody(
    gathered: Board, clock: Stopped, client: Client, ada: Person, grace: Person
) -> None:
    board.begin(gathered, by=ada, step=0)
    client.force_login(grace)
    address, heard = f"/meetings/{gathered.meeting.public_id}/board/people/", []
    for _ in range(5):
        clock.forward(seconds=20)
        answer = client.post(address, {"act": "alive"}, headers={"accept": "application/json"})
        heard.append(answer.json()["silence"])
    assert heard == [0, 0, 1, 1, 2]
    polled = client.get(f"/meetings/{gathered.meeting.public_id}/board/shared/?after={Board.objects.get().version}")
    assert (polled.status_code, polled["X-Board-Silence"]) == (204, "2")


@pytest.mark.django_db
def test_before_its_hour_nobody_takes_a_meeting_over(
    table: Board, clock: Stopped, client: Client, ada: Person, grace: Person, hedy: Person
) -> None:
    clock.to(START - timedelta(days=3))
    attending.sign_of_life(table, by=ada)
    clock.forward(days=1)
    for person in (grace, hedy):
        attending.here(table, by=person)
        assert not offered(client, table, person)
        with pytest.raises(NotAllowed, match="Somebody leads"):
            attending.take_over(table, by=person)


@pytest.mark.django_db
def test_from_the_autopilot_anybody_takes_over_and_it_ends(
    gathered: Board, client: Client, ada: Person, hedy: Person
) -> None:
    board.begin(gathered, by=ada, step=0)
    assert not offered(client, gathered, hedy)
    board.autopilot(gathered, by=ada, step=Board.objects.get().step, on=True)
    assert offered(client, gathered, hedy)
    attending.take_over(gathered, by=hedy)
    assert not Board.objects.get().autopilot
