from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import agenda, boxes, holding, rounds
from meetings.agenda import Format, Opening
from meetings.boxes import Box, Clock, Due, Move, Phase, Room
from roundtable.errors import NotAllowed

START = datetime(2026, 11, 5, 16, 30, tzinfo=UTC)
PLAN = agenda.plan_of(Format.LEAN_COFFEE)
LED = Room(here=8, topics=9, fits=4)
ALONE = replace(LED, led=False)
OPEN = Clock(START, closing_at=START + timedelta(minutes=85), ends_at=START + timedelta(minutes=90))


def at(minutes, seconds=0):
    return START + timedelta(minutes=minutes, seconds=seconds)


def shown(clock):
    """Phase, box and the minute at which it ends."""
    ends = clock.box_ends_at and (clock.box_ends_at - START) / timedelta(minutes=1)
    return clock.phase, clock.box, ends


@pytest.fixture
def in_round():
    """The first topic, opened at minute 10."""
    return rounds.open_round(rounds.counted(OPEN, at(10), PLAN), at(10), PLAN).clock


@pytest.fixture
def discussion(in_round):
    return rounds.advance(in_round, at(12), PLAN, LED).clock


@pytest.fixture
def thumbs(discussion):
    return rounds.advance(discussion, at(20), PLAN, LED).clock


ACTS = {
    "begin": lambda clock, now: rounds.begin(clock, now, PLAN, LED),
    "enough": lambda clock, now: rounds.enough(clock, now, PLAN, LED),
    "pause": holding.pause,
    "resume": lambda clock, now: holding.resume(clock, now, PLAN),
    "plus_minute": lambda clock, now: holding.plus_minute(clock, now, PLAN),
    "put_off": lambda clock, now: holding.put_off(clock),
    "let_go": rounds.let_go,
    "open_round": lambda clock, now: rounds.open_round(clock, now, PLAN),
    "open_short": lambda clock, now: rounds.open_round(clock, now, PLAN, short=True),
    "leave": lambda clock, now: rounds.leave(clock, now, PLAN, LED),
    "extend": lambda clock, now: rounds.extend(clock, now, PLAN),
    "move_on": lambda clock, now: rounds.move_on(clock, now, PLAN),
    "dots": lambda clock, now: rounds.go(clock, Phase.DOTS, now, PLAN, LED),
    "round": lambda clock, now: rounds.go(clock, Phase.ROUND, now, PLAN, LED),
    "welcome": lambda clock, now: rounds.go(clock, Phase.WELCOME, now, PLAN, LED),
    "closing": lambda clock, now: rounds.go(clock, Phase.CLOSING, now, PLAN, LED),
}


def answered(clock, due, now, verdict):
    """What the board's action does with what is asked."""
    if Due.COUNT_DOTS in due:
        return rounds.counted(clock, now, PLAN)
    if Due.COUNT_THUMBS in due:
        return verdict(clock, now, PLAN).clock
    if Due.NEXT_TOPIC in due:
        return chosen(clock, now)
    return rounds.close(clock, now).clock


def chosen(clock, now):
    left = boxes.minutes_left(clock, now, PLAN)
    kind = agenda.plan(left, topics=9, counted=clock.counted, lengths=PLAN.lengths)
    if kind is Opening.LEAVE:
        return rounds.leave(clock, now, PLAN, LED).clock
    if kind is Opening.DOTS:
        return rounds.go(clock, Phase.DOTS, now, PLAN, LED).clock
    return rounds.open_round(clock, now, PLAN, short=kind is Opening.SHORT_ROUND).clock


def settled(clock, now, room, verdict=rounds.extend):
    for _ in range(100):
        turn = rounds.advance(clock, now, PLAN, room)
        if not boxes.ASKED.intersection(turn.due):
            return turn.clock
        clock = answered(turn.clock, turn.due, now, verdict)
    raise AssertionError("the board never settles")


presses = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.sampled_from(["wait", *ACTS, "undo"]),
        st.sampled_from([LED, ALONE, replace(LED, answered=True), replace(LED, turns=(Phase.INTRODUCE, 2))]),
        st.sampled_from([rounds.extend, rounds.move_on, rounds.ask_facilitator]),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(presses, st.booleans())
