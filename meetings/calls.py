"""Dots, thumbs and "I am done": what each person answers to a call. Dots and thumbs are told to nobody.

A dot is set, not added: a repeat is harmless, and a request key keeps a late retry from overwriting a newer choice.
Each names the call that its page showed, so that none of an earlier one lands in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from meetings import ballots, pressing, sitting, voting
from meetings.boxes import LEEWAY, Phase
from meetings.models.ballot import Call, Done, Dot, Kind, RequestKey
from meetings.models.board import Board, Here, Topic, TopicState
from meetings.sitting import Sitting
from members.models.person import Person
from roundtable.errors import NotAllowed
from roundtable.prepared import Prepared, Rows, blank, records

NO_KEY = UUID(int=0)
NOT_ASKED = {Kind.DOTS: "Dots are not asked now.", Kind.THUMBS: "Thumbs are not asked now."}
COUNTED = "This was for a question that is over by now; look at the board, and press again."


@dataclass(frozen=True)
class Asked:
    """The open call, whether this very press was taken already, and the key of the topic that it means, or into which
    that one was merged meanwhile."""

    call: Call
    repeated: bool
    topic: int | None
    merged: bool = False
    given: Sequence[Dot] = ()  # this person's dots in it


def dots(table: Board, *, by: Person, topic: str, dots: int, key: UUID, call: int | None = None) -> None:
    """So many of my dots lie on this topic, in the call of this number, or in whichever is open.

    Raises NotAllowed beyond the budget, and once the count has begun.
    """
    key = pressing.named(key, by, f"{topic}:{dots}")
    sitting.end_what_is_over(table)
    with sitting.quiet(table, by=by) as act:
        asked = _asked(act, Kind.DOTS, by=by, key=key, topic=topic, number=call)
        if asked.repeated:
            return
        if asked.topic is None:
            raise NotAllowed("This topic is not open any more.")
        give = ballots.add_dots if asked.merged else ballots.give_dots
        give(asked.call, by, asked.topic, given=asked.given, dots=dots, key=key)


def thumb(table: Board, *, by: Person, way: voting.Thumb, key: UUID, call: int | None = None) -> None:
    """My thumb in the call of this number, or in whichever is open; the last one counts. The one that completes the
    round of thumbs brings the verdict. Raises NotAllowed.
    """
    key = pressing.named(key, by, way)
    sitting.end_what_is_over(table)
    with sitting.quiet(table, by=by) as act:
        asked = _asked(act, Kind.THUMBS, by=by, key=key, number=call)
        if asked.repeated:
            return
        ballots.give_thumb(asked.call, by, way=way, key=key)
        if ballots.everybody_answered(act.board, asked.call) and act.catch_up():
            act.tell(table, fresh=False)


def done(table: Board, *, by: Person) -> None:
    """ "I am done", said by pressing and never derived from dots. When all here are done the dots are counted.

    Raises NotAllowed while early dots are placed: then it would end the time for dots before that has begun.
    """
    with sitting.sitting(table, by=by) as act:
        if act.board.phase != Phase.DOTS:
            raise NotAllowed(NOT_ASKED[Kind.DOTS])
        asked = _asked(act, Kind.DOTS, by=by)
        Done.objects.get_or_create(call=asked.call, person=by)
        act.catch_up()


def _open_call() -> QuerySet[Call]:
    me, board = blank("person"), OuterRef("board")
    meant = Topic.objects.filter(board=board, public_id=blank("topic", "text"))
    asked = Call.objects.filter(board=blank("board"), kind=blank("kind", "text"), closed_at=None)
    return asked.annotate(
        here=Exists(Here.objects.filter(board=board, person=me, in_room=False)),
        repeated=Exists(RequestKey.objects.filter(key=blank("key", "uuid"))),
        topic=Subquery(meant.open().values("pk")),
        whole=Subquery(meant.filter(merged_into__state=TopicState.OPEN).values("merged_into")),
        given=Rows(Dot.objects.filter(call=OuterRef("pk"), voter=blank("voter", "bytea"))),
    )


OPEN_CALL: Prepared[Call] = Prepared(_open_call)  # asked with every dot and thumb


def _asked(
    act: Sitting, kind: Kind, *, by: Person, key: UUID = NO_KEY, topic: str = "", number: int | None = None
) -> Asked:
    """The open call, for a reader who is here, or before the meeting anywhere: in one statement after the lock, with
    whether the request was taken already, and the topic meant. Raises NotAllowed."""
    found: dict[str, Any] = {"board": act.board.pk, "kind": kind.value, "person": by.pk}
    voter = ballots.voters(act.board, by).get(kind)
    call: Any = OPEN_CALL.first(**found, key=str(key), topic=topic, voter=voter.name if voter else None)
    if call is None:
        raise NotAllowed(NOT_ASKED[kind])
    if by.pk not in act.readers:
        raise NotAllowed("You no longer belong to this meeting.")
    if number is not None and number != call.number:
        raise NotAllowed(COUNTED)
    is_on = kind is not Kind.DOTS or act.board.phase == Phase.DOTS  # elsewhere open dots have no deadline
    if is_on and call.closes_at is not None and act.now > call.closes_at + LEEWAY:
        raise NotAllowed("The count has begun.")
    if act.board.phase != Phase.OPEN and not call.here:
        raise NotAllowed('Press "I am here" first: only those who are here decide.')
    call.board = act.board
    known = kind is not Kind.DOTS or (voter is not None and voter.call == call.pk)
    given = records(Dot, call.given) if known else list(ballots.given_by(call, by))
    merged = call.whole is not None
    return Asked(call, repeated=call.repeated, topic=call.topic or call.whole, merged=merged, given=given)
