"""What a group has in common: its windows, its venue, and the numbers that its quality is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import combinations
from operator import and_
from types import MappingProxyType

from groups.composition.people import MASK, Candidate, slots_of, window_starts
from groups.composition.rules import Group, Lock, Rules
from groups.composition.score import Weights, faded, gathered, more_terms, quality, terms

Met = Mapping[frozenset[str], int]
NOBODY: Met = MappingProxyType({})


def common_windows(rules: Rules, members: Iterable[Candidate]) -> int:
    """The windows that suit every member, as bits."""
    return window_starts(_shared_hours(members), rules.window_slots)


def _shared_hours(members: Iterable[Candidate]) -> int:
    """A window suits them all where all of its half hours do, so hours are shared first and cut into windows once."""
    return reduce(and_, (person.hours for person in members), MASK)


def common_venue(members: Sequence[Candidate]) -> tuple[str, str | None] | None:
    """In person where all can and share the metro, else video where all can, else none."""
    metros = {person.metro if "in_person" in person.modes else None for person in members}
    if len(metros) == 1 and None not in metros:
        return "in_person", metros.pop()
    return ("video", None) if all("video" in person.modes for person in members) else None


def counted(rules: Rules, members: Sequence[Candidate]) -> tuple[int, int, int, int]:
    """Common windows, different roles, span of years, interests that at least half the members hold.

    An unknown role is no role; unknown years stay out of the span.
    """
    roles = {person.role for person in members} - {None}
    windows = common_windows(rules, members).bit_count()
    return windows, len(roles), span_of(members) or 0, len(shared_interests(members))


def span_of(members: Iterable[Candidate]) -> int | None:
    """The years of experience from the least to the most; None where nobody's are known."""
    years = [person.years for person in members if person.years is not None]
    return max(years) - min(years) if years else None


def shared_interests(members: Sequence[Candidate]) -> tuple[str, ...]:
    """The interests that at least half the members hold, the most common first."""
    holders = Counter(interest for person in members for interest in person.interests)
    shared = (interest for interest, n in holders.items() if 2 * n >= len(members))
    return tuple(sorted(shared, key=lambda interest: (-holders[interest], interest)))


def quality_of(rules: Rules, members: Sequence[Candidate], met: Met = NOBODY) -> float:
    """The quality of these people as a group, 0 to 1; 0 for nobody. `met`: pairs, and how many months ago."""
    if not members:
        return 0.0
    worth = _worth(rules.weights, *counted(rules, members))
    if not any(rules.weights.more().values()):
        return worth
    more = {**_more(rules, members, met), "gathered": _gathered(members)}
    return worth + sum(weight * more[name] for name, weight in rules.weights.more().items())


@lru_cache(maxsize=4096)
def _worth(weights: Weights, windows: int, roles: int, span: int, shared: int) -> float:
    """Few counts come up, again and again, and for one group the arithmetic of arrays costs more than to remember."""
    return float(quality(weights, windows, roles, span, shared))


def terms_of(rules: Rules, members: Sequence[Candidate], met: Met = NOBODY) -> Mapping[str, float]:
    """The terms of the quality, each 0 to 1: the four, and those a program gives weight to.

    Never how those who share a wish are gathered: it would tell that some do.
    """
    found = {name: float(value) for name, value in terms(rules.weights, *counted(rules, members)).items()}
    more = _more(rules, members, met)
    return found | {name: more[name] for name, weight in rules.weights.more().items() if weight and name in more}


def _more(rules: Rules, members: Sequence[Candidate], met: Met) -> Mapping[str, float]:
    common = common_windows(rules, members)
    suits_all = reduce(and_, (window_starts(person.good, rules.window_slots) for person in members), common)
    pairs = (frozenset(pair) for pair in combinations([person.id for person in members], 2)) if met else ()
    bands = Counter(person.scope for person in members if person.scope is not None)
    likes = [person.size_liked for person in members if person.size_liked is not None]
    each = more_terms(
        size=len(members),
        met=sum(faded(met[pair]) for pair in pairs if pair in met),
        band=max(bands.values(), default=0),
        bands=bands.total(),
        good=suits_all.bit_count(),
        windows=common.bit_count(),
        liked=likes.count(len(members)),
        likes=len(likes),
    )
    return {name: float(value) for name, value in each.items()}


def _gathered(members: Sequence[Candidate]) -> float:
    wished = frozenset().union(*(person.never_alone for person in members))
    each = [float(gathered(sum(value in person.dimensions for person in members))) for value in wished]
    return sum(each) / len(each) if each else 1.0


def mean_quality(groups: Iterable[Group]) -> float:
    """The mean over placed people of the quality of their group; 0 if nobody is placed."""
    seated = [(len(group.members), group.quality) for group in groups]
    people = sum(size for size, _ in seated)
    return sum(size * worth for size, worth in seated) / people if people else 0.0


def as_group(
    rules: Rules,
    members: Sequence[Candidate],
    lock: Lock | None = None,
    like: Group | None = None,
    met: Met = NOBODY,
) -> Group:
    """These people as a group: a lock keeps its hour and place; a former group keeps its own while they still suit."""
    names = tuple(sorted(person.id for person in members))
    worth = quality_of(rules, members, met)
    if lock is not None:
        return Group(names, lock.window, lock.mode, lock.metro, worth)
    windows = common_windows(rules, members)
    window = like.window if like else 0
    if windows and not (like and windows >> window & 1):
        window = kindest(rules, members, windows)
    mode, metro = _venue(members, like)
    return Group(names, window, mode, metro, worth)


def kindest(rules: Rules, members: Sequence[Candidate], windows: int) -> int:
    """The one of these windows that is good for most members; of those the first of the week."""
    good = [window_starts(person.good, rules.window_slots) for person in members if person.good]
    return max(slots_of(windows), key=lambda window: (sum(mine >> window & 1 for mine in good), -window))


def _venue(members: Sequence[Candidate], like: Group | None) -> tuple[str, str | None]:
    if like is not None and all(suits(person, like.mode, like.metro) for person in members):
        return like.mode, like.metro
    return common_venue(members) or ((like.mode, like.metro) if like else ("video", None))


def suits(person: Candidate, mode: str, metro: str | None) -> bool:
    """Whether this person can meet this way and there."""
    return mode in person.modes and (mode == "video" or (metro is not None and person.metro == metro))


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """By mode, metro, window and first member."""
    return tuple(sorted(groups, key=lambda group: (group.mode, group.metro or "", group.window, group.members)))
