"""Topics: proposing, editing, finding somebody who brings them."""

from __future__ import annotations

import secrets
from uuid import UUID

from meetings import ballots, sitting
from meetings.boxes import Phase
from meetings.models.board import OPEN_TOPICS, Board, Topic, TopicState
from meetings.sitting import Sitting
from members.models.person import Person
from roundtable.errors import NotAllowed


def propose(table: Board, *, by: Person, title: str, note: str, hidden: bool, key: UUID) -> None:
    """A topic of mine, or of somebody who asks without a name. The same page sent twice is one topic."""
    with sitting.sitting(table, by=by) as act:
        if act.board.phase == Phase.CLOSING:
            raise NotAllowed("The close has begun: keep it for the next meeting.")
        if Topic.objects.filter(board=act.board, request_key=key).exists():
            return
        if Topic.objects.filter(board=act.board).open().count() >= OPEN_TOPICS:
            raise NotAllowed(f"The board is full: {OPEN_TOPICS} topics are open.")
        author = ballots.pseudonym(_secret(act), by.pk) if hidden else None
        Topic.objects.create(
            board=act.board,
            request_key=key,
            title=title,
            note=note,
            sponsor=None if hidden else by,
            hidden_author=author,
        )


def _secret(act: Sitting) -> bytes:
    """The board's secret, made when the first topic without a name comes."""
    if act.board.secret is None:
        act.board.secret = secrets.token_bytes(32)
    return bytes(act.board.secret)


def edit(table: Board, *, by: Person, topic: str, title: str, note: str, revision: int) -> None:
    """My topic in other words. Raises NotAllowed when it was changed since, so that nothing is lost unseen."""
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic)
        if mine.revision != revision:
            raise NotAllowed("This topic was changed meanwhile; here are both texts.")
        mine.title, mine.note, mine.revision = title, note, revision + 1
        mine.save(update_fields=["title", "note", "revision"])


def withdraw(table: Board, *, by: Person, topic: str) -> None:
    """My topic is off the board; dots on it return to those who gave them."""
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic)
        ballots.give_back(mine)
        mine.state = TopicState.DROPPED
        mine.save(update_fields=["state"])


def ears_only(table: Board, *, by: Person, topic: str) -> None:
    """No takeaway of this topic, and its words go at the close."""
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic, states=[TopicState.OPEN, TopicState.DISCUSSING])
        mine.ears_only = True
        mine.save(update_fields=["ears_only"])


def sponsor(table: Board, *, by: Person, topic: str) -> None:
    """I bring this topic, which has nobody who does, or whose round waits for somebody to open it."""
    with sitting.sitting(table, by=by) as act:
        talk = act.talk
        if talk is not None and talk.topic.public_id == topic and talk.sponsor_id is None:
            talk.sponsor = by
            talk.save(update_fields=["sponsor"])
            return
        found = Topic.objects.filter(board=act.board, public_id=topic, sponsor=None).open().first()
        if found is None:
            raise NotAllowed("Somebody brings this topic already.")
        found.sponsor, found.hidden_author = by, None
        found.save(update_fields=["sponsor", "hidden_author"])


def _own(act: Sitting, topic: str, *, states: list[TopicState] | None = None) -> Topic:
    """A topic of the one who acts, under a name or without. Raises NotAllowed."""
    assert act.by is not None  # noqa: S101 -- topics are changed by people
    wanted = states or [TopicState.OPEN]
    found = Topic.objects.filter(board=act.board, public_id=topic, state__in=wanted).first()
    if found is None or not is_own(act.board, found, act.by):
        raise NotAllowed("Only its sponsor changes a topic, and only while it is open.")
    found.board = act.board
    return found


def is_own(board: Board, topic: Topic, person: Person) -> bool:
    """Whether this person brought the topic; without a name only the board's secret can tell."""
    if topic.hidden_author is None or board.secret is None:
        return topic.sponsor_id == person.pk
    return bytes(topic.hidden_author) == ballots.pseudonym(board.secret, person.pk)