def test_whatever_the_presses_the_close_begins_on_time(presses, autopilot):
    clock, now, move = replace(OPEN, autopilot=autopilot), START, None
    for seconds, press, room, verdict in presses:
        now += timedelta(seconds=seconds)
        clock = settled(clock, now, room, verdict)
        check(clock, now)
        clock, move = pressed(clock, now, press, move)
        clock = settled(clock, now, room, verdict)
        check(clock, now)


def pressed(clock, now, press, move):
    try:
        if press == "undo" and move:
            return holding.undo(clock, move, now, PLAN).clock, None
        if press in ACTS:
            after = ACTS[press](clock, now).clock
            check_undo(clock, after, now)
            return after, Move(clock.step, press, clock, now)
    except NotAllowed:
        pass
    return clock, move


def check_undo(before, after, now):
    """Taken back at once, an act leaves no trace but the step, the later end, and a call that is asked anew."""
    undone = holding.undo(after, Move(before.step, "", before, now), now, PLAN).clock
    running = before.box_ends_at is not None
    spent = now - before.since if running and before.box in boxes.IN_ROUND else timedelta(0)
    call = before.box is Box.THUMBS or before.phase is Phase.DOTS
    assert undone == replace(
        before,
        step=after.step + 1,
        closing_at=after.closing_at,
        ends_at=after.ends_at,
        put_off=after.put_off,
        box_ends_at=undone.box_ends_at if call else before.box_ends_at,
        spent=before.spent + spent,
        since=now if running else before.since,
    )


def check(clock, now):
    assert (clock.box is not None) == ((clock.box_ends_at is None) != (clock.box_left is None))
    if clock.phase not in (Phase.OPEN, Phase.CLOSING, Phase.CLOSED):
        assert now < clock.closing_at
        assert clock.box_ends_at is None or clock.box_ends_at <= clock.closing_at
    if clock.box in boxes.TALK and clock.box_ends_at and clock.box_ends_at > now:
        reserve = PLAN.lengths.short[2] if clock.short else PLAN.lengths.takeaway
        assert clock.box_ends_at <= clock.closing_at - timedelta(minutes=reserve)
    assert timedelta(0) <= clock.spent <= now - START
    assert not (clock.parked_box and clock.box in boxes.IN_ROUND)
    assert boxes.due_at(clock, now) is None or boxes.due_at(clock, now) > now


def test_a_lean_coffee_led_by_hand_waits_for_presses_and_runs_the_boxes_itself():
    told = []

    def press(turn):
        told.extend(turn.due)
        return turn.clock

    clock = press(rounds.begin(OPEN, at(0), PLAN, LED))
    assert shown(clock) == (Phase.WELCOME, Box.SEGMENT, 4)
    clock = press(rounds.advance(clock, at(6), PLAN, LED))
    assert shown(clock) == (Phase.WELCOME, None, None)
    clock = press(rounds.enough(clock, at(7), PLAN, LED))
    assert shown(clock) == (Phase.INTRODUCE, Box.TURN, 7 + 1 / 3)
    clock = press(rounds.advance(clock, at(10), PLAN, LED))
    assert shown(clock) == (Phase.DOTS, Box.SEGMENT, 12)
    clock = press(rounds.advance(clock, at(11), PLAN, replace(LED, answered=True)))
    clock = rounds.counted(clock, at(11), PLAN)
    assert shown(clock) == (Phase.ROUND, Box.NEXT, 11.5)
    clock = press(rounds.advance(clock, at(12), PLAN, LED))
    assert shown(clock) == (Phase.ROUND, None, None)
    clock = press(rounds.open_round(clock, at(12), PLAN))
    assert shown(clock) == (Phase.ROUND, Box.SPONSOR, 14)
    clock = press(rounds.advance(clock, at(14), PLAN, LED))
    assert shown(clock) == (Phase.ROUND, Box.DISCUSSION, 22)
    clock = press(rounds.advance(clock, at(22), PLAN, LED))
    assert shown(clock) == (Phase.ROUND, Box.THUMBS, 23)
    clock = press(rounds.advance(clock, at(22, 30), PLAN, replace(LED, answered=True)))
    clock = press(rounds.extend(clock, at(22, 30), PLAN))
    assert shown(clock) == (Phase.ROUND, Box.EXTENSION, 27.5)
    clock = press(rounds.advance(clock, at(27, 30), PLAN, LED))
    clock = press(rounds.move_on(clock, at(28), PLAN))
    assert shown(clock) == (Phase.ROUND, Box.TAKEAWAY, 30)
    clock = press(rounds.enough(clock, at(29), PLAN, LED))
    assert shown(clock) == (Phase.ROUND, Box.NEXT, 29.5)
    assert (clock.round, clock.extensions, clock.spent) == (1, 1, timedelta(minutes=17))
    assert told == [
        Due.OPEN_DOTS,
        Due.COUNT_DOTS,
        Due.OPEN_THUMBS,
        Due.COUNT_THUMBS,
        Due.OPEN_THUMBS,
        Due.CLOSE_ROUND,
    ]


