"""E27: the letter after a meeting, to who was there: counts and a link, and nothing that was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse

from meetings.models.meeting import Meeting
from meetings.models.seat import Seat
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
