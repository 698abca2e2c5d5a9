"""Two sweeps at once write a word in private once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from groups.models.nudge import Nudge
from meetings import nudging
from meetings.models.seat import Attendance
from roundtable.outbox.models import Letter
from tests.meetings.conftest import Made, made  # noqa: F401 - the fixture
from tests.meetings.test_nudging import KIND, ahead


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_are_one_word(made: Made, at_once: Callable[..., Any]) -> None:  # noqa: F811 - the fixture
    ahead(made("Fading", (8, 5, 4), missed=Attendance.EXCUSED), 7)
    outcome = at_once(*[nudging.nudge_due] * 3)
    assert (sorted(outcome.results), outcome.errors) == ([0, 0, 1], [])
    assert (Nudge.objects.count(), Letter.objects.filter(kind=KIND).count()) == (1, 1)