def test_a_board_without_a_hand_on_it_holds_the_whole_meeting():
    """Nobody leads, every thumb says move on: five topics, the last two after one count, then the close."""
    clock, seen = OPEN, []
    for second in range(160 * 60):
        clock = settled(clock, at(0, second), ALONE, rounds.move_on)
        if not seen or seen[-1] != (clock.phase, clock.round):
            seen.append((clock.phase, clock.round))
    assert seen == [
        (Phase.OPEN, 0),
        (Phase.WELCOME, 0),
        (Phase.INTRODUCE, 0),
        (Phase.DOTS, 0),
        (Phase.ROUND, 0),
        (Phase.ROUND, 1),
        (Phase.DOTS, 1),
        (Phase.ROUND, 1),
        (Phase.ROUND, 2),
        (Phase.DOTS, 2),
        (Phase.ROUND, 2),
        (Phase.ROUND, 3),
        (Phase.DOTS, 3),
        (Phase.ROUND, 3),
        (Phase.ROUND, 4),
        (Phase.ROUND, 5),
        (Phase.CLOSING, 5),
        (Phase.CLOSED, 5),
    ]


@pytest.mark.parametrize(
    ("clock", "here", "minute", "phase"),
    [
        (OPEN, 2, 0.4, Phase.OPEN),
        (OPEN, 2, 0.5, Phase.WELCOME),
        (OPEN, 1, 9, Phase.OPEN),
        (replace(OPEN, autopilot=True), 2, 0, Phase.WELCOME),
        (replace(OPEN, autopilot=True), 2, -1, Phase.OPEN),
    ],
)
def test_without_a_leader_the_meeting_begins_by_itself_when_two_are_here(clock, here, minute, phase):
    assert rounds.advance(clock, at(minute), PLAN, replace(ALONE, here=here)).clock.phase == phase


def test_with_a_leader_the_meeting_waits_for_begin():
    assert rounds.advance(OPEN, at(30), PLAN, LED).clock == OPEN


def test_a_meeting_begins_once():
    clock = rounds.begin(OPEN, at(0), PLAN, LED).clock
    with pytest.raises(NotAllowed, match="The meeting has begun already"):
        rounds.begin(clock, at(0), PLAN, LED)


@pytest.mark.parametrize(
    ("topics", "fits", "phase"),
    [(2, 4, Phase.PROPOSE), (3, 4, Phase.ROUND), (9, 4, Phase.INTRODUCE)],
)
def test_topics_are_written_when_few_and_introduced_and_dotted_when_too_many(topics, fits, phase):
    clock = rounds.begin(OPEN, at(0), PLAN, LED).clock
    assert rounds.enough(clock, at(4), PLAN, replace(LED, topics=topics, fits=fits)).clock.phase == phase


def test_everybody_has_a_turn_and_may_pass():
    plan = agenda.plan_of(Format.LEAN_COFFEE, check_in=True)
    room = replace(LED, here=3)
    clock = rounds.enough(rounds.begin(OPEN, at(0), plan, room).clock, at(2), plan, room).clock
    assert (shown(clock), clock.turn) == ((Phase.CHECK_IN, Box.TURN, 3), 0)
    clock = rounds.enough(clock, at(2, 30), plan, room).clock
    assert (shown(clock), clock.turn) == ((Phase.CHECK_IN, Box.TURN, 3.5), 1)
    clock = rounds.advance(clock, at(3, 40), plan, room).clock
    assert (shown(clock), clock.turn) == ((Phase.CHECK_IN, Box.TURN, 4.5), 2)
    assert rounds.advance(clock, at(4, 30), plan, room).clock.phase == Phase.INTRODUCE


