"""Moving people by hand: what is said at once, what is refused, and how each edit is taken back."""

from __future__ import annotations

import pytest

from groups import arranging, inviting
from groups.models.draft import Composition, DraftGroup
from groups.models.edit import Edit, EditState, Hold
from groups.models.invitation import Invitation
from members import settling
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed
from tests.groups.conftest import THURSDAY_17, applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(draft, program):
    """Another draft of three on the same evening, and one more person who waits."""
    made = DraftGroup.objects.create(
        composition=draft.composition, number=2, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for name in ("Kay Kent", "Moll May", "Rosa Ray"):
        Invitation.objects.create(draft=made, application=applicant(program, name))
    Composition.objects.update(placed=7, bound=8, quality=0.5)
    return made


@pytest.fixture
def board(draft, second):
    return Composition.objects.get()


@pytest.fixture
def of():
    return lambda initials: Application.objects.select_related("person").get(person__initials=initials)


def seats():
    rows = Invitation.objects.order_by("application__pk")
    return {
        row.application.person.initials: row.draft.number for row in rows.select_related("application__person", "draft")
    }


def version():
    return Composition.objects.order_by("pk")[0].version


@pytest.fixture
def move(board, of, organizer):
    def make(initials, target, seen=None):
        seen = version() if seen is None else seen
        return arranging.move(board, of(initials), target, seen=seen, by=organizer)

    return make


WHOLE = {"AL": 1, "GH": 1, "HL": 1, "KJ": 1, "KK": 2, "MM": 2, "RR": 2}


def test_a_move_is_told_before_it_is_made_and_changes_nothing(board, second, of):
    outlook = arranging.what_if(board, of("AL"), second)
    assert (outlook.holds, outlook.placed, [side.draft.number for side in outlook.sides]) == (True, 0, [1, 2])
    assert (seats(), version()) == (WHOLE, 0)


def test_a_move_seats_somebody_elsewhere_and_leaves_a_line(move, second):
    move("AL", second)
    assert seats() == WHOLE | {"AL": 2}
    assert (version(), AuditLine.objects.get().verb) == (1, "on the board: moved")


def test_somebody_who_waits_is_seated_and_somebody_seated_waits(move, program, second):
    applicant(program, "Wanda Wait")
    move("WW", second)
    move("AL", None)
    assert seats() == {key: value for key, value in WHOLE.items() if key != "AL"} | {"WW": 2}
    assert Composition.objects.get().placed == 7


def test_a_broken_rule_is_named_with_initials_and_stands_on_the_draft(move, program, second):
    applicant(program, "Gina Twin", company_key="moll")
    outlook = move("GT", second)
    assert [len(side.new) for side in outlook.sides] == [1]
    assert outlook.sides[0].new[0] in ("GT and MM are both at moll.", "MM and GT are both at moll.")
    second.refresh_from_db()
    assert second.card["broken"] == list(outlook.sides[0].sentences)


def test_a_draft_that_breaks_a_rule_is_not_released(move, second, organizer):
    move("KK", None)
    with pytest.raises(NotAllowed, match="breaks a rule and cannot be released: The group has 2 people"):
        inviting.release(second, by=organizer)


def test_a_personal_rule_is_told_without_whose_and_which(move, second, of):
    lonely = of("AL")
    IdentityAnswers.objects.create(
        application=lonely, answers='{"dimensions": ["gender:woman"], "never_alone": ["gender:woman"]}'
    )
    outlook = move("AL", second)
    assert [side.new for side in outlook.sides] == [(), ("A personal rule of somebody in this draft is broken.",)]


def test_an_hour_that_suits_no_more_gives_way_to_one_that_does_and_undoing_brings_it_back(
    move, board, program, second, organizer
):
    late = applicant(program, "Late Riser")
    evening = block_mask(3, "evening") & ~(0b11 << THURSDAY_17)
    Hours.objects.filter(application=late).update(good=to_hex(evening))
    outlook = move("LR", second)
    second.refresh_from_db()
    assert (outlook.holds, second.window, outlook.sides[0].moves_to != "") == (True, THURSDAY_17 + 2, True)
    arranging.undo(board, seen=version(), by=organizer)
    second.refresh_from_db()
    assert (second.window, seats()) == (THURSDAY_17, WHOLE)


def test_undo_and_redo_go_through_all_edits(move, board, second, organizer):
    move("AL", second)
    move("GH", None)
    for _ in range(2):
        arranging.undo(board, seen=version(), by=organizer)
    assert seats() == WHOLE
    for _ in range(2):
        arranging.redo(board, seen=version(), by=organizer)
    assert seats() == {key: number for key, number in (WHOLE | {"AL": 2}).items() if key != "GH"}
    assert version() == 6


def test_undoing_brings_numbers_and_cards_back_to_the_byte(move, board, draft, second, organizer):
    move("AL", second)
    arranging.undo(board, seen=version(), by=organizer)
    as_it_was = [(one.quality, one.card) for one in DraftGroup.objects.all()]
    move("AL", second)
    arranging.undo(board, seen=version(), by=organizer)
    assert [(one.quality, one.card) for one in DraftGroup.objects.all()] == as_it_was


def test_a_new_edit_ends_what_could_be_done_again(move, board, second, organizer):
    move("AL", second)
    arranging.undo(board, seen=version(), by=organizer)
    move("GH", second)
    with pytest.raises(NotAllowed, match="nothing to do again"):
        arranging.redo(board, seen=version(), by=organizer)
    assert [edit.state for edit in Edit.objects.all()] == [EditState.DROPPED, EditState.DONE]


def test_a_stale_edit_is_refused_with_what_the_other_did(move, second, board, of):
    move("AL", second)
    with pytest.raises(NotAllowed, match=r"not the board that you saw\. Olga moved AL from group 1 to group 2\."):
        move("GH", second, seen=0)
    assert seats() == WHOLE | {"AL": 2}


def test_a_stale_edit_after_an_undo_reads_what_was_taken_back(move, board, second, organizer):
    move("AL", second)
    arranging.undo(board, seen=1, by=organizer)
    with pytest.raises(NotAllowed, match=r"Olga took this back: moved AL from group 1 to group 2\."):
        move("GH", second, seen=1)


def withdrawn(of, second, organizer):
    Application.objects.filter(pk=of("AL").pk).update(stage="withdrawn")


def placed(of, second, organizer):
    settling.place(of("AL"))


def asked(of, second, organizer):
    elsewhere = Composition.objects.create(program=second.composition.program, progress="done", zone="America/New_York")
    other = DraftGroup.objects.create(
        composition=elsewhere, number=1, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for initials in ("AL", "GH", "HL"):
        Invitation.objects.create(draft=other, application=of(initials))
    inviting.release(other, by=organizer)


def released(of, second, organizer):
    inviting.release(second, by=organizer)


def locked(of, second, organizer):
    arranging.lock(second.composition, second, on=True, seen=0, by=organizer)


def held(of, second, organizer):
    arranging.hold(second.composition, of("AL"), on=True, seen=0, by=organizer)


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        (withdrawn, r"AL has left the pool \(withdrawn\) and cannot be moved\."),
        (placed, r"AL has left the pool \(placed\) and cannot be moved\."),
        (asked, "AL has been asked for another group meanwhile and cannot be moved."),
        (released, "Group 2 is asking people and cannot be changed by hand."),
        (locked, "Group 2 is locked. Unlock it to change it."),
        (held, "AL is held in group 1. Let them go first."),
    ],
)
def test_who_and_what_is_no_longer_free_is_refused_with_a_sentence(move, of, second, organizer, happened, sentence):
    happened(of, second, organizer)
    before = seats()
    with pytest.raises(NotAllowed, match=sentence):
        move("AL", second)
    assert seats() == before


def test_an_edit_of_people_who_were_asked_since_is_not_taken_back(move, board, second, organizer):
    move("AL", second)
    inviting.release(second, by=organizer)
    with pytest.raises(NotAllowed, match="Group 2 is asking people"):
        arranging.undo(board, seen=1, by=organizer)


def test_locks_and_holds_are_edits_too(board, second, of, organizer):
    arranging.lock(board, second, on=True, seen=0, by=organizer)
    arranging.hold(board, of("AL"), on=True, seen=1, by=organizer)
    second.refresh_from_db()
    assert (second.locked, Hold.objects.count()) == (True, 1)
    arranging.undo(board, seen=2, by=organizer)
    arranging.undo(board, seen=3, by=organizer)
    second.refresh_from_db()
    assert (second.locked, Hold.objects.count()) == (False, 0)


def test_a_move_costs_the_same_in_a_small_pool_and_a_larger_one(move, second, program, django_assert_max_num_queries):
    for number in range(6):
        applicant(program, f"Extra{number} X")
    with django_assert_max_num_queries(32):
        move("AL", second)
