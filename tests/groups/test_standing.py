"""From a no to the next person asked: the stand-by list, who hears what first, and invitations opened again."""

import re
from datetime import timedelta

import pytest

from groups import inviting, standing
from groups.consent import Alone, Answer, State
from groups.models.draft import DraftGroup
from groups.models.group import Group
from groups.models.invitation import Invitation
from members import settling
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import Application, IdentityAnswers
from members.models.program import Program
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, SUBMITTED, applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(program, draft):
    """Two more in the pool who could come."""
    return [applicant(program, name) for name in NAMES[4:6]]


@pytest.fixture
def released(draft, organizer, waiting):
    return inviting.release(draft, by=organizer)


@pytest.fixture
def say(released):
    def answer(first, what, **more):
        asked = Invitation.objects.get(application__person__email=f"{first}@example.org")
        return inviting.respond(asked, Answer(what), received_at=clock.now(), **more)

    return answer


def states():
    rows = Invitation.objects.values_list("application__person__email", "state")
    return {email.partition("@")[0]: state for email, state in rows}


def kinds(*only):
    rows = Letter.objects.exclude(kind="groups/invitation").filter(**({"kind__in": only} if only else {}))
    return sorted((kind.partition("/")[2], to.partition("@")[0]) for kind, to in rows.values_list("kind", "to"))


def minds(first, *, wants="gender:woman", holds=()):
    application = Application.objects.get(person__email=f"{first}@example.org")
    row = IdentityAnswers(application=application, source="form", consented_at=SUBMITTED)
    row.answers = f'{{"dimensions": {list(holds)}, "never_alone": {[wants] if wants else []}}}'.replace("'", '"')
    row.save()


def of(first):
    return Invitation.objects.get(application__person__email=f"{first}@example.org")


def words(letter):
    """Whole ones: a link's key may hold any two letters."""
    return set(re.findall(r"\w+", letter.text + letter.html))


ASKED = dict.fromkeys(["ada", "grace", "hedy", "katherine"], "sent")


def test_who_stands_by_is_drawn_up_at_the_release_and_hears_nothing(released):
    assert states() == {**ASKED, "mary": "stand_by", "radia": "stand_by"}
    assert kinds() == []
    assert sorted(Invitation.objects.in_line().values_list("place_in_line", flat=True)) == [1, 2]


def test_a_no_proposes_the_next_to_the_organizer_before_anybody_else_is_told(released, say):
    say("ada", "not_this_group")
    released.refresh_from_db()
    assert (released.step, Invitation.objects.exclude(proposed_at=None).count()) == ("stand_by", 1)
    assert kinds() == [("chair_free", "olga")]
    letter = Letter.objects.get(kind="groups/chair_free")
    assert "0 said yes, 3 to answer" in letter.text
    assert words(letter).isdisjoint({"Ada", "Mary", "Radia", "AL", "MJ", "RP"})


def test_the_organizer_agrees_and_the_one_on_stand_by_has_three_days(released, say, organizer):
    say("ada", "not_this_group")
    standing.ask_stand_by(released, by=organizer)
    asked = Invitation.objects.live().get(place_in_line=1)
    assert (asked.state, asked.answer_until - asked.sent_at) == ("sent", timedelta(days=3))
    assert Letter.objects.get(kind="groups/chair_for_you").to == asked.application.person.email
    assert Invitation.objects.live().count() == 4


def test_a_circle_never_asks_more_than_it_has_chairs_for(released, say, organizer):
    with pytest.raises(NotAllowed, match="nobody on stand-by to ask"):
        standing.ask_stand_by(released, by=organizer)
    assert Invitation.objects.live().count() == 4


def test_who_left_the_pool_is_passed_over(released, say, organizer):
    Application.objects.filter(invitations__place_in_line=1).update(stage="placed")
    say("ada", "not_this_group")
    standing.ask_stand_by(released, by=organizer)
    assert Letter.objects.get(kind="groups/chair_for_you").to == of_place(2)


def of_place(place):
    return Invitation.objects.get(place_in_line=place).application.person.email


