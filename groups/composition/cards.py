"""A card per group: what it has in common, how good it is and how sturdy, without a word about personal rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from groups.composition.measures import common_windows, quality_of, shared_interests, span_of, terms_of
from groups.composition.people import Candidate, Problem, slots_of
from groups.composition.rules import Group, Rules


@dataclass(frozen=True, slots=True)
class Card:
    """What a group is like. `tightest`: whose absence opens most windows, to `opens` of them; `fragile`: one no breaks
    a rule. `kept`: every personal rule holds, never whose, which or how many. `met`: how many have met before."""

    group: int
    windows: tuple[int, ...]
    terms: Mapping[str, float]
    tightest: str | None
    fragile: bool
    warnings: tuple[str, ...]
    quality: float
    opens: int
    kept: bool
    companies: int
    roles: tuple[str, ...]
    span: int | None
    interests: tuple[str, ...]
    met: int


class Cards:
    """Makes the cards of one problem's groups."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rules = problem, problem.rules
        self.known = {person.id: person for person in problem.people}
        self.apart: dict[str, set[str]] = {}
        for pair in problem.apart:
            for name in pair:
                self.apart.setdefault(name, set()).update(pair - {name})

    def of(self, index: int, group: Group) -> Card:
        """The card of the group at this index."""
        members = [self.known[name] for name in group.members]
        tightest, opens = _tightest(self.rules, members)
        kept = self._kept(members)
        met = self._met(group)
        return Card(
            group=index,
            windows=slots_of(common_windows(self.rules, members)),
            terms=terms_of(self.rules, members, self.problem.met),
            tightest=tightest,
            fragile=not kept or bool(critical(self.rules, members)),
            warnings=(f"{met} of you have met.",) if met else (),
            quality=quality_of(self.rules, members, self.problem.met),
            opens=opens,
            kept=kept,
            companies=len({person.company for person in members} - {None}),
            roles=tuple(sorted({person.role for person in members if person.role is not None})),
            span=span_of(members),
            interests=shared_interests(members),
            met=met,
        )

    def _kept(self, members: Sequence[Candidate]) -> bool:
        names = {person.id for person in members}
        return not any(self.apart.get(name, set()) & names for name in names) and not any(
            _holders(members, person, value) == [] for person in members for value in person.never_alone
        )

    def _met(self, group: Group) -> int:
        if not self.problem.met:
            return 0
        pairs = [pair for pair in map(frozenset, combinations(group.members, 2)) if pair in self.problem.met]
        return len(frozenset().union(*pairs))


def critical(rules: Rules, members: Sequence[Candidate]) -> frozenset[str]:
    """Whose "no" would break a rule of this group. For the engine alone: the names would tell who shares a wish."""
    if len(members) <= rules.size_min:
        return frozenset(person.id for person in members)
    willing = frozenset(person.id for person in members if person.willing)
    found = willing if len(willing) <= rules.willing_min else frozenset()
    partners = (_holders(members, person, value) for person in members for value in person.never_alone)
    return found.union(*(names for names in partners if len(names) == 1))


def _holders(members: Iterable[Candidate], person: Candidate, value: str) -> list[str]:
    """The others who have this value."""
    return [other.id for other in members if other is not person and value in other.dimensions]


def _tightest(rules: Rules, members: Sequence[Candidate]) -> tuple[str | None, int]:
    """Nobody, if nobody's absence would open a window."""
    windows = common_windows(rules, members).bit_count()
    without = {
        person.id: common_windows(rules, [other for other in members if other is not person]).bit_count()
        for person in members
    }
    most = max(without.values(), default=windows)
    return (min(name for name, n in without.items() if n == most), most) if most > windows else (None, windows)
