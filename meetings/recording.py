"""A recording needs the yes of everybody who is here, for this meeting alone; it is off until then.

Each answer is private, and each may be taken back. Who comes or goes resets all of them (attending.py). Under the
board's lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from meetings import ballots, sitting
from meetings.boxes import Phase
from meetings.models.board import Board, Here
from members.models.person import Person
from roundtable.errors import NotAllowed


def answer(table: Board, *, by: Person, yes: bool) -> bool:
    """My word on a recording. Whether it may run now; the others are told only when that has changed.

    Raises NotAllowed for who is not here, and once the board is closed.
    """
    with sitting.quiet(table, by=by) as act:
        if act.board.phase == Phase.CLOSED:
            raise NotAllowed("This meeting is over.")
        if not Here.objects.filter(board=act.board, person=by).exists():
            raise NotAllowed('Press "I am here" on the board first: only those who are here decide.')
        before = ballots.may_record(act.board)
        ballots.say_to_recording(act.board, by, yes=yes)
        after = ballots.may_record(act.board)
        if before != after:
            act.tell(table, fresh=False)
        return after


@dataclass(frozen=True)
class Standing:
    """Where I stand with a recording of this meeting, and whether it may run: nothing of anybody else."""

    here: bool
    agrees: bool
    may_run: bool


def standing(table: Board, person: Person) -> Standing:
    """For one reader of the board."""
    here = Here.objects.filter(board=table, person=person).exists()
    return Standing(here, ballots.agrees_to_recording(table, person), ballots.may_record(table))
