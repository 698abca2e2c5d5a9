"""Drafts with their edits, two of them side by side, and what one round leaves to the next."""

from dataclasses import replace

import pytest

from groups.composition.drafts import Match, Summary, as_edited, compared, summary
from groups.composition.edits import Move, Swap
from groups.composition.people import Problem
from groups.composition.rounds import Share, apart_again, shares, skipped_after
from groups.composition.rules import BadProblem, Group, Lock, Rules
from groups.composition.solver import compose
from tests.groups.composition.brute import person

BOTH, HERE = frozenset({"video", "in_person"}), frozenset({"in_person"})
PEOPLE = tuple(person(name, 1, 2) for name in "abcdefg")
PROBLEM = Problem(Rules(2, 4, 1, 1), PEOPLE)
START = (Group(("a", "b", "c"), 1, "video", quality=0.5), Group(("d", "e"), 1, "video", quality=0.5))


def test_undo_is_the_same_list_without_its_last_edit():
    edits = [Move("g", 0), Swap("a", "d"), Move("e", None), Move("d", None)]
    states = [as_edited(PROBLEM, START, edits[:n]) for n in range(5)]
    assert [[group.members for group in state] for state in states[:4]] == [
        [("a", "b", "c"), ("d", "e")],
        [("a", "b", "c", "g"), ("d", "e")],
        [("b", "c", "d", "g"), ("a", "e")],
        [("b", "c", "d", "g"), ("a",)],
    ]
    assert as_edited(PROBLEM, START, edits[:2]) == states[2]
    assert states[0] == START
    with pytest.raises(BadProblem):
        as_edited(PROBLEM, START, [Move("nobody", 0)])


def test_two_drafts_are_matched_by_most_people_in_common():
    other = (Group(("d", "f"), 1, "video"), Group(("a", "b", "e"), 1, "video"), Group(("x", "y"), 2, "video"))
    assert compared(START, other) == (
        Match(0, 1, ("a", "b"), ("e",), ("c",)),
        Match(1, 0, ("d",), ("f",), ("e",)),
        Match(None, 2, (), ("x", "y"), ()),
    )
    assert compared(START, ())[0] == Match(0, None, (), (), ("a", "b", "c"))


def test_a_draft_in_numbers():
    people = tuple(replace(p, skipped_before=2) if p.id in "af" else p for p in PEOPLE)
    assert summary(replace(PROBLEM, people=people), START) == Summary(placed=5, skipped=1, quality=0.5, fragile=1)


def test_who_was_left_out_has_one_round_more_and_goes_first():
    people = tuple(replace(p, skipped_before=1) if p.id == "f" else p for p in PEOPLE)
    problem = Problem(Rules(3, 3, 1, 1), people)
    for _ in range(3):
        proposal = compose(problem, 5)
        waited = {p.id for p in problem.people if p.skipped_before}
        assert not waited & {reason.person for reason in proposal.unplaced}
        after = skipped_after(problem, proposal.groups)
        assert sum(after.values()) == len(proposal.unplaced) == 1
        problem = replace(problem, people=tuple(replace(p, skipped_before=after[p.id]) for p in problem.people))


def test_who_met_in_the_last_round_is_kept_apart_unless_it_is_meant():
    pairs = {frozenset("ab"): 5, frozenset("ac"): 13, frozenset("de"): 1, frozenset("fg"): 1, frozenset("az"): 1}
    locks, together = (Lock(frozenset("de"), 1, "video"),), (frozenset("fg"),)
    problem = replace(PROBLEM, met=pairs, locked=locks, together=together, apart=frozenset({frozenset("bc")}))
    assert apart_again(problem, 12).apart == {frozenset("bc"), frozenset("ab")}
    assert all(not {"a", "b"} <= set(group.members) for group in compose(apart_again(problem, 12), 5).groups)


def test_shares_are_told_by_place_and_way_to_meet_alone():
    people = (person("a", 1, metro="msp", modes=BOTH), person("b", 1, dimensions=frozenset({"x"})), person("c", 1))
    people += (person("d", 1, metro="msp", modes=HERE),)
    assert shares(Problem(Rules(2, 4, 1, 1), people), [Group(("a", "b"), 1, "video")]) == {
        "metro": {"": Share(1, 2), "msp": Share(1, 2)},
        "mode": {"either": Share(1, 1), "in_person": Share(0, 1), "video": Share(1, 2)},
    }
