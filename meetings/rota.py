"""Who leads and who keeps time at a meeting: nobody twice before everybody once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from meetings.models.meeting import Meeting, MeetingRole, Role
from members.models.person import Person


def assign(meeting: Meeting, people: Sequence[Person]) -> None:
    """Two different people, those who did it least so far in this group; among equals in the order given."""
    led = Counter(MeetingRole.objects.filter(meeting__group=meeting.group).values_list("person_id", flat=True))
    line = sorted(people, key=lambda person: led[person.pk])
    MeetingRole.objects.bulk_create(
        MeetingRole(meeting=meeting, role=role, person=person)
        for role, person in zip((Role.FACILITATOR, Role.TIMEKEEPER), line, strict=False)
    )
