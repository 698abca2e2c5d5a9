"""One group as people make it by hand: its hour, how good it is, and each rule that it breaks, named."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from groups.composition.cards import Card, Cards
from groups.composition.explain import public
from groups.composition.measures import as_group
from groups.composition.people import Problem
from groups.composition.rules import Breach, Group, check


@dataclass(frozen=True, slots=True)
class Verdict:
    """A group, what it breaks as pages may say it, and its card. Nobody in it: nothing is broken, and there is none."""

    group: Group
    breaches: tuple[Breach, ...] = ()
    card: Card | None = None

    @property
    def weight(self) -> float:
        """What it adds to the quality of the whole: each of its people counts once."""
        return len(self.group.members) * self.group.quality


def settled(problem: Problem, group: Group, members: Collection[str]) -> Group:
    """The group with these members instead: hour and place stay while they suit, else others do."""
    known = {person.id: person for person in problem.people}
    people = [known[name] for name in sorted(members)]
    if not people:
        return replace(group, members=(), quality=0.0)
    return as_group(problem.rules, people, like=group, met=problem.met)


def judged(problem: Problem, group: Group) -> Verdict:
    """What this group breaks at its hour. The problem may hold more people; nobody else is looked at."""
    if not group.members:
        return Verdict(group)
    breaches = dict.fromkeys(public(breach) for breach in check(problem, [group]))
    card = Cards(problem).of(0, group)
    return Verdict(replace(group, quality=card.quality), tuple(breaches), card)
