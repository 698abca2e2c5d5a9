"""Opening what was before somebody joined: meeting by meeting, by the yes of all who were there and still belong.

Each yes is private and may be taken back; silence is a no. Whether a meeting is open is never stored: it is asked of
the yeses and of who belongs today, so who leaves, comes or takes a word back changes it at once, and nothing has to be
locked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet

from groups.models.group import Membership
from meetings.boxes import Phase
from meetings.models.board import Board
from meetings.models.meeting import Meeting, State
from meetings.models.past import PastYes, opened
from meetings.models.seat import Seat
from roundtable import clock
from roundtable.errors import NotAllowed

__all__ = ["Asked", "opened", "say", "to_open"]


@dataclass(frozen=True)
class Asked:
    """A meeting that I was at and somebody in the circle may not read: my word, and whether all have said yes."""

    meeting: Meeting
    agrees: bool
    is_open: bool


def to_open(membership: Membership) -> list[Asked]:
    """Newest first. Nobody else's word is in it."""
    said = PastYes.objects.filter(meeting=OuterRef("pk"), person=membership.person_id)
    is_open = ExpressionWrapper(opened(clock.today()), output_field=BooleanField())
    found = _asked(membership).annotate(agrees=Exists(said), is_open=is_open)
    return [Asked(one, one.agrees, one.is_open) for one in found.order_by("-starts_at", "-pk")]


@transaction.atomic
def say(membership: Membership, *, yes: Collection[str]) -> None:
    """My yes to these meetings, and no longer to the others that I am asked about. Raises NotAllowed for one that I was
    not at, or that everybody reads anyway."""
    asked = {one.public_id: one.pk for one in _asked(membership)}
    if not set(yes) <= asked.keys():
        raise NotAllowed("One of these meetings is not yours to open any more. Look again, and press once more.")
    mine = PastYes.objects.filter(person=membership.person_id, meeting__in=asked.values())
    chosen = [asked[name] for name in yes]
    mine.exclude(meeting__in=chosen).delete()
    fresh = [PastYes(meeting_id=key, person_id=membership.person_id) for key in chosen]
    PastYes.objects.bulk_create(fresh, ignore_conflicts=True)  # pressed in two tabs, a yes is one yes


def _asked(membership: Membership) -> QuerySet[Meeting]:
    """Meetings of the circle that took place and are over, at which this member was as far as is known, and which were
    before somebody's first day."""
    group = membership.group_id
    later = Membership.objects.on(clock.today()).filter(group=group, joined_on__gt=OuterRef("local_date"))
    over = Board.objects.filter(phase=Phase.CLOSED, meeting__group=group).values("meeting")
    met = Meeting.objects.exclude(state=State.CANCELLED).filter(Exists(later), group=group, pk__in=over)
    own = Seat.objects.perhaps_there().filter(person=membership.person_id).values("meeting")
    return met.filter(pk__in=own)
