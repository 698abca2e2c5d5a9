"""Quality, with the number of people placed fixed: a heat bath of swaps, then plain descent."""

from groups.composition.case import Case
from groups.composition.pace import Pace
from groups.composition.placement import Progress
from groups.composition.units import Table


def improve(case: Case, tables: list[Table], pace: Pace, progress: Progress, bound: int) -> None:
    """Better groups of the same people."""
