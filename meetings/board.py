"""The board's phases and its clock: begin, next, pause, one minute more, enough, back, and the close.

Every act is a sitting (sitting.py): lock, what the clock owes, role, step, move. Topics, calls and people are next door
in topics.py, calls.py and attending.py.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from meetings import agenda, ballots, holding, keeping, rounds, sitting
from meetings.boxes import Box, Phase
from meetings.models.ballot import Kind
from meetings.models.board import Board, Move, Round, Topic, TopicState
from meetings.models.meeting import Meeting
from meetings.models.speaker import Breather, Speaker
from meetings.models.takeaway import Takeaway
from meetings.sitting import May, Sitting
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed

OPTIONS = ("check_in", "promises", "once")
DECIDED = (Box.THUMBS, Box.DECISION, Box.EXTENSION, Box.TAKEAWAY)
WORD = "the facilitator's word"
OVERRIDE = f"; {WORD}"  # against the thumbs, or where they were equal


@transaction.atomic
def prepare(meeting: Meeting) -> Board:
    """The board of a planned meeting, open for topics and early dots from now on. A moved meeting takes it along."""
    closing = timedelta(minutes=agenda.closing_minutes(agenda.Format(meeting.format)))
    times = {"starts_at": meeting.starts_at, "closing_at": meeting.ends_at - closing, "ends_at": meeting.ends_at}
    board, fresh = Board.objects.select_for_update().get_or_create(meeting=meeting, defaults=times)
    board.meeting = meeting
    if fresh:
        _take_over_options(board)
        keeping.carry_from_last(board)
    elif board.phase == Phase.OPEN:
        if board.starts_at != meeting.starts_at:
            board.topics_before = None
        for name, moment in times.items():
            setattr(board, name, moment)
        board.version += 1
        board.save()
    if board.phase == Phase.OPEN:  # also of a date that had been called off, and takes place after all
        ballots.open_call(board, Kind.DOTS, now=clock.database_now(), closes_at=None)
    return board


def _take_over_options(board: Board) -> None:
    """How a group does it is how it did it last time."""
    earlier = Board.objects.filter(meeting__group=board.meeting.group_id, starts_at__lt=board.starts_at)
    last = earlier.order_by("-starts_at", "-pk").first()
    for name in OPTIONS if last is not None else ():
        setattr(board, name, getattr(last, name))
    board.save()


def has_begun(meeting: Meeting) -> bool:
    """Whether the clock of its board runs already, or is over."""
    return Board.objects.filter(meeting=meeting).exclude(phase=Phase.OPEN).exists()


def pass_on(meeting: Meeting) -> None:
    """The meeting falls out: what waits on its board goes on to the next one."""
    for table in Board.objects.select_for_update(of=("self",)).filter(meeting=meeting).select_related("meeting__group"):
        keeping.offer(table)


def pass_to(meeting: Meeting, other: Meeting) -> None:
    """The same where no later date is planned: what was passed on goes to this other one's board."""
    target = Board.objects.select_for_update(of=("self",)).filter(meeting=other).first()
    for table in Board.objects.filter(meeting=meeting).select_related("meeting__group"):
        if target is not None:
            keeping.carry(table, target)


def begin(table: Board, *, by: Person, step: int) -> str:
    """The meeting begins with the welcome."""
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        return act.move("begin", rounds.begin(act.clock, act.now, act.plan, act.room()))


def go(table: Board, *, by: Person, step: int, phase: Phase) -> str:
    """To any other phase; a running round is parked with its rest and comes back as it was. Dots are asked only while a
    topic can follow them.
    """
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        if phase is Phase.DOTS:
            answer = agenda.may_open(act.left, agenda.Opening.DOTS, act.plan.lengths)
            if not answer.allowed:
                raise NotAllowed(answer.sentence)
        return act.move("go", rounds.go(act.clock, phase, act.now, act.plan, act.room()))


def enough(table: Board, *, by: Person, step: int) -> str:
    """End what is on before its time: the box, the turn, the count."""
    with sitting.sitting(table, by=by, may=May.KEEP, step=step) as act:
        return act.move("enough", rounds.enough(act.clock, act.now, act.plan, act.room()))


def end_turn(table: Board, *, by: Person, step: int, passed: bool) -> str:
    """I have said it, or I pass: the next one in the drawn order speaks."""
    with sitting.sitting(table, by=by, may=May.TURN, step=step) as act:
        if passed:
            Speaker.objects.of(act.board, act.board.phase).filter(person=by).update(passed=True)
        return act.move("turn", rounds.enough(act.clock, act.now, act.plan, act.room()))


