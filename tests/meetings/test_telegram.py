"""The week in at most five lines: what comes first, what is counted, and what never stands there."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from meetings.telegram import MOST, Became, InDanger, News, lines, named_in_danger
from meetings.vitals import Action, Signal

NAMES = st.lists(st.sampled_from(["Lisbon 1", "Porto 2", "Chicago 3"]), max_size=8).map(tuple)
DANGER = st.builds(InDanger, st.just("Lisbon 1"), st.just((Signal.PRESENCE, Signal.TOPICS)), st.sampled_from(Action))
COUNTS = st.integers(0, 400)
NEWS = st.builds(
    News,
    circles=COUNTS,
    in_danger=st.lists(DANGER, max_size=12).map(tuple),
    without_date=NAMES,
    without_leader=NAMES,
    waiting=COUNTS,
    longest=COUNTS,
    became=st.dictionaries(st.sampled_from(Became), COUNTS).map(Counter),
)


def danger(name: str, action: Action = Action.RETIME) -> InDanger:
    return InDanger(name, (Signal.PRESENCE, Signal.STREAKS), action)


def test_where_all_is_well_one_line_says_so() -> None:
    assert lines(News(circles=12)) == ["All 12 circles are well."]
    assert lines(News(circles=1)) == ["The one circle is well."]


def test_each_thing_has_its_line_those_in_danger_first() -> None:
    news = News(
        circles=9,
        in_danger=(danger("Lisbon 1"), danger("Porto 2", Action.NOTHING)),
        without_date=("Porto 2",),
        without_leader=("Faro 1", "Faro 2", "Faro 3", "Faro 4"),
        waiting=12,
        longest=219,
        became=Counter({Became.SAME: 1, Became.WELL: 2}),
    )
    assert lines(news) == [
        "Lisbon 1: presence, misses running. Ask for another hour.",
        "Porto 2: presence, misses running. Nothing to suggest.",
        "No next date: Porto 2. Nobody leads the next one yet: Faro 1, Faro 2 and 2 more.",
        "12 people wait longer than 90 days; the longest wait is 31 weeks.",
        "Of last week's suggestions: 2 well again, 1 as before.",
    ]


def test_a_circle_of_few_has_a_line_also_without_a_signal() -> None:
    few = InDanger("Lisbon 1", (), Action.CLOSE, collapsed=True)
    both = InDanger("Porto 2", (Signal.TOPICS,), Action.MERGE, collapsed=True)
    assert lines(News(circles=2, in_danger=(few, both))) == [
        "Lisbon 1: 3 members or fewer. Pause, or close well.",
        "Porto 2: 3 members or fewer, topics. Propose a merge.",
    ]


def test_those_in_danger_for_whom_there_is_no_room_are_counted() -> None:
    news = News(circles=9, in_danger=tuple(danger(f"Lisbon {number}") for number in range(1, 8)), waiting=1, longest=91)
    assert lines(news)[2:] == [
        "Lisbon 3: presence, misses running. Ask for another hour.",
        "4 more circles in danger.",
        "1 person waits longer than 90 days; the longest wait is 13 weeks.",
    ]
    assert [one.circle for one in named_in_danger(news)] == ["Lisbon 1", "Lisbon 2", "Lisbon 3"]


def test_people_may_wait_where_all_circles_are_well_and_where_there_is_none() -> None:
    long = "2 people wait longer than 90 days; the longest wait is 14 weeks."
    assert lines(News(circles=3, waiting=2, longest=100)) == ["All 3 circles are well.", long]
    assert lines(News(circles=0, waiting=2, longest=100)) == [long]


@given(NEWS)
def test_never_more_than_five_lines_and_none_only_where_there_is_nothing_to_say(news: News) -> None:
    said = lines(news)
    assert len(said) <= MOST
    assert all(line.strip() for line in said)
    assert said or not news.in_danger
    counted = sum(int(line.split()[0]) for line in said if line.endswith(" in danger."))
    assert counted + len(named_in_danger(news)) == len(news.in_danger)
