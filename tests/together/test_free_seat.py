from functools import partial

import pytest

from groups import backfilling, inviting, sealing
from groups.consent import Answer
from groups.joining import Voice
from groups.models.backfill import Backfill, BackfillVoice
from groups.models.group import Membership
from groups.models.invitation import Invitation
from roundtable import clock
from roundtable.outbox.models import Letter
from tests.groups.conftest import applicant, draft, organizer, pooled, program  # noqa: F401 - what the circle stands on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    for invitation in draft.invitations.order_by("pk")[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    return sealing.seal(draft, by=organizer)


def test_two_organizers_at_once_fill_the_last_seat_with_one_card(group, program, organizer, at_once):  # noqa: F811 - as above
    people = [applicant(program, name) for name in ("Mary Jackson", "Radia Perlman")]
    outcome = at_once(*[partial(backfilling.propose, group, one, by=organizer) for one in people])
    assert (len(outcome.results), [str(error)[:17] for error in outcome.errors]) == (1, ["The group is full"])
    assert Backfill.objects.count() == 1


def test_the_last_voices_at_once_ask_once(group, program, organizer, at_once):  # noqa: F811 - as above
    card = backfilling.propose(group, applicant(program, "Mary Jackson"), by=organizer)
    members = list(group.memberships.select_related("person"))
    now = clock.now()
    outcome = at_once(*[partial(backfilling.say, card, Voice.FINE, by=one, received_at=now) for one in members])
    assert (outcome.errors, Backfill.objects.get().state, BackfillVoice.objects.count()) == ([], "asked", 0)
    assert Letter.objects.filter(kind="groups/invitation", to="mary@example.org").count() == 1


def test_two_late_yeses_at_once_for_one_seat_make_one_member(group, program, draft, at_once):  # noqa: F811 - as above
    program.size_max = 4
    program.save()
    katherine = draft.invitations.get(state="sent")
    mary = Invitation.objects.create(draft=draft, application=applicant(program, "Mary Jackson"))
    Invitation.objects.filter(pk=mary.pk).update(state="sent", sent_at=clock.now(), answer_until=katherine.answer_until)
    outcome = at_once(
        *[partial(inviting.respond, one, Answer.YES, received_at=clock.now()) for one in (katherine, mary)]
    )
    assert outcome.errors == []
    states = [Invitation.objects.get(pk=one.pk).state for one in (katherine, mary)]
    assert states.count("accepted") == 1, "the other is back in the pool, first in line next time"
    assert Membership.objects.filter(group=group).count() == 4
