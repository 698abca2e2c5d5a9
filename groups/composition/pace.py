"""How much time a run has left, and whether somebody called it off. The only clock of the engine, and it only cuts."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")
SOME = 8  # people, buckets or groups between two questions
GRACE = 0.5  # seconds past the time in which people left out are still told why


class Each(Protocol):
    """How a long loop goes over its things: all at once, or with a look up now and then (`Pace.each`)."""

    def __call__(self, things: Iterable[T], /) -> Iterator[T]:
        """The same things in the same order."""


def at_once(things: Iterable[T], /) -> Iterator[T]:
    """Without looking up: for what is short, or for nobody who could call it off."""
    return iter(things)


class Pace:
    """Runs from its making. `placement_left` ends at four fifths: the rest belongs to quality, check and reasons."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] | None = None) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.ask = cancelled
        self.stopped = False
        self.cut_short = False
        self.late = False  # nothing was begun for want of time: whoever waits should not wait for anything else
        self.stages: dict[str, float] = {}

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def cancelled(self) -> bool:
        """Whether the run was called off; once so, always so."""
        if not self.stopped and self.ask is not None and self.ask():
            self.stopped = self.cut_short = True
        return self.stopped

    def each(self, things: Iterable[T], /) -> Iterator[T]:
        """The same things in the same order, some at a time; before each lot it is asked whether to stop.

        All of them come, even so: what every answer needs is brought to its end. By number and not by time, so that
        a run asks the same questions each time.
        """
        left = iter(things)
        while some := tuple(islice(left, SOME)):
            self.cancelled()
            yield from some

    def placement_left(self) -> float:
        """Seconds for deciding who is placed: at most 80 % of the whole, nothing after a cancel."""
        return 0.0 if self.cancelled() else max(0.0, self.seconds * 0.8 - self.spent)

    def over(self, share: float = 0.97) -> bool:
        """Whether this share of the time is gone, or the run was called off."""
        if self.cancelled() or self.spent >= self.seconds * share:
            self.cut_short = True
            return True
        return False

    def due(self) -> bool:
        """Whether whoever waits should have the answer by now: it was called off, or its time has long been over."""
        if self.stopped or self.late or self.spent > self.seconds + GRACE:
            self.cut_short = True
            return True
        return False

    def note(self, stage: str, since: float) -> None:
        """Add the seconds since then (on `spent`) to a stage."""
        self.stages[stage] = round(self.stages.get(stage, 0.0) + self.spent - since, 3)
