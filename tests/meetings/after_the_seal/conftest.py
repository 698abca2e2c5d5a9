"""A sealed circle of three with its first meeting."""

from __future__ import annotations

import pytest

from groups import inviting, sealing
from groups.consent import Answer
from groups.models.group import Group
from meetings.models.meeting import Meeting
from roundtable import clock
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - fixtures that the ones below build on


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
