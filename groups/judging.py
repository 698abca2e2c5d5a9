"""What a move on the composition board would break and gain: only the people of the drafts it touches are looked at.

Hours and personal rules of at most two groups are opened, however large the pool is, and none of them leaves this
module: what comes out is sentences with initials, and numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from groups import candidates, times
from groups.composition.rules import Breach
from groups.composition.rules import Group as PaperGroup
from groups.composition.verdicts import Verdict, judged, settled
from groups.consent import State
from groups.models.draft import Composition, DraftGroup
from groups.models.invitation import Invitation
from groups.sealing import with_initials
from members.models.application import Application
from roundtable import clock


@dataclass(frozen=True, slots=True)
class Side:
    """One draft before and after."""

    draft: DraftGroup
    before: Verdict
    after: Verdict
    sentences: tuple[str, ...]  # what it breaks afterwards
    new: tuple[str, ...]  # of these what it did not break before
    mended: tuple[str, ...]
    tightest: str  # whose absence would open most hours, by initials

    @property
    def moves_to(self) -> str:
        """The hour it would meet at instead, in words; empty if that stays."""
        if self.after.group.window == self.before.group.window:
            return ""
        return hour_of(self.draft, self.after.group.window).words


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes of a change: of each draft it touches, and of the whole."""

    sides: tuple[Side, ...]
    placed: int
    quality: float

    @property
    def holds(self) -> bool:
        """Whether no draft breaks a rule that it did not break before."""
        return not any(side.new for side in self.sides)


class Judge:
    """The people of a few drafts, and some more, loaded once and judged as often as wanted."""

    def __init__(
        self, composition: Composition, drafts: Sequence[DraftGroup], more: Iterable[Application] = ()
    ) -> None:
        self.composition, self.drafts = composition, drafts
        rows = Invitation.objects.filter(draft__in=drafts, state=State.DRAFTED).select_related("application__person")
        self.seated: dict[int, set[str]] = {draft.pk: set() for draft in drafts}
        people = {application.public_id: application for application in more}
        for row in rows:
            people[row.application.public_id] = row.application
            self.seated[row.draft_id].add(row.application.public_id)
        self.initials = {key: one.person.initials for key, one in people.items()}
        self.pool = candidates.pool(list(people.values()), today=clock.today(), zone=composition.zone)
        self.problem = candidates.problem(composition.program, self.pool)

    def side(self, draft: DraftGroup, members: Collection[str], *, at: PaperGroup | None = None) -> Side:
        """The draft with these members instead; `at` holds the hour and place to go back to."""
        problem = candidates.on_clock(self.problem, self.pool, draft.zone)
        group = paper(draft, self.seated[draft.pk])
        after = replace(at, members=tuple(sorted(members))) if at else settled(problem, group, members)
        old, new = judged(problem, group), judged(problem, after)
        were, are = ({key_of(breach): self._said(breach) for breach in verdict.breaches} for verdict in (old, new))
        added = tuple(said for key, said in are.items() if key not in were)
        mended = tuple(said for key, said in were.items() if key not in are)
        tightest = self.initials.get(new.card.tightest or "", "") if new.card else ""
        return Side(draft, old, new, tuple(are.values()), added, mended, tightest)

    def _said(self, breach: Breach) -> str:
        return with_initials(breach.sentence, self.initials)

    def outlook(self, sides: Sequence[Side]) -> Outlook:
        """The differences for the whole composition."""
        placed = sum(len(side.after.group.members) - len(side.before.group.members) for side in sides)
        gained = sum(side.after.weight - side.before.weight for side in sides)
        now, people = self.composition.quality, self.composition.placed + placed
        mean = (now * self.composition.placed + gained) / people if people > 0 else 0.0
        return Outlook(tuple(sides), placed, mean - now)


def key_of(breach: Breach) -> tuple[str, tuple[str, ...]]:
    """By what a broken rule is the same one before and after: where it is about all of a group, by the rule alone."""
    return breach.rule, () if breach.rule in ("size", "willing", "cadence") else breach.people


def paper(draft: DraftGroup, members: Collection[str]) -> PaperGroup:
    """A draft as the engine takes it."""
    return PaperGroup(tuple(sorted(members)), draft.window, draft.mode, draft.metro or None, draft.quality)


def hour_of(draft: DraftGroup, window: int) -> times.Hour:
    """The hour of a draft if it began at this half hour, on its own clock."""
    monday = candidates.monday_after(clock.today())
    minutes = draft.composition.program.minutes  # people are moved only while all is on paper: nothing is chosen yet
    return times.on_clock(window, kept_in=draft.zone, zone=draft.zone, minutes=minutes, monday=monday)
