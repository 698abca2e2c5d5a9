"""Letters about groups: one person each, one thing to do, and never another person's name, card or company."""

from __future__ import annotations

from groups import times
from groups.models.group import Group
from groups.models.invitation import PURPOSE, Invitation
from members.models.person import Person
from roundtable import links, moments
from roundtable.outbox.models import Priority
from roundtable.outbox.post import Draft


def invited(invitation: Invitation) -> Draft:
    """To the one who is asked: the hour, the deadline, and the way to the page with code of conduct and cards."""
    person, until = invitation.application.person, invitation.answer_until
    if until is None:
        raise ValueError("An invitation is written when it is sent.")
    return Draft(
        kind="groups/invitation",
        to=person,
        about=invitation.about,
        dedupe_key=f"invitation:{invitation.pk}:{until:%Y%m%dT%H%M%S}",
        context={
            "program": invitation.draft.composition.program.name,
            "hour": times.of_draft(invitation.draft),
            "for_you": times.of_draft(invitation.draft, zone=person.zone),
            "metro": invitation.draft.metro,
            "until": moments.short(until, person.zone),
        },
        links={"token": links.make(PURPOSE, invitation.about, person, until)},
        priority=Priority.SEAT,
        expires_at=until,
    )


def lapsed(invitation: Invitation) -> Draft:
    """No answer came: not a no, no guilt, back in the pool."""
    return back(invitation, "groups/lapsed")


def released(invitation: Invitation) -> Draft:
    """The group did not form, or without them: back in the pool, first in line next time."""
    return back(invitation, "groups/released")


def back(invitation: Invitation, kind: str) -> Draft:
    """One of the two letters that end an invitation; once per invitation and state."""
    return Draft(
        kind=kind,
        to=invitation.application.person,
        about=invitation.about,
        dedupe_key=f"{kind}:{invitation.pk}",
        context={"program": invitation.draft.composition.program.name},
    )


def sealed(group: Group, person: Person) -> Draft:
    """To each member: your circle is sealed; the names are on its page. The first date comes as a letter of its own."""
    return Draft(
        kind="groups/sealed",
        to=person,
        about=f"group:{group.pk}",
        dedupe_key=f"sealed:{group.pk}:{person.pk}",
        context={"program": group.program.name, "path": f"/groups/{group.public_id}/"},
        priority=Priority.SEAT,
    )
