"""Who leads and who keeps time at a meeting: nobody twice before everybody once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from meetings.models.meeting import Meeting, MeetingRole, Role
from members.models.person import Person


def assign(meeting: Meeting, people: Sequence[Person]) -> None:
    """Whatever role is free goes to somebody without one, to who did it least so far; among equals as given."""
    led = Counter(MeetingRole.objects.filter(meeting__group=meeting.group).values_list("person_id", flat=True))
    given = dict(meeting.roles.values_list("role", "person"))
    line = sorted((one for one in people if one.pk not in given.values()), key=lambda person: led[person.pk])
    free = [role for role in (Role.FACILITATOR, Role.TIMEKEEPER) if role not in given]
    MeetingRole.objects.bulk_create(
        MeetingRole(meeting=meeting, role=role, person=person) for role, person in zip(free, line, strict=False)
    )
