"""Who may open what of a group: each guard returns the object, or there is nothing to see (404), for superusers too."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from groups.models.backfill import Backfill
from groups.models.draft import Composition, DraftGroup
from groups.models.group import Group, Membership
from groups.models.invitation import PURPOSE, Invitation
from groups.models.offer import Offer
from groups.models.question import Merge, Question, Split
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
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


def written_to_somebody_else(request: HttpRequest, invitation: Invitation) -> bool:
    """A forwarded link, opened by somebody who is signed in as themselves."""
    return bool(request.user.is_authenticated) and invitation.application.person_id != request.user.pk


def looked_after(person: Person, public_id: str) -> Group:
    """A circle for an organizer of its program or of its city: number, dates, who waits for it. Never its content."""
    groups = Group.objects.organized_by(person).filter(roster=Roster.FIXED)
    found = groups.select_related("program", "draft__composition__program").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def backfill(person: Person, public_id: str) -> Backfill:
    """A card for a free seat, for an organizer who looks after the group."""
    cards = Backfill.objects.filter(group__in=Group.objects.organized_by(person))
    found = cards.select_related("group").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def question(person: Person, public_id: str, key: str) -> tuple[Membership, Question]:
    """Something that my group is asked, for who belongs to it today. Everyone else: 404."""
    own = membership(person, public_id)
    found = own.group.questions.select_related("group__program", "merge__stays", "merge__joins", "split")
    asked = found.filter(public_id=key).first()
    if asked is None:
        raise Http404
    return own, asked


def proposal(person: Person, public_id: str) -> Merge | Split:
    """A merge or a split that is asked or was, for an organizer who looks after its group."""
    groups = Group.objects.organized_by(person)
    found = Merge.objects.filter(stays__in=groups, public_id=public_id).select_related("stays", "joins").first()
    found_split = Split.objects.filter(group__in=groups, public_id=public_id).select_related("group").first()
    if found is None and found_split is None:
        raise Http404
    return found or found_split  # type: ignore[return-value] # one of the two is there


def waiting(person: Person, public_id: str) -> Application:
    """My own application while it waits in the pool. Everyone else's, and any other, is 404."""
    pooled = Application.objects.pooled().filter(person=person, public_id=public_id)
    found = pooled.select_related("program", "person").first()
    if found is None:
        raise Http404
    return found


def composition(person: Person, public_id: str) -> Composition:
    """A composition for an organizer of its whole program."""
    found = Composition.objects.organized_by(person).select_related("program").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def offer(person: Person, public_id: str) -> Offer:
    """An offer to host, for an organizer of its whole program or of its city."""
    found = Offer.objects.organized_by(person).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def draft(person: Person, public_id: str) -> DraftGroup:
    """A draft group for an organizer of its whole program; one that a host offered waits for its signature first."""
    drafts = DraftGroup.objects.filter(composition__in=Composition.objects.organized_by(person))
    drafts = drafts.exclude(offer__in=Offer.objects.open())
    found = drafts.select_related("composition__program").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
