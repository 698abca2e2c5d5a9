"""Rooms of a city where groups of a program may meet: a list that its organizers keep, and hosts choose from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.models.person import Person
from members.models.program import Program


class RoomQuerySet(models.QuerySet["Room"]):
    def organized_by(self, person: Person) -> RoomQuerySet:
        """Rooms of whole programs, or of the one city of a chapter."""
        if person.is_superuser:
            return self
        whole = Q(program__organizer__person=person, program__organizer__metro="")
        chapter = Q(program__organizer__person=person, program__organizer__metro=F("metro"))
        return self.filter(whole | chapter).distinct()

    def in_city(self, program: Program, metro: str) -> RoomQuerySet:
        """What a group of this city may be offered, by name."""
        return self.filter(program=program, metro=metro).order_by("name", "pk")


class Room(models.Model):
    """Where people could sit together. Nobody books it here; whoever hosts asks for it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="rooms")
    metro = models.CharField("city", max_length=80, help_text="As it stands in Pools, for example Chicago.")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120, help_text="Street, house, door, floor.")
    seats = models.PositiveSmallIntegerField(default=10)
    note = models.CharField(max_length=200, blank=True, help_text="How to get it, and what it costs.")

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["metro", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "metro", "name"], name="a_room_has_a_name_of_its_own_in_its_city"
            ),
            models.CheckConstraint(condition=Q(seats__range=(2, 100)), name="a_room_seats_2_to_100"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        """As it is written down for a meeting."""
        return f"{self.name}, {self.address}"
