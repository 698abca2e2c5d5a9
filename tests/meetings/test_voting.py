from collections import Counter
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import voting
from meetings.voting import Candidate, Merged, Opener, Outcome, Placing, Ranked, Rule, Thumb, Tie, Verdict
from roundtable.errors import NotAllowed

ADA, GRACE, HEDY = b"ada", b"grace", b"hedy"
UP, SIDEWAYS, DOWN = Thumb.UP, Thumb.SIDEWAYS, Thumb.DOWN

topics = st.sampled_from(["hiring", "on-call", "pay", "rust"])
ballots = st.dictionaries(topics, st.integers(0, 2), max_size=4).filter(lambda ballot: sum(ballot.values()) <= 3)
boxes_of_ballots = st.dictionaries(st.sampled_from([ADA, GRACE, HEDY]), ballots)


@pytest.mark.parametrize(
    ("before", "topic", "dots", "after"),
    [
        ({}, "pay", 1, Placing({"pay": 1}, left=2)),
        ({"pay": 1}, "pay", 1, Placing({"pay": 1}, left=2)),
        ({"pay": 1}, "pay", 2, Placing({"pay": 2}, left=1)),
        ({"pay": 2}, "pay", 0, Placing({}, left=3)),
        ({"pay": 2}, "rust", 1, Placing({"pay": 2, "rust": 1}, left=0)),
        ({"pay": 2, "rust": 0}, "hiring", 0, Placing({"pay": 2}, left=1)),
    ],
)
def test_dots_are_set_and_never_added(before, topic, dots, after):
    assert voting.set_dots(before, topic, dots) == after


@pytest.mark.parametrize(
    ("before", "topic", "dots", "sentence"),
    [
        ({}, "pay", 3, "One topic takes 0 to 2 of your dots."),
        ({}, "pay", -1, "One topic takes 0 to 2 of your dots."),
        ({"pay": 2}, "rust", 2, "You have 3 dots, and 1 of them are free for this topic."),
        ({"pay": 2, "rust": 1}, "hiring", 1, "You have 3 dots, and 0 of them are free for this topic."),
    ],
)
def test_dots_beyond_a_limit_are_refused_with_the_rule(before, topic, dots, sentence):
    with pytest.raises(NotAllowed) as refusal:
        voting.set_dots(before, topic, dots)
    assert str(refusal.value) == sentence


@given(st.lists(st.tuples(topics, st.integers(0, 3))), st.integers(1, 9), st.integers(1, 3))
def test_no_series_of_presses_places_more_than_the_budget(presses, budget, per_topic):
    placing = Placing({}, budget)
    for topic, dots in presses:
        try:
            placing = voting.set_dots(placing.dots, topic, dots, budget=budget, per_topic=per_topic)
        except NotAllowed:
            continue
    assert sum(placing.dots.values()) + placing.left == budget
    assert all(1 <= dots <= per_topic for dots in placing.dots.values())
    assert placing.left >= 0


def test_only_ballots_of_those_here_decide_and_hands_are_added():
    cast = {ADA: {"pay": 2, "rust": 1}, GRACE: {"rust": 2}}
    assert voting.tally(["pay", "rust", "hiring"], cast, here=[ADA, HEDY], by_hand={"rust": 3}) == {
        "pay": 2,
        "rust": 4,
        "hiring": 0,
    }


def test_more_dots_go_first_without_a_reason():
    ranked = voting.rank([Candidate("pay", 1), Candidate("rust", 3)], lot=1, meeting_number=5)
    assert ranked == [Ranked("rust", 1, 3, None), Ranked("pay", 2, 1, None)]
    assert [one.reason for one in ranked] == ["", ""]


@pytest.mark.parametrize("names", list(permutations(["new", "carried", "opened"])))
def test_equal_dots_are_broken_in_the_printed_order(names):
    cast = {
        "new": Candidate("new", 2, opened=0),
        "carried": Candidate("carried", 2, opened=1, times_carried=2),
        "opened": Candidate("opened", 2, opened=3, times_carried=1),
    }
    ranked = voting.rank([cast[name] for name in names], lot=7, meeting_number=3)
    assert [(one.topic, one.reason) for one in ranked] == [
        ("new", "Equal dots: its sponsor has not opened a topic this season."),
        ("carried", "Equal dots: carried over longer."),
        ("opened", ""),
    ]


@pytest.mark.parametrize(("meeting_number", "first"), [(1, "carried"), (2, "carried"), (3, "new"), (8, "new")])
def test_who_has_not_opened_comes_first_from_the_third_meeting_on(meeting_number, first):
    cast = [Candidate("carried", 2, opened=1, times_carried=1), Candidate("new", 2, opened=0)]
    assert voting.rank(cast, lot=7, meeting_number=meeting_number)[0].topic == first


def test_a_topic_without_a_sponsor_has_no_advantage():
    cast = [Candidate("orphan", 1), Candidate("new", 1, opened=0)]
    assert [one.topic for one in voting.rank(cast, lot=7, meeting_number=4)] == ["new", "orphan"]


@given(st.integers(0, 10**6), st.lists(st.text(min_size=1, max_size=8), unique=True, min_size=2, max_size=6))
def test_anybody_can_recompute_the_lot(lot, names):
    ranked = voting.rank([Candidate(name, 1) for name in names], lot=lot, meeting_number=1)
    by_hand = sorted(names, key=lambda name: sha256(f"{lot}:{name}".encode()).hexdigest())
    assert [one.topic for one in ranked] == by_hand == voting.drawn(names, lot=lot)
    assert [one.tie for one in ranked] == [Tie.LOT] * (len(names) - 1) + [None]


