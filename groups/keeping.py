"""A finished run goes on paper: drafts, their people, a reason for everybody left out. A few statements per thousand.

Expects the composition to be locked by its caller. Lock order: composition, shard, draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from groups import around, candidates, composing, freezing
from groups.composing import OnPaper
from groups.composition.explain import Card, explain
from groups.composition.people import Problem
from groups.composition.rules import Group as PaperGroup
from groups.composition.solver import Proposal
from groups.models.draft import Composition, DraftGroup, LeftOut
from groups.models.invitation import Invitation
from groups.models.shard import FrozenPool

BATCH = 1000  # rows of one statement
AT_A_TIME = 100  # groups explained with their own people alone, so that the work grows as the pool does


def cards(problem: Problem, groups: Sequence[PaperGroup]) -> Iterator[Card]:
    """What each group is like, in their order."""
    known = {person.id: person for person in problem.people}
    for start in range(0, len(groups), AT_A_TIME):
        some = groups[start : start + AT_A_TIME]
        names = {name for group in some for name in group.members}
        among = replace(
            problem,
            people=tuple(known[name] for name in sorted(names)),
            apart=frozenset(pair for pair in problem.apart if pair <= names),
            together=tuple(whole for whole in problem.together if whole <= names),
            locked=tuple(lock for lock in problem.locked if lock.members <= names),
            draft=(),
        )
        yield from explain(among, some)[0]


def keep(
    composition: Composition, frozen: FrozenPool, problem: Problem, proposal: Proposal, cards: Sequence[Card]
) -> None:
    """Everything of the proposal, for those who are still in the pool. Where the pool has changed, in what, is said."""
    applications = freezing.in_the_pool(composition.program)
    pool = candidates.pool(applications, today=frozen.made_on, zone=frozen.zone)
    paper = OnPaper(pool, problem, proposal)
    composition.differences = freezing.differences(problem, composition.program, pool)
    composition.placed, composition.bound = proposal.certificate.placed, proposal.certificate.bound
    composition.quality, composition.zone = proposal.quality, pool.zone
    composition.certificate = asdict(proposal.certificate)
    _keep_drafts(composition, paper, cards)
    LeftOut.objects.bulk_create(_left_out(composition, paper), batch_size=BATCH)


def _keep_drafts(composition: Composition, paper: OnPaper, cards: Sequence[Card]) -> None:
    drafts, members = [], []
    base, found = composition.base, paper.proposal.groups
    given = around.numbers(base, paper.pool, found) if base else range(1, len(found) + 1)
    for number, group, card in zip(given, found, cards, strict=True):
        still = tuple(key for key in group.members if key in paper.pool.applications)
        if still:
            drafts.append(_draft(composition, number, replace(group, members=still), paper, card))
            members.append(still)
    DraftGroup.objects.bulk_create(drafts, batch_size=BATCH)
    invitations = (
        Invitation(draft=draft, application=paper.pool.applications[key])
        for draft, keys in zip(drafts, members, strict=True)
        for key in keys
    )
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    if base is not None:
        around.keep_locks(base, paper.pool, drafts, members)


def _draft(composition: Composition, number: int, group: PaperGroup, paper: OnPaper, card: Card) -> DraftGroup:
    zone, window = composing.anchor(group, paper)
    return DraftGroup(
        composition=composition,
        number=number,
        mode=group.mode,
        metro=group.metro or "",
        zone=zone,
        window=window,
        quality=group.quality,
        card={
            "windows": len(card.windows),
            "fragile": card.fragile,
            "tightest": paper.in_words(card.tightest or ""),
            "warnings": card.warnings,
        },
    )


def _left_out(composition: Composition, paper: OnPaper) -> Iterator[LeftOut]:
    for reason in paper.proposal.unplaced:
        application = paper.pool.applications.get(reason.person)
        if application is not None:
            yield LeftOut(
                composition=composition,
                application=application,
                code=reason.code,
                sentence=paper.in_words(reason.sentence),
                fix=paper.help_for(reason),
            )
