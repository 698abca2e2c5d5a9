"""Who may read a board: of a circle its members from their joining date on, and who parted from it and had a seat;
of a roundtable who is coming. `readable_by` says the same for one person.

For whole boards at once; what one person may open is asked in access.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from groups.models.group import Membership
from meetings.models.board import Board, agreed
from meetings.models.seat import Seat
from members.models.program import Roster
from roundtable.prepared import blank


def members_of_a_board(day: Any) -> QuerySet[Membership]:
    """Inside a question about boards of circles: who may read each of them on a day."""
    seats = Seat.objects.filter(person=OuterRef("person"), meeting=OuterRef(OuterRef("meeting")))
    belong = Membership.objects.on(day).filter(joined_on__lte=OuterRef("meeting__local_date"))
    members = agreed(belong | Membership.objects.parted().filter(Exists(seats)), "group__program")
    return members.filter(group__roster=Roster.FIXED, group=OuterRef("meeting__group"))


def guests_of_a_board() -> QuerySet[Seat]:
    """The same of roundtables."""
    guests = agreed(Seat.objects.coming(), "meeting__group__program").filter(meeting__group__roster=Roster.OPEN)
    return guests.filter(meeting=OuterRef("meeting"))


def with_readers(boards: QuerySet[Board]) -> QuerySet[Board]:
    """Each board with the keys of its readers on the `day` that is filled in."""
    members = ArraySubquery(members_of_a_board(blank("day", "date")).values("person"))
    return boards.annotate(members=members, guests=ArraySubquery(guests_of_a_board().values("person")))


def keys(board: Any) -> frozenset[int]:
    """The readers of a board that came `with_readers`."""
    return frozenset([*board.members, *board.guests])
