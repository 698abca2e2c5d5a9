"""A group's memory as far as one person may read it: the meetings that open to them, and what was kept there.

Who may read which meeting is decided in access.py; everything here hangs on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, QuerySet

from groups.models.group import Group, Membership
from meetings.boxes import Phase
from meetings.models.board import Board, Topic, TopicState
from meetings.models.meeting import Meeting, State
from meetings.models.note import OwnNote
from meetings.models.seat import Seat
from meetings.models.takeaway import Promise, Takeaway, TakeawayQuerySet
from meetings.wording import FORMER
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock


@dataclass(frozen=True)
class Memory:
    """What a group has kept, as far as one person may read it. Words are read of meetings that are over; a takeaway
    from the moment it is written."""

    group: Group
    person: Person
    meetings: QuerySet[Meeting]
    membership: Membership | None = None  # of today, which opens the group's page too

    @cached_property
    def keys(self) -> list[int]:
        """Of the meetings: which they are is a question of its own, and asked once."""
        return list(self.meetings.values_list("pk", flat=True))

    @property
    def takeaways(self) -> TakeawayQuerySet:
        """Newest first, each with its topic, its meeting, and how many take it along. None of what is for ears only."""
        found = Takeaway.objects.filter(round__board__meeting__in=self.keys, round__topic__ears_only=False)
        found = found.with_agreements()
        found = found.select_related("round__topic", "round__board__meeting", "written_by")
        return found.order_by("-round__board__meeting__starts_at", "-round__number", "-pk")

    @property
    def boards(self) -> QuerySet[Board]:
        """Of the meetings that took place and are over, the newest first."""
        over = Board.objects.filter(meeting__in=self.keys, phase=Phase.CLOSED).select_related("meeting")
        return over.exclude(meeting__state=State.CANCELLED).order_by("-meeting__starts_at", "-pk")

    @cached_property
    def tables(self) -> dict[int, Board]:
        """The boards by their keys, newest first: read once, however much was kept at each, and only to be named."""
        boards = Board.objects.filter(meeting__in=self.keys).select_related("meeting")
        boards = boards.only("phase", "meeting__public_id", "meeting__local_date", "meeting__starts_at")
        return {board.pk: board for board in boards.order_by("-meeting__starts_at", "-pk")}

    @property
    def topics(self) -> QuerySet[Topic]:
        """With the day of the meeting that each comes from. Of what was for ears only nothing is left to read."""
        found = Topic.objects.filter(board__meeting__in=self.keys, board__phase=Phase.CLOSED, ears_only=False)
        found = found.exclude(state=TopicState.DROPPED)
        return found.annotate(carried_on=F("carried_from__board__meeting__local_date")).select_related("board__meeting")

    @property
    def promises(self) -> QuerySet[Promise]:
        found = Promise.objects.filter(board__meeting__in=self.keys, board__phase=Phase.CLOSED)
        return found.select_related("board__meeting")

    @property
    def notes(self) -> QuerySet[OwnNote]:
        """My own, of these meetings: nobody else's memory has them."""
        return OwnNote.objects.filter(person=self.person, meeting__in=self.keys).select_related("meeting")

    @cached_property
    def people(self) -> list[Person]:
        """By name: for a member who belongs to the circle today; for others who was at these meetings with them."""
        people = Person.objects.order_by("name", "pk")
        if self.membership is not None:
            return list(people.filter(pk__in=self.group.memberships.on(clock.today()).values("person")))
        seats = Seat.objects.filter(meeting__in=self.keys)
        met = seats.attended() if self.group.roster == Roster.OPEN else seats  # the pool was invited, a few came
        return list(people.filter(pk__in=met.values("person")))

    @cached_property
    def names(self) -> dict[int, str]:
        return {person.pk: str(person) for person in self.people}

    def name(self, person_id: int | None) -> str:
        """As on the board: who has left is a former member, whatever they wrote."""
        return self.names.get(person_id or 0, FORMER)
