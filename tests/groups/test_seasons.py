"""Six meetings are a season; after the fifth its members are asked."""

import pytest

from groups.seasons import is_over, season_to_ask


@pytest.mark.parametrize(
    ("held", "season"), [(0, None), (4, None), (5, 1), (6, None), (10, None), (11, 2), (12, None), (17, 3)]
)
def test_the_fifth_meeting_of_a_season_asks(held, season):
    assert season_to_ask(held) == season


@pytest.mark.parametrize(("season", "held", "over"), [(1, 5, False), (1, 6, True), (2, 11, False), (2, 13, True)])
def test_a_season_is_over_after_six(season, held, over):
    assert is_over(season, held=held) == over
