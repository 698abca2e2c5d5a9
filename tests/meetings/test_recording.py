"""Recording is off until everybody who is here agrees; each answer is private, and who comes or goes resets all."""

from __future__ import annotations

import pytest
from django.test import Client

from meetings import access, attending, board, recording
from meetings.models.ballot import RecordingYes
from meetings.models.board import Board
from meetings.models.seat import Seat
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db


def may_run(table, person):
    return recording.standing(table, person).may_run


def test_it_is_off_until_the_last_one_says_yes_and_off_with_one_no(gathered, ada, grace, hedy):
    assert not may_run(gathered, ada)
    assert [recording.answer(gathered, by=one, yes=True) for one in (ada, grace, ada, hedy)] == [
        False,
        False,
        False,
        True,
    ]
    assert recording.answer(gathered, by=grace, yes=False) is False
    assert recording.answer(gathered, by=grace, yes=True) is True


def test_the_others_are_told_only_when_the_outcome_changes(gathered, ada, grace, hedy):
    def version():
        return Board.objects.get(pk=gathered.pk).version

    before = version()
    recording.answer(gathered, by=ada, yes=True)
    recording.answer(gathered, by=grace, yes=True)
    assert version() == before
    recording.answer(gathered, by=hedy, yes=True)
    assert version() == before + 1
    recording.answer(gathered, by=hedy, yes=False)
    assert version() == before + 2


@pytest.mark.parametrize("change", ["comes", "goes"])
def test_who_comes_or_goes_resets_it(change, gathered, meeting, ada, grace, hedy, later):
    for one in (ada, grace, hedy):
        recording.answer(gathered, by=one, yes=True)
    if change == "goes":
        attending.gone(gathered, by=hedy)
    else:
        later.memberships.update(joined_on=meeting.local_date)
        attending.here(gathered, by=later)
    assert not may_run(gathered, ada)
    assert RecordingYes.objects.count() == 0


def test_pressing_here_again_resets_nothing(gathered, ada, grace, hedy):
    for one in (ada, grace, hedy):
        recording.answer(gathered, by=one, yes=True)
    attending.here(gathered, by=ada)
    assert may_run(gathered, ada)


def test_who_is_not_here_has_no_say(gathered, ada, grace, hedy):
    attending.gone(gathered, by=hedy)
    with pytest.raises(NotAllowed, match="I am here"):
        recording.answer(gathered, by=hedy, yes=True)
    recording.answer(gathered, by=ada, yes=True)
    assert recording.answer(gathered, by=grace, yes=True) is True


def test_with_nobody_here_nothing_is_recorded(table, ada):
    assert not may_run(table, ada)


def test_the_close_ends_it_and_leaves_nothing(gathered, ada, grace, hedy):
    for one in (ada, grace, hedy):
        recording.answer(gathered, by=one, yes=True)
    board.close(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step)
    assert RecordingYes.objects.count() == 0
    with pytest.raises(NotAllowed, match="over"):
        recording.answer(gathered, by=ada, yes=True)


def test_the_page_shows_my_own_word_and_the_outcome_and_nobody_elses(gathered, meeting, ada, grace, hedy):
    browser = Client()
    browser.force_login(ada)
    alone = browser.get(meeting.path).content.decode()
    recording.answer(gathered, by=grace, yes=True)
    recording.answer(gathered, by=hedy, yes=True)
    strip = str.maketrans("", "", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert len(browser.get(meeting.path).content.decode().translate(strip)) == len(alone.translate(strip))
    assert ("No recording" in alone, "I agree to a recording" in alone) == (True, True)
    browser.post(f"{meeting.path}recording/", {"agree": "yes"})
    assert "This meeting may be recorded" in browser.get(meeting.path).content.decode()
    shared = access.board(ada, meeting.public_id)
    assert "may be recorded" in browser.get(f"{shared.meeting.path}board/").content.decode()
    browser.post(f"{meeting.path}recording/", {})
    assert "No recording" in browser.get(meeting.path).content.decode()


def test_a_guest_without_a_seat_is_not_asked(gathered, meeting, stranger):
    browser = Client()
    browser.force_login(stranger)
    assert browser.post(f"{meeting.path}recording/", {"agree": "yes"}).status_code == 404
    assert not Seat.objects.filter(person=stranger).exists()
