"""Versions of one composition side by side: what each places, and who moved from where to where between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from groups.composition.drafts import compared
from groups.composition.rules import Group as PaperGroup
from groups.consent import State
from groups.models.draft import Composition, DraftGroup, DraftState, Progress
from groups.models.invitation import Invitation

VERSIONS = 4


@dataclass(frozen=True, slots=True)
class Moved:
    """One group of the newer version: how many stayed, who came from where, who went where, by initials."""

    now: int | None
    before: int | None
    stay: int
    came: tuple[tuple[str, str], ...]
    went: tuple[tuple[str, str], ...]


def versions(composition: Composition) -> QuerySet[Composition]:
    """The latest results for this program, with how many drafts are on paper, break a rule, and hang on every yes."""
    done = Composition.objects.filter(program=composition.program, progress=Progress.DONE)
    on_paper = Q(drafts__state=DraftState.DRAFT)
    return done.select_related("base").annotate(
        groups=Count("drafts", filter=on_paper),
        broken=Count("drafts", filter=on_paper & Q(drafts__card__broken__0__isnull=False)),
        fragile=Count("drafts", filter=on_paper & Q(drafts__card__fragile=True)),
    )[:VERSIONS]


def moves(before: Composition, now: Composition) -> list[Moved]:
    """Every group in which somebody moved. Two queries for each version."""
    old, new = _Paper(before), _Paper(now)
    matches = compared(new.groups, old.groups)
    found = (
        Moved(
            now=None if one.here is None else new.numbers[one.here],
            before=None if one.there is None else old.numbers[one.there],
            stay=len(one.stay),
            came=_named(one.go, new, old),
            went=_named(one.come, old, new),
        )
        for one in matches
    )
    return [one for one in found if one.came or one.went]


def _named(keys: Iterable[str], here: _Paper, there: _Paper) -> tuple[tuple[str, str], ...]:
    """Initials, and the place in the other version."""
    return tuple((here.initials[key], there.place(key)) for key in keys)


class _Paper:
    """The drafts of one version and who sits in them."""

    def __init__(self, composition: Composition) -> None:
        drafts = DraftGroup.objects.filter(composition=composition).exclude(state=DraftState.DISSOLVED)
        away = [State.DECLINED, State.LAPSED, State.RELEASED]
        seats = Invitation.objects.filter(draft__in=drafts).exclude(state__in=away)
        rows = seats.values_list("draft__number", "application__public_id", "application__person__initials")
        members: dict[int, list[str]] = {number: [] for number in drafts.values_list("number", flat=True)}
        self.initials: dict[str, str] = {}
        self.home: dict[str, int] = {}
        for number, key, initials in rows:
            members[number].append(key)
            self.initials[key], self.home[key] = initials, number
        self.numbers = list(members)
        self.groups = [PaperGroup(tuple(sorted(keys)), 0, "") for keys in members.values()]

    def place(self, key: str) -> str:
        return f"group {self.home[key]}" if key in self.home else "the pool"