def over_to_you(table: Board, *, by: Person, step: int) -> str:
    """The sponsor has said it: the discussion begins."""
    with sitting.sitting(table, by=by, may=May.SPONSOR, step=step) as act:
        if act.clock.box != "sponsor":
            raise NotAllowed("The discussion has begun already.")
        return act.move("over_to_you", rounds.enough(act.clock, act.now, act.plan, act.room()))


def pause(table: Board, *, by: Person, step: int) -> str:
    """The clock rests and keeps what is left. Anybody may ask for a moment, once in a box, and is not named."""
    with sitting.sitting(table, by=by, may=May.READ, step=step) as act:
        if by.pk not in act.roles.values():
            _one_moment(act, by)
        return act.move("pause", holding.pause(act.clock, act.now))


def _one_moment(act: Sitting, by: Person) -> None:
    """Kept under a pseudonym for as long as the box lasts."""
    spot = ":".join(str(part) for part in (*act.clock.spot, act.clock.turn))
    voter = ballots.pseudonym(ballots.secret_of(act.board), by.pk, of=spot)
    Breather.objects.filter(board=act.board).exclude(spot=spot).delete()
    _, fresh = Breather.objects.get_or_create(board=act.board, spot=spot, voter=voter)
    if not fresh:
        raise NotAllowed("You have had your moment in this box: ask who leads or keeps time.")


def resume(table: Board, *, by: Person, step: int) -> str:
    """The clock goes on with its rest, or with what the close leaves of it; then the answer says so."""
    with sitting.sitting(table, by=by, may=May.KEEP, step=step) as act:
        return act.move("resume", holding.resume(act.clock, act.now, act.plan))


def plus_minute(table: Board, *, by: Person, step: int) -> str:
    """One minute more, once per box, while the close still begins on time."""
    with sitting.sitting(table, by=by, may=May.KEEP, step=step) as act:
        return act.move("plus_minute", holding.plus_minute(act.clock, act.now, act.plan))


def put_off(table: Board, *, by: Person, step: int) -> str:
    """The end ten minutes later, once; everybody sees it."""
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        return act.move("put_off", holding.put_off(act.clock))


def choose(table: Board, *, by: Person, option: str, on: bool) -> None:
    """How this meeting goes: with check-in, with promises, dots once. Until it begins; the next board takes it over.

    Raises NotAllowed later, and for anything else.
    """
    with sitting.sitting(table, by=by, may=May.LEAD) as act:
        if option not in OPTIONS:
            raise NotAllowed("This button is not known here; load the page again.")
        if act.board.phase != Phase.OPEN:
            raise NotAllowed("The meeting has begun: its parts stay as they are.")
        setattr(act.board, option, on)


def next_topic(table: Board, *, by: Person, step: int, offered: agenda.Opening | None = None) -> str:
    """What the planner says comes next: dots, the first of the last count, a short round, or the close. Where that is
    no more what the page has `offered`, the answer says so, nothing moves, and the page shows what fits now.

    Raises NotAllowed where no topic is waited for: a press too many would put aside what is on.
    """
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        if act.clock.phase is not Phase.ROUND or act.clock.talking:
            raise NotAllowed("The next topic is chosen when nothing else is on.")
        if offered not in (None, act.opening):
            return _other_than(offered, act)
        return act.move("next", act.next_topic())


def open_topic(table: Board, *, by: Person, step: int, topic: str, short: bool = False) -> str:
    """The facilitator takes this topic, whatever its place, if it can end before the close. Where only a `short` round
    fits by now the answer says so, nothing moves, and the page offers that. Raises NotAllowed.
    """
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        chosen = Topic.objects.filter(board=act.board, public_id=topic).open().first()
        if chosen is None:
            raise NotAllowed("This topic is not open any more.")
        least = agenda.may_open(act.left, agenda.Opening.SHORT_ROUND, act.plan.lengths)
        if not least.allowed:
            raise NotAllowed(least.sentence)
        if not short and act.left < act.plan.lengths.topic:
            return _other_than(agenda.Opening.ROUND, act)
        return act.move("open_topic", act.open_round(chosen, short=short))


def _other_than(offered: agenda.Opening | None, act: Sitting) -> str:
    """Why what the page showed does not begin: time has run, or the board has changed."""
    sentence = agenda.may_open(act.left, offered, act.plan.lengths).sentence if offered else ""
    return sentence or "This is not what comes next any more: look at the board, and press again."


