"""Notes for outside: somebody who was there rewrites a takeaway, and it goes out by the yes of all who were.

Silence is a no after fourteen days. Each may take the yes back at any time, also who has left the circle since, and the
note disappears. Whether a note is out is stored nowhere: it is asked of the yeses. Lock order: takeaway, note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from meetings import afterletters
from meetings.models.meeting import Meeting
from meetings.models.released import ReleasedNote, ReleaseYes
from meetings.models.seat import Seat
from meetings.models.takeaway import Takeaway
from meetings.traces import names_somebody
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

ANSWERED_IN = timedelta(days=14)


class Standing(StrEnum):
    """How a note stands, without who has said what."""

    NONE = "none"
    WAITS = "waits"
    OUT = "out"
    IN = "in"


def of(takeaway: Takeaway) -> ReleasedNote | None:
    """The note that was made from a takeaway."""
    return ReleasedNote.objects.filter(takeaway=takeaway).first()


def standing(note: ReleasedNote | None) -> Standing:
    """Out, waiting for more, or not out any more: somebody was silent, or took a yes back."""
    if note is None:
        return Standing.NONE
    if ReleasedNote.objects.filter(pk=note.pk).out().exists():
        return Standing.OUT
    return Standing.WAITS if note.waits(clock.now()) else Standing.IN


def says_yes(note: ReleasedNote, person: Person) -> bool:
    return ReleaseYes.objects.filter(note=note, person=person).exists()


def out_in(programs: QuerySet[Program]) -> QuerySet[ReleasedNote]:
    """What is out for the people of these programs. Nothing in it says of which group."""
    notes = ReleasedNote.objects.out().filter(takeaway__round__board__meeting__group__program__in=programs)
    return notes.select_related("takeaway__round__board__meeting__group__program")


@transaction.atomic
def propose(takeaway: Takeaway, *, by: Person, text: str) -> ReleasedNote:
    """A text for outside, with its writer's yes; all others who were there are asked by letter.

    Raises NotAllowed for who was not there, for a text that names somebody, and while another one waits or is out.
    """
    held = Takeaway.objects.select_for_update(of=("self",)).select_related("round__board__meeting__group")
    takeaway, now = held.get(pk=takeaway.pk), clock.now()
    meeting = takeaway.round.board.meeting
    there = list(Seat.objects.attended().filter(meeting=meeting).select_related("person").order_by("pk"))
    if by.pk not in {seat.person_id for seat in there}:
        raise NotAllowed("Only who was at that meeting can ask to let a note out.")
    _refuse_names(text, meeting, [seat.person for seat in there])
    before = of(takeaway)
    if before is not None and standing(before) in (Standing.WAITS, Standing.OUT):
        raise NotAllowed("A note of this takeaway is asked about already, or is out.")
    if before is not None:
        before.delete()
    note = ReleasedNote(takeaway=takeaway, written_by=by, text=text.strip(), proposed_at=now)
    note.open_until = now + ANSWERED_IN
    note.save()
    ReleaseYes.objects.create(note=note, person=by)
    post(*[afterletters.may_it_go_out(note, seat.person) for seat in there if seat.person_id != by.pk])
    return note


def _refuse_names(text: str, meeting: Meeting, there: Iterable[Person]) -> None:
    """By those who were there and those who belong to the group: neither they nor their companies stand in it."""
    belong = Person.objects.filter(memberships__group=meeting.group_id)
    people = {person.pk: person.name for person in [*there, *belong]}
    firms = Application.objects.filter(person__in=people).values_list("company", "company_key")
    if names_somebody(text, people=people.values(), companies=[name for row in firms for name in row]):
        raise NotAllowed("This names a person or a company of the circle. Please say it without.")


@transaction.atomic
def answer(note: ReleasedNote, *, by: Person, yes: bool) -> None:
    """My yes, or not any more. Raises NotAllowed for a yes after the time to answer."""
    held = ReleasedNote.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
    if held is None:
        raise NotAllowed("This note has been taken back by who wrote it.")
    if not yes:
        ReleaseYes.objects.filter(note=held, person=by).delete()
    elif held.waits(clock.now()):
        ReleaseYes.objects.get_or_create(note=held, person=by)
    elif not says_yes(held, by):
        raise NotAllowed("The time to say yes is over, and the note stays in the group.")


@transaction.atomic
def take_back(note: ReleasedNote) -> None:
    """Its writer would rather not: the note is gone, and nobody is asked any more."""
    cancel(note.about)
    ReleasedNote.objects.filter(pk=note.pk).delete()
