"""Vital signs: each threshold from both sides, the action that comes first, and how well the warning rule warns."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.vitals import COLLAPSE, Action, Circle, Light, Met, Next, Sign, Signal, average, read, streaks

TODAY = date(2026, 6, 1)


def met(number: int = 0, **facts: object) -> Met:
    """A good meeting, so many cadences ago."""
    good = Met(TODAY - timedelta(days=1 + 42 * number), expected=8, present=8, led_by=number, started_late=0, topics=5)
    return replace(good, **facts)  # type: ignore[arg-type] # by name


def circle(*meetings: Met, **facts: object) -> Circle:
    """Eight members, three good meetings unless told, and a next date that is well prepared."""
    held = meetings or (met(2), met(1), met(0))
    good = Circle(TODAY, 8, 42, held, Next(41, 8, coming=8, led_by=9, topics=5), dates_ahead=3)
    return replace(good, **facts)  # type: ignore[arg-type] # by name


def light(sign: Sign, *meetings: Met, **facts: object) -> Light:
    return read(circle(*meetings, **facts)).lights[sign]


def test_a_group_that_is_well_is_green_and_left_alone() -> None:
    vitals = read(circle(*(met(number, discussed=4, takeaways=4, sponsors=(1, 2, 3, 4, 5, 6)) for number in (2, 1, 0))))
    assert set(vitals.lights.values()) == {Light.GREEN, Light.UNKNOWN}
    assert [sign for sign, shown in vitals.lights.items() if shown is Light.UNKNOWN] == [Sign.PULSE]
    assert (vitals.warnings, vitals.action, vitals.amber) == ((), Action.NOTHING, False)


def test_a_group_that_has_not_met_is_unknown_and_warns_of_nothing() -> None:
    vitals = read(circle(met=()))
    assert {sign for sign, shown in vitals.lights.items() if shown is not Light.UNKNOWN} == {Sign.STEWARDSHIP}
    assert vitals.warnings == ()


def test_a_young_group_is_judged_by_presence_answers_and_stewardship_only() -> None:
    early = circle(met(1), met(0, present=5, topics=0, started_late=30, pulse=1.0), members=5)
    judged = {sign for sign, shown in read(early).lights.items() if shown is not Light.UNKNOWN}
    assert judged == {Sign.PRESENCE, Sign.RESPONSE, Sign.STEWARDSHIP}


def test_the_average_gives_the_newest_meeting_four_tenths() -> None:
    assert average([met(present=8), met(present=4)]) == pytest.approx(0.4 * 0.5 + 0.6 * 1.0)
    assert average([]) is None


def test_who_comes_late_was_half_there() -> None:
    assert met(present=8, late=2).presence == pytest.approx(7 / 8)


@pytest.mark.parametrize(
    ("sign", "facts", "shown"),
    [
        (Sign.PUNCTUAL, {"started_late": 3}, Light.GREEN),
        (Sign.PUNCTUAL, {"started_late": 10}, Light.AMBER),
        (Sign.PUNCTUAL, {"started_late": 11}, Light.RED),
        (Sign.PUNCTUAL, {"started_late": None}, Light.UNKNOWN),
        (Sign.RESPONSE, {"silent": 1}, Light.GREEN),
        (Sign.RESPONSE, {"silent": 3}, Light.AMBER),
        (Sign.RESPONSE, {"silent": 4}, Light.RED),
        (Sign.RESPONSE, {"expected": 5, "present": 5, "silent": 2}, Light.RED),
        (Sign.STREAK, {"missed": frozenset({1})}, Light.AMBER),
        (Sign.SUBSTANCE, {"topics": 3}, Light.AMBER),
        (Sign.SUBSTANCE, {"discussed": 5, "takeaways": 4}, Light.GREEN),
        (Sign.SUBSTANCE, {"discussed": 5, "takeaways": 3}, Light.AMBER),
        (Sign.PRESENCE, {"present": 4}, Light.RED),
        (Sign.PULSE, {"pulse": 4.2}, Light.GREEN),
        (Sign.PULSE, {"pulse": 3.5}, Light.AMBER),
        (Sign.PULSE, {"pulse": 3.4}, Light.RED),
    ],
)
def test_the_last_meeting_sets_the_sign(sign: Sign, facts: dict[str, object], shown: Light) -> None:
    assert light(sign, met(2), met(1), met(0, **facts)) is shown


@pytest.mark.parametrize(
    ("sign", "facts", "shown"),
    [
        (Sign.SIZE, {"members": 5}, Light.RED),
        (Sign.SIZE, {"members": 7}, Light.AMBER),
        (Sign.SIZE, {"members": 10}, Light.GREEN),
        (Sign.SIZE, {"members": 11}, Light.AMBER),
        (Sign.GAP, {"every_days": 1}, Light.GREEN),
        (Sign.GAP, {"every_days": 1, "today": TODAY + timedelta(days=0.75 * 4)}, Light.RED),
        (Sign.STEWARDSHIP, {"dates_ahead": 2}, Light.AMBER),
        (Sign.STEWARDSHIP, {"ahead": None}, Light.RED),
        (Sign.STEWARDSHIP, {"ahead": Next(7, 8)}, Light.AMBER),
        (Sign.STEWARDSHIP, {"ahead": Next(3, 8)}, Light.RED),
        (Sign.RESPONSE, {"ahead": Next(3, 8, silent=4, led_by=1)}, Light.RED),
        (Sign.RESPONSE, {"ahead": Next(4, 8, silent=8, led_by=1)}, Light.GREEN),
    ],
)
def test_the_present_state_sets_the_sign(sign: Sign, facts: dict[str, object], shown: Light) -> None:
    assert light(sign, **facts) is shown


SMALL_PROGRAM = {"smallest": 5, "target": 7, "largest": 8}
LARGE_PROGRAM = {"smallest": 6, "target": 9, "largest": 12}


@pytest.mark.parametrize(
    ("program", "members", "shown", "action"),
    [
        (SMALL_PROGRAM, 4, Light.RED, Action.BACKFILL),
        (SMALL_PROGRAM, 5, Light.AMBER, Action.BACKFILL),
        (SMALL_PROGRAM, 6, Light.AMBER, Action.BACKFILL),
        (SMALL_PROGRAM, 7, Light.GREEN, Action.NOTHING),
        (SMALL_PROGRAM, 8, Light.GREEN, Action.NOTHING),
        (SMALL_PROGRAM, 9, Light.AMBER, Action.NOTHING),
        (LARGE_PROGRAM, 5, Light.RED, Action.BACKFILL),
        (LARGE_PROGRAM, 8, Light.AMBER, Action.BACKFILL),
        (LARGE_PROGRAM, 9, Light.GREEN, Action.NOTHING),
        (LARGE_PROGRAM, 12, Light.GREEN, Action.NOTHING),
    ],
)
def test_size_is_judged_by_what_the_program_wants(
    program: dict[str, int], members: int, shown: Light, action: Action
) -> None:
    vitals = read(circle(members=members, **program))
    assert (vitals.lights[Sign.SIZE], vitals.action) == (shown, action)


@pytest.mark.parametrize(
    ("program", "members", "action"),
    [
        ({}, 11, Action.NOTHING),  # a half of five could not stand alone
        ({}, 12, Action.SPLIT),
        ({"smallest": 5}, 11, Action.SPLIT),
        ({"smallest": 5}, 10, Action.NOTHING),  # eight are wanted: ten are nearer to it than five
        ({"smallest": 3, "target": 7, "largest": 8}, 8, Action.NOTHING),
        (LARGE_PROGRAM, 12, Action.NOTHING),
        ({"smallest": 3, "target": 4, "largest": 6}, 6, Action.SPLIT),
    ],
)
def test_a_split_is_offered_where_two_halves_are_nearer_to_what_the_program_wants(
    program: dict[str, int], members: int, action: Action
) -> None:
    of_two = tuple(met(number, sponsors=(1, 1, 2)) for number in (2, 1, 0))
    assert read(circle(*of_two, members=members, **program)).action is action


def test_three_members_are_in_no_danger_where_the_program_forms_circles_of_three() -> None:
    assert not read(circle(members=3, smallest=3, target=4, largest=5)).amber


def test_too_few_topics_of_one_meeting_are_not_two_meetings_in_turn() -> None:
    after = Next(40, 8, led_by=9, topics=0)
    assert light(Sign.SUBSTANCE, met(2), met(1, topics=5), met(0, topics=1), ahead=after) is Light.AMBER
    assert light(Sign.SUBSTANCE, met(2), met(1, topics=0), met(0, topics=1), ahead=after) is Light.RED


def test_too_few_topics_are_amber_once_and_red_twice() -> None:
    soon = Next(2, 8, coming=8, led_by=9, topics=1)
    assert light(Sign.SUBSTANCE, ahead=soon) is Light.AMBER
    assert light(Sign.SUBSTANCE, met(2), met(1), met(0, topics=1), ahead=soon) is Light.RED


def test_two_who_sponsor_everything_turn_the_balance() -> None:
    assert light(Sign.BALANCE, met(2), met(1), met(0, sponsors=(1, 1, 2, 2, 3))) is Light.RED
    assert light(Sign.BALANCE, met(2), met(1), met(0, sponsors=(1, 2, 3, 4, 5, 6))) is Light.GREEN


def test_a_pulse_that_falls_by_seven_tenths_is_red() -> None:
    assert light(Sign.PULSE, met(2), met(1, pulse=5.0), met(0, pulse=4.3)) is Light.RED


def test_a_streak_ends_with_a_meeting_that_one_came_to() -> None:
    missed = [met(missed=frozenset(who)) for who in ({1, 2}, {1}, {1, 3})]
    assert streaks(missed) == {1: 3, 3: 1}
    assert streaks([*missed, met()]) == {}


def test_one_signal_is_a_word_to_the_facilitator_and_two_tell_the_organizer() -> None:
    soon = Next(3, 8, coming=4, silent=4, led_by=9, topics=5)
    one = read(circle(ahead=soon))
    assert (one.warnings, one.amber) == ((Signal.SILENCE,), False)
    two = read(circle(ahead=replace(soon, days=2, topics=2)))
    assert (two.warnings, two.amber) == ((Signal.SILENCE, Signal.TOPICS), True)


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({"members": 5, "partner": True}, Action.MERGE),
        ({"members": 5}, Action.BACKFILL),
        ({"members": 4}, Action.BACKFILL),
        ({"members": 3}, Action.CLOSE),
        ({"members": 1, "met": ()}, Action.CLOSE),
        ({"members": 3, "partner": True}, Action.MERGE),
        ({"members": 7}, Action.BACKFILL),
        ({"ahead": Next(3, 8, coming=2, led_by=9)}, Action.SHORTEN),
        ({"ahead": Next(3, 8, coming=4, silent=4, led_by=9)}, Action.NUDGE),
        ({"ahead": Next(7, 8, coming=8)}, Action.RELIEVE),
        ({"met": tuple(met(number, led_by=1) for number in (3, 2, 1, 0))}, Action.RELIEVE),
        ({"met": (met(2), *(met(number, missed=frozenset({1, 2, 3})) for number in (1, 0)))}, Action.RETIME),
        ({"members": 12, "met": tuple(met(number, sponsors=(1, 1, 2)) for number in (2, 1, 0))}, Action.SPLIT),
        (
            {"met": tuple(met(number, present=3, pulse=2.0, topics=0) for number in (2, 1, 0)), "members": 4},
            Action.CLOSE,
        ),
    ],
)
def test_one_thing_to_do(facts: dict[str, object], action: Action) -> None:
    assert read(circle(**facts)).action is action


@pytest.mark.parametrize(("members", "danger"), [(1, True), (3, True), (4, False), (8, False)])
def test_three_members_or_fewer_are_in_danger_without_any_signal(members: int, *, danger: bool) -> None:
    few = [met(number, expected=members, present=members) for number in (2, 1, 0)]
    vitals = read(circle(*few, members=members, ahead=Next(41, members, coming=members, led_by=9, topics=5)))
    assert (vitals.warnings, vitals.collapsed, vitals.amber) == ((), danger, danger)


MEETINGS = st.builds(
    met,
    st.integers(0, 9),
    expected=st.integers(0, 12),
    present=st.integers(0, 12),
    missed=st.frozensets(st.integers(0, 11)),
    led_by=st.none() | st.integers(0, 11),
    topics=st.none() | st.integers(0, 20),
    silent=st.integers(0, 12),
    pulse=st.none() | st.floats(1, 5),
)


@given(
    st.lists(MEETINGS, max_size=8),
    st.integers(0, 12),
    st.none() | st.builds(Next, st.integers(0, 60), st.integers(0, 12)),
)
def test_any_group_has_every_sign_and_one_action(held: list[Met], members: int, ahead: Next | None) -> None:
    vitals = read(Circle(TODAY, members, 42, tuple(held), ahead))
    assert set(vitals.lights) == set(Sign)
    assert vitals.action in Action


# -- How well the rule warns: eight members, twelve meetings, the model of docs/decisions/0007 -----------------------

YEAR, EIGHT, RUNS = 12, 8, 600
HEALTHY, HOLIDAY = 0.88, 0.80


def year(chance: random.Random, *, fails: bool) -> tuple[int, int | None, int | None]:
    """One group's year: how many of its meetings were amber, the first of them, and the one at which it collapsed."""
    start, drop = chance.randint(3, 7), chance.uniform(0.05, 0.10)
    held: list[Met] = []
    ambers: list[int] = []
    for number in range(1, YEAR + 1):
        lost = drop * max(0, number - start + 1) if fails else 0.0
        likely = max(0.0, (HOLIDAY if number in (6, 12) else HEALTHY) - lost)
        came = frozenset(one for one in range(EIGHT) if chance.random() < likely)
        silent = frozenset(one for one in range(EIGHT) if chance.random() < 0.15 + lost)
        topics = sum(chance.random() < 0.5 * likely / HEALTHY for _ in range(EIGHT))
        soon = Next(2, EIGHT, coming=len(came - silent), silent=len(silent), topics=topics, led_by=1)
        ambers += [number] if read(circle(met=tuple(held), ahead=soon)).amber else []
        held.append(met(0, present=len(came), missed=silent - came, silent=len(silent), topics=topics))
        if fails and len(came) <= COLLAPSE:
            return len(ambers), next(iter(ambers), None), number
    return len(ambers), next(iter(ambers), None), None


def test_who_has_said_that_they_stay_away_counts_before_they_do() -> None:
    held = (met(1, present=7), met(0, present=6))
    soon = Next(2, 8, coming=2, silent=2, led_by=9, topics=5)
    assert [Signal.PRESENCE in read(circle(met=held, ahead=one)).warnings for one in (soon, replace(soon, days=9))] == [
        True,
        False,
    ]
    assert Signal.PRESENCE not in read(circle(met=held, ahead=replace(soon, silent=6))).warnings


def test_the_rule_sees_seven_of_ten_collapses_and_cries_wolf_less_than_every_second_year() -> None:
    chance = random.Random(2026)  # noqa: S311 - a simulation
    false = [year(chance, fails=False)[0] for _ in range(RUNS)]
    failed = [year(chance, fails=True) for _ in range(RUNS)]
    collapsed = [(first, end) for _, first, end in failed if end is not None]
    caught = sum(first is not None and first <= end for first, end in collapsed)
    assert len(collapsed) > RUNS / 2
    assert sum(false) / RUNS <= 0.5
    assert caught / len(collapsed) >= 0.70
