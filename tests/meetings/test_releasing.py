"""Notes for outside: out by the yes of all who were there, gone with the first yes that is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups.models.group import Group, Membership
from meetings import access, attendance, releasing
from meetings.boxes import Phase
from meetings.models.board import Board
from meetings.models.released import ReleasedNote
from meetings.models.seat import Attendance, Seat
from meetings.models.takeaway import Takeaway
from meetings.traces import names_somebody
from members import leaving
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program, Roster
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


def test_the_same_letter_goes_to_all_its_writer_too_and_holds_no_word_of_it(note: ReleasedNote, ada: Person) -> None:
    letters = Letter.objects.filter(kind="meetings/may_go_out").order_by("to")
    assert [one.to for one in letters] == ["ada@example.org", "grace@example.org"]
    assert letters[0].text == letters[1].text
    for word in (WORDS, "Ladders", "Lisbon 1", "Ada"):
        assert word not in letters[0].text
    releasing.take_back(note)
    releasing.take_back(note)  # in a second tab
    assert ({one.state for one in letters.all()}, ReleasedNote.objects.count()) == ({"cancelled"}, 0)


# Who is asked


def test_before_the_board_is_closed_no_note_is_asked_about(held: Held, ada: Person, grace: Person) -> None:
    board = held(MAY, Ladders="We write it.")
    Board.objects.update(phase=Phase.ROUND)
    Seat.objects.filter(person=grace).update(attendance=Attendance.UNKNOWN)
    with pytest.raises(NotAllowed, match="once the board of this meeting is closed"):
        releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)
    Board.objects.filter(pk=board.pk).update(phase=Phase.CLOSED)
    assert releasing.standing(releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)) == "waits"


def test_of_whom_nobody_has_said_whether_they_were_there_is_asked(
    held: Held, ada: Person, hedy: Person, client: Client
) -> None:
    board = held(MAY, there=(ada,), Ladders="We write it.")
    Seat.objects.create(meeting=board.meeting, person=hedy)
    note = releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)
    assert releasing.standing(note) == "waits"
    client.force_login(hedy)
    client.post(reverse("meetings:shared_note", args=[note.public_id]), {"say": "yes"})
    assert releasing.standing(note) == "out"


def test_at_a_roundtable_who_did_not_say_they_come_is_not_asked(held: Held, ada: Person, hedy: Person) -> None:
    board = held(MAY, there=(ada,), Ladders="We write it.")
    Seat.objects.create(meeting=board.meeting, person=hedy)
    Group.objects.update(roster=Roster.OPEN)
    note = releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)
    with pytest.raises(Http404):
        access.asked_note(hedy, note.public_id)
    assert releasing.standing(note) == "out"


def test_who_is_ticked_absent_stays_asked_about_this_note_and_the_next(
    note: ReleasedNote, ada: Person, grace: Person, clock: Stopped
) -> None:
    clock.to(START + timedelta(days=1))
    seat = Seat.objects.get(person=grace)
    attendance.tick(seat.meeting, {seat.public_id: Attendance.ABSENT}, by=ada)
    assert releasing.standing(note) == "waits"
    releasing.take_back(note)
    again = releasing.propose(note.takeaway, by=ada, text=WORDS)
    assert releasing.standing(again) == "waits"
    assert access.asked_note(grace, again.public_id) == again


def test_who_says_only_later_that_they_were_there_is_asked_and_told(
    held: Held, ada: Person, hedy: Person, clock: Stopped
) -> None:
    clock.to(START + timedelta(days=1))
    board = held(MAY, there=(ada,), Ladders="We write it.")
    seat = Seat.objects.create(meeting=board.meeting, person=hedy, attendance=Attendance.ABSENT)
    note = releasing.propose(Takeaway.objects.get(), by=ada, text=WORDS)
    assert releasing.standing(note) == "out"
    attendance.correct(seat, Attendance.LATE)
    attendance.correct(seat, Attendance.PRESENT)
    assert releasing.standing(note) == "waits"
    assert Letter.objects.filter(kind="meetings/may_go_out", to="hedy@example.org").count() == 1


def test_the_silence_of_who_goes_stays_a_no_and_their_yes_a_yes(
    held: Held, ada: Person, grace: Person, waiting: Person
) -> None:
    for number, yes in enumerate((False, True)):
        board = held(date(2026, 5, 12 + number), Ladders="We write it.")
        note = releasing.propose(Takeaway.objects.get(round__board=board), by=ada, text=f"{WORDS} {yes}")
        if yes:
            releasing.answer(note, by=grace, yes=True)
    Membership.objects.filter(person=grace).delete()
    leaving.erase(grace)
    assert shown(waiting) == [f"{WORDS} True"]


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


@pytest.mark.parametrize(
    "text", ["Grace said it.", "At Quarry, Inc. they do.", "HEDY and others", "In LISBON-1 we do."]
)
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
        ("Jose told us.", True),
        ("JOSE\u0301 did.", True),
        ("Strom flows.", True),
        ("Lisbón 1 meets.", True),
        ("Lisbon 12 meets.", False),
        ("", False),
    ],
)
def test_names_are_whole_words_with_their_capital_and_other_names_whole_words_in_any_case(
    text: str, *, found: bool
) -> None:
    assert names_somebody(text, people=["Will Al", "José Strøm"], phrases=["Rock & Co", "", "Lisbon 1"]) == found


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
