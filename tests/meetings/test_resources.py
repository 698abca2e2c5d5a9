"""What a topic links to: which addresses can be, where they show, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meetings import keeping, reading, resources, tidying, topics
from meetings.models.board import Board, Topic
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Held, everybody_says_yes

LINE = "https://example.org/team?a=1 How teams change"
LONG = "https://example.org/" + "x" * 480


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (f"\n  {LINE}  \n\n", LINE),
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG:8443/A A  title", "https://example.org:8443/A A title"),
        ("https://bücher.example.de/ü Books", "https://xn--bcher-kva.example.de/ü Books"),
        ("https://example.org. Dot", "https://example.org Dot"),
        (LONG, LONG),
        ("https://example.org A \u202etitle\u200b", "https://example.org A title"),
    ],
)
def test_what_can_be_is_kept(typed: str, kept: str) -> None:
    assert resources.tidy(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("http://example.org Plain", "beginning with https://"),
        ("javascript:alert(1) Run", "beginning with https://"),
        ("A title https://example.org", "beginning with https://"),
        ("https:///path Nowhere", "beginning with https://"),
        ("https://example.org:99999 Port", "beginning with https://"),
        ("https://[::1 Broken", "beginning with https://"),
        ("https://ada:secret@example.org Hers", "name or password"),
        ("https://example.org@evil.example.net It", "name or password"),
        ("https://example.org\\@evil.example.net It", "a sign that none has"),
        ("https://example.org/\u202ea It", "a sign that none has"),
        (LONG + "x Long", "at most 500"),
        ("https://example.org " + "x" * 121, "at most 120"),
        *(
            (f"https://{host}/ Inside", "everybody can reach")
            for host in (
                "localhost", "wiki", "printer.local", "db.internal", "router.lan", "127.0.0.1", "10.0.0.8", "8.8.8.8",
                "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost.", "-a.example", "a..example",
            )
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(typed: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        resources.tidy(typed)


def test_five_and_no_more_and_the_sentence_names_the_line() -> None:
    assert len(resources.read(resources.tidy("\n".join([LINE] * 5)))) == 5
    with pytest.raises(NotAllowed, match="at most 5"):
        resources.tidy("\n".join([LINE] * 6))
    with pytest.raises(NotAllowed, match=r"^Link 2: first the whole"):
        resources.tidy(f"{LINE}\nftp://example.org")


@given(st.text(max_size=80) | st.text(alphabet="htps:/@.[]%#?\\ ax1", max_size=40).map("https://".__add__))
def test_whatever_is_typed_is_kept_alike_twice_or_refused(typed: str) -> None:
    try:
        kept = resources.tidy(typed)
    except NotAllowed:
        return
    assert resources.tidy(kept) == kept
    assert all(one.address.startswith("https://") and "." in one.host for one in resources.read(kept))


def test_a_link_without_a_title_is_called_by_its_host() -> None:
    (one,) = resources.read(resources.tidy("https://example.org/a"))
    assert (one.title, one.host) == ("example.org", "example.org")


@pytest.mark.django_db
def test_they_show_on_the_board_and_open_outside_it(table: Board, ada: Person, hedy: Person, client: Client) -> None:
    topics.propose(table, by=ada, title="Teams", note="", hidden=False, key=uuid4(), links=LINE)
    topics.propose(
        table, by=hedy, title="Velocity", note="", hidden=False, key=uuid4(), links="https://b.example.net B"
    )
    teams, velocity = Topic.objects.order_by("pk")
    client.force_login(hedy)
    page = client.get(reverse("meetings:board", args=[table.meeting.public_id])).content.decode()
    link = '<a href="https://example.org/team?a=1" target="_blank" rel="noopener noreferrer">'
    assert f"{link}<bdi>How teams change</bdi></a>" in page
    tidying.merge(table, by=hedy, child=velocity.public_id, parent=teams.public_id)
    (card,) = reading.read(table.meeting_id).shared.waiting
    assert [one.title for one in card.resources] == ["How teams change", "B"]


@pytest.mark.django_db
def test_a_link_that_cannot_be_keeps_the_topic_off_the_board_and_an_edit_as_it_was(
    table: Board, ada: Person, client: Client
) -> None:
    client.force_login(ada)
    board, bad = reverse("meetings:propose", args=[table.meeting.public_id]), "https://localhost Mine"
    sent = {"title": "Teams", "note": "", "key": str(uuid4())}
    answer = client.post(board, sent | {"links": bad}, headers={"Accept": "application/json"})
    assert (answer.status_code, "everybody can reach" in answer.json()["refused"]) == (409, True)
    client.post(board, sent | {"links": LINE})
    topic = Topic.objects.select_related("board__meeting").get()
    page = reverse("meetings:topic", args=[table.meeting.public_id, topic.public_id])
    again = client.post(page, {"title": "Other", "note": "", "links": bad, "revision": "1"}).content.decode()
    assert ("everybody can reach" in again, bad in again) == (True, True)
    topic.refresh_from_db()
    assert (topic.title, topic.resources, topic.revision) == ("Teams", LINE, 1)
    client.post(page, {"title": "Teams", "note": "", "links": "", "revision": "1"})
    topic.refresh_from_db()
    assert (topic.resources, topic.revision) == ("", 2)


@pytest.mark.django_db
def test_they_come_along_and_of_what_is_for_ears_only_they_go(table: Board, ada: Person) -> None:
    for title in ("Teams", "Mine alone"):
        topics.propose(table, by=ada, title=title, note="", hidden=False, key=uuid4(), links=LINE)
    ears = next(one for one in Topic.objects.select_related("board__meeting") if one.title == "Mine alone")
    topics.ears_only(table, by=ada, topic=ears.public_id)
    keeping.offer(Board.objects.select_related("meeting__group").get(pk=table.pk))
    left = {one.state + one.title: one.resources for one in Topic.objects.select_related("board__meeting")}
    assert left == {"offeredTeams": LINE, "offered": ""}
    keeping.bring_along(Topic.objects.get(state="offered", ears_only=False), table)
    assert Topic.objects.get(state="open").resources == LINE


@pytest.mark.django_db
def test_what_was_kept_is_found_by_the_title_of_its_link_and_taken_along(
    held: Held, ada: Person, client: Client, clock: Callable[..., object]
) -> None:
    table = held(clock.now().date().replace(month=3), Teams="Ask first")  # type: ignore[attr-defined]
    topic = Topic.objects.get(board=table)
    topic.resources = LINE
    topic.save()
    client.force_login(ada)
    group = table.meeting.group.public_id
    page = client.get(reverse("meetings:takeaways", args=[group]), {"q": "teams change"}).content.decode()
    assert ("1 found" in page, 'href="https://example.org/team?a=1"' in page) == (True, True)
    assert "0 found" in client.get(reverse("meetings:takeaways", args=[group]), {"q": "example.org"}).content.decode()
    assert "How teams change" in client.get(reverse("meetings:timeline", args=[group])).content.decode()
    everybody_says_yes(table.meeting.group)
    files = [
        client.get(reverse("meetings:memory", args=[group]), {"as": kind}).content.decode()
        for kind in ("text", "markdown", "json")
    ]
    assert ["https://example.org/team?a=1" in one for one in files] == [True] * 3
