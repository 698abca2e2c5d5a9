"""Survival curves as paths for SVG: steps, a stroke where a living circle was watched last, a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meetings import survival
from meetings.survival import MONTH, Life, Mark

LEFT, TOP, WIDE, HIGH, NAMES = 44, 14, 460, 200, 150
TICK = 4
APART = 15  # between two names
STRETCHES = (12, 24, 36, 60, 120)  # months that the picture may span


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its path, the strokes of what is censored on it, where its name stands, and the table's numbers."""

    name: str
    path: str
    strokes: str
    name_y: int
    circles: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Curves over months, and the months at which the axis has a word."""

    width: int
    height: int
    right: int
    bottom: int
    curves: tuple[Curve, ...]
    months: tuple[tuple[int, int], ...]  # where, and which
    shares: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, tuple[Mark | None, ...]], ...]  # of the table: a month and what each curve says of it


def picture(groups: Mapping[str, Sequence[Life]]) -> Picture | None:
    """The first is the whole and is always drawn; the others from five circles on. None where nothing lives yet."""
    names = list(groups)
    shown = {name: groups[name] for name in names if name == names[0] or len(groups[name]) >= survival.FEWEST}
    most = max((survival.longest(lives) for lives in shown.values()), default=0)
    if not any(shown.values()):
        return None
    span = next((months for months in STRETCHES if months * MONTH >= most), STRETCHES[-1])
    drawn = [_curve(name, lives, span) for name, lives in shown.items()]
    return Picture(
        width=LEFT + WIDE + NAMES,
        height=TOP + HIGH + 26,
        right=LEFT + WIDE,
        bottom=TOP + HIGH,
        curves=tuple(_spread(drawn)),
        months=tuple((_x(months * MONTH, span), months) for months in range(0, span + 1, span // 4)),
        shares=tuple((_y(share / 100), share) for share in (0, 25, 50, 75, 100)),
        rows=tuple((months, tuple(_at(one, months) for one in drawn)) for months in _months(drawn)),
    )


def _months(drawn: Sequence[Curve]) -> list[int]:
    return sorted({mark.months for one in drawn for mark in one.marks})


def _at(one: Curve, months: int) -> Mark | None:
    return next((mark for mark in one.marks if mark.months == months), None)


def _curve(name: str, lives: Sequence[Life], span: int) -> Curve:
    steps = survival.curve(lives)
    path = f"M{LEFT} {_y(1)}" + "".join(f"H{_x(step.days, span)}V{_y(step.alive)}" for step in steps)
    path += f"H{_x(survival.longest(lives), span)}"
    watched = sorted({life.days for life in lives if not life.ended})
    strokes = "".join(
        f"M{_x(days, span)} {_y(survival.alive_after(steps, days)) - TICK}v{2 * TICK}" for days in watched
    )
    end = _y(survival.alive_after(steps, survival.longest(lives)))
    return Curve(name, path, strokes, end + 4, len(lives), tuple(survival.marks(lives)))


def _spread(drawn: Sequence[Curve]) -> list[Curve]:
    """Names that would stand on one another move down, and all of them up again where they leave the picture."""
    placed: dict[str, int] = {}
    lowest = -APART
    for one in sorted(drawn, key=lambda one: one.name_y):
        placed[one.name] = lowest = max(one.name_y, lowest + APART)
    over = max(0, lowest - (TOP + HIGH + 4)) if placed else 0
    return [Curve(one.name, one.path, one.strokes, placed[one.name] - over, one.circles, one.marks) for one in drawn]


def _x(days: float, span: int) -> int:
    return LEFT + min(WIDE, round(WIDE * days / (span * MONTH)))


def _y(alive: float) -> int:
    return TOP + round(HIGH * (1 - alive))
