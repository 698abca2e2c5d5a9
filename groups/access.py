"""Who may open what of a group: each guard returns the object, or there is nothing to see (404), for superusers too."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from groups.models.draft import Composition, DraftGroup
from groups.models.group import Membership
from groups.models.invitation import PURPOSE, Invitation
from members.models.person import Person
from roundtable import clock, links


def membership(person: Person, public_id: str) -> Membership:
    """The membership of somebody who belongs to this group today. Everyone else: 404."""
    current = Membership.objects.on(clock.today()).select_related("group__program", "person")
    found = current.filter(group__public_id=public_id, person=person).first()
    if found is None:
        raise Http404
    return found


def invitation(request: HttpRequest, public_id: str) -> Invitation:
    """An invitation for the one it was sent to: by the letter's link, or signed in. Everyone else: 404."""
    invitations = Invitation.objects.exclude(sent_at=None).select_related(
        "draft__composition__program", "application__person"
    )
    found = invitations.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if request.user.is_authenticated and found.application.person_id == request.user.pk:
        return found
    if links.check(request, PURPOSE, found.about) is not None:
        return found
    raise Http404


def composition(person: Person, public_id: str) -> Composition:
    """A composition for an organizer of its whole program."""
    found = Composition.objects.organized_by(person).select_related("program").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def draft(person: Person, public_id: str) -> DraftGroup:
    """A draft group for an organizer of its whole program."""
    drafts = DraftGroup.objects.filter(composition__in=Composition.objects.organized_by(person))
    found = drafts.select_related("composition__program").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
