"""What a group has in common: its windows, its venue, and the numbers that its quality is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_

from groups.composition.people import MASK, Candidate, slots_of, window_starts
from groups.composition.rules import Group, Lock, Rules
from groups.composition.score import quality, terms


def common_windows(rules: Rules, members: Iterable[Candidate]) -> int:
    """The windows that suit every member, as bits."""
    return reduce(and_, (window_starts(person.hours, rules.window_slots) for person in members), MASK)


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


def quality_of(rules: Rules, members: Sequence[Candidate]) -> float:
    """The quality of these people as a group, 0 to 1; 0 for nobody."""
    return float(quality(rules.weights, *counted(rules, members))) if members else 0.0


def terms_of(rules: Rules, members: Sequence[Candidate]) -> Mapping[str, float]:
    """The four terms of the quality, each 0 to 1."""
    return {name: float(value) for name, value in terms(rules.weights, *counted(rules, members)).items()}


def mean_quality(groups: Iterable[Group]) -> float:
    """The mean over placed people of the quality of their group; 0 if nobody is placed."""
    seated = [(len(group.members), group.quality) for group in groups]
    people = sum(size for size, _ in seated)
    return sum(size * worth for size, worth in seated) / people if people else 0.0


def as_group(rules: Rules, members: Sequence[Candidate], lock: Lock | None = None, like: Group | None = None) -> Group:
    """These people as a group: a lock keeps its hour and place; a former group keeps its own while they still suit."""
    names = tuple(sorted(person.id for person in members))
    worth = quality_of(rules, members)
    if lock is not None:
        return Group(names, lock.window, lock.mode, lock.metro, worth)
    windows = common_windows(rules, members)
    window = like.window if like else 0
    if windows and not windows >> window & 1:
        window = slots_of(windows)[0]
    mode, metro = _venue(members, like)
    return Group(names, window, mode, metro, worth)


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
