from datetime import UTC, datetime, timedelta

import pytest

from groups import inviting, sealing
from groups.consent import Answer, State
from groups.models.draft import DraftGroup, DraftState
from groups.models.group import Group
from groups.models.invitation import Invitation
from members import leaving, reviewing
from members.models.application import Application
from members.models.conduct import Acceptance
from members.stages import DeclineCode
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(draft):
    """Answers by first name: say("ada", "yes")."""

    def answer(first, what, **more):
        asked = Invitation.objects.get(application__person__email=f"{first}@example.org")
        return inviting.respond(asked, Answer(what), received_at=clock.now(), **more)

    return answer


@pytest.fixture
def states(draft):
    def now():
        rows = draft.invitations.select_related("application__person")
        return {row.application.person.email.partition("@")[0]: row.state for row in rows}

    return now


def stages():
    rows = Application.objects.select_related("person")
    return {row.person.email.partition("@")[0]: row.stage for row in rows}


def kinds():
    return sorted(Letter.objects.values_list("kind", "to"))


def test_releasing_asks_each_person_with_a_letter_of_their_own(draft, organizer, states):
    inviting.release(draft, by=organizer)
    assert states() == dict.fromkeys(["ada", "grace", "hedy", "katherine"], "sent")
    assert kinds() == [("groups/invitation", f"{name}@example.org") for name in ["ada", "grace", "hedy", "katherine"]]


def test_an_invitation_letter_names_nobody_else(draft, organizer):
    inviting.release(draft, by=organizer)
    letter = Letter.objects.get(to="ada@example.org")
    words = (letter.subject + letter.text + letter.html).lower()
    others = ["grace", "hedy", "katherine", "hopper", "lamarr", "johnson", "gh", "grace works"]
    assert [other for other in others if f" {other} " in words] == []


def test_a_draft_is_released_once(draft, organizer):
    inviting.release(draft, by=organizer)
    with pytest.raises(NotAllowed, match="nobody was asked twice"):
        inviting.release(draft, by=organizer)
    assert Letter.objects.count() == 4


def test_a_draft_that_breaks_a_rule_is_not_released(draft, organizer, states):
    Application.objects.filter(person__email="grace@example.org").update(company_key="ada")
    with pytest.raises(NotAllowed, match="are both at ada"):
        inviting.release(draft, by=organizer)
    assert states() == dict.fromkeys(["ada", "grace", "hedy", "katherine"], "drafted")


def test_a_group_seals_by_itself_when_the_last_one_has_answered(draft, organizer, say, states):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    assert Group.objects.count() == 0
    say("katherine", "not_this_group", reason="I know one of them")
    assert Group.objects.get().memberships.count() == 3
    assert stages() == {"ada": "placed", "grace": "placed", "hedy": "placed", "katherine": "pooled"}


def test_a_group_seals_at_its_target(draft, organizer, say):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy", "katherine"):
        say(name, "yes")
    draft.refresh_from_db()
    assert (draft.state, draft.group.memberships.count()) == (DraftState.SEALED, 4)


def test_not_now_rests_and_is_not_composed(draft, organizer, say):
    inviting.release(draft, by=organizer)
    say("ada", "not_now")
    assert stages()["ada"] == "dormant"


def test_another_time_is_noted_and_the_invitation_stays_open(draft, organizer, say, states):
    inviting.release(draft, by=organizer)
    invitation = say("ada", "other_time")
    assert (invitation.state, invitation.other_time) == ("sent", True)
    assert say("ada", "yes").state == "accepted"


def test_the_same_yes_twice_is_one_yes(draft, organizer, say):
    inviting.release(draft, by=organizer)
    assert say("ada", "yes").answered_at == say("ada", "yes").answered_at


def test_a_private_reason_does_not_lie_in_the_table_in_words(draft, organizer, say):
    inviting.release(draft, by=organizer)
    say("ada", "not_this_group", reason="my former manager")
    raw = Invitation.objects.filter(application__person__email="ada@example.org").values_list("reason", flat=True)
    assert b"manager" not in bytes(raw[0])
    assert Invitation.objects.get(application__person__email="ada@example.org").reason == "my former manager"


def test_a_group_with_too_few_is_not_sealed(draft, organizer, say):
    inviting.release(draft, by=organizer)
    say("ada", "yes")
    with pytest.raises(NotAllowed, match="1 of at least 3 people have accepted"):
        sealing.seal(draft, by=organizer)


def test_a_group_that_would_break_a_rule_is_not_sealed(draft, organizer, say):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    Application.objects.filter(person__email="hedy@example.org").update(company_key="ada")
    with pytest.raises(NotAllowed, match=r"would not hold: (AL and HL|HL and AL) are both at ada"):
        sealing.seal(draft, by=organizer)


def test_sealing_twice_seals_once_and_says_so(draft, organizer, say):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    sealing.seal(draft, by=organizer)
    with pytest.raises(NotAllowed, match="already been sealed"):
        sealing.seal(draft, by=organizer)
    assert Group.objects.count() == 1


def test_a_yes_after_the_seal_joins_while_there_is_room(draft, organizer, say):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    group = sealing.seal(draft, by=organizer)
    say("katherine", "yes")
    assert group.memberships.count() == 4
    assert ("groups/sealed", "katherine@example.org") in kinds()


def test_a_yes_after_the_deadline_is_told_kindly(draft, organizer, say):
    inviting.release(draft, by=organizer)
    Invitation.objects.update(answer_until=clock.now() - timedelta(minutes=1))
    with pytest.raises(NotAllowed, match="nothing is held against you"):
        say("ada", "yes")


