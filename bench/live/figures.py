"""What the board promises, beside what was measured in each run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from statistics import median

from bench.live.cells import Cell

LIMIT, CHANNELS = "uvicorn and Redis", "Channels"
RATIOS = {LIMIT: 8.0, CHANNELS: 1 / 3}
PER_STREAM = 0.05  # threads or connections: what requests hold beside some hundred streams counts as none


@dataclass(frozen=True)
class Figure:
    """One promise: at most `bar`, or at least where `least` says so; and what each run brought."""

    piece: str
    system: str
    what: str
    bar: float
    runs: tuple[float, ...]
    least: bool = False

    @property
    def reached(self) -> float:
        """The median of the runs; of what must never happen, the worst of them. NaN where a run measured nothing."""
        if any(map(isnan, self.runs)):
            return nan
        return max(self.runs) if self.bar == 0 else median(self.runs)

    @property
    def met(self) -> bool:
        return self.reached >= self.bar if self.least else self.reached <= self.bar

    def __str__(self) -> str:
        """A line of the table."""
        bar = f"{'>=' if self.least else '<='} {self.bar:.4g}"
        each = ", ".join(f"{one:.4g}" for one in self.runs)
        verdict = "reached" if self.met else "MISSED"
        return f"{self.piece:<4}{self.system:<16}{self.what:<42}{bar:>9}{self.reached:>9.4g}  {verdict:<9}{each}"


def together(found: Iterable[Figure]) -> list[Figure]:
    """One figure for what several runs measured alike, in the order in which they came."""
    runs: dict[tuple[str, str, str], list[Figure]] = {}
    for one in found:
        runs.setdefault((one.piece, one.system, one.what), []).append(one)
    return [
        Figure(*key, same[0].bar, tuple(value for one in same for value in one.runs), least=same[0].least)
        for key, same in runs.items()
    ]


def of_pace(cell: Cell, *, bar: float, piece: str) -> list[Figure]:
    """What one run of one of our systems at an even pace has to keep."""
    return [
        Figure(piece, cell.system, f"{cell.work}: seen, p95, ms", bar, (cell.p95,)),
        Figure(piece, cell.system, f"{cell.work}: lost or refused", 0, (cell.lost,)),
    ]


def of_cost(cell: Cell) -> list[Figure]:
    """B4: what an act and an open stream cost."""
    return [
        Figure("B4", cell.system, "an act: processor, with Redis, ms", 10, (cell.app + cell.postgres + cell.redis,)),
        Figure("B4", cell.system, "a stream: kB", 40, (cell.stream_kb,)),
        Figure("B4", cell.system, "a stream: threads", PER_STREAM, (cell.threads,)),
        Figure("B4", cell.system, "a stream: connections", PER_STREAM, (cell.connections,)),
    ]


def of_ratios(runs: dict[str, list[Cell]]) -> list[Figure]:
    """B1, beside what others reached in the same round of turns."""
    found = []
    for name in [one for one in runs if one.startswith("ours")]:
        for other, bar in [(one, bar) for one, bar in RATIOS.items() if one in runs]:
            each = tuple(ours.p95 / theirs.p95 for ours, theirs in zip(runs[name], runs[other], strict=True))
            found.append(Figure("B1", name, f"seen, p95, x {other}", bar, each))
    return found
