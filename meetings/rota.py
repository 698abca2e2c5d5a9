"""Who leads and who keeps time at a meeting: nobody twice before everybody once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.seat import State
from members.models.person import Person


def assign(meeting: Meeting, people: Sequence[Person]) -> None:
    """Whatever role is free goes to somebody without one, to who did it least so far; among equals as given.

    Whoever is on a sabbatical has none.
    """
    led = Counter(MeetingRole.objects.filter(meeting__group=meeting.group).values_list("person_id", flat=True))
    given = dict(meeting.roles.values_list("role", "person"))
    excused = set(meeting.seats.filter(state=State.EXCUSED).values_list("person", flat=True))
    free_of_it = [one for one in people if one.pk not in excused.union(given.values())]
    line = sorted(free_of_it, key=lambda person: led[person.pk])
    free = [role for role in (Role.FACILITATOR, Role.TIMEKEEPER) if role not in given]
    MeetingRole.objects.bulk_create(
        MeetingRole(meeting=meeting, role=role, person=person) for role, person in zip(free, line, strict=False)
    )
