"""A short search for quality, for tests of who is placed, why not, and that every rule holds."""

import pytest

from groups.composition import search


@pytest.fixture(scope="module")
def few_passes():
    """Every kind of step of the search still runs, its coldest included, but only a few times.

    Nobody is placed or left out by it, and most of the time of a tiny problem goes into it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "passes", lambda placed: 4)
        patch.setattr(search, "DESCENT", 0.4)
        patch.setattr(search, "RESTARTS", 1)
        yield
