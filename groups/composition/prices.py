"""What each rule of a program costs: how many people more could be placed if it alone were a step easier."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from groups.composition.case import Case
from groups.composition.pace import Pace
from groups.composition.people import Problem
from groups.composition.placement import place
from groups.composition.rules import BadProblem, LocksImpossible
from groups.composition.soundness import require_sound

STEPS = {"size_min": -1, "size_max": 1, "window_slots": -1, "max_per_company": 1}
VIDEO = "everybody also by video"


@dataclass(frozen=True, slots=True)
class Price:
    """With this rule at this value so many more people are placed, and at most so many; proven where both are one.

    Personal rules have no price.
    """

    rule: str
    value: int | None
    gained: int
    at_most: int

    @property
    def proven(self) -> bool:
        """Whether no composition gains more."""
        return self.gained == self.at_most


def prices(
    problem: Problem,
    placed: int,
    seconds: float = 10.0,
    *,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] = lambda done, rules: None,
) -> tuple[Price, ...]:
    """Each program rule changed by one step and solved again, in these seconds together. `placed`: how many are now.

    `progress` hears how many rules of how many are done.

    Whatever is placed now could stay so under an easier rule, so nothing is ever lost.
    """
    require_sound(problem)
    easier = list(_easier(problem))
    pace = Pace(seconds, cancelled)
    found = []
    for done, (rule, value, changed) in enumerate(easier):
        progress(done, len(easier))
        share = max(0.1, (seconds - pace.spent) / (len(easier) - done))
        found.append(_price(rule, value, changed, placed, Pace(share, cancelled)))
    return tuple(found)


def _easier(problem: Problem) -> Iterator[tuple[str, int | None, Problem]]:
    for rule, step in STEPS.items():
        value = getattr(problem.rules, rule) + step
        changed = replace(problem, rules=replace(problem.rules, **{rule: value}), draft=())
        try:
            require_sound(changed)
        except (BadProblem, LocksImpossible):
            continue  # no such step, as from windows of one half hour
        yield rule, value, changed
    people = tuple(replace(person, modes=person.modes | {"video"}) for person in problem.people)
    if people != problem.people:
        yield VIDEO, None, replace(problem, people=people, draft=())


def _price(rule: str, value: int | None, changed: Problem, placed: int, pace: Pace) -> Price:
    case = Case(changed)
    try:
        found = place(case, pace, lambda stage, seated, bound: None)
    except LocksImpossible:  # the time was over before a lock was completed
        return Price(rule, value, 0, max(0, case.closure.bound - placed))
    gained = max(0, found.placed - placed)
    return Price(rule, value, gained, max(gained, found.bound - placed))
