"""What a pool of people could do, told from the buckets alone: nothing is composed for it, and nothing is decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from groups.composition.buckets import Bucket, Closure, people_in
from groups.composition.case import Case
from groups.composition.greedy import Greedy
from groups.composition.measures import as_group
from groups.composition.pace import Pace
from groups.composition.people import NONE, Problem, Roster, encode, slots_of
from groups.composition.program import Infeasible, Program, Unsolved
from groups.composition.rules import BadProblem, Group, Lock, check
from groups.composition.units import Table, Unit, seat_units

DAY = 48  # half hours
SEARCH = 2.0  # seconds in which a group of one hour is found, or not


@dataclass(frozen=True, slots=True)
class HostHour:
    """An hour at which somebody could host: how many could come, themselves included, and a valid group of them."""

    mode: str
    metro: str | None
    window: int
    people: int
    group: Group


@dataclass(frozen=True, slots=True)
class Crowded:
    """How many people could come to this place at this window."""

    mode: str
    metro: str | None
    window: int
    people: int


@dataclass(frozen=True, slots=True)
class Limiter:
    """So many people who do not want to be alone with this value fit into at most so many groups. For organizers."""

    value: str
    people: int
    groups: int


def density(problem: Problem) -> tuple[Crowded, ...]:
    """How many people could come, by place and window, most first; nothing where nobody could."""
    roster = encode(problem)
    found: Counter[tuple[str, str | None, int]] = Counter()
    for starts, places in zip(roster.starts, roster.places, strict=True):
        windows = slots_of(starts)
        for mode, metro in {(roster.venues[venue].mode, roster.venues[venue].metro) for venue in slots_of(places)}:
            found.update((mode, metro, window) for window in windows)
    crowds = (Crowded(mode, metro, window, people) for (mode, metro, window), people in found.items())
    return tuple(sorted(crowds, key=lambda c: (-c.people, c.mode, c.metro or "", c.window)))


def best_hour(problem: Problem, people: int = 8) -> Crowded | None:
    """The place and window that the best so many people share: the one to which most could come. None if none does."""
    best = next(iter(density(problem)), None)
    return best if best is not None and best.people >= people else None


def limiters(problem: Problem, shown_from: int = 5) -> tuple[Limiter, ...]:
    """What caps how many groups those who share a wish can fill: two of them at least must sit together.

    Nine such people fill at most four groups. Others who have the value, but do not mind, can be the company of one.
    Values that fewer people wish for are not told.
    """
    found = []
    for value in sorted({value for person in problem.people for value in person.never_alone}):
        has = sum(value in person.dimensions for person in problem.people)
        mind = sum(value in person.dimensions and value in person.never_alone for person in problem.people)
        if mind >= shown_from:
            found.append(Limiter(value, mind, min(mind, has // 2)))
    return tuple(sorted(found, key=lambda limiter: (limiter.groups, limiter.value)))


def host_hours(problem: Problem, host: str, *, count: int = 3) -> tuple[HostHour, ...]:
    """Up to so many hours on different days at which a valid group with this host exists; most people first.

    A day is that of the problem's own clock. Nothing for somebody whom a lock holds already.
    Raises BadProblem for a person who is not there.
    """
    roster = encode(problem)
    if host not in roster.row:
        raise BadProblem("host", f'There is no person "{host}".')
    units = seat_units(problem, roster)
    found: list[HostHour] = []
    for bucket in _around(problem, roster, units, roster.row[host]):
        days = {hour.window // DAY for hour in found}
        if len(found) == count:
            break
        if bucket.window // DAY not in days and (group := _group(problem, roster, units, bucket, host)):
            people = people_in(units, bucket.units)
            found.append(HostHour(group.mode, group.metro, bucket.window, people, group))
    return tuple(found)


def _around(problem: Problem, roster: Roster, units: tuple[Unit, ...], row: int) -> list[Bucket]:
    """The buckets that hold the host after striking whoever fits nowhere; most people first, then the earliest."""
    number = next(number for number, unit in enumerate(units) if row in unit.rows)
    host = units[number]
    keys = [(venue, window) for venue in slots_of(host.places) for window in slots_of(host.starts)]
    near = [n for n, unit in enumerate(units) if unit.lock == NONE and unit.starts & host.starts]
    raw = (Bucket(venue, window, tuple(_there(units, near, venue, window))) for venue, window in keys)
    closed = [bucket for bucket in Closure(units, problem.rules, raw).closed if number in bucket.units]
    return sorted(closed, key=lambda b: (-people_in(units, b.units), b.window, b.venue))


def _there(units: tuple[Unit, ...], near: list[int], venue: int, window: int) -> Iterator[int]:
    return (n for n in near if units[n].places >> venue & 1 and units[n].starts >> window & 1)


def _group(problem: Problem, roster: Roster, units: tuple[Unit, ...], bucket: Bucket, host: str) -> Group | None:
    """A valid group with the host at this hour: greedy finds it, or else the program, which also knows of none."""
    venue = roster.venues[bucket.venue]
    names = frozenset(roster.ids[row] for number in bucket.units for row in units[number].rows)
    lock = Lock(frozenset({host}), bucket.window, venue.mode, venue.metro)
    case = Case(replace(only(problem, names), locked=(lock,), draft=()))
    closure = Closure(case.units, case.rules, case.locks)
    table = next(iter(Greedy(case.units, case.rules, closure.closed).run(Pace(SEARCH))), None) or _solved(case, closure)
    if table is None:
        return None
    members = [case.roster.people[row] for number in table.members for row in case.units[number].rows]
    group = as_group(case.rules, members, lock, met=problem.met)
    here = replace(only(problem, frozenset(group.members)), locked=(lock,))
    return None if check(here, [group]) else group


def _solved(case: Case, closure: Closure) -> Table | None:
    if not closure.closed:
        return None
    program = Program(case.units, case.rules, closure, closure.closed)
    try:
        solution = program.solve({}, SEARCH, seed=case.problem.seed)
    except (Infeasible, Unsolved):
        return None
    bucket, chosen = next((b, c) for b, c in zip(closure.closed, solution.chosen, strict=True) if c)
    return Table(case.units, case.rules, 1 << bucket.window, 1 << bucket.venue, chosen)


def only(problem: Problem, names: frozenset[str]) -> Problem:
    """The problem as if nobody but these people had applied; sets and locks count where they are whole."""
    return replace(
        problem,
        people=tuple(person for person in problem.people if person.id in names),
        apart=frozenset(pair for pair in problem.apart if pair <= names),
        together=tuple(whole for whole in problem.together if whole <= names),
        locked=tuple(lock for lock in problem.locked if lock.members <= names),
    )
