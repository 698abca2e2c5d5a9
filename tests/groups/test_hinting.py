"""What would help, night by night: verified by the engine, replaced, never about anybody's personal rules."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from groups import hinting
from groups.models.invitation import Invitation
from members.models.application import Application, IdentityAnswers, Mode
from members.models.hint import Hint
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable.chores import Chore
from tests.groups.conftest import SUBMITTED, applicant


def hours(application: Application, day: int, block: str, zone: str = "America/New_York") -> Application:
    Hours.objects.filter(application=application).update(good=to_hex(block_mask(day, block)), zone=zone)
    return application


def told() -> dict[str, str]:
    return {hint.application.person.initials: hint.words for hint in Hint.objects.all()}


@pytest.fixture
def left_out(program, pooled) -> Application:
    """Four can meet on Thursday evenings; Mary is free at another hour."""
    pooled(4)
    return hours(applicant(program, "Mary Jackson"), 1, "lunch")


def test_one_more_window_that_would_seat_somebody_is_told(program, left_out, clock):
    assert hinting.look(program, seconds=2) == 1
    hint = Hint.objects.get()
    assert (hint.application, hint.computed_at) == (left_out, clock.now())
    assert hint.words.startswith("If you could also come on Thursdays, ")
    assert hint.words.endswith("a group composed today would have a seat for you.")


def test_a_hint_goes_when_it_is_true_no_longer(program, left_out):
    hinting.look(program, seconds=2)
    hours(left_out, 3, "evening")
    assert (hinting.look(program, seconds=2), told()) == (0, {})


def test_nothing_is_said_where_no_single_change_would_do(program, pooled):
    pooled(5)
    hours(applicant(program, "Radia Perlman"), 1, "lunch")  # the group of five is full
    assert (hinting.look(program, seconds=2), told()) == (0, {})


def test_another_way_to_meet_is_told_where_time_is_not_what_lacks(program, pooled):
    pooled(4)
    applicant(program, "Mary Jackson", mode=Mode.IN_PERSON, metro="Boston")
    hinting.look(program, seconds=2)
    assert told() == {"MJ": "If you could also meet by video, a group composed today would have a seat for you."}


def test_no_hour_of_the_night_is_asked_of_anybody(program, pooled):
    pooled(4)
    hours(applicant(program, "Mary Jackson"), 1, "lunch", zone="Asia/Tokyo")
    assert (hinting.look(program, seconds=2), told()) == (0, {})


def test_the_company_rule_is_never_part_of_it(program, pooled):
    pooled(4, company_key="one")
    assert (hinting.look(program, seconds=2), told()) == (0, {})


def test_a_wish_not_to_be_alone_is_never_part_of_it(program, left_out):
    row = IdentityAnswers(application=left_out, source="form", consented_at=SUBMITTED)
    row.answers = json.dumps({"dimensions": ["gender:woman"], "never_alone": ["gender:woman"]})
    row.save()
    assert (hinting.look(program, seconds=2), told()) == (0, {})


def test_who_is_asked_for_a_group_is_left_alone(program, draft):
    Invitation.objects.filter(draft=draft).update(state="sent", sent_at=SUBMITTED)
    assert hinting.look(program, seconds=2) == 0


def test_each_program_is_looked_at_once_a_night(program, left_out, clock):
    hinting.look_at_one()
    first = Hint.objects.get().computed_at
    clock.forward(hours=1)
    hinting.look_at_one()
    assert Hint.objects.get().computed_at == first
    clock.forward(hours=23)
    hinting.look_at_one()
    assert (Hint.objects.get().computed_at, Chore.objects.count()) == (clock.now(), 1)


def test_when_the_time_is_over_whoever_waits_longest_has_been_looked_at(program, pooled, clock, monkeypatch):
    pooled(4)
    hours(applicant(program, "Mary Jackson"), 1, "lunch")
    early = hours(applicant(program, "Radia Perlman", submitted_at=SUBMITTED - timedelta(days=9)), 1, "lunch")
    whole = hinting.Board.what_if

    def slow(*asked):
        clock.forward(seconds=20)
        return whole(*asked)

    monkeypatch.setattr(hinting.Board, "what_if", slow)
    hinting.look(program)
    assert [hint.application for hint in Hint.objects.all()] == [early]
