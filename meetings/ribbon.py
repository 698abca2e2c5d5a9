"""The parts of a meeting in a row: what is done, on and to come, and what is left out. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from meetings import agenda
from meetings.boxes import MINUTE, Clock, Phase, Plan, Room

PERHAPS = (Phase.PROMISES, Phase.PROPOSE, Phase.INTRODUCE)  # once they are over nothing says whether they took place


@dataclass(frozen=True)
class Going:
    """How it goes: whether dots were counted and a topic was opened, and who and what is there for the rest."""

    counted: bool
    talked: bool
    room: Room
    now: datetime


def ribbon(clock: Clock, plan: Plan, going: Going) -> list[tuple[Phase, str]]:
    """Each part with its state: "done", "on", "to-come" or "left-out"."""
    walked = [Phase.OPEN, *(segment.phase for segment in plan.segments)]
    if Phase.DOTS in walked:
        walked.insert(walked.index(Phase.DOTS) + 1, Phase.ROUND)
    at = walked.index(clock.phase) if clock.phase in walked else len(walked)
    ahead = _ahead(clock, plan, going)
    done = ["done" if _took_place(phase, going) else "left-out" for phase in walked[:at]]
    coming = ["to-come" if phase in ahead else "left-out" for phase in walked[at + 1 :]]
    return list(zip(walked, [*done, *["on"] * (at < len(walked)), *coming], strict=True))


def _took_place(phase: Phase, going: Going) -> bool:
    if phase is Phase.DOTS:
        return going.counted
    return going.talked if phase is Phase.ROUND else phase not in PERHAPS


def _ahead(clock: Clock, plan: Plan, going: Going) -> set[Phase]:
    """What is still to come, going by those who are here, their topics and promises."""
    held = [segment.phase for segment in plan.segments]
    here = Phase.DOTS if clock.phase is Phase.ROUND else clock.phase
    rest = plan.segments[held.index(here) + 1 if here in held else 0 :]
    begins = max(going.now, clock.starts_at) if here is Phase.OPEN else going.now
    minutes = (clock.ends_at - begins) // MINUTE
    seen = agenda.as_it_will_go(replace(plan, segments=rest), minutes, going.room)
    return {segment.phase for segment in seen.segments} | {Phase.ROUND}
