"""Starting a box and ending one: the two steps of which every move of a board's clock is made. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from meetings.boxes import IN_ROUND, NOTHING, Box, Clock, Plan, bound


def spent_by(clock: Clock, at: datetime) -> timedelta:
    """The time that the topic has taken up to a moment."""
    running = clock.box in IN_ROUND and clock.since is not None
    return clock.spent + max(NOTHING, at - clock.since) if running and clock.since else clock.spent


def start(clock: Clock, box: Box, at: datetime, length: timedelta, plan: Plan, **changes: object) -> Clock:
    """A box runs from a moment for its length, or to the latest end that the close leaves it."""
    started = replace(
        clock,
        step=clock.step + 1,
        box=box,
        box_left=None,
        grace=False,
        paused_at=None,
        spent=spent_by(clock, at),
        since=at,
        began_at=clock.began_at or at,
    )
    started = replace(started, **changes)  # type: ignore[arg-type]  # fields of Clock, named by the callers above
    return replace(started, box_ends_at=max(at, min(at + length, bound(started, box, plan))))


def rest(clock: Clock, at: datetime) -> Clock:
    """No box: a press is waited for."""
    return replace(
        clock,
        step=clock.step + 1,
        box=None,
        box_ends_at=None,
        box_left=None,
        grace=False,
        paused_at=None,
        spent=spent_by(clock, at),
        since=None,
    )
