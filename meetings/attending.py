"""Who is here, whose hand is up, who leads: people at a board."""

from __future__ import annotations

from datetime import timedelta

from meetings import ballots, sitting
from meetings.boxes import Phase
from meetings.leading import SIGN_OF_LIFE, Silence
from meetings.models.board import Board, Hand, Here
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.speaker import Speaker
from meetings.sitting import May, Sitting
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.postgres import later

TAKEN_BACK_FOR = timedelta(seconds=60)
SIGN_WITHOUT_SCRIPTS = timedelta(minutes=10)


def here(table: Board, *, by: Person) -> None:
    """I am in this meeting now. Twice is once."""
    with sitting.sitting(table, by=by) as act:
        row, fresh = Here.objects.get_or_create(board=act.board, person=by, defaults={"since_at": act.now})
        if row.in_room:  # now with a device of one's own
            Here.objects.filter(pk=row.pk).update(in_room=False)
            ballots.count_hands_again(act.board)
        if fresh:
            ballots.ask_anew_about_recording(act.board)
            queue(act, by.pk)


def gone(table: Board, *, by: Person) -> None:
    """I had to leave: my dots and thumbs no longer decide, and nobody waits for them."""
    with sitting.sitting(table, by=by) as act:
        _depart(act, by.pk)
        act.catch_up()


def belongs_no_more(meeting: Meeting, person: Person) -> None:
    """Somebody left the group while the board was open: the others see it. The caller holds the meeting."""
    table = Board.objects.filter(meeting=meeting).exclude(phase=Phase.CLOSED).first()
    if table is None:
        return
    table.meeting = meeting
    with sitting.quiet(table, by=None) as act:
        act.catch_up()
        _depart(act, person.pk)
        act.tell(table, fresh=False)


def _depart(act: Sitting, person: int) -> None:
    mine = Here.objects.filter(board=act.board, person=person).first()
    if mine is not None:
        mine.delete()
        if mine.in_room:
            ballots.count_hands_again(act.board)
        ballots.ask_anew_about_recording(act.board)
        unqueue(act, person)
    Hand.objects.filter(board=act.board, person=person).delete()


def queue(act: Sitting, person: int) -> None:
    """Who comes while turns are taken speaks last."""
    drawn = Speaker.objects.of(act.board, act.board.phase)
    if drawn.exists() and not drawn.filter(person=person).exists():
        Speaker.objects.create(board=act.board, phase=act.board.phase, place=drawn.count(), person_id=person)


def unqueue(act: Sitting, person: int) -> None:
    """Who leaves before their turn leaves no gap in the line."""
    drawn = list(Speaker.objects.of(act.board, act.board.phase).filter(place__gt=act.clock.turn))
    gone = next((one for one in drawn if one.person_id == person), None)
    if gone is None:
        return
    gone.delete()
    for one in drawn[drawn.index(gone) + 1 :]:
        one.place -= 1
        one.save(update_fields=["place"])


def hand(table: Board, *, by: Person, up: bool) -> None:
    """My hand, raised at the end of the queue or lowered."""
    with sitting.sitting(table, by=by) as act:
        if up:
            later.insert(Hand(board_id=act.board.pk, person_id=by.pk), ignore_conflicts=True)
        else:
            later.delete(Hand, board=act.board.pk, person=by.pk)


def lower(table: Board, *, by: Person, of: str) -> None:
    """Who leads, or speaks, has heard this hand. Raises NotAllowed for others."""
    with sitting.sitting(table, by=by) as act:
        talk = act.talk
        if by.pk not in (act.board.speaks, talk.sponsor_id if talk else None, act.at_turn):
            act.must(May.LEAD)
        Hand.objects.filter(board=act.board, person__public_id=of).delete()


def name_speaker(table: Board, *, by: Person, of: str) -> None:
    """The facilitator says whose talk or case it is. Raises NotAllowed for who does not belong to the meeting."""
    with sitting.sitting(table, by=by, may=May.LEAD) as act:
        person = Person.objects.filter(public_id=of, pk__in=act.readers).first()
        if person is None:
            raise NotAllowed("This person does not belong to this meeting.")
        act.board.speaker = person


