"""What the composition board shows: drafts as columns, people as tiles, and who waits. No identity answer, no hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from groups import times
from groups.consent import State
from groups.models.draft import Composition, DraftGroup, DraftState, LeftOut
from groups.models.edit import Hold
from groups.models.invitation import Invitation
from groups.models.offer import State as OfferState
from members.models.application import Application


@dataclass(frozen=True, slots=True)
class Tile:
    """One person as the board shows them."""

    key: str
    initials: str
    role: str
    company: str
    place: str
    held: bool = False
    why: str = ""  # of who waits: the reason that the last solution gave
    way: str = ""  # and the nearest way in that it saw


@dataclass(frozen=True, slots=True)
class Column:
    """One draft and its people."""

    draft: DraftGroup
    hour: times.Hour
    tiles: tuple[Tile, ...]
    offered: bool

    @property
    def open(self) -> bool:
        """Whether people can be moved in and out."""
        return self.draft.state == DraftState.DRAFT and not self.offered and not self.draft.locked


def drafts(composition: Composition, *, broken: bool = False) -> QuerySet[DraftGroup]:
    """All but those given up; or only those that break a rule."""
    found = composition.drafts.exclude(state=DraftState.DISSOLVED).select_related("offer")
    return found.filter(card__broken__0__isnull=False) if broken else found


def columns(composition: Composition, some: Collection[DraftGroup]) -> list[Column]:
    """The columns of one page, in three queries for any number of them; two more where groups are sealed already."""
    seats = Invitation.objects.filter(~Q(state__in=[State.DECLINED, State.LAPSED, State.RELEASED]))
    people = Prefetch("invitations", seats.select_related("application__person"), to_attr="seats")
    prefetch_related_objects(list(some), people, "holds")
    for draft in some:
        draft.composition = composition  # spares a query for each
    lasts = times.minutes_of_drafts(some)
    return [_column(draft, lasts[draft.pk]) for draft in some]


def _column(draft: Any, minutes: int) -> Column:
    held = {hold.application_id for hold in draft.holds.all()}
    tiles = tuple(tile(seat.application, held=seat.application_id in held) for seat in draft.seats)
    offered = hasattr(draft, "offer") and draft.offer.state == OfferState.OPEN
    return Column(draft, times.of_draft(draft, minutes=minutes), tiles, offered)


def tile(application: Application, *, held: bool = False, left_out: LeftOut | None = None) -> Tile:
    """Initials, role, company and place; of who waits also why, and what would help."""
    fix = left_out.fix if left_out else None
    return Tile(
        key=application.public_id,
        initials=application.person.initials,
        role=application.role_text,
        company=application.company,
        place=application.metro or application.place_text,
        held=held,
        why=left_out.sentence if left_out else "",
        way=f"one more time, {fix['words']}, opens group {fix['group']}" if fix else "",
    )


def waiting(composition: Composition) -> QuerySet[Application]:
    """Everybody in the pool who sits in no draft of this composition and is asked for no group, also who came late."""
    seats = Invitation.objects.filter(
        draft__composition=composition, draft__state=DraftState.DRAFT, state=State.DRAFTED, application=OuterRef("pk")
    )
    pool = Application.objects.filter(~Exists(seats), program=composition.program).pooled().without_group()
    return pool.select_related("person").order_by("-skipped_before", "submitted_at", "pk")


def waiting_tiles(composition: Composition, some: Iterable[Application]) -> list[Tile]:
    """The tiles of those who wait, with what the last solution said about them; who came later reads so."""
    people = list(some)
    told = {row.application_id: row for row in composition.left_out.filter(application__in=people)}
    return [tile(one, left_out=told.get(one.pk)) for one in people]


def held(application: Application, draft: DraftGroup) -> bool:
    """Whether this person is held in this draft."""
    return Hold.objects.filter(draft=draft, application=application).exists()
