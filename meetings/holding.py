"""The hand on a board's clock: pause, go on, one minute more, a later end, and taking the last move back. Pure.

What a pause keeps, a later box and the close never pay for: see `rounds` for the contract.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from meetings.boxes import GRACED, MINUTE, NOTHING, PUT_OFF, Box, Clock, Due, Move, Phase, Plan, Turn, bound
from meetings.starting import spent_by
from roundtable.errors import NotAllowed


def pause(clock: Clock, now: datetime) -> Turn:
    """The box rests and keeps what is left of it. Raises NotAllowed when none runs."""
    if clock.box_ends_at is None:
        raise NotAllowed("The clock does not run.")
    left = max(NOTHING, clock.box_ends_at - now)
    spent = spent_by(clock, now)
    resting = replace(clock, box_ends_at=None, box_left=left, paused_at=now, spent=spent, since=None)
    return Turn(replace(resting, step=clock.step + 1))


def resume(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """The box goes on with its rest, or with what the close leaves of it, and says so. Raises NotAllowed if none rests.

    A paused call is asked for its rest; its closing time is the new end of the box.
    """
    if clock.box is None or clock.box_left is None:
        raise NotAllowed("Nothing is paused.")
    ends_at = max(now, min(now + clock.box_left, bound(clock, clock.box, plan)))
    said = "" if ends_at - now == clock.box_left else f"{_spoken(ends_at - now)} left, for the close to begin on time."
    running = replace(clock, box_ends_at=ends_at, box_left=None, paused_at=None, since=now, step=clock.step + 1)
    return Turn(running, said=said)


def _spoken(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def plus_minute(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """The grace: one minute more, once per box, while the close still begins on time. Raises NotAllowed."""
    if clock.box not in GRACED or clock.phase is Phase.DOTS or clock.box_ends_at is None:
        raise NotAllowed("Only running talk can have a minute more.")
    if clock.grace:
        raise NotAllowed("This box has had its minute.")
    if clock.box_ends_at + MINUTE > bound(clock, clock.box, plan):
        raise NotAllowed("The close would begin late.")
    return Turn(replace(clock, grace=True, box_ends_at=clock.box_ends_at + MINUTE, step=clock.step + 1))


def has_grace(clock: Clock, now: datetime, plan: Plan) -> bool:
    """Whether the box that runs can have this minute."""
    try:
        plus_minute(clock, now, plan)
    except NotAllowed:
        return False
    return True


def put_off(clock: Clock) -> Turn:
    """The end, and with it the close, 10 minutes later, once. Raises NotAllowed the second time, or when closed."""
    if clock.put_off or clock.phase is Phase.CLOSED:
        raise NotAllowed("The end can be set later once.")
    later = replace(clock, closing_at=clock.closing_at + PUT_OFF, ends_at=clock.ends_at + PUT_OFF, put_off=True)
    return Turn(replace(later, step=clock.step + 1))


def _put_on(clock: Clock, now: datetime, plan: Plan) -> Turn:
    """The end is as it was planned. Raises NotAllowed where the close would have begun by now."""
    if now >= clock.closing_at - PUT_OFF:
        raise NotAllowed("The close would have begun by now: the later end stays.")
    back = replace(clock, closing_at=clock.closing_at - PUT_OFF, ends_at=clock.ends_at - PUT_OFF, put_off=False)
    if back.box and back.box_ends_at:
        back = replace(back, box_ends_at=max(now, min(back.box_ends_at, bound(back, back.box, plan))))
    return Turn(replace(back, step=clock.step + 1))


def undo(clock: Clock, move: Move, now: datetime, plan: Plan) -> Turn:
    """Take back the last move: phase, box, rest and time spent as they were; a counted call is asked anew.

    A later end and the autopilot stay, unless that end was the move. Raises NotAllowed on a closed board.
    """
    if clock.phase is Phase.CLOSED:
        raise NotAllowed("A closed board is final.")
    if move.what == "put_off":
        return _put_on(clock, now, plan)
    before = move.before
    kept = replace(
        before,
        step=clock.step + 1,
        starts_at=clock.starts_at,
        closing_at=clock.closing_at,
        ends_at=clock.ends_at,
        put_off=clock.put_off,
        autopilot=clock.autopilot,
    )
    same = clock.spot == before.spot
    due = (Due.DROP_THUMBS,) if clock.box is Box.THUMBS and not same else ()
    if before.box is None or before.box_ends_at is None:
        return Turn(kept, due)
    rest, call = before.box_ends_at - move.at, before.call
    if call and not same:
        rest = (plan.lengths.dots if call is Due.OPEN_DOTS else plan.lengths.thumbs) * MINUTE
        due = (*due, call)
    ends_at = max(now, min(now + rest, bound(kept, before.box, plan)))
    return Turn(replace(kept, box_ends_at=ends_at, spent=spent_by(before, move.at), since=now), due)
