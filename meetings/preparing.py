"""What whoever leads sees to before a meeting, and what each member chooses for meetings.

Lock order: group or meeting, seat, entry.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from groups.models.group import Group
from meetings import seating, shortening, swapping
from meetings.models.cadence import GroupChoice
from meetings.models.meeting import Format, Meeting, Ready
from meetings.models.seat import HourBefore
from members.models.person import Person
from roundtable import audit, clock


@transaction.atomic
def check_off(meeting: Meeting, *, ready: Collection[Ready], form: Format, by: Person) -> Meeting:
    """The ticks as they are now, and the format of this time; length, board and calendars follow it. Who ticks has said
    yes to their role.

    Raises NotAllowed once the meeting has begun or was called off, and for another format once the board has begun.
    """
    meeting = seating.locked(meeting.pk)
    shortening.take_format(meeting, form, now=clock.now())
    meeting.ready = [tick for tick in Ready if tick in ready]
    meeting.save(update_fields=["ready"])
    swapping.agreed_by_doing(meeting, by)
    audit.note(by, "checked off", meeting.about, count=len(meeting.ready))
    return meeting


def hour_before(person: Person, *, wanted: bool) -> None:
    """One more letter, an hour before each meeting; or no longer. Twice is once."""
    if wanted:
        HourBefore.objects.get_or_create(person=person)
    else:
        HourBefore.objects.filter(person=person).delete()


def wants_hour_before(person: Person) -> bool:
    return HourBefore.objects.filter(person=person).exists()


@transaction.atomic
def choose(group: Group, *, standings: bool, link_minutes: int, by: Person) -> GroupChoice:
    """What the members of a circle choose for it: whether they read who came how often, and when a link shows."""
    group = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    chosen = {"standings": standings, "link_minutes": link_minutes}
    choice, _ = GroupChoice.objects.update_or_create(group=group, defaults=chosen)
    audit.note(by, "chose for a group", f"group:{group.pk}")
    return choice
