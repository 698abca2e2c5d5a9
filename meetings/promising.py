"""What members say they will do until the next meeting, and what came of it. One sentence, one's own name, no score.

Under the board's lock, as in sitting.py.
"""

from __future__ import annotations

from meetings import rounds, sitting
from meetings.boxes import Phase
from meetings.models.board import Board
from meetings.models.takeaway import Promise, PromiseState
from members.models.person import Person
from members.models.program import Roster
from roundtable.errors import NotAllowed

Word = PromiseState
WORDS = (Word.DONE, Word.CARRIED, Word.DROPPED)


def promise(table: Board, *, by: Person, text: str) -> None:
    """My promise of this meeting; said again it replaces what I said. Raises NotAllowed.

    The next guests of a roundtable are others: there nobody could be asked.
    """
    with sitting.sitting(table, by=by) as act:
        if act.board.meeting.group.roster == Roster.OPEN:
            raise NotAllowed("A roundtable's next guests are others: promises are for circles.")
        if act.board.phase == Phase.OPEN:
            raise NotAllowed("The meeting has not begun: a promise comes out of it.")
        if len(text.split("\n")) > 1:
            raise NotAllowed("A promise is one sentence.")
        mine = Promise.objects.filter(board=act.board, person=by, carried_from=None).first()
        mine = mine or Promise(board=act.board, person=by)
        mine.text = text
        mine.save()


def tell(table: Board, *, by: Person, promise: str, word: PromiseState) -> None:
    """What came of mine: done, dropped, or carried on to the next meeting; the last word ends the time for them.

    Raises NotAllowed for anybody else's.
    """
    with sitting.sitting(table, by=by) as act:
        waiting = (
            Promise.objects.open_at(act.board).filter(person=by, public_id=promise).select_for_update(of=("self",))
        )
        mine = waiting.first()
        if mine is None:
            raise NotAllowed("Each says what came of their own promise, once.")
        mine.state = word
        mine.save(update_fields=["state"])
        if word == PromiseState.CARRIED:
            Promise.objects.create(board=act.board, person=by, text=mine.text, carried_from=mine)
        if act.clock.phase is Phase.PROMISES and not (room := act.room()).promises:
            act.settle(rounds.enough(act.clock, act.now, act.plan, room))
