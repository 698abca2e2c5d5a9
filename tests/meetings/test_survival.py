"""How long circles live: the estimator against a textbook, against counting, and against another way to it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import curves
from meetings.survival import FEWEST, MONTH, Life, alive_after, at_risk, curve, longest, marks

LIFE = st.builds(Life, st.integers(0, 1500), st.booleans())
LIVES = st.lists(LIFE, max_size=40)


def lives(*ended: int, watched: tuple[int, ...] = ()) -> list[Life]:
    return [Life(days, ended=True) for days in ended] + [Life(days, ended=False) for days in watched]


def test_the_6_mp_arm_of_freireich_as_textbooks_have_it() -> None:
    """Freireich 1963, weeks of remission: 21 patients, nine relapses; values as in Cox and Oakes 1984, table 1.1."""
    arm = lives(6, 6, 6, 7, 10, 13, 16, 22, 23, watched=(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))
    assert [(step.days, step.at_risk, step.ended, round(step.alive, 3)) for step in curve(arm)] == [
        (6, 21, 3, 0.857),
        (7, 17, 1, 0.807),
        (10, 15, 1, 0.753),
        (13, 12, 1, 0.690),
        (16, 11, 1, 0.627),
        (22, 7, 1, 0.538),
        (23, 6, 1, 0.448),
    ]


def test_a_life_before_its_seal_is_refused() -> None:
    with pytest.raises(ValueError, match="not sealed yet"):
        curve(lives(-1))


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=40), st.integers(0, 1600))
def test_where_all_have_ended_it_is_the_share_that_outlived(ended: list[int], day: int) -> None:
    share = sum(days > day for days in ended) / len(ended)
    assert alive_after(curve(lives(*ended)), day) == pytest.approx(share, abs=1e-9)


@given(LIVES)
def test_the_share_never_grows_and_stays_between_one_and_nothing(some: list[Life]) -> None:
    steps = curve(some)
    shares = [1.0, *(step.alive for step in steps)]
    assert all(1 >= one >= other >= -1e-12 for one, other in itertools.pairwise(shares))
    assert [step.days for step in steps] == sorted({life.days for life in some if life.ended})


@given(LIVES)
def test_a_circle_censored_before_the_first_end_changes_nothing(some: list[Life]) -> None:
    first = min((life.days for life in some if life.ended), default=0)
    early = [*some, Life(max(0, first - 1), ended=False)] if first else some
    assert [step.alive for step in curve(early)] == pytest.approx([step.alive for step in curve(some)])


@given(LIVES)
def test_it_is_what_handing_the_weight_of_the_censored_to_the_right_gives(some: list[Life]) -> None:
    """Efron 1967: whoever is censored shares their weight out among those who are watched longer."""
    queue = sorted(some, key=lambda life: (life.days, not life.ended))
    weights = [1 / len(queue)] * len(queue) if queue else []
    for place, life in enumerate(queue):
        later = len(queue) - place - 1
        if not life.ended and later:
            share, weights[place] = weights[place] / later, 0.0
            weights[place + 1 :] = [weight + share for weight in weights[place + 1 :]]
    for step in curve(some):
        gone = sum(weight for life, weight in zip(queue, weights, strict=True) if life.ended and life.days <= step.days)
        assert step.alive == pytest.approx(1 - gone, abs=1e-9)


def test_the_table_ends_where_nobody_was_watched_longer() -> None:
    told = marks(lives(100, watched=(200, 400)))
    assert [(mark.months, mark.percent, mark.at_risk) for mark in told] == [
        (0, 100, 3),
        (3, 100, 3),
        (6, 67, 2),
        (12, 67, 1),
    ]


@given(st.dictionaries(st.sampled_from(["all", "by video", "in person"]), LIVES, min_size=1))
def test_the_picture_stays_in_its_frame_and_the_table_has_its_numbers(groups: dict[str, list[Life]]) -> None:
    drawn = curves.picture(groups)
    names = [name for n, name in enumerate(groups) if n == 0 or len(groups[name]) >= FEWEST]
    if drawn is None:
        assert not any(groups[name] for name in names)
        return
    assert [one.name for one in drawn.curves] == names
    assert all(0 < one.name_y < drawn.height for one in drawn.curves)
    assert all(len(row) == len(names) for _, row in drawn.rows)
    assert all(0 <= x <= drawn.right for x, _ in drawn.months)
    for one in drawn.curves:
        assert one.marks == tuple(marks(groups[one.name]))
        assert one.strokes.count("v") == len({life.days for life in groups[one.name] if not life.ended})


def test_who_is_at_risk_on_the_day_of_an_end_was_watched_on_it() -> None:
    some = lives(30, watched=(30, 29))
    assert (at_risk(some, 30), curve(some)[0].alive, longest(some)) == (2, 0.5, 30)
    assert pytest.approx(365.25) == MONTH * 12
