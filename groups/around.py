"""Solving again around what stands on a board: its locks are kept, and of the rest as few people move as possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from groups import candidates
from groups.candidates import Pool
from groups.composition.drafts import compared
from groups.composition.people import Problem
from groups.composition.rules import Group as PaperGroup
from groups.composition.rules import Lock, LocksImpossible
from groups.consent import State
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.edit import Hold
from groups.models.invitation import Invitation
from members.models.application import Application

NAMED = re.compile(r"(?:locked|groups)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Standing:
    """One draft of the board that is solved again: those of its people who are still in the pool, and who is locked."""

    draft: DraftGroup
    group: PaperGroup
    locked: frozenset[str]


def standing(composition: Composition, pool: Pool) -> list[Standing]:
    """The drafts on paper, on the clock of this pool, in three queries."""
    drafts = {draft.pk: draft for draft in composition.drafts.filter(state=DraftState.DRAFT)}
    seats = Invitation.objects.filter(
        draft__in=drafts, state=State.DRAFTED, application__public_id__in=pool.applications
    )
    members: dict[int, list[str]] = {pk: [] for pk in drafts}
    for draft, key in seats.values_list("draft_id", "application__public_id"):
        members[draft].append(key)
    holds = Hold.objects.filter(draft__in=drafts).values_list("draft_id", "application__public_id")
    held = {(draft, key) for draft, key in holds}
    return [_standing(draft, members[pk], held, pool) for pk, draft in drafts.items() if members[pk]]


def _standing(draft: DraftGroup, keys: Sequence[str], held: set[tuple[int, str]], pool: Pool) -> Standing:
    window = candidates.slot_on(draft.window, draft.zone, pool.zone, pool.first_monday)
    group = PaperGroup(
        members=tuple(sorted(keys)),
        window=draft.window if window is None else window,
        mode=draft.mode,
        metro=draft.metro or None,
        quality=draft.quality,
    )
    locked = frozenset(keys) if draft.locked else frozenset(key for key in keys if (draft.pk, key) in held)
    return Standing(draft, group, locked)


def around(problem: Problem, pool: Pool, base: Composition) -> Problem:
    """The same people with the locks of the board, and its groups as the draft from which few are to move."""
    found = standing(base, pool)
    locks = tuple(Lock(one.locked, one.group.window, one.group.mode, one.group.metro) for one in found if one.locked)
    return replace(problem, locked=locks, draft=tuple(one.group for one in found))


def without_locked(problem: Problem) -> Problem:
    """As the exact program takes it: a group with a lock is one already, the others are the draft."""
    locked = frozenset().union(*(lock.members for lock in problem.locked))
    return replace(problem, draft=tuple(group for group in problem.draft if not locked.intersection(group.members)))


def numbers(base: Composition, pool: Pool, groups: Sequence[PaperGroup]) -> list[int]:
    """By group the number that it had before: of two that share people with one group, the one that shares most."""
    found = standing(base, pool)
    last = max((one.draft.number for one in found), default=0)
    given: list[int] = []
    for match in compared(groups, [one.group for one in found]):
        if match.here is not None:
            last += match.there is None
            given.append(last if match.there is None else found[match.there].draft.number)
    return given


def keep_locks(base: Composition, pool: Pool, drafts: Sequence[DraftGroup], members: Sequence[Sequence[str]]) -> None:
    """Whatever was locked or held on the board still is, on the board that came of it."""
    home = {key: draft for draft, keys in zip(drafts, members, strict=True) for key in keys}
    holds = []
    for one in standing(base, pool):
        for key in sorted(one.locked & home.keys()):
            if one.draft.locked:
                home[key].locked = True
            else:
                holds.append(Hold(draft=home[key], application=pool.applications[key]))
    DraftGroup.objects.filter(pk__in=[draft.pk for draft in drafts if draft.locked]).update(locked=True)
    Hold.objects.bulk_create(holds)


def in_words(refusal: LocksImpossible, problem: Problem, base: Composition) -> str:
    """Why the locks cannot all be kept, with the numbers of the groups and the initials of their people."""
    keys = {key for lock in problem.locked for key in lock.members}
    people = Application.objects.filter(public_id__in=keys).select_related("person")
    initials = {one.public_id: one.person.initials for one in people}
    seats = Invitation.objects.filter(draft__composition=base, application__public_id__in=keys, state=State.DRAFTED)
    homes = dict(seats.values_list("application__public_id", "draft__number"))
    firsts = [homes.get(min(lock.members), 0) for lock in problem.locked]
    said = NAMED.sub(lambda found: f"group {firsts[int(found[1])]}", refusal.sentence)
    for key, letters in initials.items():
        said = said.replace(key, letters)
    return f"The locks cannot all be kept: {said} Unlock a group or let somebody go, and solve again."[:300]