def test_the_one_who_makes_it_valid_goes_before_who_stands_first(released, say, organizer):
    minds("grace", holds=["gender:woman"])
    minds("ada", wants="", holds=["gender:woman"])
    second = Invitation.objects.get(place_in_line=2).application.person
    minds(second.email.partition("@")[0], wants="", holds=["gender:woman"])
    say("ada", "not_this_group")
    standing.ask_stand_by(released, by=organizer)
    assert Letter.objects.get(kind="groups/chair_for_you").to == second.email


@pytest.fixture
def alone(released, say):
    """Grace said yes, and nobody is left who shares what matters to her."""
    minds("grace", holds=["gender:woman"])
    minds("ada", wants="", holds=["gender:woman"])
    for name in ("grace", "hedy", "katherine"):
        say(name, "yes") if name != "katherine" else None
    say("ada", "not_this_group")
    released.refresh_from_db()
    return released


def test_who_would_be_alone_hears_it_first_and_nobody_else_does(alone):
    assert (alone.step, of("grace").alone) == ("alone", "told")
    assert kinds() == [("changed_in_private", "grace")]
    assert Invitation.objects.exclude(proposed_at=None).count() == 0


def test_no_organizer_finds_that_letter_in_the_outbox(alone, organizer, django_user_model):
    root = django_user_model.objects.create_superuser("root@example.org")
    for reader in (organizer, root):
        assert "groups/changed_in_private" not in Letter.objects.organized_by(reader).values_list("kind", flat=True)


def test_what_they_said_lies_closed_in_the_table(alone):
    raw = Invitation.objects.filter(application__person__email="grace@example.org").values_list("alone", flat=True)
    assert b"told" not in bytes(raw[0])


def test_after_two_days_of_thinking_the_organizers_hear_that_it_does_not_hold(alone, clock):
    inviting.speak_up_due()
    assert kinds("groups/chair_free") == []
    clock.forward(days=2)
    inviting.speak_up_due()
    inviting.speak_up_due()
    assert kinds("groups/chair_free") == [("chair_free", "olga")]
    letter = Letter.objects.get(kind="groups/chair_free")
    assert words(letter).isdisjoint({"Grace", "GH", "alone", "woman", "personal"})


def test_who_stays_makes_the_group_hold(alone, say):
    standing.stay_or_wait(of("grace"), Alone.STAY)
    say("katherine", "yes")
    assert Group.objects.get().memberships.count() == 3
    assert kinds("groups/chair_free") == [("chair_free", "olga")]  # one more could join; nothing about her


def test_who_waits_keeps_the_yes_and_the_group_does_not_seal(alone, say):
    standing.stay_or_wait(of("grace"), Alone.WAIT)
    say("katherine", "yes")
    assert (of("grace").state, Group.objects.count()) == ("accepted", 0)


def test_who_steps_out_is_first_in_line_next_time(alone):
    standing.step_out(of("grace"))
    grace = Application.objects.get(person__email="grace@example.org")
    assert (of("grace").state, grace.stage, grace.skipped_before) == ("released", "pooled", 1)
    assert kinds("groups/released") == []


def test_who_was_not_asked_that_has_nothing_to_say_to_it(released):
    with pytest.raises(NotAllowed, match="This question is settled"):
        standing.stay_or_wait(of("ada"), Alone.STAY)


def test_one_reminder_two_days_before_the_deadline(released, clock):
    inviting.remind_due()
    assert kinds("groups/reminded") == []
    clock.forward(days=3)
    inviting.remind_due()
    inviting.remind_due()
    assert kinds("groups/reminded") == [("reminded", name) for name in ASKED]


def test_who_has_answered_is_not_reminded(released, say, clock):
    say("ada", "yes")
    clock.forward(days=3)
    inviting.remind_due()
    assert ("reminded", "ada") not in kinds()


@pytest.fixture
def late(released, clock):
    """Everybody's time is over."""
    clock.forward(days=5)
    inviting.lapse(released, now=clock.now())
    return released


