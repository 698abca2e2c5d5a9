"""What so many people in one pool can do: meet while they wait, start a circle, be composed. Start values.

With 12 candidates a circle of 7 forms with 80 % at the acceptance rate of 67 % that Circl.es reports.
"""

from __future__ import annotations

from enum import IntEnum


class Reached(IntEnum):
    """The highest line that a pool has passed; each is the number of people that it takes."""

    NOTHING = 0
    TASTER = 5  # taster meetings, with somebody who hosts them
    START = 8  # whoever would host may start a circle
    COMPOSED = 12  # a circle is put on paper for the organizer


HOSTS: dict[Reached, int] = {Reached.NOTHING: 0, Reached.TASTER: 0, Reached.START: 1, Reached.COMPOSED: 2}


def reached(people: int, *, hosts: int) -> Reached:
    """The highest line for which there are enough people, and enough among them who would host."""
    passed = [line for line in Reached if people >= line and hosts >= HOSTS[line]]
    return max(passed)
