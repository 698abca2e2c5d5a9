"""The clock of a board: phases, boxes of time, rounds, and what is due when.

The board's action module owns the rows and this module owns the arithmetic. The contract:

1. A board row stores the fields of `Clock`; a `Plan` is made of the meeting's format and rules, a `Room` of what the
   rows say at this moment. Every act runs under the board's lock and starts with `advance(clock, now, plan, room)`.
2. `advance` and the acts answer with a `Turn`: the next clock, and what is due in the rows, in order. OPEN_DOTS,
   OPEN_THUMBS, DROP_THUMBS and CLOSE_ROUND are told. COUNT_DOTS, COUNT_THUMBS, NEXT_TOPIC and CLOSE are asked: the
   clock stands until the action has called `counted`; `extend`, `move_on` or `ask_facilitator`; `open_round` or `go`;
   `close`. Then it calls `advance` again, until nothing is asked.
3. The closing time of an open call is `box_ends_at` of its box, none while paused.
4. A page sends the step that it saw. The action refuses another one after `advance`: of ten at once one acts.
5. Before a person's act the action stores `Move(step, what, before, at)`. After `undo` the rounds with a higher number
   than `clock.round` are taken back, and the round with that number is open if and only if `clock.talking`.

R is the time left before the close begins. No box ends later than that; a box of talk leaves room for the takeaway.
"""

from dataclasses import replace
from datetime import datetime

from meetings import holding
from meetings.boxes import (
    ASKED,
    CLOSES_ITSELF_AFTER,
    DECISION_WAITS,
    IN_ROUND,
    MINUTE,
    MOVES,
    NOTHING,
    PAUSE_ALONE,
    TWO_TO_BEGIN,
    Box,
    Clock,
    Due,
    Each,
    Phase,
    Plan,
    Room,
    Segment,
    Turn,
    minutes_left,
)
from meetings.starting import rest, start
from roundtable.errors import NotAllowed