def test_silence_lapses_and_a_ready_group_is_sealed_without_them(draft, organizer, say, states):
    inviting.release(draft, by=organizer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes")
    draft.refresh_from_db()
    inviting.lapse(draft, now=draft.answer_until)
    assert states() == {"ada": "accepted", "grace": "accepted", "hedy": "accepted", "katherine": "lapsed"}
    assert ("groups/lapsed", "katherine@example.org") in kinds()
    assert Group.objects.get().memberships.count() == 3


def test_dissolving_sends_everybody_back_first_in_line(draft, organizer, say, states):
    inviting.release(draft, by=organizer)
    say("ada", "yes")
    say("grace", "not_this_group")
    inviting.dissolve(draft, by=organizer)
    assert states() == {"ada": "released", "grace": "declined", "hedy": "released", "katherine": "released"}
    skipped = dict(Application.objects.values_list("person__email", "skipped_before"))
    assert skipped == {
        "ada@example.org": 1,
        "grace@example.org": 0,
        "hedy@example.org": 1,
        "katherine@example.org": 1,
    }


def test_nobody_is_asked_for_two_groups_at_once(draft, organizer, program):
    inviting.release(draft, by=organizer)
    other = type(draft).objects.create(
        composition=draft.composition, number=2, mode="video", zone=draft.zone, window=draft.window
    )
    for asked in draft.invitations.all():
        Invitation.objects.create(draft=other, application=asked.application)
    with pytest.raises(NotAllowed, match="asked for another group meanwhile"):
        inviting.release(other, by=organizer)
    assert set(other.invitations.values_list("state", flat=True)) == {State.DRAFTED}


def test_groups_of_one_program_are_numbered(draft, organizer, say):
    inviting.release(draft, by=organizer)
    Group.objects.create(
        program=draft.composition.program, name="Video circle 1", mode="video", zone="UTC", window=0, sealed_at=NOW
    )
    for name in ("ada", "grace", "hedy", "katherine"):
        say(name, "yes")
    assert Group.objects.order_by("pk").last().name == "Video circle 2"


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_who_is_accepted_and_asked_at_once_hears_it_in_this_order(draft, organizer):
    ada = draft.invitations.get(application__person__email="ada@example.org").application
    Application.objects.filter(pk=ada.pk).update(stage="submitted")
    Acceptance.objects.create(code=ada.program.current_code(), person=ada.person)
    reviewing.accept(ada, by=organizer)
    inviting.release(draft, by=organizer)
    letters = Letter.objects.filter(to="ada@example.org").order_by("not_before", "pk").values_list("kind", flat=True)
    assert list(letters) == ["members/accepted", "groups/invitation"]
    assert not Letter.objects.filter(not_before__gt=clock.now()).exists()


@pytest.mark.parametrize("act", ["decline", "undo"])
def test_nobody_who_is_asked_is_declined_behind_their_back(draft, organizer, act):
    ada = draft.invitations.get(application__person__email="ada@example.org").application
    inviting.release(draft, by=organizer)
    acts = {
        "decline": lambda: reviewing.decline(ada, DeclineCode.NO_POOL, by=organizer),
        "undo": lambda: reviewing.undo(ada, by=organizer),
    }
    with pytest.raises(NotAllowed, match="has been asked to join a group"):
        acts[act]()


def application_of(first):
    return Application.objects.select_related("person").get(person__email=f"{first}@example.org")


@pytest.mark.parametrize("leave", [leaving.withdraw, lambda application: leaving.erase(application.person)])
@pytest.mark.parametrize("answer", ["yes", "other_time", None])
def test_who_takes_the_application_back_is_out_and_the_others_go_on(draft, organizer, say, leave, answer):
    inviting.release(draft, by=organizer)
    if answer:
        say("katherine", answer)
    for name in ("ada", "grace", "hedy"):
        say(name, "yes") if answer != "yes" or name != "hedy" else None
    leave(application_of("katherine"))
    if answer == "yes":
        say("hedy", "yes")
    members = Group.objects.get().memberships.values_list("person__email", flat=True)
    assert sorted(members) == ["ada@example.org", "grace@example.org", "hedy@example.org"]
    assert ("groups/sealed", "katherine@example.org") not in kinds()


def test_who_left_the_pool_since_the_composition_is_not_asked(draft, organizer, states):
    reviewing.decline(application_of("ada"), DeclineCode.NO_POOL, by=organizer)
    with pytest.raises(NotAllowed, match="AL is not in the pool any more"):
        inviting.release(draft, by=organizer)
    assert set(states().values()) == {"drafted"}


def test_a_draft_that_breaks_keeps_no_other_from_lapsing(draft, organizer, say, states):
    inviting.release(draft, by=organizer)
    say("ada", "yes")
    other = DraftGroup.objects.create(
        composition=draft.composition, number=2, mode="video", zone="America/New_York", window=1, state="released"
    )
    Invitation.objects.filter(application__person__email="grace@example.org").update(draft=other)
    DraftGroup.objects.filter(pk=draft.pk).update(zone="Nowhere/Atall")
    Invitation.objects.update(answer_until=clock.now())
    inviting.lapse_due()
    assert states() == {"ada": "accepted", "hedy": "sent", "katherine": "sent"}
    assert other.invitations.get().state == "lapsed"


def test_an_invitation_that_has_not_left_is_not_sent_for_a_group_that_was_given_up(draft, organizer):
    inviting.release(draft, by=organizer)
    inviting.dissolve(draft, by=organizer)
    assert set(Letter.objects.values_list("kind", "state")) == {
        ("groups/invitation", "cancelled"),
        ("groups/released", "queued"),
    }
