from functools import partial

import pytest

from groups import inviting, repairing, sabbaticals, sealing
from groups.consent import Answer
from groups.models.sabbatical import Sabbatical
from roundtable import clock
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - what the circle stands on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    for invitation in draft.invitations.order_by("pk")[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    return sealing.seal(draft, by=organizer).memberships.get(person__email="ada@example.org")


def test_two_tabs_begin_one_sabbatical(ada, at_once):
    outcome = at_once(*[partial(sabbaticals.begin, ada, meetings=2) for _ in range(2)])
    assert (len(outcome.results), [str(error)[:29] for error in outcome.errors]) == (
        1,
        ["You are on a sabbatical alrea"],
    )


def test_leaving_and_pausing_at_once_leave_no_pause_behind(ada, at_once):
    at_once(partial(sabbaticals.begin, ada, meetings=2), partial(repairing.leave, ada, back_to_pool=False))
    ada.refresh_from_db()
    assert (ada.left_on is not None, Sabbatical.objects.running().exists()) == (True, False)
