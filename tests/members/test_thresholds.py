import pytest

from members.thresholds import Reached, reached


@pytest.mark.parametrize(
    ("people", "hosts", "line"),
    [
        (0, 0, Reached.NOTHING),
        (4, 4, Reached.NOTHING),
        (5, 0, Reached.TASTER),
        (7, 3, Reached.TASTER),
        (8, 0, Reached.TASTER),
        (8, 1, Reached.START),
        (12, 0, Reached.TASTER),
        (12, 1, Reached.START),
        (12, 2, Reached.COMPOSED),
        (1000, 50, Reached.COMPOSED),
    ],
)
def test_the_highest_line_with_enough_people_and_enough_who_would_host(people, hosts, line):
    assert reached(people, hosts=hosts) == line
