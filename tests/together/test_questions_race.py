"""Six questions at once are five."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from members import tending
from members.models.person import Person
from members.models.program import Program
from roundtable.errors import NotAllowed


@pytest.mark.django_db(transaction=True)
def test_six_questions_at_once_are_five(
    program: Program, person: Callable[..., Person], at_once: Callable[..., Any]
) -> None:
    olga = person("Olga")
    asking = [partial(tending.ask, program, text=f"{n}?", readers="organizers", by=olga) for n in range(6)]
    outcome = at_once(*asking)
    assert [type(error) for error in outcome.errors] == [NotAllowed]
    assert sorted(program.own_questions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
