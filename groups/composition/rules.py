"""The hard rules of a group, and a slow, plain checker of them that shares no line with the solver."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from groups.composition.pace import Each, at_once
from groups.composition.score import Weights

if TYPE_CHECKING:
    from groups.composition.people import Candidate, Problem

RuleName = Literal[
    "size", "window", "mode", "company", "apart", "together", "never_alone", "lock", "willing", "cadence", "cover"
]
WEEK = 336  # half hours from Monday 00:00


class BadProblem(Exception):
    """The problem contradicts itself or names what does not exist; `field` says where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


class LocksImpossible(Exception):
    """No composition keeps these locks (their indices) and the rule."""

    def __init__(self, rule: str, locks: tuple[int, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.locks, self.sentence = rule, locks, sentence


@dataclass(frozen=True, slots=True)
class Rules:
    """What every group of a program must keep. `window_slots` counts half hours, `willing_min` facilitators."""

    size_min: int
    size_max: int
    window_slots: int
    max_per_company: int
    willing_min: int = 0
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Lock:
    """These members share one group with this window and mode; others may join them."""

    members: frozenset[str]
    window: int
    mode: str
    metro: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group on paper: members sorted, the start slot of its window, where, and how good it is (0 to 1)."""

    members: tuple[str, ...]
    window: int
    mode: str
    metro: str | None = None
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule, exactly: for the engine and its tests. Pages show `explain.public` of it."""

    rule: RuleName
    group: int | None
    people: tuple[str, ...]
    sentence: str


def check(problem: "Problem", groups: Sequence[Group], each: Each = at_once) -> tuple[Breach, ...]:
    """Every broken rule of these groups, none if they are valid. Looks only at the raw problem."""
    known = {person.id: person for person in problem.people}
    breaches = list(_cover(known, groups))
    for index, group in enumerate(each(groups)):
        members = [known[name] for name in group.members if name in known]
        breaches.extend(_inside(problem, index, group, members))
    breaches.extend(_across(problem, groups))
    return in_order(breaches)


def in_order(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """By group, those of no group last; then by rule and people."""
    rules = get_args(RuleName)
    return tuple(
        sorted(breaches, key=lambda b: (b.group is None, b.group or 0, rules.index(b.rule), b.people, b.sentence))
    )


def _cover(known: dict[str, "Candidate"], groups: Sequence[Group]) -> Iterator[Breach]:
    seats = Counter(name for group in groups for name in group.members)
    for name in sorted(seats):
        if name not in known:
            yield Breach("cover", None, (name,), f"There is no person {name}.")
        elif seats[name] > 1:
            yield Breach("cover", None, (name,), f"{name} is seated {seats[name]} times.")


def _inside(problem: "Problem", index: int, group: Group, members: list["Candidate"]) -> Iterator[Breach]:
    rules = problem.rules
    names = tuple(sorted(group.members))
    if not rules.size_min <= len(names) <= rules.size_max:
        sentence = f"The group has {len(names)} people; {rules.size_min} to {rules.size_max} are allowed."
        yield Breach("size", index, names, sentence)
    yield from _hour_and_place(rules, index, group, members)
    yield from _companies(rules, index, members)
    yield from _nobody_alone(index, members)
    willing = sum(person.willing for person in members)
    if willing < rules.willing_min:
        sentence = f"{willing} would facilitate; {rules.willing_min} are needed."
        yield Breach("willing", index, names, sentence)
    choices = [person.cadences for person in members if person.cadences]
    if choices and not set(choices[0]).intersection(*choices[1:]):
        yield Breach("cadence", index, names, "No cadence suits everybody.")


def _hour_and_place(rules: Rules, index: int, group: Group, members: list["Candidate"]) -> Iterator[Breach]:
    needed = {(group.window + step) % WEEK for step in range(rules.window_slots)}
    absent = sorted(person.id for person in members if not needed <= _slots(person, needed))
    if absent or not 0 <= group.window < WEEK:
        yield Breach("window", index, tuple(absent), f"{_listed(absent)} cannot come at the group's hour.")
    if group.mode == "video" and group.metro is None:
        unable = sorted(person.id for person in members if "video" not in person.modes)
    elif group.mode == "in_person" and group.metro is not None:
        unable = sorted(p.id for p in members if "in_person" not in p.modes or p.metro != group.metro)
    else:
        unable = sorted(person.id for person in members)
    if unable:
        yield Breach("mode", index, tuple(unable), f"{_listed(unable)} cannot meet this way or there.")


def _slots(person: "Candidate", among: set[int]) -> set[int]:
    return {slot for slot in among if (person.hours >> slot) % 2 == 1}


def _companies(rules: Rules, index: int, members: list["Candidate"]) -> Iterator[Breach]:
    staff: dict[str, list[str]] = {}
    for person in members:
        if person.company is not None:
            staff.setdefault(person.company, []).append(person.id)
    for company in sorted(staff):
        if len(staff[company]) > rules.max_per_company:
            colleagues = sorted(staff[company])
            both = "both" if len(colleagues) == 2 else "all"
            sentence = f"{_listed(colleagues)} are {both} at {company}."
            yield Breach("company", index, tuple(colleagues), sentence)


def _nobody_alone(index: int, members: list["Candidate"]) -> Iterator[Breach]:
    for person in sorted(members, key=lambda member: member.id):
        for value in sorted(person.never_alone):
            if not any(value in other.dimensions for other in members if other.id != person.id):
                sentence = f"{person.id} would be the only one with {value}."
                yield Breach("never_alone", index, (person.id,), sentence)


def _across(problem: "Problem", groups: Sequence[Group]) -> Iterator[Breach]:
    where = {name: index for index, group in enumerate(groups) for name in group.members}
    for pair in sorted(tuple(sorted(pair)) for pair in problem.apart):
        homes = {where.get(name) for name in pair}
        if len(homes) == 1 and None not in homes:
            yield Breach("apart", where[pair[0]], pair, f"{_listed(pair)} are to be kept apart.")
    for together in problem.together:
        homes = {where.get(name) for name in together}
        if len(homes) > 1:
            names = tuple(sorted(together))
            seated = next(where[name] for name in names if name in where)
            yield Breach("together", seated, names, f"{_listed(names)} are to stay together.")
    for number in range(len(problem.locked)):
        yield from _kept(number, problem.locked, where, groups)


def _kept(number: int, locks: Sequence[Lock], where: dict[str, int], groups: Sequence[Group]) -> Iterator[Breach]:
    lock = locks[number]
    names = tuple(sorted(lock.members))
    homes = {where.get(name) for name in names}
    home = homes.pop()
    if homes or home is None:
        yield Breach("lock", None, names, f"{_listed(names)} are locked into one group, and not seated together.")
        return
    group = groups[home]
    if (group.window, group.mode, group.metro) != (lock.window, lock.mode, lock.metro):
        yield Breach("lock", home, names, f"The group of {_listed(names)} has another hour or place than their lock.")
    if any(where.get(name) == home for other in locks[:number] for name in other.members):
        yield Breach("lock", home, names, f"{_listed(names)} share their group with people of another lock.")


def _listed(names: Iterable[str]) -> str:
    ordered = list(names)
    return " and ".join([", ".join(ordered[:-1]), ordered[-1]]) if len(ordered) > 1 else "".join(ordered)
