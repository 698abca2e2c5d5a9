"""A group's memory as a file, by the group's own vote: of a circle that lives everybody who belongs has said yes.

A file is out of the room for good, so that silence is a no. Each yes is private and may be taken back; whether the file
is there is never stored but asked of the yeses and of who belongs today, so who comes later is asked too. Of a circle
that has ended, its members take along what they can still read; of a roundtable everybody what they were there for.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from groups.models.group import Group, Membership
from meetings.models.fileyes import FileYes
from members.models.program import Roster
from roundtable import clock


@dataclass(frozen=True)
class Vote:
    """Whether the file is there, and where one member stands; nobody else's word is in it."""

    is_open: bool
    is_asked: bool
    agrees: bool


def is_open(group: Group) -> bool:
    """Whether who reads this group's memory may take it along now."""
    return vote(group, None).is_open


def vote(group: Group, membership: Membership | None) -> Vote:
    """For the page: what is asked of who belongs to a circle that lives. One question at most."""
    if group.roster != Roster.FIXED or group.closed_at is not None:
        return Vote(is_open=True, is_asked=False, agrees=False)
    said = FileYes.objects.filter(group=OuterRef("group"), person=OuterRef("person"))
    belong = Membership.objects.on(clock.today()).filter(group=group).annotate(agrees=Exists(said))
    words = dict(belong.values_list("person", "agrees"))
    mine = words.get(membership.person_id) if membership else None
    return Vote(bool(words) and all(words.values()), mine is not None, agrees=bool(mine))


def say(membership: Membership, *, yes: bool) -> None:
    """My yes, or no longer. Said in two tabs, a yes is one yes."""
    mine = {"group_id": membership.group_id, "person_id": membership.person_id}
    if yes:
        FileYes.objects.bulk_create([FileYes(**mine)], ignore_conflicts=True)
    else:
        FileYes.objects.filter(**mine).delete()
