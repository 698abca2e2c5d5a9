"""A person's own calendar feed: the dates of their groups behind an address that nobody can guess.

The same facts give the same bytes, so that a calendar program may ask as often as it likes.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from meetings import ics, letters
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Entry, State
from members.models.person import Person
from roundtable import clock, links

PURPOSE = "feed"
LIVES = timedelta(days=5 * 365)
LOOKS_BACK = timedelta(days=92)
SHOWS_CANCELLED = timedelta(days=30)
AWAY = (State.NOT_COMING, State.EXCUSED)


def about(person: Person) -> str:
    return f"{PURPOSE}:{person.pk}"


def has_address(person: Person) -> bool:
    """Whether there is one now; what it is stands nowhere."""
    return links.Link.objects.live().filter(purpose=PURPOSE, about=about(person)).exists()


@transaction.atomic
def renew(person: Person) -> str:
    """A new address; the one before opens nothing from now on. Shown once, kept as a hash."""
    revoke(person)
    return links.make(PURPOSE, about(person), person, clock.now() + LIVES)


def revoke(person: Person) -> None:
    """The address opens nothing any more."""
    links.end(about(person), purpose=PURPOSE)


def build(person: Person, *, source: str) -> bytes:
    """Three months back and all that is planned, without what this person does not come to. One query.

    `source` is the address that was asked: it stands in the feed, so it is the same at each host of ours.
    """
    now = clock.now()
    mine = Entry.objects.filter(seat__person=person, seat__meeting__starts_at__gt=now - LOOKS_BACK)
    alive = Q(ended_at=None) & ~Q(seat__state__in=AWAY)
    fallen = Q(seat__meeting__state=MeetingState.CANCELLED, ended_at__gt=now - SHOWS_CANCELLED)
    found = mine.filter(alive | fallen).select_related("seat__meeting__group__program", "seat__person")
    told = [letters.calendar_entry(entry) for entry in found.order_by("seat__meeting__starts_at", "pk")]
    return ics.publish(told, source=source)
