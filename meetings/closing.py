"""The last minutes of a meeting: who leads the next one, and how this one was.

Lock order: the next meeting, board, then the roles of the next meeting.
"""

from __future__ import annotations

from meetings import ballots, rota, sitting
from meetings.boxes import Phase
from meetings.models.board import Board, Here
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.pulse import ANSWERS, PulseAnswer
from members.models.person import Person
from members.models.program import Roster
from roundtable.errors import NotAllowed

PULSE = "pulse"


def accept_next(table: Board, *, by: Person) -> None:
    """I lead the next meeting: as the rota has it, or instead of who has not said yes. Raises NotAllowed."""
    following = Meeting.objects.following(table.meeting)
    with sitting.sitting(table, by=by, holds=following.pk if following else None) as act:
        if act.board.meeting.group.roster == Roster.OPEN:
            raise NotAllowed("A roundtable is led by its host.")
        if following != Meeting.objects.following(act.board.meeting):
            raise NotAllowed("The next date is another one since a moment ago: look at it, and press again.")
        if following is None:
            raise NotAllowed("No next date is planned yet.")
        held = {one.role: one for one in MeetingRole.objects.select_for_update().filter(meeting=following)}
        leads, keeps = held.get(Role.FACILITATOR), held.get(Role.TIMEKEEPER)
        if leads is not None and leads.accepted_at is not None and leads.person_id != by.pk:
            raise NotAllowed("Somebody else has said yes already.")
        if keeps is not None and keeps.person_id == by.pk:
            _swap(keeps, leads)
        MeetingRole.objects.update_or_create(
            meeting=following, role=Role.FACILITATOR, defaults={"person": by, "accepted_at": act.now}
        )
        rota.drop_offers(following, Role.FACILITATOR)


def _swap(keeps: MeetingRole, leads: MeetingRole | None) -> None:
    """Leading and keeping the time are two people: who would have led keeps the time instead."""
    if leads is None:
        keeps.delete()
    else:
        MeetingRole.objects.filter(pk=keeps.pk).update(person=leads.person_id)


def pulse(table: Board, *, by: Person, needed: int, worth: int) -> None:
    """My two numbers about this meeting, told to nobody; said again they replace the first. Raises NotAllowed."""
    with sitting.quiet(table, by=by) as act:
        if act.board.phase != Phase.CLOSING:
            raise NotAllowed("How it was is asked while the meeting closes.")
        if not Here.objects.filter(board=act.board, person=by).exists():
            raise NotAllowed('Press "I am here" first: only those who are here are asked.')
        if not all(ANSWERS[0] <= number <= ANSWERS[1] for number in (needed, worth)):
            raise NotAllowed("Both are numbers from 1 to 5.")
        voter = ballots.pseudonym(ballots.secret_of(act.board), by.pk, of=PULSE)
        PulseAnswer.objects.update_or_create(board=act.board, voter=voter, defaults={"needed": needed, "worth": worth})
