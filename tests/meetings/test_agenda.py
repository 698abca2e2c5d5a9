from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import agenda
from meetings.agenda import Answer, Format, Opening
from meetings.boxes import Each, Lengths, Phase, Room

LENGTHS = Lengths()
PLAIN = agenda.plan_of(Format.LEAN_COFFEE)
CHECK_IN = agenda.plan_of(Format.LEAN_COFFEE, check_in=True)
WITH_ALL = agenda.plan_of(Format.LEAN_COFFEE, check_in=True, promises=True)


@pytest.mark.parametrize(
    ("plan", "introductions", "minutes", "none_half_every"),
    [
        (PLAIN, 0, 45, (2.4, 2.0, 1.7)),
        (PLAIN, 0, 60, (3.4, 2.8, 2.4)),
        (PLAIN, 0, 75, (4.4, 3.7, 3.1)),
        (PLAIN, 0, 90, (5.4, 4.5, 3.9)),
        (PLAIN, 0, 120, (7.4, 6.2, 5.3)),
        (CHECK_IN, 0, 45, (1.9, 1.6, 1.3)),
        (CHECK_IN, 0, 60, (2.9, 2.4, 2.0)),
        (CHECK_IN, 0, 75, (3.9, 3.2, 2.8)),
        (CHECK_IN, 0, 90, (4.9, 4.1, 3.5)),
        (CHECK_IN, 0, 120, (6.9, 5.7, 4.9)),
        (WITH_ALL, 6, 45, (1.4, 1.2, 1.0)),
        (WITH_ALL, 6, 60, (2.4, 2.0, 1.7)),
        (WITH_ALL, 6, 75, (3.4, 2.8, 2.4)),
        (WITH_ALL, 6, 90, (4.4, 3.7, 3.1)),
        (WITH_ALL, 6, 120, (6.4, 5.3, 4.6)),
    ],
)
def test_the_table_of_topics_that_fit(plan, introductions, minutes, none_half_every):
    fitting = tuple(
        round(agenda.topics_that_fit(plan, minutes, people=8, introductions=introductions, extensions=often), 1)
        for often in (0, 0.5, 1)
    )
    assert fitting == none_half_every


@pytest.mark.parametrize(
    ("topics", "promises", "minutes", "left_out"),
    [
        (6, 0, 90, {Phase.PROPOSE, Phase.PROMISES, Phase.INTRODUCE}),
        (5, 1, 90, {Phase.PROPOSE, Phase.INTRODUCE}),
        (7, 0, 90, {Phase.PROPOSE, Phase.PROMISES}),
        (5, 0, 60, {Phase.PROPOSE, Phase.PROMISES}),
        (2, 1, 90, {Phase.INTRODUCE}),
    ],
)
def test_what_nobody_is_asked_for_takes_no_time(topics, promises, minutes, left_out):
    plan = agenda.plan_of(Format.LEAN_COFFEE, promises=True)
    going = agenda.as_it_will_go(plan, minutes, Room(8, topics, promises=promises))
    assert {one.phase for one in plan.segments} - {one.phase for one in going.segments} == left_out


def test_ninety_minutes_have_room_for_four_and_a_half_where_no_promise_waits_and_all_topics_fit():
    going = agenda.as_it_will_go(agenda.plan_of(Format.LEAN_COFFEE, promises=True), 90, Room(8, 6))
    assert agenda.topics_that_fit(going, 90, people=8, introductions=6) == 4.5


@pytest.mark.parametrize(
    ("form", "choices"),
    [
        (Format.LEAN_COFFEE, ("check_in", "promises", "once")),
        (Format.TALK, ("check_in", "promises", "once")),
        (Format.DEEP_DIVE, ("check_in", "promises")),
        (Format.ICE_BREAKER, ()),
        (Format.SHORT, ()),
    ],
)
def test_what_can_be_chosen_is_what_the_format_has(form, choices):
    assert agenda.options(form) == choices


def test_no_topic_fits_where_the_frame_takes_all():
    assert agenda.topics_that_fit(WITH_ALL, 15, people=8) == 0


def test_a_talk_of_75_minutes_leaves_room_for_two_topics():
    assert int(agenda.topics_that_fit(agenda.plan_of(Format.TALK), 75, extensions=0)) == 2


