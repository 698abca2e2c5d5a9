"""Whoever may call a run off is asked in every stage, again and again, and whenever they do the groups hold."""

import sys
from collections import Counter
from itertools import count
from types import FrameType

import pytest

from bench.generator import problem as generated
from groups.composition import placement, search
from groups.composition.case import Case
from groups.composition.pace import GRACE, SOME, Pace
from groups.composition.placement import greedily
from groups.composition.program import Program
from groups.composition.refill import refill, without
from groups.composition.rules import check
from groups.composition.shards import finish, place_globally, split
from groups.composition.solver import compose, finished

PER_PERSON = ("encode", "seat_units", "crowds", "_movable", "seated", "Reasons.all", "_of_people")
PER_BUCKET = ("raw_buckets", "_widest", "Closure.__init__", "Greedy.__init__")
PER_GROUP = ("finished", "check", "Reasons.__init__", "whole_room")


class Asked:
    """Says no until the question of this number, and notes within which functions it was asked."""

    def __init__(self, stop_at: float = float("inf")) -> None:
        self.stop_at, self.questions = stop_at, 0
        self.within: Counter[str] = Counter()

    def __call__(self) -> bool:
        self.questions += 1
        self.within.update(self._running())
        return self.stopped

    @property
    def stopped(self) -> bool:
        return self.questions >= self.stop_at

    def _running(self) -> set[str]:
        names: set[str] = set()
        frame: FrameType | None = sys._getframe(2)  # nothing else tells who is asking
        while frame is not None:
            names.add(frame.f_code.co_qualname)
            frame = frame.f_back
        return names


def everybody(proposal):
    seated = [name for group in proposal.groups for name in group.members]
    return sorted([*seated, *(reason.person for reason in proposal.unplaced)])


def ids(problem):
    return sorted(person.id for person in problem.people)


@pytest.mark.parametrize("length", [0, 1, SOME, SOME + 1, 5 * SOME])
def test_things_come_one_by_one_and_each_lot_of_them_is_a_question(length):
    asked = Asked(stop_at=3)
    assert list(Pace(1, asked).each(iter(range(length)))) == list(range(length))
    assert asked.questions == min(3, -(-length // SOME))


def test_every_stage_of_a_large_run_asks_as_often_as_it_has_people_buckets_or_groups(monkeypatch):
    monkeypatch.setattr(placement, "PROGRAM_LIMIT", 0)
    monkeypatch.setattr(search, "passes", lambda placed: 1)
    asked, problem = Asked(), generated(2000, seed=2)
    proposal = compose(problem, 600, cancelled=asked)
    people, buckets = len(problem.people), len(Case(problem).buckets)
    for names, things in ((PER_PERSON, people), (PER_BUCKET, buckets), (PER_GROUP, len(proposal.groups))):
        assert {name: asked.within[name] for name in names if asked.within[name] < things * 0.8 // SOME} == {}


def test_building_the_program_asks_for_every_few_buckets():
    asked, case = Asked(), Case(generated(300, seed=2))
    program = Program(case.units, case.rules, case.closure, case.buckets, Pace(60, asked).each)
    assert asked.questions == 2 * -(-len(program.buckets) // SOME)


def test_a_run_called_off_at_any_question_returns_groups_that_hold():
    problem = generated(86, seed=1)
    for power in count():
        asked = Asked(stop_at=2**power)
        proposal = compose(problem, 20, cancelled=asked)
        assert check(problem, proposal.groups) == ()
        assert everybody(proposal) == ids(problem)
        assert proposal.certificate.cut_short == asked.stopped
        if not asked.stopped:
            break
    assert power > 8
    assert proposal.certificate.proven


def test_a_refill_called_off_at_any_question_returns_groups_that_hold():
    problem = generated(400, seed=3)
    case = Case(problem)
    groups = finished(case, greedily(case, Pace(60)).tables)
    gone = frozenset(group.members[0] for group in groups[::3])
    left = without(problem, gone)
    for power in count():
        asked = Asked(stop_at=2**power)
        found = refill(problem, groups, gone, seconds=20, cancelled=asked)
        assert check(left, found.groups) == ()
        assert everybody(found) == ids(left)
        if not asked.stopped:
            break
    assert power > 8


def test_a_large_pool_in_pieces_asks_in_each_of_them():
    problem = generated(300, seed=3)
    seating = place_globally(problem, 1)
    for piece in (split, finish):
        asked = Asked()
        piece(problem, seating, cancelled=asked)
        assert asked.within["encode"] >= len(problem.people) // SOME


def test_who_calls_off_before_anybody_is_placed_is_told_so_at_once():
    problem = generated(86, seed=1)
    proposal = compose(problem, 20, cancelled=lambda: True)
    assert proposal.groups == ()
    cityless = {p.id for p in problem.people if p.modes == {"in_person"} and p.metro is None}
    assert {reason.person for reason in proposal.unplaced if reason.code == "no_metro"} == cityless > set()
    others = {(r.code, r.sentence, r.fix) for r in proposal.unplaced if r.person not in cityless}
    names = [p.id for p in problem.people if p.id not in cityless]
    assert others == {("packing", f"No seat for {name} was found in the time given.", None) for name in names}


def test_a_large_pool_without_any_time_is_not_looked_at_and_says_so(monkeypatch):
    monkeypatch.setattr(placement, "PROGRAM_LIMIT", 0)
    monkeypatch.delattr(Case, "closure")
    problem = generated(86, seed=1)
    proposal = compose(problem, 1e-6)
    able = sum(bool(p.modes - {"in_person"}) or p.metro is not None for p in problem.people)
    certificate = proposal.certificate
    assert (certificate.placed, certificate.bound, certificate.source) == (0, able, "hours")
    assert (certificate.proven, certificate.cut_short, certificate.stages) == (False, True, {"placed": False})
    assert everybody(proposal) == ids(problem)
    assert Counter(reason.code for reason in proposal.unplaced) == {"packing": able, "no_metro": 86 - able}


@pytest.mark.parametrize(("seconds", "due"), [(60, False), (-GRACE - 1, True)])
def test_an_answer_is_due_a_little_after_its_time(seconds, due):
    pace = Pace(seconds)
    assert (pace.due(), pace.cut_short) == (due, due)
