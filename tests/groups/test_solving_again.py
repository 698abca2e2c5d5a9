"""Solved again around the locks of a board: what is locked stays, and of the others as few as possible move."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groups import arranging, beside, composing, running
from groups.composition.drafts import compared
from groups.composition.rules import Group as PaperGroup
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.edit import Hold
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.program import Program
from roundtable.errors import NotAllowed
from tests.groups.conftest import applicant
from tests.groups.crowd import crowd

pytestmark = pytest.mark.django_db


def solved(program, organizer, base=None):
    composition = composing.start(program, by=organizer, seconds=2, base=base)
    while composition.shards.exists():
        running.work_next()
    return Composition.objects.get(pk=composition.pk)


@pytest.fixture
def board(program, organizer, pooled):
    """Ten people in two groups of five, and nobody waits."""
    pooled(10)
    return solved(program, organizer)


def seats(composition):
    rows = Invitation.objects.filter(draft__composition=composition).select_related("draft", "application__person")
    return {row.application.person.name: row.draft.number for row in rows}


def test_a_board_that_nobody_touched_stays_as_it_is(board, program, organizer):
    again = solved(program, organizer, board)
    assert (again.progress, again.base) == (Progress.DONE, board)
    assert seats(again) == seats(board)
    assert beside.moves(board, again) == []


def test_the_board_it_came_from_stays_and_who_waits_is_seated(board, program, organizer):
    first = Application.objects.order_by("pk")[0]
    arranging.move(board, first, None, seen=0, by=organizer)
    before = seats(board)
    again = solved(program, organizer, board)
    assert seats(board) == before
    assert (len(seats(again)), {key: seats(again)[key] for key in before} == before) == (10, True)
    assert [(one.now, one.came, one.went) for one in beside.moves(board, again)] == [
        (seats(again)["Ada Lovelace"], (("AL", "the pool"),), ())
    ]


def test_whoever_is_held_and_whatever_is_locked_stays_so(board, program, organizer):
    one, other = DraftGroup.objects.filter(composition=board)
    person = other.invitations.select_related("application__person").order_by("pk")[0].application
    arranging.lock(board, one, on=True, seen=0, by=organizer)
    arranging.hold(board, person, on=True, seen=1, by=organizer)
    again = solved(program, organizer, board)
    assert {draft.number: draft.locked for draft in again.drafts.all()} == {one.number: True, other.number: False}
    assert Hold.objects.get(draft__composition=again).application == person
    assert {key for key, number in seats(again).items() if number == one.number} >= {
        key for key, number in seats(board).items() if number == one.number
    }


def test_a_lock_that_breaks_a_rule_is_told_in_words(board, program, organizer):
    twin = applicant(program, "Gina Twin", company_key="ada")
    home = arranging.seat_of(board, Application.objects.get(person__initials="AL"))
    first = next(one for one in home.invitations.order_by("-pk") if one.application.person.initials != "AL")
    arranging.move(board, first.application, None, seen=0, by=organizer)
    arranging.move(board, twin, home, seen=1, by=organizer)
    arranging.lock(board, home, on=True, seen=2, by=organizer)
    again = solved(program, organizer, board)
    assert again.progress == Progress.FAILED
    assert again.failure.startswith(f"The locks cannot all be kept: group {home.number} breaks the rule company:")
    assert "AL" in again.failure
    assert "GT" in again.failure


def test_a_larger_board_is_completed_and_nobody_leaves_a_group_that_holds(program, organizer):
    crowd(program, 330)
    board = solved(Program.objects.get(), organizer)
    before = {row.application_id: row.draft.number for row in Invitation.objects.select_related("draft")}
    taken = Invitation.objects.order_by("pk")[0]
    arranging.move(board, taken.application, None, seen=0, by=organizer)
    again = solved(Program.objects.get(), organizer, board)
    after = {
        row.application_id: row.draft.number
        for row in Invitation.objects.filter(draft__composition=again).select_related("draft")
    }
    assert (len(after), after == before) == (len(before), True)


def test_solving_again_twice_at_once_is_one_run(board, program, organizer):
    composing.start(program, by=organizer, base=board)
    with pytest.raises(NotAllowed, match="is running already"):
        composing.start(program, by=organizer, base=board)


def test_the_page_orders_it_and_shows_who_moved(client, board, program, organizer):
    client.force_login(organizer)
    arranging.move(board, Application.objects.order_by("pk")[0], None, seen=0, by=organizer)
    answer = client.post(reverse("admin:groups_composition_again", args=[board.public_id]))
    again = Composition.objects.get(base=board)
    assert answer["Location"] == reverse("admin:groups_composition_show", args=[again.public_id])
    while again.shards.exists():
        running.work_next()
    seen = client.get(reverse("admin:groups_composition_beside", args=[again.public_id])).content.decode()
    assert ("AL from the pool" in seen, "solved again" in seen) == (True, True)


@pytest.mark.parametrize("groups", [1, 3])
def test_side_by_side_asks_the_same_for_one_group_and_for_three(
    client, program, organizer, groups, django_assert_num_queries
):
    client.force_login(organizer)
    before, now = (Composition.objects.create(program=program, progress=Progress.DONE) for _ in range(2))
    for number in range(groups):
        draft = DraftGroup.objects.create(composition=now, number=number, mode="video", zone="UTC", window=0)
        Invitation.objects.create(draft=draft, application=applicant(program, f"One{number} A"))
    page = reverse("admin:groups_composition_beside", args=[now.public_id])
    with django_assert_num_queries(10):
        client.get(f"{page}?with={before.public_id}")


def test_groups_are_matched_by_most_people_in_common():
    here = [PaperGroup(("a", "b", "c"), 0, "video"), PaperGroup(("d", "e"), 0, "video")]
    there = [PaperGroup(("c", "d", "e"), 0, "video"), PaperGroup(("a", "b"), 0, "video")]
    found = [(one.here, one.there, one.stay, one.come, one.go) for one in compared(here, there)]
    assert found == [(0, 1, ("a", "b"), (), ("c",)), (1, 0, ("d", "e"), ("c",), ())]