def test_a_topic_without_a_sponsor_goes_to_who_opened_least_then_longest_ago():
    cast = [
        Opener("ada", opened=2, last_opened=1),
        Opener("grace", opened=1, last_opened=3),
        Opener("hedy", 1, last_opened=2),
    ]
    assert voting.sponsor_line(cast, lot=3) == ["hedy", "grace", "ada"]


def test_equal_openers_are_asked_by_lot():
    people = ["ada", "grace", "hedy"]
    assert voting.sponsor_line([Opener(name) for name in people], lot=3) == voting.drawn(people, lot=3)


def test_merging_adds_each_persons_dots_and_returns_the_surplus():
    cast = {ADA: {"pay": 2, "hiring": 1}, GRACE: {"pay": 1, "hiring": 1, "rust": 1}, HEDY: {"rust": 1}}
    assert voting.merge(cast, child="hiring", parent="pay") == Merged(
        {ADA: {"pay": 2}, GRACE: {"rust": 1, "pay": 2}, HEDY: {"rust": 1}}, returned={ADA: 1}
    )


def test_splitting_returns_every_dot_on_the_merged_topic():
    cast = {ADA: {"pay": 2, "rust": 1}, GRACE: {"rust": 1}}
    assert voting.split(cast, parent="pay") == Merged({ADA: {"rust": 1}, GRACE: {"rust": 1}}, returned={ADA: 2})


@given(boxes_of_ballots)
def test_no_dot_is_lost_or_made_by_merging_and_splitting(cast):
    merged = voting.merge(cast, child="hiring", parent="pay")
    for change, before in ((merged, cast), (voting.split(merged.ballots, parent="pay"), merged.ballots)):
        for voter, ballot in before.items():
            kept = sum(change.ballots[voter].values())
            assert kept + change.returned.get(voter, 0) == sum(ballot.values())
            assert max(change.ballots[voter].values(), default=0) <= 2
    assert all("hiring" not in ballot for ballot in merged.ballots.values())


def test_after_a_count_a_merged_topic_shows_the_larger_tally():
    assert (voting.at_least(2, 5), voting.at_least(5, 2), voting.at_least(3, 3)) == (5, 5, 3)


@pytest.mark.parametrize(
    ("thumbs", "verdict"),
    [
        ({UP: 4, SIDEWAYS: 1, DOWN: 2}, Verdict(Outcome.EXTEND, "4 up, 1 sideways, 2 down")),
        ({UP: 1, SIDEWAYS: 5, DOWN: 2}, Verdict(Outcome.MOVE_ON, "1 up, 5 sideways, 2 down")),
        ({UP: 2, DOWN: 2}, Verdict(Outcome.FACILITATOR, "2 up, 0 sideways, 2 down")),
        ({SIDEWAYS: 6}, Verdict(Outcome.FACILITATOR, "0 up, 6 sideways, 0 down")),
        ({UP: 2, DOWN: 1}, Verdict(Outcome.EXTEND, "more for going on")),
        ({DOWN: 1}, Verdict(Outcome.MOVE_ON, "more for moving on")),
        ({}, Verdict(Outcome.FACILITATOR, "equal")),
    ],
)
def test_more_up_than_down_extends(thumbs, verdict):
    assert voting.call_vote(Counter(thumbs), present=8) == verdict


@pytest.mark.parametrize(("up", "outcome"), [(5, Outcome.EXTEND), (4, Outcome.FACILITATOR), (3, Outcome.MOVE_ON)])
def test_a_group_may_ask_for_most_of_those_here(up, outcome):
    assert voting.call_vote(Counter({UP: up}), present=8, rule=Rule.MOST_HERE).outcome == outcome


@pytest.mark.parametrize("answer", Outcome)
def test_the_answer_to_a_tie_is_a_rule_of_the_group(answer):
    assert voting.call_vote(Counter({UP: 1, DOWN: 1}), present=2, tie=answer).outcome == answer


def test_more_thumbs_than_people_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="3 thumbs from 2 people"):
        voting.call_vote(Counter({UP: 3}), present=2)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_swapping_up_and_down_swaps_the_verdict_and_sideways_changes_nothing(up, sideways, down):
    opposite = {
        Outcome.EXTEND: Outcome.MOVE_ON,
        Outcome.MOVE_ON: Outcome.EXTEND,
        Outcome.FACILITATOR: Outcome.FACILITATOR,
    }
    verdict = voting.call_vote(Counter({UP: up, SIDEWAYS: sideways, DOWN: down}), present=36)
    assert voting.call_vote(Counter({UP: down, DOWN: up}), present=36).outcome == opposite[verdict.outcome]


@pytest.mark.parametrize("thumbs", [{UP: 3, DOWN: 1}, {UP: -1}])
def test_hands_beyond_the_room_are_refused(thumbs):
    voting.check_thumbs_by_hand(Counter({UP: 2, DOWN: 1}), in_the_room=3)
    with pytest.raises(NotAllowed, match=r"The room has 3 people ticked: count again, or tick who is missing."):
        voting.check_thumbs_by_hand(Counter(thumbs), in_the_room=3)


@pytest.mark.parametrize("dots", [{"pay": 5}, {"pay": -1}, {"pay": 3, "rust": 4}])
def test_dots_by_hand_fit_the_budgets_of_the_room(dots):
    voting.check_dots_by_hand({"pay": 4, "rust": 2}, in_the_room=2)
    with pytest.raises(NotAllowed, match=r"The room has at most 4 dots for one topic and 6 in all: count again."):
        voting.check_dots_by_hand(dots, in_the_room=2)