def test_advancing_twice_is_advancing_once(in_round):
    turn = rounds.advance(in_round, at(12, 7), PLAN, LED)
    assert turn.clock.step == in_round.step + 1
    assert rounds.advance(turn.clock, at(12, 7), PLAN, LED) == rounds.Turn(turn.clock)


def test_after_an_outage_talk_counts_from_its_deadline_and_a_call_from_when_it_is_shown(in_round):
    assert shown(rounds.advance(in_round, at(17), PLAN, LED).clock) == (Phase.ROUND, Box.DISCUSSION, 20)
    turn = rounds.advance(in_round, at(27), PLAN, LED)
    assert (shown(turn.clock), turn.due) == ((Phase.ROUND, Box.THUMBS, 28), (Due.OPEN_THUMBS,))


@pytest.mark.parametrize(("left", "box"), [(8, Box.THUMBS), (7, Box.TAKEAWAY)])
def test_thumbs_are_asked_only_while_an_extension_fits(discussion, left, box):
    clock = replace(discussion, closing_at=at(20 + left))
    assert rounds.advance(clock, at(20), PLAN, LED).clock.box == box


def test_a_short_round_is_one_three_and_one_minute_without_thumbs():
    clock = replace(OPEN, phase=Phase.ROUND, closing_at=at(15))
    clock = rounds.open_round(clock, at(10), PLAN, short=True).clock
    assert shown(clock) == (Phase.ROUND, Box.SPONSOR, 11)
    clock = rounds.advance(clock, at(11), PLAN, LED).clock
    assert shown(clock) == (Phase.ROUND, Box.DISCUSSION, 14)
    assert shown(rounds.advance(clock, at(14), PLAN, LED).clock) == (Phase.ROUND, Box.TAKEAWAY, 15)


def test_a_box_of_talk_leaves_two_minutes_for_the_takeaway(discussion):
    clock = rounds.extend(replace(discussion, closing_at=at(18)), at(13), PLAN).clock
    assert shown(clock) == (Phase.ROUND, Box.EXTENSION, 16)


def test_an_extension_without_time_is_the_takeaway(discussion):
    clock = rounds.extend(replace(discussion, closing_at=at(14)), at(12, 30), PLAN).clock
    assert shown(clock) == (Phase.ROUND, Box.TAKEAWAY, 14)


def test_extensions_follow_the_sequence_and_repeat_its_last_value(thumbs):
    plan = replace(PLAN, lengths=boxes.Lengths(boxes=(8, 5, 3)))
    ends = []
    for _ in range(3):
        extended = rounds.extend(thumbs, at(20), plan).clock
        ends.append(shown(extended)[2])
        thumbs = replace(thumbs, extensions=extended.extensions)
    assert ends == [25, 23, 23]


def test_equal_thumbs_wait_thirty_seconds_for_the_facilitator_and_move_on(thumbs):
    clock = rounds.ask_facilitator(thumbs, at(21), PLAN).clock
    assert shown(clock) == (Phase.ROUND, Box.DECISION, 21.5)
    assert shown(rounds.advance(clock, at(21, 30), PLAN, LED).clock) == (Phase.ROUND, Box.TAKEAWAY, 23.5)


def test_pause_keeps_the_rest_and_resume_gives_it(discussion):
    paused = holding.pause(discussion, at(15)).clock
    assert (paused.box_ends_at, paused.box_left) == (None, timedelta(minutes=5))
    assert rounds.advance(paused, at(40), PLAN, LED).clock == paused
    turn = holding.resume(paused, at(40), PLAN)
    assert (shown(turn.clock), turn.said) == ((Phase.ROUND, Box.DISCUSSION, 45), "")


def test_resume_says_when_the_close_leaves_less(discussion):
    turn = holding.resume(holding.pause(discussion, at(15)).clock, at(79, 30), PLAN)
    assert shown(turn.clock) == (Phase.ROUND, Box.DISCUSSION, 83)
    assert turn.said == "3:30 left, for the close to begin on time."


def test_a_pause_that_nobody_ends_ends_after_a_minute(discussion):
    paused = holding.pause(discussion, at(15)).clock
    assert rounds.advance(paused, at(15, 59), PLAN, ALONE).clock == paused
    assert shown(rounds.advance(paused, at(16), PLAN, ALONE).clock) == (Phase.ROUND, Box.DISCUSSION, 21)


