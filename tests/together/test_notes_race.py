"""The first words of an own note in several tabs, and two notes for outside or a yes to one, at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connections, transaction

from meetings import noting, releasing
from meetings.models.meeting import Meeting
from meetings.models.note import OwnNote
from meetings.models.released import ReleasedNote
from meetings.models.takeaway import Takeaway
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Held, Outcome, Stopped


@pytest.mark.django_db(transaction=True)
def test_of_four_first_notes_at_once_one_is_kept_and_the_others_are_told(
    meeting: Meeting, hedy: Person, at_once: Callable[..., Outcome]
) -> None:
    tabs = [partial(noting.write, hedy, meeting, text=f"Tab {number}", revision=0) for number in range(4)]
    outcome = at_once(*tabs)
    assert (len(outcome.results), [type(one) for one in outcome.errors]) == (1, [NotAllowed] * 3)
    assert OwnNote.objects.get().text.startswith("Tab ")


@pytest.mark.django_db(transaction=True)
def test_of_two_notes_for_outside_at_once_one_is_asked_about(
    held: Held, ada: Person, grace: Person, clock: Stopped, at_once: Callable[..., Outcome]
) -> None:
    clock.to(datetime(2026, 7, 1, 12, tzinfo=UTC))
    held(date(2026, 5, 12), Ladders="We write it.")
    takeaway = Takeaway.objects.get()
    tabs = [partial(releasing.propose, takeaway, by=one, text="Begin small.") for one in (ada, grace, ada)]
    outcome = at_once(*tabs)
    assert (len(outcome.results), [type(one) for one in outcome.errors]) == (1, [NotAllowed] * 2)
    assert ReleasedNote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_while_the_note_is_taken_back_is_refused_and_the_note_is_gone(
    held: Held, ada: Person, grace: Person, clock: Stopped
) -> None:
    clock.to(datetime(2026, 7, 1, 12, tzinfo=UTC))
    held(date(2026, 5, 12), Ladders="We write it.")
    note = releasing.propose(Takeaway.objects.get(), by=ada, text="Begin small.")
    errors: list[Exception] = []

    def back() -> None:
        try:
            releasing.take_back(note)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    beside = threading.Thread(target=back)
    with transaction.atomic():
        releasing.answer(note, by=grace, yes=True)  # and the note is held until this ends
        beside.start()
        beside.join(1)
        assert beside.is_alive()
    beside.join()
    assert (errors, ReleasedNote.objects.count()) == ([], 0)
    with pytest.raises(NotAllowed, match="taken back"):
        releasing.answer(note, by=grace, yes=True)
    assert releasing.standing(releasing.propose(note.takeaway, by=ada, text="Begin small.")) == "waits"
