"""The calendar life of a seat: its entry begins, changes and ends, each time with a letter that carries it.

Lock order: meeting, seat, entry; whoever calls holds meeting and seat. An ended entry is never revived: a cancelled
UID can stick in calendars, so who comes back gets a new one.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from meetings import ics
from meetings.models.calendar import CalendarChoice
from meetings.models.seat import Entry, Seat
from roundtable.outbox.models import STILL_HERE, Letter, State
from roundtable.outbox.post import take_back

KEY, SEQUENCE = 1, 3  # their places in the key of a letter: entry, which one, METHOD, SEQUENCE
TICK = timedelta(seconds=1)  # stamps have whole seconds, and each message is later than the one before


def begin(seat: Seat, *, now: datetime, partstat: ics.Partstat = ics.Partstat.NEEDS_ACTION) -> Entry:
    """A new entry under an id that nobody can guess."""
    organizer = settings.INVITE_EMAIL_ADDRESS
    own = CalendarChoice.objects.filter(person=seat.person).first() or CalendarChoice()
    return Entry.objects.create(
        seat=seat,
        uid=ics.new_uid(secrets.token_bytes(ics.UID_BYTES), domain=organizer.rpartition("@")[2]),
        address=own.address or seat.person.email,
        organizer=organizer,
        summary=own.label or ics.SUMMARY,
        partstat=partstat,
        stamp_at=now,
        created_at=now,
    )


def live(seat: Seat) -> Entry | None:
    """The entry that the person's calendar holds now."""
    entry = seat.entries.select_for_update().filter(ended_at=None).first()
    if entry is not None:
        entry.seat = seat
    return entry


def change(entry: Entry, *, now: datetime, partstat: ics.Partstat) -> Entry:
    """Another status or other words, at the same time of day: answers given before still hold, the floor stays."""
    entry.sequence, entry.stamp_at, entry.partstat = entry.sequence + 1, _after(entry, now), partstat
    entry.save(update_fields=["sequence", "stamp_at", "partstat"])
    return entry


def again(entry: Entry, *, now: datetime) -> Entry:
    """The same once more, under a newer stamp."""
    return again_each([entry], now=now)[0]


def again_each(same: list[Entry], *, now: datetime) -> list[Entry]:
    """Many once more in one statement, with the answer that their calendars should show if the caller has set it."""
    for entry in same:
        entry.stamp_at = _after(entry, now)
    Entry.objects.bulk_update(same, ["stamp_at", "partstat"])
    return same


def move(entry: Entry, *, was: datetime, now: datetime, partstat: ics.Partstat = ics.Partstat.NEEDS_ACTION) -> Entry:
    """Another time under the same UID: the floor rises with the sequence, and answers to the old time are stale."""
    note_told(entry, was)
    entry.sequence, entry.stamp_at, entry.partstat = entry.sequence + 1, _after(entry, now), partstat
    entry.floor = entry.sequence
    entry.save(update_fields=["sequence", "floor", "stamp_at", "partstat", "told_starts_at"])
    return entry


def note_told(entry: Entry, starts_at: datetime) -> None:
    """Letters name the start that was told last. Until now it was this one, if a letter with it has left: its SEQUENCE
    is the floor or above. One that nobody was told of leaves the one before it. The caller saves.
    """
    keys = _letters(entry).filter(state__in=[State.SENDING, State.SENT]).values_list("dedupe_key", flat=True)
    if any(int(key.split(":")[SEQUENCE]) >= entry.floor for key in keys):
        entry.told_starts_at = starts_at


def waiting(entry: Entry, *, kinds: Collection[str]) -> Letter | None:
    """The newest letter of these kinds with this entry that is still here."""
    return _letters(entry).filter(kind__in=kinds, state__in=STILL_HERE).order_by("-pk").first()


def has_left(entry: Entry) -> bool:
    """Whether a letter with this entry has been sent."""
    return _letters(entry).filter(state=State.SENT).exists()


def left(found: Iterable[Entry]) -> set[int]:
    """The keys of all entries of these dates that a letter has been sent with. One statement."""
    about = {entry.seat.meeting.about for entry in found}
    sent = Letter.objects.filter(about__in=about, state=State.SENT, dedupe_key__startswith="entry:")
    return {int(key.split(":")[KEY]) for key in sent.values_list("dedupe_key", flat=True)}


def mailed(entry: Entry) -> bool:
    """Whether a calendar may hold this entry by now; a letter that has not left is taken back."""
    letters = _letters(entry)
    take_back(letters)
    return letters.exclude(state=State.CANCELLED).exists()


def end(entry: Entry, *, now: datetime) -> bool:
    """This date leaves the calendar. Whether a CANCEL has to say so: a letter that has not left is taken back."""
    heard = mailed(entry)
    note_told(entry, entry.seat.meeting.starts_at)
    entry.sequence, entry.stamp_at, entry.ended_at = entry.sequence + 1, _after(entry, now), now
    entry.save(update_fields=["sequence", "stamp_at", "ended_at", "told_starts_at"])
    return heard


def _letters(entry: Entry) -> QuerySet[Letter]:
    about, key = entry.seat.meeting.about, f"entry:{entry.pk}:"
    return Letter.objects.filter(about=about, person=entry.seat.person, dedupe_key__startswith=key)


def _after(entry: Entry, now: datetime) -> datetime:
    return max(now, entry.stamp_at + TICK)
