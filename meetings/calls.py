"""Dots, thumbs and "I am done": what each person answers to a call. Dots and thumbs are told to nobody.

A dot is set, not added: a repeat is harmless, and a request key keeps a late retry from overwriting a newer choice.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from meetings import ballots, sitting, voting
from meetings.boxes import Phase
from meetings.models.board import Board, Call, Done, Here, Kind, RequestKey, Topic
from meetings.sitting import Sitting
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed

LEEWAY = timedelta(seconds=1)  # pressed in time, a second on the way
NOT_ASKED = {Kind.DOTS: "Dots are not asked now.", Kind.THUMBS: "Thumbs are not asked now."}


def dots(table: Board, *, by: Person, topic: str, dots: int, key: UUID) -> None:
    """So many of my dots lie on this topic. Raises NotAllowed beyond the budget, or once the count has begun."""
    _catch_up(table)
    with sitting.quiet(table, by=by) as act:
        call = _open(act, Kind.DOTS)
        if RequestKey.objects.filter(key=key).exists():
            return
        chosen = Topic.objects.filter(board=act.board, public_id=topic).open().first()
        if chosen is None:
            raise NotAllowed("This topic is not open any more.")
        ballots.give_dots(call, by, chosen, dots=dots, key=key)


def thumb(table: Board, *, by: Person, way: voting.Thumb, key: UUID) -> None:
    """My thumb, once; the last one counts. The one that completes the round of thumbs brings the verdict."""
    _catch_up(table)
    with sitting.quiet(table, by=by) as act:
        call = _open(act, Kind.THUMBS)
        if RequestKey.objects.filter(key=key).exists():
            return
        ballots.give_thumb(call, by, way=way, key=key)
        if ballots.everybody_answered(act.board, call) and act.catch_up():
            act.tell(table, fresh=False)


def done(table: Board, *, by: Person) -> None:
    """ "I am done", said by pressing and never derived from dots. When all here are done the dots are counted."""
    with sitting.sitting(table, by=by) as act:
        call = _open(act, Kind.DOTS)
        Done.objects.get_or_create(call=call, person=by)
        act.catch_up()


def _open(act: Sitting, kind: Kind) -> Call:
    """The open call, for a reader who is here, or before the meeting anywhere. Raises NotAllowed."""
    assert act.by is not None  # noqa: S101 -- calls are answered by people
    if act.by.pk not in act.readers:
        raise NotAllowed("You no longer belong to this meeting.")
    call = ballots.current(act.board, kind)
    if call is None:
        raise NotAllowed(NOT_ASKED[kind])
    if call.closes_at is not None and act.now > call.closes_at + LEEWAY:
        raise NotAllowed("The count has begun.")
    if act.board.phase != Phase.OPEN and not Here.objects.filter(board=act.board, person=act.by).exists():
        raise NotAllowed('Press "I am here" first: only those who are here decide.')
    return call


def _catch_up(table: Board) -> None:
    """A box whose time is over is ended first, and stays ended whatever becomes of the answer."""
    if table.box_ends_at is not None and clock.now() > table.box_ends_at + LEEWAY:
        sitting.advance(table)
