"""A member's own note about a meeting: for nobody else, encrypted with their own key, and gone when they go."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from meetings.models.meeting import Meeting
from meetings.models.note import OwnNote
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed


def mine(person: Person, meeting: Meeting) -> OwnNote | None:
    """What this person has noted about it."""
    return OwnNote.objects.filter(person=person, meeting=meeting).first()


def all_of(person: Person) -> list[OwnNote]:
    """Everything that this person has noted anywhere, the oldest meeting first, to take along."""
    notes = OwnNote.objects.filter(person=person).select_related("meeting__group")
    return list(notes.order_by("meeting__starts_at", "pk"))


@transaction.atomic
def write(person: Person, meeting: Meeting, *, text: str, revision: int) -> None:
    """The note as it is now; an empty one is deleted. `revision` is what the page showed, 0 for none.

    Raises NotAllowed when it was changed since, so that nothing is overwritten unseen.
    """
    held = OwnNote.objects.select_for_update(of=("self",)).filter(person=person, meeting=meeting).first()
    if (held.revision if held else 0) != revision:
        raise _changed()
    note = held or OwnNote(person=person, meeting=meeting, revision=0)
    note.text, note.written_at = text.strip(), clock.now()
    note.revision += 1
    if note.text:
        _save(note)
    elif held is not None:
        held.delete()


def _save(note: OwnNote) -> None:
    try:
        with transaction.atomic():
            note.save()
    except IntegrityError:  # the first words in two tabs at once
        raise _changed() from None


def _changed() -> NotAllowed:
    return NotAllowed("You have changed this note in another tab; here are both texts.")
