import json

import pytest
from django.core.management import CommandError, call_command

from groups import composing, running
from groups.composition.reasons import Fix, Reason
from groups.models.draft import Composition, DraftGroup, LeftOut, Progress
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db


def composed(program, organizer):
    composition = composing.start(program, by=organizer, seconds=5)
    running.work_next()
    composition.refresh_from_db()
    return composition


def test_people_who_share_an_hour_are_placed_together(program, organizer, pooled):
    pooled(5)
    composition = composed(program, organizer)
    draft = composition.drafts.get()
    assert (composition.progress, composition.placed, composition.bound) == ("done", 5, 5)
    assert (draft.zone, draft.window, draft.invitations.count()) == ("America/New_York", 178, 5)
    assert set(draft.invitations.values_list("state", flat=True)) == {"drafted"}


def test_everybody_left_out_has_a_reason_in_initials(program, organizer, pooled):
    pooled(4)
    Hours.objects.filter(application__person__email="ada@example.org").update(good=to_hex(1))
    composed(program, organizer)
    row = LeftOut.objects.get()
    assert (row.code, row.application.person.initials) == ("no_window", "AL")
    assert row.sentence == "AL gave no 90 minutes in a row."


def test_who_would_fit_as_they_are_is_not_asked_for_another_hour(program, pooled):
    paper = composing.on_paper(program, pooled(3), seconds=1)
    assert paper.help_for(Reason("nobody", "packing", "No seat was found.", Fix((), 0))) is None


def test_nobody_is_the_only_one_against_their_wish(program, organizer, pooled):
    ada, grace, *_rest = pooled(5)
    wish = json.dumps({"dimensions": ["gender:woman"], "never_alone": ["gender:woman"]})
    IdentityAnswers.objects.create(application=ada, answers=wish)
    composed(program, organizer)
    assert LeftOut.objects.get().application == ada
    assert "gender" not in LeftOut.objects.get().sentence
    IdentityAnswers.objects.create(application=grace, answers=json.dumps({"dimensions": ["gender:woman"]}))
    assert composed(program, organizer).placed == 5


def test_one_composition_runs_at_a_time(program, organizer, pooled):
    pooled(3)
    composing.start(program, by=organizer)
    with pytest.raises(NotAllowed, match="running already"):
        composing.start(program, by=organizer)
    assert Composition.objects.count() == 1


def test_an_empty_pool_is_a_sentence(program, organizer):
    with pytest.raises(NotAllowed, match="Nobody is in the pool yet"):
        composing.start(program, by=organizer)


def test_a_composition_that_breaks_says_so_and_leaves_nothing_behind(program, organizer, pooled):
    pooled(3)
    composition = composing.start(program, by=organizer)
    Hours.objects.update(zone="Nowhere/Atall")
    running.work_next()
    composition.refresh_from_db()
    assert composition.progress == Progress.FAILED
    assert composition.failure.startswith("The composition stopped with an error of ours")
    assert DraftGroup.objects.count() == 0


def test_who_is_asked_already_is_not_composed_again(program, organizer, draft):
    composing_before = Application.objects.pooled().without_group().count()
    draft.invitations.update(state="sent", sent_at="2026-03-01T12:00Z")
    assert (composing_before, Application.objects.pooled().without_group().count()) == (4, 0)


def test_the_group_keeps_the_clock_of_most_of_its_members(program, organizer, pooled):
    pooled(5)
    noon_in_madrid = to_hex(block_mask(3, "lunch") | block_mask(3, "evening"))
    Hours.objects.filter(application__person__email="ada@example.org").update(zone="Europe/Madrid", good=noon_in_madrid)
    Hours.objects.exclude(application__person__email="ada@example.org").update(
        good=to_hex(block_mask(3, "morning") | block_mask(3, "lunch"))
    )
    composed(program, organizer)
    draft = DraftGroup.objects.get()
    assert (draft.zone, draft.invitations.count()) == ("America/New_York", 5)


def test_the_command_prints_groups_and_reasons_as_json(program, pooled, capsys):
    pooled(4)
    call_command("compose", "demo", "--json", "--seconds", "5")
    answer = json.loads(capsys.readouterr().out)
    assert [len(group["members"]) for group in answer["groups"]] == [4]
    assert (answer["placed"], answer["bound"], answer["gap"], answer["proven"]) == (4, 4, 0, True)
    assert answer["groups"][0]["when"].startswith("Thursdays, ")
    assert Composition.objects.count() == 0


def test_the_command_looks_ahead_where_nobody_is_pooled_yet(program, pooled, capsys):
    pooled(3)
    Application.objects.update(stage="submitted")
    call_command("compose", "demo", "--json", "--seconds", "5")
    printed = capsys.readouterr()
    assert json.loads(printed.out)["placed"] == 3
    assert "looking ahead with the 3 people waiting for review" in printed.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no program nowhere; known programs: demo."),
        (["demo"], "Nobody has applied to demo yet: import or accept applications first."),
        (["demo", "--seconds", "0"], "--seconds is 0; it must be a number above 0."),
        (["demo", "--seconds", "-1"], "--seconds is -1; it must be a number above 0."),
        (["demo", "--seconds", "nan"], "--seconds is nan; it must be a number above 0."),
        (["demo", "--seconds", "soon"], "--seconds is soon; it must be a number above 0."),
        (["demo", "--seed", "-1"], "--seed is -1; it must be a whole number of 0 or more."),
        (["demo", "--seed", "one"], "--seed is one; it must be a whole number of 0 or more."),
    ],
)
def test_the_command_refuses_with_one_sentence(program, arguments, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("compose", *arguments)
    assert str(refusal.value) == sentence
