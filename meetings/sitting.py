"""One act at a board: the lock, what the clock owes first, who may do it, and what it brings about in the rows.

Lock order: meeting (only where the board may close, or a role may go to somebody), board, call, then topic, round,
takeaway. The row of a role points at its meeting, and so waits for whoever moves that; they hold the meeting before
the board, and so does who gives a role. An act that others see takes the board by raising its version; a dot or a thumb
takes it with `quiet` and leaves the version as it is. What a turn brings about is next door in settling.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from django.db import transaction

from meetings import ballots, boxes, live, overtaking, settling
from meetings.boxes import LEEWAY, Phase, Turn
from meetings.leading import SIGN_OF_LIFE
from meetings.models.board import Board, Move
from meetings.models.meeting import Meeting, Role
from meetings.settling import Settling
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.postgres import later

log = structlog.get_logger(__name__)

MOVES_KEPT = 20


class May(StrEnum):
    """Who may do a thing: every reader, who keeps the time, who leads, the sponsor of the round, whose turn it is."""

    READ = "read"
    KEEP = "keep"
    LEAD = "lead"
    SPONSOR = "sponsor"
    TURN = "turn"


WHO = {
    May.KEEP: "The facilitator or the timekeeper does this.",
    May.LEAD: "The facilitator does this.",
    May.SPONSOR: "The topic's sponsor does this.",
    May.TURN: "It is somebody else's turn.",
}


class Outdated(NotAllowed):
    """The page showed an earlier step: the board has moved on meanwhile, by a hand or by its clock."""


@dataclass
class Sitting(Settling):
    """The locked board at one moment, and the person who acts; nobody when the clock acts by itself."""

    by: Person | None = None

    def __post_init__(self) -> None:
        self.taken = dict(vars(self.board))

    def changed(self) -> list[str]:
        """The columns of the board that are no more as they were taken."""
        now = vars(self.board)
        return [
            field.attname for field in Board._meta.concrete_fields if now[field.attname] != self.taken[field.attname]
        ]

    def must(self, may: May) -> None:
        """Raises NotAllowed for somebody who has no such role, or no longer belongs to the group."""
        me = self.by.pk if self.by else None
        if me not in self.readers:
            raise NotAllowed("You no longer belong to this meeting.")
        leads = me == self.roles.get(Role.FACILITATOR)
        if leads:
            self.board.led_until = max(self.board.led_until or self.now, self.now + SIGN_OF_LIFE)
        allowed = {
            May.READ: lambda: True,
            May.KEEP: lambda: leads or me == self.roles.get(Role.TIMEKEEPER),
            May.LEAD: lambda: leads,
            May.SPONSOR: lambda: self._sponsors(me, leads=leads),
            May.TURN: lambda: me == self.at_turn,
        }
        if not allowed[may]():
            raise NotAllowed(WHO[may])

    def _sponsors(self, me: int | None, *, leads: bool) -> bool:
        talk = self.talk
        sponsor = talk.sponsor_id if talk else None
        return me == sponsor or (leads and sponsor not in ballots.device_ids(self.board))

    def move(self, what: str, turn: Turn) -> str:
        """A person's move: remembered for undo, then carried out with all that it brings about."""
        before = self.board.remembered()
        Move.objects.create(board=self.board, step=self.board.step, what=what, before=before, at=self.now)
        old = Move.objects.filter(board=self.board).order_by("-step").values("pk")[MOVES_KEPT:]
        Move.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
        self.settle(turn)
        return turn.said

    def tell(self, table: Board, *, fresh: bool = True) -> bool:
        """Save what changed and say so on commit; where the lock was quiet the version rises only here."""
        if not fresh:
            self.board.version += 1
        if changed := self.changed():
            later.update(self.board, changed)
        live.changed(self.board.meeting_id, self.board.version)
        table.version, table.clock = self.board.version, self.clock
        return True


@contextmanager
def sitting(
    table: Board, *, by: Person, may: May = May.READ, step: int | None = None, holds: int | None = None
) -> Iterator[Sitting]:
    """One act that others see, under the board's lock. What the clock owed stays written if the act is refused.

    `holds` is the key of a meeting that is held first.

    Raises NotAllowed for a wrong role, and Outdated when the page showed another step.
    """
    refusal = None
    with transaction.atomic():
        _lock_meetings(table, holds)
        act = Sitting(*_take(table), by)
        table.acted_at = act.now
        owed = act.catch_up()
        stands = act.clock
        try:
            with transaction.atomic() if owed else nullcontext():
                _check(act, may, step)
                yield act
        except NotAllowed as error:
            if not owed:
                raise
            act.board.clock, refusal = stands, error
        act.tell(table)
    if refusal is not None:
        raise refusal


def _lock_meetings(table: Board, holds: int | None = None) -> None:
    """A board that closes also writes attendance. Meetings are always the first lock, the earlier one before others."""
    over = clock.now() >= table.ends_at + boxes.CLOSES_ITSELF_AFTER - boxes.MINUTE  # the database's clock may be ahead
    keys = {key for key in (table.meeting_id if over else None, holds) if key is not None}
    if keys:
        first = Meeting.objects.select_for_update(no_key=True).filter(pk__in=keys)
        list(first.order_by("starts_at", "pk").values_list("pk"))


def _take(table: Board, *, raised: int = 1) -> tuple[Board, datetime]:
    """The board's lock, and since when it is held; the meeting, which no act changes, comes from the guard."""
    board, now = settling.take(table.meeting_id, raised=raised)
    board.meeting, board.open_calls = table.meeting, table.open_calls
    return board, now


def _check(act: Sitting, may: May, step: int | None) -> None:
    if act.board.phase == Phase.CLOSED:
        raise NotAllowed("This board is closed.")
    if act.called_off:
        raise NotAllowed("This meeting was called off. Bring it to the next one.")
    act.must(may)
    if step is not None and step != act.board.step:
        raise Outdated(overtaking.told(act.board, step, me=act.by.pk if act.by else 0))


@contextmanager
def quiet(table: Board, *, by: Person | None) -> Iterator[Sitting]:
    """The lock alone, for a dot, a thumb or the clock: nobody is told, not even that it happened, unless it moves."""
    with transaction.atomic():
        _lock_meetings(table)
        act = Sitting(*_take(table, raised=0), by)
        table.acted_at = act.now
        yield act


def advance(table: Board) -> bool:
    """Do what the board's clock owes by now; ten at once do it once. Whether anything was due."""
    with quiet(table, by=None) as act:
        return act.catch_up() and act.tell(table, fresh=False)


def end_what_is_over(table: Board) -> None:
    """Before an answer to a call: a box whose time is over is ended first, and stays ended whatever becomes of it."""
    if table.box_ends_at is not None and clock.now() > table.box_ends_at + LEEWAY:
        advance(table)


def remembered(move: Move) -> boxes.Move:
    """The move as the clock's rules know it."""
    return boxes.Move(move.step, move.what, Board.as_it_was(move.before).clock, move.at)


def board_of(meeting_id: int) -> Board:
    """The board of a meeting, for who has no guard to ask: the clock's own moves."""
    return Board.objects.select_related("meeting__group").get(meeting=meeting_id)


def advance_all() -> int:
    """Every board on which the clock owes something, one transaction each. How many have moved.

    A board that breaks keeps none of the others waiting.
    """
    moved = 0
    for table in Board.objects.due(clock.database_now()).select_related("meeting__group"):
        try:
            moved += advance(table)
        except Exception:
            log.exception("board did not advance", about=f"board:{table.pk}")
    return moved
