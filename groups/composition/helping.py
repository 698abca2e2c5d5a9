"""The one change that would help somebody left out: their own time, their own ways, or a new group with others.

Never asked of anybody, and never computed: to drop a wish not to be alone, a keep-apart pair, or the company rule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from groups.composition.board import Board
from groups.composition.chairs import Chairs, missing
from groups.composition.edits import AddHours, AddMode, OtherMetro, Wider, with_slots
from groups.composition.people import NONE, Candidate, Problem, slots_of
from groups.composition.pool import only
from groups.composition.reasons import Reason
from groups.composition.rules import Group, check
from groups.composition.units import Table

MOST_ASKED = 2  # people who must change for a new group
OFFERED = 5  # people of whom those may be any


@dataclass(frozen=True, slots=True)
class NewGroup:
    """If any `needed` of those `asked` give this hour too, these `people` and they are a valid group."""

    mode: str
    metro: str | None
    window: int
    people: tuple[str, ...]
    asked: tuple[str, ...]
    needed: int

    @property
    def size(self) -> int:
        """How large the group would be."""
        return len(self.people) + self.needed


May = Callable[[Candidate, int], bool]


def one_change(
    board: Board,
    reason: Reason,
    *,
    neighbours: Mapping[str, Sequence[str]] | None = None,
    new: Sequence[NewGroup] = (),
    may: May = lambda person, window: True,
) -> Wider | NewGroup | None:
    """The first that is verified: one more window > one more mode > a neighbouring metro > a new group with others.

    `may` says whether somebody may be asked for a window at all, as between 07:00 and 21:30 on their own clock.
    """
    person = board.known[reason.person]
    for change in _own(board, reason, person, neighbours or {}, may):
        effect = board.what_if(change)
        if effect.placed == 1 and effect.breaches == board.breaches:
            return change
    return next((group for group in new if person.id in (*group.people, *group.asked)), None)


def _own(
    board: Board, reason: Reason, person: Candidate, neighbours: Mapping[str, Sequence[str]], may: May
) -> Iterator[Wider]:
    if reason.fix is not None and reason.fix.slots and may(person, board.groups[reason.fix.group].window):
        yield AddHours(person.id, reason.fix.slots)
    for mode in ("video", "in_person"):
        if mode not in person.modes and (mode == "video" or person.metro is not None):
            yield AddMode(person.id, mode)
    for metro in neighbours.get(person.metro or "", ()):
        yield OtherMetro(person.id, metro)


def new_groups(
    problem: Problem, groups: Sequence[Group], *, count: int = 3, may: May = lambda person, window: True
) -> tuple[NewGroup, ...]:
    """Groups that people left out could form if one or two of them gave an hour more; the easiest first."""
    seated = {name for group in groups for name in group.members}
    chairs = Chairs(only(problem, frozenset(person.id for person in problem.people if person.id not in seated)), ())
    waiting = [number for number, unit in enumerate(chairs.units) if unit.lock == NONE]
    found: dict[frozenset[str], NewGroup] = {}
    for mode, metro, window in _settings(chairs, waiting):
        if new := _new(chairs, waiting, Group((), window, mode, metro), may):
            found.setdefault(frozenset((*new.people, *new.asked)), new)
    ordered = sorted(found.values(), key=lambda new: (new.needed, -new.size, new.window, new.mode, new.metro or ""))
    return tuple(ordered[:count])


def _settings(chairs: Chairs, waiting: Sequence[int]) -> Iterator[tuple[str, str | None, int]]:
    """Where and when nearly enough of those who wait could come."""
    crowds: dict[tuple[str, str | None, int], int] = {}
    for number in waiting:
        unit, windows = chairs.units[number], slots_of(chairs.units[number].starts)
        venues = {chairs.roster.venues[venue][:2] for venue in slots_of(unit.places)}
        for mode, metro in venues:
            for window in windows:
                crowds[mode, metro, window] = crowds.get((mode, metro, window), 0) + unit.size
    enough = chairs.rules.size_min - MOST_ASKED
    return (key for key, people in sorted(crowds.items(), key=lambda entry: str(entry[0])) if people >= enough)


def _new(chairs: Chairs, waiting: Sequence[int], place: Group, may: May) -> NewGroup | None:
    """The group at one hour and place; None where those who can come are too few, or enough."""
    table = _together(chairs, waiting, place)
    needed = chairs.rules.size_min - table.size
    if not 1 <= needed <= MOST_ASKED or not table.members:
        return None
    people = tuple(sorted(name for number in table.members for name in chairs.names(number)))
    asked: list[str] = []
    for number in waiting:
        if len(asked) < OFFERED and _may_ask(chairs, table, number, place, may):
            (name,) = chairs.names(number)
            if all(_holds(chairs.problem, place, people, (name, *some)) for some in combinations(asked, needed - 1)):
                asked.append(name)
    if len(asked) < needed:
        return None
    return NewGroup(place.mode, place.metro, place.window, people, tuple(asked), needed)


def _together(chairs: Chairs, waiting: Sequence[int], place: Group) -> Table:
    """Those who can come and sit together, the skipped first; who has a wish joins once its partner is there."""
    table = Table(chairs.units, chairs.rules, 1 << place.window, chairs.places(place))
    ready = sorted(waiting, key=lambda n: -chairs.units[n].skipped / chairs.units[n].size)
    joined = True
    while joined:
        joined = False
        for number in ready:
            room = table.size + chairs.units[number].size < chairs.rules.size_min
            if room and number not in table.members and table.fits(number) and table.content_with(number):
                table.add(number)
                joined = True
    return table


def _may_ask(chairs: Chairs, table: Table, number: int, place: Group, may: May) -> bool:
    unit = chairs.units[number]
    if unit.size > 1 or unit.starts >> place.window & 1 or not unit.places & chairs.places(place):
        return False
    (name,) = chairs.names(number)
    return may(chairs.roster.people[chairs.roster.row[name]], place.window)


def _holds(problem: Problem, place: Group, people: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether all these are a valid group once those asked have given its hour."""
    names = tuple(sorted((*people, *asked)))
    here = only(problem, frozenset(names))
    wider = tuple(
        replace(p, hours=with_slots(p.hours, missing(problem.rules.window_slots, p, place))) if p.id in asked else p
        for p in here.people
    )
    return not check(replace(here, people=wider), [replace(place, members=names)])