def decide(table: Board, *, by: Person, step: int, extend: bool) -> str:
    """Equal thumbs, or an override: the facilitator's word counts, and everybody sees whose it was."""
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        talk = act.talk
        if talk is None:
            raise NotAllowed("No topic is being talked about.")
        if act.clock.box not in DECIDED:
            raise NotAllowed("Whether to go on is asked when the time of the topic is over.")
        turn = (rounds.extend if extend else rounds.move_on)(act.clock, act.now, act.plan)
        ballots.drop(act.board, Kind.THUMBS, now=act.now)
        said = "" if act.clock.box == "thumbs" else talk.outcome.removesuffix(OVERRIDE)
        talk.outcome = f"{said}{OVERRIDE}" if said else WORD
        talk.save(update_fields=["outcome"])
        return act.move("decide", turn)


def sum_up(table: Board, *, by: Person, text: str, revision: int) -> str:
    """The sponsor keeps what the group takes along. During the takeaway box that ends the round; a skip is fine."""
    with sitting.sitting(table, by=by) as act:
        talk = Round.objects.filter(board=act.board).select_related("topic").order_by("-number").first()
        if talk is None:
            raise NotAllowed("No topic has been opened yet.")
        if by.pk != talk.sponsor_id and not leads_for_absent(act, talk):
            raise NotAllowed("The topic's sponsor writes the takeaway.")
        if talk.topic.ears_only:
            raise NotAllowed("This topic is for ears only: nothing of it is written down.")
        talk.board = act.board
        keeping.keep(talk, text=text, by=by, revision=revision, now=act.now)
        if act.clock.box == "takeaway":
            return act.move("sum_up", rounds.enough(act.clock, act.now, act.plan, act.room()))
    return ""


def leads_for_absent(act: Sitting, talk: Round) -> bool:
    """Whether the facilitator stands in for a sponsor who is not here, or has nothing to write with."""
    me = act.by.pk if act.by else None
    return me == act.roles.get("facilitator") and talk.sponsor_id not in ballots.device_ids(act.board)


def undo(table: Board, *, by: Person, step: int) -> str:
    """Take back the last move: clock, phase, topic and time spent as they were. A counted call is asked anew."""
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        move = Move.objects.filter(board=act.board).order_by("-step").first()
        if move is None:
            raise NotAllowed("There is nothing to take back.")
        turn = holding.undo(act.clock, sitting.remembered(move), act.now, act.plan)
        undone = Round.objects.filter(board=act.board, number__gt=turn.clock.round)
        if Takeaway.objects.filter(round__in=undone).exists():
            raise NotAllowed("A takeaway was kept since then: this stays.")
        Topic.objects.filter(pk__in=undone.values("topic")).update(state=TopicState.OPEN, merged_into=None)
        undone.delete()
        _reopen(act, talking=turn.clock.talking, number=turn.clock.round)
        if move.what == "decide":
            _take_back_word(act, number=turn.clock.round)
        move.delete()
        act.settle(turn)
        return turn.said


def _take_back_word(act: Sitting, *, number: int) -> None:
    """What the thumbs said stands alone again."""
    talk = Round.objects.filter(board=act.board, number=number).first()
    if talk is not None:
        talk.outcome = "" if talk.outcome == WORD else talk.outcome.removesuffix(OVERRIDE)
        talk.save(update_fields=["outcome"])


def _reopen(act: Sitting, *, talking: bool, number: int) -> None:
    """The round that the clock has gone back to is open if and only if the clock says that it is talked about."""
    talk = Round.objects.filter(board=act.board, number=number).first()
    if talk is not None and talking:
        Topic.objects.filter(pk=talk.topic_id).update(state=TopicState.DISCUSSING, merged_into=None)
        Round.objects.filter(pk=talk.pk).update(closed_at=None)


def autopilot(table: Board, *, by: Person, step: int, on: bool) -> str:
    """The clock without a hand on it, or with one again."""
    with sitting.sitting(table, by=by, may=May.LEAD, step=step) as act:
        act.board.autopilot = on
    return ""


def close(table: Board, *, by: Person, step: int) -> str:
    """Final: open calls end uncounted, secrets go, undiscussed topics are offered, who was here has attended.

    Raises NotAllowed before the hour of the meeting: a date that falls out is called off, and keeps nothing closed.
    """
    with sitting.sitting(table, by=by, may=May.LEAD, step=step, holds=table.meeting_id) as act:
        if act.clock.phase is Phase.OPEN and act.now < act.clock.starts_at:
            raise NotAllowed("The meeting has not begun. A date that falls out is called off on its own page.")
        act.settle(rounds.close(act.clock, act.now))
        return ""
