"""Who lets those who joined later read a meeting. Theirs to know alone, and reached through meetings/pasts.py only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from groups.models.group import Membership
from meetings.boxes import Phase
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat


class PastYes(models.Model):
    """One member's yes to opening one meeting at which they were. It counts once all of them have given theirs."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_yes_per_person_to_opening_a_meeting"),
        ]

    def __str__(self) -> str:
        return f"yes to opening {self.pk}"


def were_there(day: Any) -> models.QuerySet[Seat]:
    """Inside a question about meetings of circles: the seats of who was there, as far as anybody has said, and still
    belongs to it on a day."""
    still = Membership.objects.on(day).filter(group=OuterRef("meeting__group"), person=OuterRef("person"))
    return Seat.objects.perhaps_there().filter(Exists(still), meeting=OuterRef("pk"))


def opened(day: Any) -> Q:
    """Of meetings that are over: all who were there and still belong have said yes. Whose attendance nobody has said
    counts as there. One who takes it back closes it again, and where nobody is left who was there it stays closed."""
    said = PastYes.objects.filter(meeting=OuterRef("meeting"), person=OuterRef("person"))
    seats = were_there(day)
    over = Board.objects.filter(meeting=OuterRef("pk"), phase=Phase.CLOSED)
    return Q(Exists(over)) & Q(Exists(seats)) & ~Q(Exists(seats.filter(~Exists(said))))