def test_a_lapsed_invitation_opens_again_while_a_chair_is_free(late, say):
    assert standing.reopen(of("ada")).state == "sent"
    assert say("ada", "yes").state == "accepted"
    assert ("chair_for_you", "ada") in kinds()


def test_without_a_chair_who_reopens_stands_by_at_the_end(late):
    Program.objects.update(size_max=4, size_target=4)
    for name in ("ada", "grace", "hedy"):
        standing.reopen(of(name))
    standby = Invitation.objects.in_line().first()
    Invitation.objects.filter(pk=standby.pk).update(state=State.SENT, sent_at=clock.now(), proposed_at=None)
    assert standing.reopen(of("katherine")).state == "stand_by"
    assert Invitation.objects.in_line().last() == of("katherine")


def test_a_group_that_was_given_up_does_not_open_again(late, organizer):
    inviting.dissolve(late, by=organizer)
    assert of("ada").state == "lapsed"
    with pytest.raises(NotAllowed, match="did not form"):
        standing.reopen(of("ada"))


def test_who_has_another_group_by_now_opens_nothing(late):
    Application.objects.filter(person__email="ada@example.org").update(stage="placed")
    with pytest.raises(NotAllowed, match="another group has come first"):
        standing.reopen(of("ada"))


def test_a_yes_to_a_group_that_is_complete_is_first_in_line_next_time(released, say):
    Program.objects.update(size_max=3, size_target=3)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    late = say("katherine", "yes")
    application = Application.objects.get(person__email="katherine@example.org")
    assert (late.state, application.stage, application.skipped_before) == ("released", "pooled", 1)
    assert Group.objects.get().memberships.count() == 3


def test_the_seal_ends_the_line_and_nobody_in_it_is_told(released, say):
    for name in ASKED:
        say(name, "yes")
    assert {states()["mary"], states()["radia"]} == {"released"}
    assert kinds("groups/released") == []
    assert set(Application.objects.filter(stage="pooled").values_list("skipped_before", flat=True)) == {0}


def test_a_card_pointed_at_becomes_a_pair_that_no_organizer_reads(released, say, organizer):
    say("ada", "not_this_group", apart_from=[of("grace").public_id])
    pair = KeepApart.objects.get()
    assert {pair.one.person.name, pair.other.person.name} == {"Ada Lovelace", "Grace Hopper"}
    assert KeepApartLine.objects.organized_by(organizer).count() == 0
    assert KeepApartLine.objects.get().words == "the card GH, CTO of an invitation"


def test_nobody_is_kept_apart_by_a_yes_or_from_somebody_not_asked(released, say):
    say("hedy", "yes", apart_from=[of("grace").public_id])
    say("ada", "not_this_group", apart_from=[of("ada").public_id, of("mary").public_id, "invented"])
    assert KeepApart.objects.count() == 0


def test_not_now_rests_until_the_day_they_chose(released, say, clock):
    day = clock.now().date() + timedelta(days=60)
    say("ada", "not_now", rest_until=day)
    ada = Application.objects.get(person__email="ada@example.org")
    assert (ada.stage, ada.rests_until) == ("dormant", day)
    settling.wake_due()
    clock.forward(days=60)
    settling.wake_due()
    ada.refresh_from_db()
    assert (ada.stage, ada.rests_until) == ("pooled", None)


def test_whom_a_group_on_paper_can_spare_stands_by_after_who_waits(draft, organizer, program):
    """Nobody waits; the second draft holds four and needs three."""
    other = DraftGroup.objects.create(
        composition=draft.composition, number=2, mode="video", zone=draft.zone, window=draft.window
    )
    for name in NAMES[4:8]:
        Invitation.objects.create(draft=other, application=applicant(program, name))
    inviting.release(draft, by=organizer)
    assert draft.invitations.in_line().count() == 4
    inviting.respond(of("ada"), Answer.NOT_THIS_GROUP, received_at=clock.now())
    standing.ask_stand_by(draft, by=organizer)
    assert (other.invitations.count(), draft.invitations.live().count()) == (3, 4)