def advance(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn:
    """Apply all that is due up to now; called twice, the second call changes nothing.

    Talk counts from the deadline before it, as people went on talking through an outage; a call counts from now, when
    it is shown. Stops where the board must answer (see `ASKED`).
    """
    due: tuple[Due, ...] = ()
    while not ASKED.intersection(due):
        turn = _next(clock, now, plan, room)
        if turn is None:
            break
        clock, due = turn.clock, due + turn.due
    return Turn(clock, due)


def _next(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn | None:
    if clock.phase is Phase.CLOSED:
        return None
    if now >= clock.ends_at + CLOSES_ITSELF_AFTER:
        return Turn(clock, (Due.CLOSE,))
    if clock.phase is Phase.OPEN:
        return _begin_alone(clock, now, plan, room)
    if now >= clock.closing_at and clock.phase is not Phase.CLOSING:
        return _close_begins(clock, plan)
    if clock.box is None:
        return _go_on_alone(clock, now, plan, room)
    if clock.box_ends_at is None or clock.over_at is None:
        return _resume_alone(clock, now, plan, room)
    if room.answered and (clock.box is Box.THUMBS or clock.phase is Phase.DOTS):
        return _over(clock, now, now, plan, room)
    return _over(clock, clock.box_ends_at, now, plan, room) if now >= clock.over_at else None


def _alone(clock: Clock, room: Room) -> bool:
    return clock.autopilot or not room.led


def _begin_alone(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn | None:
    waits = NOTHING if clock.autopilot else DECISION_WAITS
    if room.here < TWO_TO_BEGIN or not _alone(clock, room) or now < clock.starts_at + waits:
        return None
    return begin(clock, now, plan, room)


def _go_on_alone(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn | None:
    if clock.phase is Phase.CLOSING or not _alone(clock, room):
        return None
    if clock.phase is not Phase.ROUND:
        return _next_segment(clock, now, now, plan, room)
    return _unpark(clock, now, plan) if clock.parked_box else Turn(clock, (Due.NEXT_TOPIC,))


def _resume_alone(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn | None:
    if clock.paused_at is None or now < clock.paused_at + PAUSE_ALONE or not _alone(clock, room):
        return None
    return holding.resume(clock, clock.paused_at + PAUSE_ALONE, plan)


def _over(clock: Clock, at: datetime, now: datetime, plan: Plan, room: Room, *, pressed: bool = False) -> Turn:
    """The box has ended at its deadline, or because everybody answered, or by a press: what follows."""
    match clock.box:
        case Box.SPONSOR:
            length = plan.lengths.short[1] if clock.short else plan.lengths.boxes[0]
            return Turn(start(clock, Box.DISCUSSION, at, length * MINUTE, plan))
        case Box.DISCUSSION | Box.EXTENSION:
            return _talked(clock, at, now, plan)
        case Box.THUMBS:
            return Turn(clock, (Due.COUNT_THUMBS,))
        case Box.DECISION:
            return move_on(clock, at, plan)
        case Box.TAKEAWAY:
            return _round_over(clock, at, now, plan, room)
        case Box.NEXT:
            return Turn(rest(clock, at))
        case _:
            return _segment_over(clock, at, now, plan, room, pressed=pressed)


def _talked(clock: Clock, at: datetime, now: datetime, plan: Plan) -> Turn:
    if clock.short or minutes_left(clock, now, plan) < plan.lengths.going_on(clock.extensions + 1):
        return move_on(clock, at, plan)
    return Turn(start(clock, Box.THUMBS, now, plan.lengths.thumbs * MINUTE, plan), (Due.OPEN_THUMBS,))


def _round_over(clock: Clock, at: datetime, now: datetime, plan: Plan, room: Room) -> Turn:
    closed = rest(clock, at)
    limit = plan.segment(Phase.DOTS).rounds
    if limit is not None and clock.round >= limit:
        after = _next_segment(closed, at, now, plan, room)
        return Turn(after.clock, (Due.CLOSE_ROUND, *after.due))
    if not clock.autopilot:
        closed = start(closed, Box.NEXT, now, DECISION_WAITS, plan)
    return Turn(closed, (Due.CLOSE_ROUND,))


def _segment_over(clock: Clock, at: datetime, now: datetime, plan: Plan, room: Room, *, pressed: bool) -> Turn:
    """Dots are counted, turns follow each other; other segments wait at zero for a press while somebody leads."""
    if clock.phase is Phase.DOTS:
        return Turn(clock, (Due.COUNT_DOTS,))
    segment = plan.segment(clock.phase)
    if clock.box is Box.TURN and clock.turn + 1 < segment.turns(room):
        return Turn(start(clock, Box.TURN, at, segment.length, plan, turn=clock.turn + 1))
    held = clock.box is Box.SEGMENT and not pressed and not _alone(clock, room)
    if clock.phase is Phase.CLOSING or held:
        return Turn(rest(clock, at))
    return _next_segment(clock, at, now, plan, room)


def _next_segment(clock: Clock, at: datetime, now: datetime, plan: Plan, room: Room) -> Turn:
    here = plan.segments.index(plan.segment(clock.phase)) if clock.phase is not Phase.OPEN else -1
    following = (segment for segment in plan.segments[here + 1 :] if segment.wanted(room))
    return _enter(clock, next(following), at, now, plan, room)


def _enter(clock: Clock, segment: Segment, at: datetime, now: datetime, plan: Plan, room: Room) -> Turn:
    """A segment starts with its first turn; the loop starts with dots, unless all topics fit or there is no time."""
    if segment.phase is not Phase.DOTS:
        box = Box.SEGMENT if segment.each is Each.ROOM else Box.TURN
        return Turn(start(clock, box, at, segment.length, plan, phase=segment.phase, turn=0))
    if room.topics <= room.fits or minutes_left(clock, now, plan) < plan.lengths.topic_with_dots:
        return Turn(counted(clock, now, plan))
    return _open_dots(clock, now, plan)


def _open_dots(clock: Clock, now: datetime, plan: Plan) -> Turn:
    length = plan.lengths.dots * MINUTE
    return Turn(start(clock, Box.SEGMENT, now, length, plan, phase=Phase.DOTS), (Due.OPEN_DOTS,))


def _close_begins(clock: Clock, plan: Plan) -> Turn:
    """At `closing_at` the close begins, whatever runs, rests or is parked."""
    due = _ending(clock) if clock.talking else ()
    closing = replace(clock, parked_box=None, parked_left=None)
    length = plan.segment(Phase.CLOSING).length
    return Turn(start(closing, Box.SEGMENT, clock.closing_at, length, plan, phase=Phase.CLOSING), due)


def begin(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn:
    """The meeting begins with the first segment of its format. Raises NotAllowed if it has begun already."""
    if clock.phase is not Phase.OPEN:
        raise NotAllowed("The meeting has begun already.")
    return _next_segment(clock, now, now, plan, room)


def go(clock: Clock, phase: Phase, now: datetime, plan: Plan, room: Room) -> Turn:
    """To any phase of this format before `closed`; a running round is parked with its rest and comes back with it.

    Raises NotAllowed for a phase that is on, is no part of this meeting, or would come after the close has begun.
    """
    if phase not in MOVES[clock.phase]:
        raise NotAllowed("The board is there already.")
    if now >= clock.closing_at and phase is not Phase.CLOSING:
        raise NotAllowed("The close has begun; set the end 10 minutes later to go back.")
    parked = _park(clock, now)
    if phase is Phase.OPEN:
        return Turn(replace(rest(parked.clock, now), phase=phase, began_at=None), parked.due)
    held = {segment.phase for segment in plan.segments}
    if phase is Phase.ROUND and Phase.DOTS in held:
        return _back_to_round(clock, now, plan)
    if phase not in held:
        raise NotAllowed("This meeting's format has no such part.")
    if phase is Phase.DOTS:
        entered = _open_dots(parked.clock, now, plan)
    else:
        entered = _enter(parked.clock, plan.segment(phase), now, now, plan, room)
    return Turn(entered.clock, parked.due + entered.due)


def _park(clock: Clock, now: datetime) -> Turn:
    if clock.box not in IN_ROUND:
        return Turn(clock)
    left = clock.box_left if clock.box_ends_at is None else max(NOTHING, clock.box_ends_at - now)
    parked = replace(rest(clock, now), parked_box=clock.box, parked_left=left, parked_grace=clock.grace)
    return Turn(parked, (Due.DROP_THUMBS,) if clock.box is Box.THUMBS else ())


def _back_to_round(clock: Clock, now: datetime, plan: Plan) -> Turn:
    if clock.parked_box is None:  # then a topic is waited for
        return Turn(start(clock, Box.NEXT, now, DECISION_WAITS, plan, phase=Phase.ROUND))
    return _unpark(clock, now, plan)


def _unpark(clock: Clock, now: datetime, plan: Plan) -> Turn:
    box, left = clock.parked_box, clock.parked_left
    assert box is not None and left is not None  # noqa: S101, PT018 - both are set by `_park` alone, and together
    back = replace(clock, parked_box=None, parked_left=None, parked_grace=False)
    if box is Box.THUMBS:  # a dropped call is asked anew, with its full time
        left = plan.lengths.thumbs * MINUTE
    due = (Due.OPEN_THUMBS,) if box is Box.THUMBS else ()
    return Turn(start(back, box, now, left, plan, phase=Phase.ROUND, grace=clock.parked_grace), due)


def counted(clock: Clock, now: datetime, plan: Plan) -> Clock:
    """The dots are counted, or none are needed: a topic is waited for, 30 seconds if nobody leads."""
    return start(clock, Box.NEXT, now, DECISION_WAITS, plan, phase=Phase.ROUND, counted=True)


def leave(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn:
    """No more topics: what the format holds after the rounds. Raises NotAllowed while a topic is open."""
    if clock.talking or clock.phase not in (Phase.DOTS, Phase.ROUND):
        raise NotAllowed("A topic is still open, or the rounds are over.")
    return _next_segment(clock, now, now, plan, room)


def open_round(clock: Clock, now: datetime, plan: Plan, *, short: bool = False) -> Turn:
    """The next topic begins with its sponsor. Whether there is time is asked of the planner before (`agenda`).

    Raises NotAllowed while another topic is open, before the meeting, and once the close has begun.
    """
    if clock.phase in (Phase.OPEN, Phase.CLOSED) or now >= clock.closing_at:
        raise NotAllowed("Topics are opened between the beginning and the close.")
    if clock.talking:
        raise NotAllowed("A topic is still open: go back to it, or end it first.")
    fresh = replace(clock, round=clock.round + 1, counted=False, short=short, extensions=0, spent=NOTHING, since=None)
    length = plan.lengths.short[0] if short else plan.lengths.sponsor
    return Turn(start(fresh, Box.SPONSOR, now, length * MINUTE, plan, phase=Phase.ROUND))


def let_go(clock: Clock, now: datetime) -> Turn:
    """End the topic under discussion, or the parked one, without a takeaway. Raises NotAllowed without a topic."""
    if not clock.talking:
        raise NotAllowed("No topic is open.")
    due = _ending(clock)
    ended = replace(clock, parked_box=None, parked_left=None)
    return Turn(rest(ended, now) if clock.box in IN_ROUND else replace(ended, step=clock.step + 1), due)


def _ending(clock: Clock) -> tuple[Due, ...]:
    return (Due.DROP_THUMBS, Due.CLOSE_ROUND) if clock.box is Box.THUMBS else (Due.CLOSE_ROUND,)


def extend(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """The verdict, or the facilitator's word: one more box. Where no time is left for it, the takeaway.

    Raises NotAllowed when no topic is being talked about.
    """
    _must_be_in_round(clock)
    number = clock.extensions + 1
    length = plan.lengths.extension(number) * MINUTE
    extended = start(clock, Box.EXTENSION, now, length, plan, extensions=number, phase=Phase.ROUND)
    return Turn(extended) if extended.box_ends_at != now else move_on(clock, now, plan)


def move_on(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """The verdict, or the facilitator's word: the sponsor sums up. Raises NotAllowed when no topic is talked about."""
    _must_be_in_round(clock)
    length = plan.lengths.short[2] if clock.short else plan.lengths.takeaway
    return Turn(start(clock, Box.TAKEAWAY, now, length * MINUTE, plan))


def ask_facilitator(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """Equal thumbs: two buttons for 30 seconds, then the board moves on. Raises NotAllowed without a topic."""
    _must_be_in_round(clock)
    return Turn(start(clock, Box.DECISION, now, DECISION_WAITS, plan))


def _must_be_in_round(clock: Clock) -> None:
    if clock.box not in IN_ROUND:
        raise NotAllowed("No topic is being talked about.")


def enough(clock: Clock, now: datetime, plan: Plan, room: Room) -> Turn:
    """End what is on before its time: over to you, enough, count, pass, saved, next.

    Raises NotAllowed where only a choice leads on: a topic to choose, the board to close.
    """
    if clock.phase in (Phase.OPEN, Phase.CLOSING, Phase.CLOSED):
        raise NotAllowed("Nothing runs that could end early.")
    if clock.box is None and clock.phase is not Phase.ROUND:
        return _next_segment(clock, now, now, plan, room)
    if clock.box in (None, Box.NEXT):
        raise NotAllowed("Choose a topic, count dots, or go to the close.")
    resting = clock.box_ends_at is None
    return _over(replace(clock, since=None) if resting else clock, now, now, plan, room, pressed=True)


def close(clock: Clock, now: datetime) -> Turn:
    """Final. A round that is open or parked ends with the board. Raises NotAllowed if the board is closed."""
    if clock.phase is Phase.CLOSED:
        raise NotAllowed("The board is closed.")
    due = _ending(clock) if clock.talking else ()
    return Turn(replace(rest(clock, now), phase=Phase.CLOSED, parked_box=None, parked_left=None), due)