def test_the_grace_is_one_minute_once_per_box(discussion):
    clock = holding.plus_minute(discussion, at(15), PLAN).clock
    assert shown(clock) == (Phase.ROUND, Box.DISCUSSION, 21)
    with pytest.raises(NotAllowed, match="This box has had its minute"):
        holding.plus_minute(clock, at(16), PLAN)
    extended = rounds.extend(clock, at(16), PLAN).clock
    assert shown(holding.plus_minute(extended, at(17), PLAN).clock) == (Phase.ROUND, Box.EXTENSION, 22)


@pytest.mark.parametrize(("closing", "allowed"), [(23, True), (22, False)])
def test_the_grace_needs_the_rest_of_the_box_and_three_minutes(discussion, closing, allowed):
    clock = replace(discussion, closing_at=at(closing))
    if allowed:
        assert shown(holding.plus_minute(clock, at(15), PLAN).clock) == (Phase.ROUND, Box.DISCUSSION, 21)
    else:
        with pytest.raises(NotAllowed, match="The close would begin late"):
            holding.plus_minute(clock, at(15), PLAN)


@pytest.mark.parametrize("box", [Box.THUMBS, Box.DECISION, Box.NEXT])
def test_only_talk_has_a_grace(thumbs, box):
    with pytest.raises(NotAllowed, match="Only running talk can have a minute more"):
        holding.plus_minute(replace(thumbs, box=box), at(20), PLAN)


def test_a_parked_round_comes_back_with_its_rest(discussion):
    parked = rounds.go(discussion, Phase.PROPOSE, at(15), PLAN, LED)
    assert (shown(parked.clock), parked.clock.talking, parked.due) == ((Phase.PROPOSE, Box.SEGMENT, 18), True, ())
    back = rounds.go(parked.clock, Phase.ROUND, at(17), PLAN, LED)
    assert (shown(back.clock), back.clock.round) == ((Phase.ROUND, Box.DISCUSSION, 22), 1)
    ended = rounds.let_go(back.clock, at(20)).clock
    assert ended.spent == timedelta(minutes=8)  # 5 before, 3 after: the parked minutes were not spent on it


def test_a_parked_call_is_dropped_and_asked_anew_with_its_full_time(thumbs):
    parked = rounds.go(thumbs, Phase.WELCOME, at(20, 50), PLAN, LED)
    assert parked.due == (Due.DROP_THUMBS,)
    back = rounds.go(parked.clock, Phase.ROUND, at(25), PLAN, LED)
    assert (shown(back.clock), back.due) == ((Phase.ROUND, Box.THUMBS, 26), (Due.OPEN_THUMBS,))


def test_the_board_comes_back_to_a_parked_round_by_itself(discussion):
    parked = rounds.go(discussion, Phase.DOTS, at(15), PLAN, LED).clock
    waiting = rounds.counted(parked, at(16), PLAN)
    assert shown(rounds.advance(waiting, at(16, 30), PLAN, ALONE).clock) == (Phase.ROUND, Box.DISCUSSION, 21.5)


def test_a_parked_round_bars_the_next_one_until_it_is_let_go(discussion):
    parked = rounds.go(discussion, Phase.DOTS, at(15), PLAN, LED).clock
    with pytest.raises(NotAllowed, match="A topic is still open"):
        rounds.open_round(parked, at(16), PLAN)
    ended = rounds.let_go(parked, at(16))
    assert ended.due == (Due.CLOSE_ROUND,)
    assert rounds.open_round(ended.clock, at(16), PLAN).clock.round == 2


def test_at_closing_time_the_close_begins_whatever_rests(discussion):
    paused = holding.pause(discussion, at(15)).clock
    turn = rounds.advance(paused, at(86), PLAN, LED)
    assert (shown(turn.clock), turn.due) == ((Phase.CLOSING, Box.SEGMENT, 90), (Due.CLOSE_ROUND,))
    with pytest.raises(NotAllowed, match="The close has begun"):
        rounds.go(turn.clock, Phase.DOTS, at(86), PLAN, LED)


def test_the_close_drops_open_thumbs(thumbs):
    late = replace(thumbs, box_ends_at=at(86))
    assert rounds.advance(late, at(85), PLAN, LED).due == (Due.DROP_THUMBS, Due.CLOSE_ROUND)


