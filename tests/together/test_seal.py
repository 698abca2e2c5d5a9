from functools import partial

import pytest

from groups import inviting, sealing
from groups.consent import Answer
from groups.models.group import Group
from groups.models.invitation import Invitation
from meetings.models.meeting import Meeting
from roundtable import clock
from roundtable.outbox.models import Letter
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - the draft and what it stands on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    return list(draft.invitations.order_by("pk"))


def test_two_tabs_seal_one_group_and_the_other_is_told(draft, organizer, asked, at_once):  # noqa: F811 - the same
    for invitation in asked[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    outcome = at_once(*[partial(sealing.seal, draft, by=organizer) for _ in range(4)])
    assert (len(outcome.results), len(outcome.errors)) == (1, 3)
    assert {str(error)[:38] for error in outcome.errors} == {"This group has already been sealed, a "}
    assert (Group.objects.count(), Meeting.objects.count()) == (1, 1)
    assert Letter.objects.filter(kind="groups/sealed").count() == 3


def test_the_last_yeses_at_once_seal_one_group_with_everybody(draft, asked, at_once):  # noqa: F811 - the same
    answers = [partial(inviting.respond, one, Answer.YES, received_at=clock.now()) for one in asked]
    outcome = at_once(*answers)
    assert outcome.errors == []
    assert Group.objects.get().memberships.count() == 4
    assert Meeting.objects.get().seats.count() == 4


def test_releasing_twice_at_once_asks_everybody_once(draft, organizer, at_once):  # noqa: F811 - the same
    outcome = at_once(*[partial(inviting.release, draft, by=organizer) for _ in range(3)])
    assert (len(outcome.results), len(outcome.errors)) == (1, 2)
    assert Letter.objects.filter(kind="groups/invitation").count() == 4
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sent"}
