"""Two organizers at one board: whoever comes second is told what the first one did, and nothing is lost or doubled."""

from __future__ import annotations

from functools import partial

import pytest

from groups import arranging, inviting
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.edit import Edit
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer
from roundtable.errors import NotAllowed
from tests.groups.conftest import THURSDAY_17, applicant, draft, organizer, pooled, program  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board(draft, program):  # noqa: F811 - the fixtures of these names
    """Two drafts of four and of three people."""
    second = DraftGroup.objects.create(
        composition=draft.composition, number=2, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for name in ("Kay Kent", "Moll May", "Rosa Ray"):
        Invitation.objects.create(draft=second, application=applicant(program, name))
    Composition.objects.update(placed=7, bound=7)
    return Composition.objects.get()


@pytest.fixture
def oskar(program):  # noqa: F811 - the same
    person = Person.objects.create_user("oskar@example.org", name="Oskar", initials="O", is_staff=True)
    Organizer.objects.create(program=program, person=person)
    return person


def moving(board, initials, number, by, seen=0):
    target = DraftGroup.objects.get(number=number)
    application = Application.objects.select_related("person").get(person__initials=initials)
    return partial(arranging.move, Composition.objects.get(pk=board.pk), application, target, seen=seen, by=by)


def test_of_two_moves_of_one_board_one_is_made_and_the_other_told(board, organizer, oskar, at_once):  # noqa: F811
    outcome = at_once(moving(board, "AL", 2, organizer), moving(board, "GH", 2, oskar))
    assert (len(outcome.results), [type(error) for error in outcome.errors]) == (1, [NotAllowed])
    assert "not the board that you saw" in str(outcome.errors[0])
    assert ("Olga moved AL" in str(outcome.errors[0])) != ("Oskar moved GH" in str(outcome.errors[0]))
    assert (Composition.objects.get().version, Edit.objects.count(), Invitation.objects.count()) == (1, 1, 7)


def test_one_person_is_never_in_two_drafts(board, organizer, oskar, at_once):  # noqa: F811
    at_once(*[moving(board, "AL", 2, by) for by in (organizer, oskar, organizer, oskar)])
    assert Invitation.objects.filter(application__person__initials="AL").count() == 1


def test_a_move_and_a_release_at_once_ask_nobody_who_was_moved_away(board, organizer, oskar, at_once):  # noqa: F811
    second = DraftGroup.objects.get(number=2)
    outcome = at_once(moving(board, "AL", 2, organizer), partial(inviting.release, second, by=oskar))
    second.refresh_from_db()
    states = set(second.invitations.exclude(state="stand_by").values_list("state", flat=True))
    assert {type(error) for error in outcome.errors} <= {NotAllowed}
    assert (second.state, states) == (DraftState.RELEASED, {"sent"})


def test_two_undos_at_once_take_one_edit_back(board, organizer, oskar, at_once):  # noqa: F811
    moving(board, "AL", 2, organizer)()
    moving(board, "GH", 2, organizer, seen=1)()
    at_once(*[partial(arranging.undo, board, seen=2, by=by) for by in (organizer, oskar)])
    assert sorted(Edit.objects.values_list("number", "state")) == [(1, "done"), (2, "undone")]
