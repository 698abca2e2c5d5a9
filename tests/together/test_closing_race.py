from functools import partial

import pytest

from groups import closing, inviting, sealing
from groups.consent import Answer
from groups.models.group import Group, Why
from roundtable import clock
from roundtable.outbox.models import Letter
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - what the circle stands on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    for invitation in draft.invitations.order_by("pk")[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    return sealing.seal(draft, by=organizer)


def test_the_last_words_at_once_close_it_once(group, at_once):
    outcome = at_once(*[partial(closing.agree, one, would=True) for one in group.memberships.all()])
    assert (outcome.errors, Group.objects.get(pk=group.pk).closed_at is not None) == ([], True)
    assert Letter.objects.filter(kind="groups/closing").count() == 3


def test_two_organizers_at_once_close_it_once(group, organizer, at_once):  # noqa: F811 - as above
    outcome = at_once(*[partial(closing.close, group, by=organizer, why=Why.DIED) for _ in range(2)])
    assert (len(outcome.results), len(outcome.errors)) == (1, 1)
