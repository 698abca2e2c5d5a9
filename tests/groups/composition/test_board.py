"""The board's quick verdict on an edit is the slow verdict on everything afterwards."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups.composition.board import Board, what_if
from groups.composition.edits import AddHours, AddMode, Move, OtherMetro, Swap, edited, widened
from groups.composition.measures import mean_quality, quality_of
from groups.composition.people import Problem
from groups.composition.rules import Group, Lock, Rules, check
from tests.groups.composition.brute import person, problems

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def drafts(draw):
    """A problem with locks and some groups of it, right or wrong: somebody may even sit in two."""
    problem = draw(problems(8))
    names = [p.id for p in problem.people]
    members = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    sets = draw(st.lists(members, max_size=4))
    places = st.sampled_from((("video", None), ("in_person", "msp")))
    groups = tuple(Group(tuple(sorted(s)), draw(st.integers(0, 2)), *draw(places)) for s in sets)
    locked = draw(st.lists(st.frozensets(st.sampled_from(names), min_size=1, max_size=2), max_size=2))
    return replace(problem, locked=tuple(Lock(s, draw(st.integers(0, 1)), "video") for s in locked)), groups


def mean(problem, groups):
    known = {p.id: p for p in problem.people}
    worth = [replace(g, quality=quality_of(problem.rules, [known[name] for name in g.members])) for g in groups]
    return mean_quality(worth)


def afresh(problem, groups, changed, after):
    placed = sum(len(group.members) for group in after) - sum(len(group.members) for group in groups)
    return check(changed, after), placed, mean(changed, after) - mean(problem, groups)


@settings(slow, max_examples=80)
@given(drafts(), st.data())
def test_an_edit_is_judged_as_everything_afresh_would_be(draft, data):
    problem, groups = draft
    names = st.sampled_from([p.id for p in problem.people])
    target = st.none() | st.integers(0, len(groups) - 1) if groups else st.none()
    change = data.draw(st.builds(Move, names, target) | st.builds(Swap, names, names))
    found = Board(problem, groups).what_if(change)
    expected = afresh(problem, groups, problem, edited(problem, groups, change))
    assert (found.breaches, found.placed, found.quality) == expected


@settings(slow, max_examples=50)
@given(drafts(), st.data())
def test_more_hours_or_another_way_are_judged_as_everything_afresh_would_be(draft, data):
    problem, groups = draft
    someone = data.draw(st.sampled_from(problem.people))
    ways = st.sampled_from(("video", "in_person"))
    change = data.draw(
        st.builds(AddHours, st.just(someone.id), st.lists(st.integers(0, 4)).map(tuple))
        | st.builds(AddMode, st.just(someone.id), ways)
        | st.builds(OtherMetro, st.just(someone.id), st.just("msp"))
    )
    found = Board(problem, groups).what_if(change)
    wider = widened(someone, change)
    changed = replace(problem, people=tuple(wider if p is someone else p for p in problem.people))
    seated = any(someone.id in group.members for group in groups)
    moves = [Move(someone.id, None), *(Move(someone.id, index) for index in range(len(groups)) if not seated)]
    afters = [groups, *(edited(changed, groups, move) for move in moves[1:])]
    results = [afresh(problem, groups, changed, after) for after in afters]
    assert (found.breaches, found.placed, found.quality) in results
    assert found.placed == 0 or len(found.breaches) <= len(results[0][0])


def test_one_board_answers_many_questions_about_ten_thousand_people_in_milliseconds():
    people = tuple(person(f"p{n}", *range(n // 7, n // 7 + 3)) for n in range(10_000))
    problem = Problem(Rules(6, 8, 3, 1), people)
    named = (tuple(sorted(p.id for p in people[n : n + 7])) for n in range(0, 9_400, 7))
    board = Board(problem, [Group(names, number % 336, "video") for number, names in enumerate(named)])
    assert board.what_if(Move("p1", None)).breaches == ()
    changes = [Move("p3", 9), Swap("p8", "p9990"), AddHours("p9995", (1, 2, 3)), AddMode("p9996", "video")] * 5
    since = time.process_time()
    for change in changes:
        board.what_if(change)
    assert (time.process_time() - since) / len(changes) < 0.005


@pytest.mark.parametrize("wrong", [Move("a", 0), Move("b", 1), Swap("a", "b")])
def test_undoing_an_edit_brings_back_the_same_groups(wrong):
    problem = Problem(Rules(2, 4, 1, 1), tuple(person(name, 1) for name in "abcde"))
    groups = (Group(("a", "c", "d"), 1, "video"), Group(("b", "e"), 1, "video"))
    edits = [Move("c", 1), wrong]
    states = [groups]
    for edit in edits:
        states.append(edited(problem, states[-1], edit))
    assert edited(problem, groups, edits[0]) == states[1]
    assert what_if(problem, states[1], wrong).breaches == check(problem, states[2])
