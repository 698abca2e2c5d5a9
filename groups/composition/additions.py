"""One more person for a group that meets already: what that would break, and who could come, in order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from groups.composition.measures import quality_of
from groups.composition.people import Problem
from groups.composition.pool import only
from groups.composition.rules import Breach, Group, check


def caused(problem: Problem, group: Group, newcomers: Iterable[str]) -> tuple[Breach, ...]:
    """What these people would break by joining, beside whatever the group breaks without them.

    A group that has become too small may fill up step by step; it may never become too large.
    """
    members = tuple(sorted({*group.members, *newcomers}))
    larger = replace(group, members=members)
    before = {_seen(breach) for breach in check(only(problem, frozenset(group.members)), [group])}
    after = check(only(problem, frozenset(members)), [larger])
    full = len(members) > problem.rules.size_max
    return tuple(one for one in after if _seen(one) not in before and (one.rule != "size" or full))


def _seen(breach: Breach) -> tuple[object, ...]:
    """Of the rules about the whole group every breach is the same one, whoever sits there."""
    return (breach.rule,) if breach.rule in ("willing", "cadence") else (breach.rule, breach.people)


def takers(problem: Problem, group: Group, waiting: Sequence[str]) -> tuple[str, ...]:
    """Who could join without breaking anything: most often skipped first, then who makes the better group."""
    known = {person.id: person for person in problem.people}
    members = [known[name] for name in group.members if name in known]

    def turn(name: str) -> tuple[float, ...]:
        return -known[name].skipped_before, -quality_of(problem.rules, [*members, known[name]], problem.met)

    return tuple(sorted((name for name in waiting if not caused(problem, group, [name])), key=turn))
