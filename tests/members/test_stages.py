"""Every move of an application is written down; every other one is refused."""

import pytest

from members.stages import DECLINE_REASONS, MOVES, OPEN, DeclineCode, Stage, may_move, next_stages

ALLOWED = {
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("submitted", "pooled"),
    ("submitted", "declined"),
    ("submitted", "withdrawn"),
    ("pooled", "placed"),
    ("pooled", "submitted"),
    ("pooled", "declined"),
    ("pooled", "dormant"),
    ("pooled", "withdrawn"),
    ("placed", "pooled"),
    ("placed", "withdrawn"),
    ("dormant", "pooled"),
    ("dormant", "withdrawn"),
    ("declined", "submitted"),
    ("withdrawn", "submitted"),
}


@pytest.mark.parametrize("to_stage", Stage)
@pytest.mark.parametrize("from_stage", Stage)
def test_an_application_moves_along_the_table_and_nowhere_else(from_stage, to_stage):
    assert may_move(from_stage, to_stage) is ((from_stage, to_stage) in ALLOWED)


def test_a_stage_may_be_given_as_the_text_that_a_row_holds():
    assert may_move("submitted", "pooled") is True


@pytest.mark.parametrize("pair", [("pooled", "seated"), ("", "pooled")])
def test_an_unknown_stage_is_an_error_not_a_no(pair):
    with pytest.raises(ValueError, match="is not a valid Stage"):
        may_move(*pair)


def test_every_stage_has_a_way_out_and_every_move_a_reason():
    assert set(MOVES) == set(Stage)
    assert all(reasons and all(reasons.values()) for reasons in MOVES.values())


def test_a_page_offers_the_next_stages_in_the_order_of_the_table():
    assert next_stages("submitted") == (Stage.POOLED, Stage.DECLINED, Stage.WITHDRAWN)


def test_open_applications_are_those_that_still_wait_for_something():
    assert frozenset({"draft", "submitted", "pooled", "dormant"}) == OPEN


def test_every_decline_code_has_words_and_fits_its_column():
    assert list(DECLINE_REASONS) == list(DeclineCode)
    assert max(len(code) for code in DeclineCode) <= 20
