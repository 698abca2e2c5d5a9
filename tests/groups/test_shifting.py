"""The hour of a group that is being asked moves: who hears it, whose yes stands, and when it may be sealed."""

import pytest
from django.urls import reverse

from groups import inviting, sealing, shifting
from groups.consent import Answer, State
from groups.models.draft import DraftGroup
from groups.models.group import Group
from groups.models.invitation import Invitation
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, THURSDAY_17, applicant

pytestmark = pytest.mark.django_db
LATER = THURSDAY_17 + 1
MONDAY_17 = 34


@pytest.fixture
def released(draft, organizer, program):
    applicant(program, NAMES[4])
    return inviting.release(draft, by=organizer)


def say(first, answer):
    return inviting.respond(of(first), answer, received_at=clock.now())


def of(first):
    return Invitation.objects.get(application__person__email=f"{first}@example.org")


def letters():
    return sorted(Letter.objects.filter(kind="groups/hour_moved").values_list("to", flat=True))


def test_everybody_who_is_asked_hears_it_and_every_yes_stands(released, organizer):
    say("ada", Answer.YES)
    say("grace", Answer.OTHER_TIME)
    say("hedy", Answer.NOT_NOW)
    shifting.shift(released, LATER, by=organizer)
    assert letters() == [f"{first}@example.org" for first in ("ada", "grace", "katherine")]
    assert (of("ada").state, of("grace").state, of("grace").other_time) == (State.ACCEPTED, State.SENT, False)
    assert DraftGroup.objects.get().window == LATER


def test_the_letter_names_both_hours_and_says_whose_yes_stands(released, organizer):
    say("ada", Answer.YES)
    shifting.shift(released, LATER, by=organizer)
    text = Letter.objects.get(kind="groups/hour_moved", to="ada@example.org").text
    assert "Thursdays, 17:30 to 19:00" in text
    assert "It was Thursdays, 17:00 to 18:30." in text
    assert "Your yes stands" in text
    assert "Your yes stands" not in Letter.objects.get(kind="groups/hour_moved", to="grace@example.org").text


def test_it_is_not_sealed_while_somebody_may_reconsider(released, organizer):
    for first in ("ada", "grace", "hedy"):
        say(first, Answer.YES)
    shifting.shift(released, LATER, by=organizer)
    say("katherine", Answer.YES)
    assert not Group.objects.exists()
    with pytest.raises(NotAllowed, match="may still reconsider"):
        sealing.seal(released, by=organizer)
    for first in ("ada", "grace", "hedy"):
        say(first, Answer.YES)
    assert Group.objects.get().window == LATER


def test_silence_leaves_a_yes_as_it_is_and_the_group_seals_by_itself(released, organizer):
    for first in ("ada", "grace", "hedy"):
        say(first, Answer.YES)
    shifting.shift(released, LATER, by=organizer)
    say("katherine", Answer.YES)
    inviting.lapse_due()
    assert not Group.objects.exists()
    Invitation.objects.accepted().exclude(reconsider_until=None).update(reconsider_until=clock.now())
    inviting.lapse_due()
    assert Group.objects.get().memberships.count() == 4


def test_who_said_yes_takes_it_back_without_guilt(released, organizer):
    say("ada", Answer.YES)
    shifting.shift(released, LATER, by=organizer)
    assert say("ada", Answer.NOT_THIS_GROUP).state == State.DECLINED
    assert of("ada").reconsider_until is None


def test_who_stands_by_is_drawn_up_anew_for_the_new_hour(released, organizer):
    Hours.objects.filter(application__person__email="mary@example.org").update(good=to_hex(0b111 << THURSDAY_17))
    assert of("mary").state == State.STAND_BY
    shifting.shift(released, LATER, by=organizer)
    assert not Invitation.objects.in_line().exists()


def test_an_hour_that_somebody_has_not_given_is_refused_and_changes_nothing(released, organizer):
    with pytest.raises(NotAllowed, match="Mondays, 17:00 to 18:30: with the people who are asked a rule would break"):
        shifting.shift(released, MONDAY_17, by=organizer)
    assert (DraftGroup.objects.get().window, letters()) == (THURSDAY_17, [])


def test_the_same_hour_twice_and_a_group_on_paper_are_refused(draft, released, organizer):
    shifting.shift(released, LATER, by=organizer)
    with pytest.raises(NotAllowed, match="at this hour already"):
        shifting.shift(released, LATER, by=organizer)
    inviting.dissolve(released, by=organizer)
    with pytest.raises(NotAllowed, match="is dissolved"):
        shifting.shift(released, THURSDAY_17, by=organizer)
    assert len(letters()) == 4


def test_the_organizer_sees_how_many_wish_it_and_moves_it_with_a_button(client, released, organizer):
    Hours.objects.update(good=to_hex(block_mask(3, "evening") | block_mask(0, "evening")))
    say("ada", Answer.OTHER_TIME)
    client.force_login(organizer)
    page = reverse("admin:groups_draft_hours", args=[released.public_id])
    shown = client.get(page).content.decode()
    assert "1 of those asked would come at another time" in shown
    assert f'name="window" value="{MONDAY_17}"' in shown
    shift = reverse("admin:groups_draft_shift", args=[released.public_id])
    assert "The hour has moved." in client.post(shift, {"window": MONDAY_17}, follow=True).content.decode()
    odd = [client.post(shift, {"window": odd}, follow=True).content for odd in ("", "x", "336", "-1")]
    assert all(b"Choose one of the hours on the page." in said for said in odd)


def test_the_page_of_who_said_yes_offers_both_ways(client, released, organizer):
    say("ada", Answer.YES)
    shifting.shift(released, LATER, by=organizer)
    client.force_login(of("ada").application.person)
    page = reverse("groups:invitation", args=[of("ada").public_id])
    assert "The hour has moved since you said yes." in client.get(page).content.decode()
    client.post(page, {"act": "yes_again"})
    shown = client.get(page).content.decode()
    assert ("The hour has moved" in shown, "You said yes." in shown) == (False, True)
