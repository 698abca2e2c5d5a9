"""Notes for outside: out by the yes of all who were there, gone with the first yes that is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups.models.group import Group, Membership
from meetings import access, releasing
from meetings.models.released import ReleasedNote
from meetings.models.takeaway import Takeaway
from meetings.traces import names_somebody
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.conftest import START, Held, Stopped

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 12)
WORDS = "Write the ladder together with those who climb it."


@pytest.fixture(autouse=True)
def july(clock: Stopped) -> None:
    clock.to(datetime(2026, 7, 1, 12, tzinfo=UTC))


@pytest.fixture
def waiting(program: Program) -> Person:
    """Waits in the pool of the same program, and is in no circle."""
    made = Person.objects.create_user("wanda@example.org", name="Wanda", initials="W")
    Application.objects.create(program=program, person=made, stage="pooled", submitted_at=START)
    return made


@pytest.fixture
def note(held: Held, ada: Person) -> ReleasedNote:
    """Ada asks Grace, who was there too."""
    held(MAY, Ladders="Ada and Grace write it.")
    return releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)


def shown(person: Person) -> list[str]:
    return [one.text for one in access.shared_notes(person)]


def test_it_is_out_with_the_last_yes_and_gone_with_the_first_that_is_taken_back(
    note: ReleasedNote, ada: Person, grace: Person, waiting: Person, stranger: Person
) -> None:
    assert (releasing.standing(note), shown(waiting)) == ("waits", [])
    releasing.answer(note, by=grace, yes=True)
    releasing.answer(note, by=grace, yes=True)
    assert (releasing.standing(note), shown(waiting), shown(grace), shown(stranger)) == ("out", [WORDS], [WORDS], [])
    releasing.answer(note, by=ada, yes=False)
    assert (releasing.standing(note), shown(waiting)) == ("waits", [])


def test_silence_is_a_no_after_fourteen_days(
    note: ReleasedNote, ada: Person, grace: Person, waiting: Person, clock: Stopped
) -> None:
    clock.to(note.open_until)
    assert (releasing.standing(note), shown(waiting)) == ("in", [])
    with pytest.raises(NotAllowed, match="time to say yes is over"):
        releasing.answer(note, by=grace, yes=True)
    again = releasing.propose(note.takeaway, by=ada, text=f"{WORDS} Slowly.")
    assert list(ReleasedNote.objects.all()) == [again]


def test_who_left_the_circle_is_asked_and_reads_the_note_alone(
    note: ReleasedNote, grace: Person, group: Group, client: Client
) -> None:
    Membership.objects.filter(person=grace).update(left_on=date(2026, 6, 1))
    client.force_login(grace)
    page = reverse("meetings:shared_note", args=[note.public_id])
    assert WORDS in client.get(page).content.decode()
    assert client.get(f"/groups/{group.public_id}/takeaways/").status_code == 404
    client.post(page, {"say": "yes"})
    assert releasing.standing(note) == "out"
    client.post(page, {"say": "no"})
    assert releasing.standing(note) == "waits"


def test_the_letter_goes_to_the_others_and_holds_no_word_of_it(note: ReleasedNote, ada: Person) -> None:
    letter = Letter.objects.get(kind="meetings/may_go_out")
    assert letter.to == "grace@example.org"
    for word in (WORDS, "Ladders", "Lisbon 1", "Ada"):
        assert word not in letter.text
    releasing.take_back(note)
    letter.refresh_from_db()
    assert (letter.state, ReleasedNote.objects.count()) == ("cancelled", 0)


@pytest.mark.parametrize("who", ["hedy", "later", "organizer", "superuser", "stranger", "other"])
def test_who_was_not_there_finds_no_note_and_cannot_ask_for_one(
    who: str, note: ReleasedNote, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(Http404):
        access.asked_note(person, note.public_id)
    note.delete()
    with pytest.raises(NotAllowed, match="Only who was at that meeting"):
        releasing.propose(Takeaway.objects.get(), by=person, text=WORDS)


def test_a_second_note_is_not_asked_about_while_one_waits(note: ReleasedNote, grace: Person) -> None:
    with pytest.raises(NotAllowed, match="asked about already"):
        releasing.propose(note.takeaway, by=grace, text="Other words.")


@pytest.mark.parametrize("text", ["Grace said it.", "At Quarry, Inc. they do.", "HEDY and others"])
def test_a_note_that_names_somebody_is_refused_in_the_form(
    text: str, held: Held, ada: Person, grace: Person, hedy: Person, group: Group, program: Program, client: Client
) -> None:
    held(MAY, Ladders="We write it.")
    Application.objects.create(program=program, person=grace, stage="placed", submitted_at=START, company="Quarry")
    client.force_login(ada)
    page = reverse("meetings:release", args=[group.public_id, Takeaway.objects.get().public_id])
    answer = client.post(page, {"text": text})
    assert "names a person or a company" in answer.content.decode()
    assert client.post(page, {"text": "x" * 601}).status_code == 200
    assert not ReleasedNote.objects.exists()
    assert client.post(page, {"text": WORDS}).status_code == 302
    assert client.post(page, {"text": WORDS}).status_code == 200


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We will do it.", False),
        ("Will does it.", True),
        ("WILL", True),
        ("Goodwill grows.", False),
        ("A rock solid plan.", False),
        ("as rock & co do", True),
        ("Al told us.", False),
        ("", False),
    ],
)
def test_names_are_whole_words_with_their_capital_and_companies_whole_words_in_any_case(
    text: str, *, found: bool
) -> None:
    assert names_somebody(text, people=["Will Al"], companies=["Rock & Co", ""]) == found


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(
    count: int,
    held: Held,
    ada: Person,
    waiting: Person,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        held(date(2026, 3, 3 + number), there=(ada,), Ladders="We write it.")
    for takeaway in Takeaway.objects.all():
        releasing.propose(takeaway, by=ada, text=WORDS)
    client.force_login(waiting)
    with django_assert_num_queries(8):
        page = client.get(reverse("meetings:shared_notes")).content.decode()
    assert (page.count(WORDS), "Lisbon 1" in page) == (count, False)


def test_of_a_group_that_was_forgotten_nothing_is_out(note: ReleasedNote, group: Group) -> None:
    note.takeaway.round.board.delete()
    assert not ReleasedNote.objects.exists()
