"""Letters between two meetings of a circle: numbers and links, and no word of what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from meetings.midway import LASTS
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat
from members.models.person import Person
from roundtable import clock, links, moments
from roundtable.outbox.models import mark
from roundtable.outbox.post import Draft

SPEAK = "meetings/speak"
BETWEEN = "between"  # the purpose of the links in E30: no more of these letters, or again
LINK_LIVES = timedelta(days=90)


def speak(meeting: Meeting, person: Person, *, proposed_by: Person) -> Draft:
    """To who is asked to speak, once for each who proposes it. On what, and who that is, stands on the page."""
    return Draft(
        kind=SPEAK,
        to=person,
        about=meeting.about,
        dedupe_key=f"speak:{meeting.pk}:{proposed_by.pk}:{person.pk}",
        context={
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "path": f"{meeting.path}#agree",
        },
        expires_at=meeting.starts_at,
    )


def waiting_key(seat: Seat) -> str:
    """One for each meeting and member, also after a move."""
    return f"between:{seat.pk}"


def waiting(seats: Sequence[Seat], topics: Counter[int]) -> list[Draft]:
    """E30: so many topics wait on the board of the next date, by its key; and a way out that needs no sign-in."""
    now = clock.now()
    keys = links.make_each(BETWEEN, [(f"person:{seat.person_id}", seat.person) for seat in seats], now + LINK_LIVES)
    return [
        Draft(
            kind="meetings/between",
            to=seat.person,
            about=seat.meeting.about,
            dedupe_key=waiting_key(seat),
            context={
                "when": moments.both(seat.meeting.starts_at, seat.meeting.zone, seat.person.zone),
                "waiting": topics[seat.meeting_id],
                "path": reverse("meetings:board", args=[seat.meeting.public_id]) + "#new-topic",
            },
            links={"out": key},
            headers={"List-Unsubscribe": f"<{settings.SITE_URL}/between/{mark('out')}/>"},
            expires_at=now + LASTS,
        )
        for seat, key in zip(seats, keys, strict=True)
    ]