def sign_of_life(table: Board, *, by: Person, scripts: bool = True) -> None:
    """The facilitator's page is open; told to nobody. The timekeeper's page asks alike, and hears in the answer whether
    its owner may take over; it does not stand for who leads, and neither does anybody else's.

    A page without scripts gives a sign only with a press, so that one counts for longer.
    """
    leads = MeetingRole.objects.filter(meeting=table.meeting_id, role=Role.FACILITATOR, person=by)
    if leads.exists():
        table.acted_at = clock.database_now()
        until = table.acted_at + (SIGN_OF_LIFE if scripts else SIGN_WITHOUT_SCRIPTS)
        Board.objects.filter(pk=table.pk).update(led_until=until)


def hand_over(table: Board, *, by: Person, role: Role, to: str) -> None:
    """The facilitator gives a role to somebody who is here; everybody sees it."""
    with sitting.sitting(table, by=by, may=May.LEAD, holds=table.meeting_id) as act:
        there = Here.objects.filter(board=act.board, person__public_id=to).select_related("person").first()
        if there is None or there.in_room:
            raise NotAllowed("This person is not here with a device of their own.")
        _give(act, role, there.person)


def take_over(table: Board, *, by: Person) -> None:
    """Nobody leads: after a minute without a sign the timekeeper may, half a minute later anybody who is here, and
    anybody at once from the autopilot, which ends with it.

    The first press wins. Whoever held the role may take it back at any time (`take_back`).
    """
    with sitting.sitting(table, by=by, holds=table.meeting_id) as act:
        if act.roles.get(Role.FACILITATOR) == by.pk:
            return
        needed = Silence.TIMEKEEPER if act.roles.get(Role.TIMEKEEPER) == by.pk else Silence.ANYBODY
        if Role.FACILITATOR in act.roles and act.board.silence(act.now) < needed:
            raise NotAllowed("Somebody leads: ask for the role.")
        if not Here.objects.filter(board=act.board, person=by).exists():
            raise NotAllowed('Press "I am here" first.')
        act.board.autopilot = False
        _give(act, Role.FACILITATOR, by, taken=True)


def take_back(table: Board, *, by: Person, role: Role) -> None:
    """Who returns has the role again that somebody took over; what was handed over comes back within a minute.

    Raises NotAllowed.
    """
    with sitting.sitting(table, by=by, holds=table.meeting_id) as act:
        held = MeetingRole.objects.filter(meeting=act.board.meeting_id, role=role).first()
        if held is None or by.pk not in (held.by_right_id, held.before_id):
            raise NotAllowed("This role was not taken from you.")
        fresh = held.changed_at is not None and act.now <= held.changed_at + TAKEN_BACK_FOR
        if by.pk != held.by_right_id and not fresh:
            raise NotAllowed("You handed it over more than a minute ago: ask for it.")
        _give(act, role, by)
        MeetingRole.objects.filter(pk=held.pk).update(before=None)


def _give(act: Sitting, role: Role, person: Person, *, taken: bool = False) -> None:
    """A role goes over. Who led by right when somebody took over may have it back, through how many hands it goes
    meanwhile; who has handed it over may have it back for a minute.
    """
    held = MeetingRole.objects.filter(meeting=act.board.meeting_id, role=role).first()
    had, right = (held.person_id, held.by_right_id) if held else (None, None)
    right = right or (had if taken else None)
    by_right = None if right == person.pk else right
    MeetingRole.objects.update_or_create(
        meeting_id=act.board.meeting_id,
        role=role,
        defaults={
            "person": person,
            "acting": taken or by_right is not None,
            "by_right_id": by_right,
            "before_id": None if taken else had,
            "changed_at": act.now,
        },
    )
    if role == Role.FACILITATOR:
        act.board.led_until = act.now + SIGN_OF_LIFE
