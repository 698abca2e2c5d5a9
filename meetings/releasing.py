"""Notes for outside: somebody who was there rewrites a takeaway, and it goes out by the yes of all who were.

Of whom nobody has said whether they were there is asked too, and who is asked once stays asked. Silence is a no after
fourteen days. Each may take the yes back at any time, also who has left the circle since, and the note disappears.
Whether a note is out is stored nowhere: it is asked of the yeses. Lock order: meeting, takeaway, note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet

from meetings import afterletters, seating
from meetings.boxes import Phase
from meetings.models.meeting import Meeting
from meetings.models.released import ReleaseAsked, ReleasedNote
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


def is_asked(note: ReleasedNote, person: Person) -> bool:
    return ReleaseAsked.objects.filter(takeaway=note.takeaway_id, person=person).exists()


def says_yes(note: ReleasedNote, person: Person) -> bool:
    return ReleaseAsked.objects.filter(takeaway=note.takeaway_id, person=person, yes=True).exists()


def out_in(programs: QuerySet[Program]) -> QuerySet[ReleasedNote]:
    """What is out for the people of these programs. Nothing in it says of which group."""
    notes = ReleasedNote.objects.out().filter(takeaway__round__board__meeting__group__program__in=programs)
    return notes.select_related("takeaway__round__board__meeting__group__program")


@transaction.atomic
def propose(takeaway: Takeaway, *, by: Person, text: str) -> ReleasedNote:
    """A text for outside, with its writer's yes; everybody who was there is asked by letter.

    Raises NotAllowed before the board is closed, for who was not there, for a text that names somebody, and while
    another one waits or is out.
    """
    meeting = seating.locked(Takeaway.objects.values_list("round__board__meeting", flat=True).get(pk=takeaway.pk))
    held = Takeaway.objects.select_for_update(of=("self",)).select_related("round__board__meeting__group__program")
    takeaway = held.get(pk=takeaway.pk)
    _refuse_too_early(takeaway, meeting, by)
    _refuse_names(text, meeting)
    before, now = of(takeaway), clock.now()
    if before is not None and standing(before) in (Standing.WAITS, Standing.OUT):
        raise NotAllowed("A note of this takeaway is asked about already, or is out.")
    if before is not None:
        before.delete()
    note = ReleasedNote(takeaway=takeaway, written_by=by, text=text.strip(), proposed_at=now)
    note.open_until = now + ANSWERED_IN
    note.save()
    _ask_anew(note)
    return note


def _refuse_too_early(takeaway: Takeaway, meeting: Meeting, by: Person) -> None:
    """Who was there is written when the board closes: nobody can be asked before."""
    if takeaway.round.board.phase != Phase.CLOSED:
        raise NotAllowed("A note can go out only once the board of this meeting is closed.")
    if not Seat.objects.attended().filter(meeting=meeting, person=by).exists():
        raise NotAllowed("Only who was at that meeting can ask to let a note out.")


def _ask_anew(note: ReleasedNote) -> None:
    """Earlier words count for other words, so all begin again but the writer, who is told by the same letter: whoever
    reads the outbox finds nobody missing from it. Whose account went before is not asked about a new note."""
    asked = ReleaseAsked.objects.filter(takeaway=note.takeaway_id)
    asked.filter(person=None).delete()
    asked.update(yes=False)
    _add(note.takeaway_id, _perhaps_there(note.takeaway.round.board.meeting_id))
    asked.filter(person=note.written_by_id).update(yes=True)
    people = [row.person for row in asked.select_related("person").order_by("person") if row.person]
    post(*[afterletters.may_it_go_out(note, person) for person in people])


def _perhaps_there(meeting: int) -> set[int]:
    return set(Seat.objects.perhaps_there().filter(meeting=meeting).values_list("person", flat=True))


def _add(takeaway: int, people: Iterable[int]) -> None:
    fresh = [ReleaseAsked(takeaway_id=takeaway, person_id=person) for person in people]
    ReleaseAsked.objects.bulk_create(fresh, ignore_conflicts=True)


def ask_also(meeting: Meeting) -> None:
    """Of whom it is said only now that they were there is asked too, and told. The caller holds the meeting."""
    notes, there = ReleasedNote.objects.filter(takeaway__round__board__meeting=meeting), _perhaps_there(meeting.pk)
    for note in notes.select_related("takeaway__round__board__meeting__group__program").order_by("pk"):
        known = ReleaseAsked.objects.filter(takeaway=note.takeaway_id).exclude(person=None)
        new = there - set(known.values_list("person_id", flat=True))
        _add(note.takeaway_id, new)
        people = Person.objects.filter(pk__in=new).order_by("pk") if note.waits(clock.now()) else ()
        post(*[afterletters.may_it_go_out(note, person) for person in people])


def _refuse_names(text: str, meeting: Meeting) -> None:
    """Neither the group nor who was there or belongs to it nor their companies stand in it."""
    there = Q(pk__in=_perhaps_there(meeting.pk))
    people = Person.objects.filter(there | Q(memberships__group=meeting.group_id)).distinct()
    firms = Application.objects.filter(person__in=people).values_list("company", "company_key")
    names = [person.name for person in people]
    if names_somebody(text, people=names, phrases=[meeting.group.name, *chain(*firms)]):
        raise NotAllowed("This names a person or a company of the circle, or the circle itself. Please say it without.")


@transaction.atomic
def answer(note: ReleasedNote, *, by: Person, yes: bool) -> None:
    """My yes, or not any more. Raises NotAllowed for a yes after the time to answer."""
    held = ReleasedNote.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
    if held is None:
        raise NotAllowed("This note has been taken back by who wrote it.")
    mine = ReleaseAsked.objects.filter(takeaway=held.takeaway_id, person=by)
    if yes and not held.waits(clock.now()) and not says_yes(held, by):
        raise NotAllowed("The time to say yes is over, and the note stays in the group.")
    mine.update(yes=yes)


@transaction.atomic
def take_back(note: ReleasedNote) -> None:
    """Its writer would rather not: the note is gone, and nobody is asked any more. Who is answering comes before or
    after, and finds it gone."""
    held = ReleasedNote.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
    if held is None:
        return  # in another tab, a moment ago
    cancel(held.about)
    ReleaseAsked.objects.filter(takeaway=held.takeaway_id).update(yes=False)
    held.delete()
