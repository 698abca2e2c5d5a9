"""A sealed circle of three with its first meeting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from groups import inviting, sealing
from groups.consent import Answer
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from meetings.models.meeting import Meeting
from roundtable import clock
from roundtable.outbox.models import Letter
from tests.groups.conftest import THURSDAY_17, applicant, draft, organizer, pooled, program  # noqa: F401 - fixtures that the ones below build on


@pytest.fixture
def group(draft, organizer) -> Group:  # noqa: F811 - the fixture of that name
    """Ada, Grace and Hedy said yes; Katherine has not answered."""
    inviting.release(draft, by=organizer)
    for asked in draft.invitations.order_by("pk")[:3]:
        inviting.respond(asked, Answer.YES, received_at=clock.now())
    return sealing.seal(draft, by=organizer)


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return group.meetings.get()


@pytest.fixture
def circle(program, organizer) -> Callable[..., Group]:  # noqa: F811 - the fixtures of these names
    """One more sealed circle of the program, of these people, at the hour of all."""

    def make(*names: str, **fields: object) -> Group:
        composition = Composition.objects.create(program=program, progress=Progress.DONE, zone="America/New_York")
        place = {"mode": "video", "zone": "America/New_York", "window": THURSDAY_17}
        draft = DraftGroup.objects.create(composition=composition, number=1, **place)  # noqa: F811 - made here
        for name in names:
            Invitation.objects.create(draft=draft, application=applicant(program, name, **fields))
        inviting.release(draft, by=organizer)
        for asked in list(draft.invitations.filter(state="sent").order_by("pk")):
            inviting.respond(asked, Answer.YES, received_at=clock.now())
        return Group.objects.filter(draft=draft).first() or sealing.seal(draft, by=organizer)

    return make


@pytest.fixture
def member() -> Callable[[Group, str], Membership]:
    def find(group: Group, name: str) -> Membership:
        return group.memberships.on(clock.today()).get(person__email=f"{name}@example.org")

    return find


@pytest.fixture
def letters() -> Callable[[str], list[str]]:
    """Who was written to in this way, but for letters that were taken back."""

    def to(kind: str) -> list[str]:
        sent = Letter.objects.filter(kind=kind).exclude(state="cancelled")
        return sorted(address.partition("@")[0] for address in sent.values_list("to", flat=True))

    return to