def test_a_board_closes_once(thumbs):
    turn = rounds.close(thumbs, at(21))
    assert turn.due == (Due.DROP_THUMBS, Due.CLOSE_ROUND)
    with pytest.raises(NotAllowed, match="The board is closed"):
        rounds.close(turn.clock, at(22))


def test_the_end_can_be_set_later_once(discussion):
    later = holding.put_off(discussion).clock
    assert (later.closing_at, later.ends_at) == (at(95), at(100))
    with pytest.raises(NotAllowed, match="The end can be set later once"):
        holding.put_off(later)


def test_a_board_closes_itself_an_hour_after_the_end():
    clock = rounds.advance(rounds.begin(OPEN, at(0), PLAN, LED).clock, at(149), PLAN, LED).clock
    assert shown(clock) == (Phase.CLOSING, None, None)
    assert rounds.advance(clock, at(150), PLAN, LED).due == (Due.CLOSE,)
    closed = rounds.close(clock, at(150)).clock
    assert rounds.advance(closed, at(999), PLAN, LED).clock == closed
    assert boxes.due_at(closed, at(150)) is None


def test_closing_the_board_ends_the_parked_round(discussion):
    parked = rounds.go(discussion, Phase.CLOSING, at(15), PLAN, LED).clock
    turn = rounds.close(parked, at(20))
    assert (shown(turn.clock), turn.due, turn.clock.talking) == (
        (Phase.CLOSED, None, None),
        (Due.CLOSE_ROUND,),
        False,
    )


def test_begin_pressed_by_accident_is_undone():
    begun = rounds.begin(OPEN, at(-5), PLAN, LED).clock
    undone = holding.undo(begun, Move(0, "begin", OPEN, at(-5)), at(-4), PLAN).clock
    assert undone == replace(OPEN, step=begun.step + 1)


def test_when_the_meeting_began_is_told_until_it_stands_open_again(discussion):
    begun = rounds.begin(OPEN, at(4), PLAN, LED).clock
    for moment, phase in ((6, Phase.DOTS), (9, Phase.CLOSING), (12, Phase.WELCOME)):
        begun = rounds.go(begun, phase, at(moment), PLAN, LED).clock
        assert begun.began_at == at(4)
    opened = rounds.go(begun, Phase.OPEN, at(13), PLAN, LED).clock
    assert (opened.began_at, rounds.begin(opened, at(14), PLAN, LED).clock.began_at) == (None, at(14))


@pytest.mark.parametrize("press", ["pause", "enough", "plus_minute", "let_go", "dots", "closing", "move_on"])
def test_undo_gives_back_box_rest_and_time_spent(discussion, press):
    after = ACTS[press](discussion, at(15)).clock
    undone = holding.undo(after, Move(discussion.step, press, discussion, at(15)), at(17), PLAN).clock
    assert shown(undone) == (Phase.ROUND, Box.DISCUSSION, 22)
    assert (undone.spent, undone.since, undone.round) == (timedelta(minutes=5), at(17), 1)
    assert rounds.let_go(undone, at(18)).clock.spent == timedelta(minutes=6)


def test_undo_drops_the_call_that_the_move_opened(discussion):
    after = rounds.enough(discussion, at(15), PLAN, LED).clock
    assert holding.undo(after, Move(0, "enough", discussion, at(15)), at(15, 5), PLAN).due == (Due.DROP_THUMBS,)


def test_a_counted_call_is_not_undone_but_asked_anew(thumbs):
    extended = rounds.extend(thumbs, at(20, 30), PLAN).clock
    turn = holding.undo(extended, Move(0, "enough", thumbs, at(20, 30)), at(21), PLAN)
    assert (shown(turn.clock), turn.due) == ((Phase.ROUND, Box.THUMBS, 22), (Due.OPEN_THUMBS,))


def test_a_counted_dots_call_is_asked_anew_too():
    dots = rounds.go(OPEN, Phase.DOTS, at(10), PLAN, LED).clock
    waiting = rounds.counted(dots, at(11), PLAN)
    turn = holding.undo(waiting, Move(0, "enough", dots, at(11)), at(12), PLAN)
    assert (shown(turn.clock), turn.due) == ((Phase.DOTS, Box.SEGMENT, 14), (Due.OPEN_DOTS,))


