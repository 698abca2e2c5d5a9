"""The first words of an own note in several tabs at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from meetings import noting
from meetings.models.meeting import Meeting
from meetings.models.note import OwnNote
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Outcome


@pytest.mark.django_db(transaction=True)
def test_of_four_first_notes_at_once_one_is_kept_and_the_others_are_told(
    meeting: Meeting, hedy: Person, at_once: Callable[..., Outcome]
) -> None:
    tabs = [partial(noting.write, hedy, meeting, text=f"Tab {number}", revision=0) for number in range(4)]
    outcome = at_once(*tabs)
    assert (len(outcome.results), [type(one) for one in outcome.errors]) == (1, [NotAllowed] * 3)
    assert OwnNote.objects.get().text.startswith("Tab ")
