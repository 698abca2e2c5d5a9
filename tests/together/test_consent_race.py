"""Answers and organizers at the same moment: one consistent state, and nobody is told a thing that is not true."""

from __future__ import annotations

from functools import partial

import pytest

from groups import inviting, sealing, shifting, standing
from groups.consent import Answer
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from members import leaving
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import (  # noqa: F401 - the draft and what it stands on
    NAMES,
    THURSDAY_17,
    applicant,
    draft,
    organizer,
    pooled,
    program,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(draft, organizer, program):  # noqa: F811 - the fixtures of these names
    """Four who are asked, and one who stands by."""
    applicant(program, NAMES[4])
    inviting.release(draft, by=organizer)
    return list(draft.invitations.live().order_by("pk"))


def say(invitation, answer):
    return partial(inviting.respond, invitation, answer, received_at=clock.now())


def members():
    return set(Membership.objects.values_list("person__email", flat=True))


def told():
    return set(Letter.objects.filter(kind="groups/sealed").values_list("to", flat=True))


def test_sealing_while_somebody_declines_leaves_them_out_or_in_and_says_which(draft, organizer, asked, at_once):  # noqa: F811
    for one in asked[:3]:
        say(one, Answer.YES)()
    outcome = at_once(partial(sealing.seal, draft, by=organizer), say(asked[2], Answer.NOT_THIS_GROUP))
    asked[2].refresh_from_db()
    sealed = Group.objects.exists()
    assert {type(error) for error in outcome.errors} == {NotAllowed}
    assert (asked[2].state == "accepted") == sealed
    assert members() == told() == ({"ada@example.org", "grace@example.org", "hedy@example.org"} if sealed else set())


def test_two_tabs_with_two_answers_leave_one(asked, at_once):
    outcome = at_once(say(asked[0], Answer.YES), say(asked[0], Answer.NOT_THIS_GROUP))
    asked[0].refresh_from_db()
    assert asked[0].state == "declined"  # a yes may be taken back, a no is a no
    assert [str(error)[:32] for error in outcome.errors] in ([], ["You have answered this invitatio"])


def test_two_organizers_ask_from_stand_by_once(draft, organizer, asked, at_once):  # noqa: F811
    say(asked[0], Answer.NOT_THIS_GROUP)()
    outcome = at_once(*[partial(standing.ask_stand_by, draft, by=organizer) for _ in range(3)])
    assert (len(outcome.results), {type(error) for error in outcome.errors}) == (1, {NotAllowed})
    assert Letter.objects.filter(kind="groups/chair_for_you").count() == 1


def test_who_withdraws_while_the_draft_is_released_is_asked_by_nobody(draft, organizer, at_once):  # noqa: F811
    ada = draft.invitations.select_related("application__person").get(application__person__email="ada@example.org")
    outcome = at_once(partial(inviting.release, draft, by=organizer), partial(leaving.withdraw, ada.application))
    ada.refresh_from_db()
    ada.application.refresh_from_db()
    assert len(outcome.errors) <= 1
    assert (ada.application.stage, ada.state) in {
        ("withdrawn", "declined"),  # asked a moment before
        ("withdrawn", "drafted"),  # gone a moment before: the release was refused
        ("pooled", "sent"),  # the one who would withdraw was told to look first
    }


def test_the_last_yes_and_the_deadline_at_once_seal_one_group(draft, asked, at_once):  # noqa: F811
    for one in asked[:3]:
        say(one, Answer.YES)()
    draft.refresh_from_db()
    outcome = at_once(say(asked[3], Answer.YES), partial(inviting.lapse, draft, now=draft.answer_until))
    assert {type(error) for error in outcome.errors} <= {NotAllowed}
    assert Group.objects.count() == 1
    assert len(members()) == (4 if Invitation.objects.get(pk=asked[3].pk).state == "accepted" else 3)


def test_the_hour_moves_while_the_last_yes_arrives_and_nobody_is_bound_to_an_hour_they_have_not_seen(
    draft,  # noqa: F811
    organizer,  # noqa: F811
    asked,
    at_once,
):
    for one in asked[:3]:
        say(one, Answer.YES)()
    shift = partial(shifting.shift, draft, THURSDAY_17 + 1, by=organizer)
    outcome = at_once(say(asked[3], Answer.YES), shift)
    group = Group.objects.first()
    if group is not None:  # the yes was first: the group is what all four agreed to, and the organizer is told
        assert (group.window, [type(error) for error in outcome.errors]) == (THURSDAY_17, [NotAllowed])
    else:
        assert not outcome.errors
        assert Invitation.objects.accepted().filter(reconsider_until=None).count() <= 1


def test_two_organizers_move_the_hour_once_each_and_people_hear_where_it_ended(draft, organizer, asked, at_once):  # noqa: F811
    outcome = at_once(*[partial(shifting.shift, draft, THURSDAY_17 + 1, by=organizer) for _ in range(3)])
    assert (len(outcome.results), {type(error) for error in outcome.errors}) == (1, {NotAllowed})
    assert Letter.objects.filter(kind="groups/hour_moved").count() == len(asked)