def test_undo_of_a_pause_during_thumbs_keeps_the_call(thumbs):
    paused = holding.pause(thumbs, at(20, 20)).clock
    turn = holding.undo(paused, Move(0, "pause", thumbs, at(20, 20)), at(22), PLAN)
    assert (shown(turn.clock), turn.due) == ((Phase.ROUND, Box.THUMBS, 22 + 2 / 3), ())


def test_the_second_thumbs_are_dropped_when_the_first_are_asked_anew(thumbs):
    extended = rounds.extend(thumbs, at(20, 30), PLAN).clock
    second = rounds.advance(extended, at(26), PLAN, LED).clock
    turn = holding.undo(second, Move(0, "enough", thumbs, at(20, 30)), at(26, 10), PLAN)
    assert (shown(turn.clock), turn.clock.extensions) == ((Phase.ROUND, Box.THUMBS, 27 + 1 / 6), 0)
    assert turn.due == (Due.DROP_THUMBS, Due.OPEN_THUMBS)


def test_back_to_the_time_before_the_beginning(discussion):
    turn = rounds.go(discussion, Phase.OPEN, at(15), PLAN, LED)
    assert (shown(turn.clock), turn.clock.parked_box) == ((Phase.OPEN, None, None), Box.DISCUSSION)


def test_a_parked_topic_bars_leaving_the_rounds(discussion):
    parked = rounds.go(discussion, Phase.DOTS, at(15), PLAN, LED).clock
    with pytest.raises(NotAllowed, match="A topic is still open"):
        rounds.leave(parked, at(16), PLAN, LED)
    ended = rounds.let_go(parked, at(16)).clock
    assert rounds.leave(ended, at(16), PLAN, LED).clock.phase == Phase.CLOSING


def test_letting_go_during_the_thumbs_drops_the_call(thumbs):
    turn = rounds.let_go(thumbs, at(20, 30))
    assert (turn.due, turn.clock.talking) == ((Due.DROP_THUMBS, Due.CLOSE_ROUND), False)


def test_topics_wait_for_a_choice_and_not_for_enough():
    waiting = rounds.counted(OPEN, at(10), PLAN)
    with pytest.raises(NotAllowed, match="Choose a topic, count dots, or go to the close"):
        rounds.enough(waiting, at(10), PLAN, LED)


@pytest.mark.parametrize("format_", [Format.ICE_BREAKER, Format.SHORT])
def test_a_format_of_one_round_goes_on_after_it(format_):
    plan = agenda.plan_of(format_)
    clock = rounds.open_round(replace(OPEN, phase=Phase.ROUND), at(20), plan).clock
    clock = rounds.enough(rounds.move_on(clock, at(30), plan).clock, at(31), plan, LED).clock
    assert clock.phase == (Phase.NORMS if format_ is Format.ICE_BREAKER else Phase.CLOSING)


def test_the_rounds_of_an_ice_breaker_leave_time_for_what_follows():
    plan = agenda.plan_of(Format.ICE_BREAKER)
    assert boxes.minutes_left(OPEN, at(60), plan) == 85 - 60 - 8


