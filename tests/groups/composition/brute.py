"""All compositions of a handful of people, by trying: the truth that the engine is compared with."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations

from hypothesis import strategies as st

from groups.composition.measures import suits
from groups.composition.people import Candidate, Problem
from groups.composition.rules import WEEK, Group, Lock, Rules, check
from groups.composition.units import merged

NAMES = "abcdefghi"


def hours(*slots: int) -> int:
    """These half hours as bits."""
    return sum(1 << slot % WEEK for slot in set(slots))


def person(name: str, *slots: int, **more: object) -> Candidate:
    """Somebody by video at these half hours, and whatever else is said."""
    return Candidate(**{"id": name, "hours": hours(*slots), "modes": frozenset({"video"}), **more})  # type: ignore[arg-type] # told by the test


def valid_groups(problem: Problem) -> dict[frozenset[str], Group]:
    """Every set of people that could be a group, with one hour and place for it."""
    found = {}
    sizes = range(problem.rules.size_min, problem.rules.size_max + 1)
    for size in sizes:
        for members in combinations(sorted(problem.people, key=lambda p: p.id), size):
            for group in _framed(problem, members):
                if not check(_inside(problem, members), [group]):
                    found[frozenset(group.members)] = group
                    break
    return found


def _framed(problem: Problem, members: tuple[Candidate, ...]) -> Iterator[Group]:
    names = tuple(sorted(person.id for person in members))
    locks = [lock for lock in problem.locked if lock.members & set(names)]
    places = [("video", None), *(("in_person", person.metro) for person in members)]
    for mode, metro in places:
        if all(suits(person, mode, metro) for person in members):
            yield from (Group(names, window, mode, metro) for window in _windows(problem, members, locks))


def _windows(problem: Problem, members: tuple[Candidate, ...], locks: list[Lock]) -> list[int]:
    if locks:
        return [lock.window for lock in locks]
    slots = range(problem.rules.window_slots)
    return [t for t in range(WEEK) if all(p.hours >> (t + s) % WEEK & 1 for p in members for s in slots)][:1]


def _inside(problem: Problem, members: tuple[Candidate, ...]) -> Problem:
    names = {person.id for person in members}
    return replace(
        problem,
        people=members,
        apart=frozenset(pair for pair in problem.apart if pair <= names),
        together=tuple(whole for whole in merged(problem.together) if whole & names),
        locked=tuple(lock for lock in problem.locked if lock.members & names),
    )


def compositions(problem: Problem) -> Iterator[tuple[frozenset[str], ...]]:
    """Every choice of disjoint groups that keeps all locks."""
    groups = sorted(valid_groups(problem), key=sorted)
    must = frozenset().union(*(lock.members for lock in problem.locked))

    def chosen(start: int, taken: frozenset[str]) -> Iterator[tuple[frozenset[str], ...]]:
        yield ()
        for index in range(start, len(groups)):
            if not groups[index] & taken:
                for rest in chosen(index + 1, taken | groups[index]):
                    yield (groups[index], *rest)

    return (choice for choice in chosen(0, frozenset()) if must <= frozenset().union(*choice))


def worth(problem: Problem, choice: tuple[frozenset[str], ...]) -> tuple[int, int, int]:
    """People placed, those skipped before, those who stay with their draft group."""
    seated = frozenset().union(*choice)
    skipped = sum(min(p.skipped_before, 3) for p in problem.people if p.id in seated)
    return len(seated), skipped, stays(problem, choice)


def stays(problem: Problem, choice: tuple[frozenset[str], ...]) -> int:
    """Each draft group goes on as at most one group; so many people stay in theirs."""
    draft = [frozenset(group.members) for group in problem.draft]
    slots = [*choice, *([frozenset()] * len(draft))]
    return max(
        (
            sum(len(old & new) for old, new in zip(draft, order, strict=True))
            for order in permutations(slots, len(draft))
        ),
        default=0,
    )


def best(problem: Problem) -> tuple[int, int, int] | None:
    """The best that any composition reaches; None if the locks cannot be kept."""
    return max((worth(problem, choice) for choice in compositions(problem)), default=None)


@st.composite
def people(draw: st.DrawFn, most: int = 9) -> tuple[Candidate, ...]:
    """A few people with few hours, so that groups are scarce but not impossible."""
    return tuple(draw(someone(name)) for name in NAMES[: draw(st.integers(2, most))])


@st.composite
def someone(draw: st.DrawFn, name: str) -> Candidate:
    """One person; everything that a rule can look at varies."""
    values = st.frozensets(st.sampled_from(("x", "y")), max_size=2)
    return Candidate(
        id=name,
        hours=hours(*draw(st.sets(st.sampled_from((335, 0, 1, 2, 3)), min_size=1))),
        modes=draw(
            st.sampled_from((frozenset({"video"}), frozenset({"video", "in_person"}), frozenset({"in_person"})))
        ),
        metro=draw(st.sampled_from(("msp", "msp", "sea", None))),
        company=draw(st.sampled_from((None, None, "acme", "beta"))),
        role=draw(st.sampled_from((None, "cto", "vp"))),
        years=draw(st.none() | st.integers(0, 40)),
        interests=draw(st.frozensets(st.sampled_from(("i", "j")))),
        dimensions=draw(values),
        never_alone=draw(st.just(frozenset()) | values),
        skipped_before=draw(st.integers(0, 4)),
        willing=draw(st.booleans()),
        cadences=draw(st.sampled_from((frozenset(), frozenset(), frozenset({"monthly"}), frozenset({"weekly"})))),
    )


@st.composite
def problems(draw: st.DrawFn, most: int = 9, *, draft: bool = False) -> Problem:
    """A small problem without locks; sets that contradict a rule are left for other tests."""
    everyone = draw(people(most))
    low = draw(st.integers(2, 3))
    rules = Rules(low, low + draw(st.integers(0, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    rules = replace(rules, willing_min=draw(st.sampled_from((0, 0, 1))))
    pairs = st.frozensets(st.sampled_from([p.id for p in everyone]), min_size=2, max_size=2)
    problem = Problem(
        rules=rules,
        people=everyone,
        apart=frozenset(draw(st.lists(pairs, max_size=2))),
        together=tuple(draw(st.lists(pairs, max_size=1))),
        seed=draw(st.integers(0, 3)),
    )
    return replace(problem, draft=draw(_drafts(everyone))) if draft else problem


@st.composite
def _drafts(draw: st.DrawFn, everyone: tuple[Candidate, ...]) -> tuple[Group, ...]:
    names = draw(st.permutations([p.id for p in everyone]))
    cut = draw(st.integers(0, len(names)))
    return tuple(Group(tuple(sorted(part)), 0, "video") for part in (names[:cut], names[cut : cut + 3]) if part)
