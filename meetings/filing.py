"""A group's memory as a file, by the group's own vote: of a circle that lives all who belong today have said yes.

A file is out of the room for good, so that silence is a no. Each yes is private, ends with its membership and may be
taken back; whether the file is there is never stored but asked of the yeses. Of a circle that is over its last members
take along what they can still read; of a roundtable everybody what they were there for. Why: docs/decisions/0008.
"""

from __future__ import annotations

from dataclasses import dataclass

from groups import closing
from groups.models.group import Group, Membership
from members.models.program import Roster
from roundtable import clock


@dataclass(frozen=True)
class Vote:
    """Whether the file is there for one reader, and where they stand; nobody else's word is in it."""

    is_open: bool
    is_asked: bool = False
    agrees: bool = False


def vote(group: Group, membership: Membership | None) -> Vote:
    """For who reads this group's memory, with their membership of today. Who parted from a circle has no word in its
    vote, and takes no file. One question at most.
    """
    if group.roster != Roster.FIXED:
        return Vote(is_open=True)
    if membership is None:
        return Vote(is_open=False)
    if closing.is_over(group, clock.now()):
        return Vote(is_open=True)
    words = dict(group.memberships.on(clock.today()).values_list("pk", "file_yes"))
    return Vote(is_open=all(words.values()), is_asked=True, agrees=words.get(membership.pk, False))


def say(membership: Membership, *, yes: bool) -> None:
    """My yes, or no longer. Said in two tabs, or just after I left, it changes nothing for the others."""
    Membership.objects.filter(pk=membership.pk).update(file_yes=yes)
