from datetime import UTC, datetime, timedelta

import pytest

from groups.consent import AFTER, MOVES, Answer, State, Verdict, answer_until, may_move, may_seal, should_seal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_every_state_says_where_it_leads():
    assert set(MOVES) == set(State)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (State.DRAFTED, State.SENT, True),
        (State.DRAFTED, State.ACCEPTED, False),
        (State.SENT, State.ACCEPTED, True),
        (State.SENT, State.LAPSED, True),
        (State.ACCEPTED, State.LAPSED, False),
        (State.ACCEPTED, State.DECLINED, True),
        (State.DECLINED, State.ACCEPTED, False),
        (State.RELEASED, State.SENT, False),
    ],
)
def test_an_invitation_moves_only_where_it_may(before, after, allowed):
    assert may_move(before, after) is allowed


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.YES, State.ACCEPTED),
        (Answer.OTHER_TIME, State.SENT),
        (Answer.NOT_THIS_GROUP, State.DECLINED),
        (Answer.NOT_NOW, State.DECLINED),
    ],
)
def test_four_answers_and_what_they_make_of_an_invitation(answer, state):
    assert AFTER[answer] == state


@pytest.mark.parametrize(
    ("accepted", "broken", "verdict"),
    [
        (5, [], Verdict(may_seal=False, reason="5 of at least 6 people have accepted.")),
        (6, [], Verdict(may_seal=True, reason="6 people accepted and every rule holds.")),
        (
            6,
            ["AL and GH are both at acme."],
            Verdict(
                may_seal=False,
                reason="With the people who accepted, this would not hold: AL and GH are both at acme.",
            ),
        ),
    ],
)
def test_a_group_may_be_sealed_with_enough_people_and_no_broken_rule(accepted, broken, verdict):
    assert may_seal(accepted=accepted, size_min=6, broken_rules=broken) == verdict


@pytest.mark.parametrize(
    ("accepted", "out", "hours", "due"),
    [(8, 1, 0, True), (7, 1, 0, False), (7, 0, 0, True), (7, 1, 24, True), (7, 1, 23, False)],
)
def test_a_ready_group_waits_for_target_last_answer_or_deadline(accepted, out, hours, due):
    now = NOON + timedelta(hours=hours)
    assert should_seal(accepted=accepted, out=out, size_target=8, now=now, until=NOON + timedelta(days=1)) is due


def test_people_have_whole_days_to_answer():
    assert answer_until(NOON, days=5) == datetime(2026, 3, 6, 12, tzinfo=UTC)
