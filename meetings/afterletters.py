"""E27 and E29, to who was at a meeting: counts and a link, or that a note waits for a yes; nothing that was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse

from meetings.models.meeting import Meeting
from meetings.models.released import ReleasedNote
from meetings.models.seat import Seat
from members.models.person import Person
from members.models.program import Roster
from roundtable import moments
from roundtable.outbox.post import Draft

WORTH_SENDING_FOR = timedelta(days=7)


def thanks(meeting: Meeting, seats: Sequence[Seat], *, talked: int, kept: int, left: int) -> list[Draft]:
    """One letter each: how many topics and takeaways, how many topics are `left`, and the next date. Nothing in it is
    about one person: organizers see the outbox, and a number of one's own topics would tell whose was talked about.
    """
    following = Meeting.objects.following(meeting)
    carries = meeting.group.roster == Roster.FIXED
    return [
        Draft(
            kind="meetings/thanks",
            to=seat.person,
            about=meeting.about,
            dedupe_key=f"thanks:{seat.pk}",
            context={
                "talked": talked,
                "kept": kept,
                "waiting": left,
                "carries": carries,
                "following": moments.both(following.starts_at, following.zone, seat.person.zone)
                if following and carries
                else "",
                "path": reverse("meetings:takeaways", args=[meeting.group.public_id]),
            },
            expires_at=meeting.ends_at + WORTH_SENDING_FOR,
        )
        for seat in seats
    ]


def may_it_go_out(note: ReleasedNote, person: Person) -> Draft:
    """E29, to everybody who is asked, its writer too: a note waits for a yes. Its words are on the page alone."""
    meeting = note.takeaway.round.board.meeting
    return Draft(
        kind="meetings/may_go_out",
        to=person,
        about=note.about,
        dedupe_key=f"may_go_out:{note.pk}:{person.pk}",
        context={
            "program": meeting.group.program.name,
            "on": f"{meeting.local_date:%-d %B %Y}",
            "until": f"{note.open_until:%-d %B %Y}",
            "path": reverse("meetings:shared_note", args=[note.public_id]),
        },
        expires_at=note.open_until,
    )
