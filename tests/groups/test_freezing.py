"""The frozen copy says all that the engine needs, and says it compactly."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bench.generator import problem
from groups import freezing
from groups.composition.people import Problem
from groups.composition.rules import Group, Lock


@given(people=st.integers(1, 40), seed=st.integers(0, 99))
def test_what_is_written_is_read_again(people: int, seed: int) -> None:
    given = problem(people, seed=seed)
    assert freezing.read(freezing.written(given)) == given


def test_locks_sets_pairs_and_the_former_draft_are_part_of_it() -> None:
    whole = replace(
        problem(20),
        together=(frozenset({"p1", "p2"}),),
        locked=(Lock(frozenset({"p3", "p4"}), 120, "in_person", "nyc"),),
        met={frozenset({"p5", "p6"}): 3},
        draft=(Group(("p7", "p8"), 28, "video", None, 0.5),),
    )
    assert freezing.read(freezing.written(whole)) == whole


def test_the_copy_is_compact() -> None:
    """What a hundred thousand people come to is a few megabytes, written in the database once."""
    many: Problem = problem(2000)
    assert len(freezing.written(many)) / 2000 < 200