def test_a_deep_dive_gives_a_turn_to_everybody_but_one():
    plan = agenda.plan_of(Format.DEEP_DIVE)
    clock = rounds.go(OPEN, Phase.EXPERIENCE, at(24), plan, replace(LED, here=3)).clock
    assert shown(clock) == (Phase.EXPERIENCE, Box.TURN, 28)
    clock = rounds.advance(clock, at(32), plan, replace(LED, here=3)).clock
    assert shown(clock) == (Phase.LESSONS, Box.SEGMENT, 37)


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        (Phase.ROUND, "The board is there already"),
        (Phase.CLOSED, "The board is there already"),
        (Phase.CASE, "This meeting's format has no such part"),
    ],
)
def test_the_facilitator_goes_only_where_the_meeting_has_something(discussion, phase, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        rounds.go(discussion, phase, at(15), PLAN, LED)


def test_back_among_the_topics_one_is_waited_for_where_none_is_parked():
    early = rounds.go(OPEN, Phase.CLOSING, at(15), PLAN, LED).clock
    assert shown(rounds.go(early, Phase.ROUND, at(16), PLAN, LED).clock) == (Phase.ROUND, Box.NEXT, 16.5)


def test_a_format_without_topics_has_no_way_to_them():
    with pytest.raises(NotAllowed, match="no such part"):
        rounds.go(OPEN, Phase.ROUND, at(15), agenda.plan_of(Format.DEEP_DIVE), LED)


def test_a_box_that_was_parked_has_its_minute_once(discussion):
    longer = holding.plus_minute(discussion, at(13), PLAN).clock
    away = rounds.go(longer, Phase.WELCOME, at(14), PLAN, LED).clock
    assert holding.plus_minute(away, at(14), PLAN).clock.grace
    back = rounds.go(away, Phase.ROUND, at(15), PLAN, LED).clock
    with pytest.raises(NotAllowed, match="had its minute"):
        holding.plus_minute(back, at(15), PLAN)
    onward = rounds.move_on(back, at(16), PLAN).clock
    assert holding.plus_minute(onward, at(16), PLAN).clock.grace


def test_a_later_end_that_is_taken_back_leaves_the_box_as_it_was(discussion):
    later = holding.put_off(discussion).clock
    undone = holding.undo(later, Move(discussion.step, "put_off", discussion, at(13)), at(15), PLAN).clock
    assert undone == replace(discussion, step=discussion.step + 2)


def test_a_later_end_stays_once_the_first_one_has_come():
    later = holding.put_off(OPEN).clock
    move = Move(OPEN.step, "put_off", OPEN, at(80))
    with pytest.raises(NotAllowed, match="the later end stays"):
        holding.undo(later, move, at(85), PLAN)


def test_no_box_outlasts_an_end_that_is_taken_back(discussion):
    late = replace(discussion, box_ends_at=at(92), closing_at=at(95), ends_at=at(100), put_off=True)
    undone = holding.undo(late, Move(1, "put_off", discussion, at(80)), at(81), PLAN).clock
    assert (undone.box_ends_at, undone.closing_at, undone.put_off) == (at(83), at(85), False)


@pytest.mark.parametrize("press", ["pause", "resume", "plus_minute", "let_go", "leave", "extend", "move_on", "enough"])
def test_before_the_start_nothing_of_a_round_can_be_pressed(press):
    with pytest.raises(NotAllowed):
        ACTS[press](OPEN, at(-1))


@pytest.mark.parametrize("press", sorted(ACTS))
def test_a_closed_board_is_final(press):
    closed = rounds.close(OPEN, at(100)).clock
    with pytest.raises(NotAllowed):
        ACTS[press](closed, at(101))
    with pytest.raises(NotAllowed, match="A closed board is final"):
        holding.undo(closed, Move(0, press, OPEN, at(100)), at(101), PLAN)


@pytest.mark.parametrize(
    ("clock", "minute", "due"),
    [
        (OPEN, -10, 0),
        (OPEN, 0, 0.5),
        (OPEN, 1, 85),
        (replace(OPEN, phase=Phase.ROUND, box=Box.SPONSOR, box_ends_at=at(12)), 10, 12),
        (replace(OPEN, phase=Phase.ROUND, box=Box.SPONSOR, box_left=timedelta(0), paused_at=at(10)), 10, 11),
        (replace(OPEN, phase=Phase.CLOSING), 86, 150),
    ],
)
def test_the_clock_knows_when_to_look_again(clock, minute, due):
    assert boxes.due_at(clock, at(minute)) == at(due)


def test_a_disc_stays_as_full_as_it_was_through_a_pause(discussion):
    whole = boxes.length(discussion, PLAN)
    resting = holding.pause(discussion, at(15)).clock
    running = holding.resume(resting, at(16), PLAN).clock
    assert whole == boxes.length(resting, PLAN) == boxes.length(running, PLAN) == timedelta(minutes=8)
    assert boxes.length(holding.plus_minute(running, at(16), PLAN).clock, PLAN) == timedelta(minutes=9)


@given(st.sampled_from(sorted(ACTS)), st.integers(0, 84))
def test_a_box_starts_no_longer_than_it_is_said_to_be(press, minute):
    try:
        clock = ACTS[press](rounds.counted(OPEN, at(0), PLAN), at(minute)).clock
    except NotAllowed:
        return
    if clock.box_ends_at is not None and clock.since == at(minute):
        assert clock.box_ends_at - at(minute) <= boxes.length(clock, PLAN)