@pytest.mark.parametrize(
    ("form", "minutes"),
    [
        (Format.DEEP_DIVE, 65),
        (Format.ICE_BREAKER, 84),
        (Format.SHORT, 22),
        (Format.TALK, 54),
        (Format.LEAN_COFFEE, 24),
    ],
)
def test_what_a_format_takes_with_eight_people(form, minutes):
    assert agenda.minutes_needed(form, people=8) == minutes


@pytest.mark.parametrize("form", Format)
def test_every_format_opens_with_the_welcome_and_keeps_its_close(form):
    phases = [segment.phase for segment in agenda.plan_of(form, check_in=True, promises=True).segments]
    options = [Phase.CHECK_IN, Phase.PROMISES] if form in agenda.WITH_OPTIONS else []
    assert (phases[0], phases[1 : 1 + len(options)], phases[-1]) == (Phase.WELCOME, options, Phase.CLOSING)
    assert len(set(phases)) == len(phases)
    assert agenda.closing_minutes(form) == 5


def test_introductions_take_twenty_seconds_a_topic():
    introduce = PLAIN.segment(Phase.INTRODUCE)
    assert (introduce.length, introduce.each) == (timedelta(seconds=20), Each.TOPIC)


@pytest.mark.parametrize(
    ("meetings", "often"),
    [
        ([], 0.5),
        ([(0, 0)], 0.5),
        ([(4, 4)], 1.0),
        ([(4, 2), (2, 0), (4, 3), (5, 5)], 0.5),
    ],
)
def test_a_group_is_measured_by_its_last_three_meetings(meetings, often):
    assert agenda.own_extensions(meetings) == often


@pytest.mark.parametrize(
    ("kind", "left", "answer"),
    [
        (Opening.DOTS, 15, Answer(allowed=True)),
        (
            Opening.DOTS,
            14,
            Answer(
                allowed=False,
                sentence="Dots and a topic need 15 minutes, 14 are left: the next of the last count (13)?",
            ),
        ),
        (
            Opening.DOTS,
            12,
            Answer(allowed=False, sentence="Dots and a topic need 15 minutes, 12 are left: a short round of 5 fits."),
        ),
        (Opening.ROUND, 13, Answer(allowed=True)),
        (
            Opening.ROUND,
            12,
            Answer(allowed=False, sentence="A topic needs 13 minutes, 12 are left: a short round of 5 fits."),
        ),
        (Opening.ROUND, 4, Answer(allowed=False, sentence="A topic needs 13 minutes, 4 are left: on to the close.")),
        (Opening.SHORT_ROUND, 5, Answer(allowed=True)),
        (
            Opening.SHORT_ROUND,
            4,
            Answer(allowed=False, sentence="A short round needs 5 minutes, 4 are left: on to the close."),
        ),
        (Opening.LEAVE, 0, Answer(allowed=True)),
    ],
)
def test_only_what_can_end_before_the_close_may_begin(kind, left, answer):
    assert agenda.may_open(left, kind, LENGTHS) == answer


@pytest.mark.parametrize(
    ("left", "topics", "counted", "ranked", "kind"),
    [
        (60, 0, False, False, Opening.LEAVE),
        (60, 6, False, False, Opening.DOTS),
        (52, 4, False, False, Opening.ROUND),
        (51, 4, False, False, Opening.DOTS),
        (60, 6, True, False, Opening.ROUND),
        (60, 6, False, True, Opening.ROUND),
        (15, 6, False, False, Opening.DOTS),
        (14, 6, False, False, Opening.ROUND),
        (12, 6, False, False, Opening.SHORT_ROUND),
        (5, 1, True, False, Opening.SHORT_ROUND),
        (4, 6, True, False, Opening.LEAVE),
    ],
)
def test_what_comes_next_when_nobody_chooses(left, topics, counted, ranked, kind):
    assert agenda.plan(left, topics=topics, counted=counted, ranked=ranked, lengths=LENGTHS) == kind


@given(st.integers(0, 120), st.integers(0, 20), st.booleans(), st.booleans())
def test_what_is_planned_may_always_begin(left, topics, counted, ranked):
    kind = agenda.plan(left, topics=topics, counted=counted, ranked=ranked, lengths=LENGTHS)
    assert agenda.may_open(left, kind, LENGTHS).allowed
