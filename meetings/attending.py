"""Who is here, whose hand is up, who leads: people at a board."""

from __future__ import annotations

from datetime import timedelta

from meetings import ballots, sitting
from meetings.models.board import Board, Hand, Here
from meetings.models.meeting import MeetingRole, Role
from meetings.sitting import SIGN_OF_LIFE, May, Sitting
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed

OTHERS_WAIT = timedelta(seconds=30)  # the timekeeper may take over first


def here(table: Board, *, by: Person) -> None:
    """I am in this meeting now. Twice is once."""
    with sitting.sitting(table, by=by) as act:
        _, fresh = Here.objects.get_or_create(board=act.board, person=by, defaults={"since_at": act.now})
        if fresh:
            ballots.ask_anew_about_recording(act.board)


def gone(table: Board, *, by: Person) -> None:
    """I had to leave: my dots and thumbs no longer decide."""
    with sitting.sitting(table, by=by) as act:
        left, _ = Here.objects.filter(board=act.board, person=by).delete()
        if left:
            ballots.ask_anew_about_recording(act.board)
        Hand.objects.filter(board=act.board, person=by).delete()


def hand(table: Board, *, by: Person, up: bool) -> None:
    """My hand, raised at the end of the queue or lowered."""
    with sitting.sitting(table, by=by) as act:
        if up:
            Hand.objects.bulk_create([Hand(board=act.board, person=by)], ignore_conflicts=True)
        else:
            Hand.objects.filter(board=act.board, person=by).delete()


def sign_of_life(table: Board, *, by: Person) -> None:
    """The facilitator's page is open; told to nobody. Anybody else's sign says nothing."""
    leads = MeetingRole.objects.filter(meeting=table.meeting_id, role=Role.FACILITATOR, person=by)
    if leads.exists():
        Board.objects.filter(pk=table.pk).update(led_until=clock.database_now() + SIGN_OF_LIFE)


def hand_over(table: Board, *, by: Person, role: Role, to: str) -> None:
    """The facilitator gives a role to somebody who is here; everybody sees it."""
    with sitting.sitting(table, by=by, may=May.LEAD) as act:
        there = Here.objects.filter(board=act.board, person__public_id=to).select_related("person").first()
        if there is None:
            raise NotAllowed("This person is not here.")
        _give(act, role, there.person, acting=False)


def take_over(table: Board, *, by: Person) -> None:
    """Nobody leads: after a minute without a sign the timekeeper may, half a minute later anybody who is here.

    The first press wins. Whoever held the role may take it back at any time.
    """
    with sitting.sitting(table, by=by) as act:
        if act.roles.get(Role.FACILITATOR) == by.pk:
            return
        silent_since = act.board.led_until or act.board.starts_at
        wait = timedelta(0) if act.roles.get(Role.TIMEKEEPER) == by.pk else OTHERS_WAIT
        if Role.FACILITATOR in act.roles and act.now < silent_since + wait:
            raise NotAllowed("Somebody leads: ask for the role.")
        if not Here.objects.filter(board=act.board, person=by).exists():
            raise NotAllowed('Press "I am here" first.')
        _give(act, Role.FACILITATOR, by, acting=True)


def _give(act: Sitting, role: Role, person: Person, *, acting: bool) -> None:
    MeetingRole.objects.update_or_create(
        meeting_id=act.board.meeting_id, role=role, defaults={"person": person, "acting": acting}
    )
    if role == Role.FACILITATOR:
        act.board.led_until = act.now + SIGN_OF_LIFE
