"""The cast, a clock that can be stopped, and threads that start at once."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, connections
from django.urls import get_resolver
from hypothesis import HealthCheck, settings

from groups.models.group import Group, Membership
from meetings import attending, board, calling, filing, seating
from meetings.boxes import Phase
from meetings.models.board import Board, Round, Topic, TopicState
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.seat import Answer, Attendance, Seat, State, Via
from meetings.models.takeaway import Takeaway
from members.models.person import Person
from members.models.program import Organizer, Program, Roster
from roundtable import clock as clock_module
from tests import migrated

# How fast a busy machine draws examples is no property of ours.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

START = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
Guests = Callable[[int], list[Seat]]
Say = Callable[[Seat, str], Seat]
Held = Callable[..., Board]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end. Looking through it again and again took a tenth of the time.

    The addresses as well: which there are is read from the settings once, and a test may change those.
    """
    get_resolver().url_patterns  # noqa: B018 -- reading it loads them
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database is a copy of one that is migrated."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()


@dataclass
class Stopped:
    """A clock that stands until it is moved."""

    moment: datetime = START - timedelta(days=7)

    def now(self) -> datetime:
        return self.moment

    def to(self, moment: datetime) -> None:
        self.moment = moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Stopped:
    """Stands a week before the meeting; the database's clock stands with it."""
    stopped = Stopped()
    tell_time(monkeypatch, stopped.now)
    return stopped


def tell_time(patch: pytest.MonkeyPatch, now: Callable[[], datetime]) -> None:
    """To everybody who asks this machine or the database."""
    patch.setattr(clock_module, "now", now)
    patch.setattr(clock_module, "database_now", now)
    patch.setattr(clock_module, "of_database", lambda moment: now())


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    def make(name: str, **fields: object) -> Person:
        return Person.objects.create_user(f"{name.lower()}@example.org", name=name, initials=name[0], **fields)

    return make


@pytest.fixture
def program(db: None) -> Program:
    return Program.objects.create(slug="cto", name="CTO circles")


@pytest.fixture
def group(program: Program) -> Group:
    return Group.objects.create(
        program=program, name="Lisbon 1", mode="video", zone="Europe/Lisbon", window=36, sealed_at=START
    )


@pytest.fixture
def join(group: Group) -> Callable[..., Person]:
    def make(person: Person, joined_on: date = date(2026, 1, 1), left_on: date | None = None) -> Person:
        Membership.objects.create(group=group, person=person, joined_on=joined_on, left_on=left_on)
        return person

    return make


@pytest.fixture
def ada(person: Callable[..., Person], join: Callable[..., Person]) -> Person:
    """Facilitates the meeting."""
    return join(person("Ada"))


@pytest.fixture
def grace(person: Callable[..., Person], join: Callable[..., Person]) -> Person:
    """Keeps the time."""
    return join(person("Grace"))


@pytest.fixture
def hedy(person: Callable[..., Person], join: Callable[..., Person]) -> Person:
    """A member without a role."""
    return join(person("Hedy"))


@pytest.fixture
def later(person: Callable[..., Person], join: Callable[..., Person]) -> Person:
    """Joined after the meeting was held."""
    return join(person("Later"), joined_on=date(2026, 6, 1))


@pytest.fixture
def former(person: Callable[..., Person], join: Callable[..., Person]) -> Person:
    """Has left the group."""
    return join(person("Former"), left_on=date(2026, 3, 1))


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Person:
    """Signed in, and in no group."""
    return person("Stranger")


@pytest.fixture
def organizer(person: Callable[..., Person], program: Program) -> Person:
    """Organizes the program, and sits in no circle of it."""
    made = person("Organizer", is_staff=True)
    Organizer.objects.create(program=program, person=made)
    return made


@pytest.fixture
def both(person: Callable[..., Person], program: Program, join: Callable[..., Person]) -> Person:
    """Organizes the program and sits in the circle."""
    made = join(person("Both", is_staff=True))
    Organizer.objects.create(program=program, person=made)
    return made


@pytest.fixture
def superuser(person: Callable[..., Person]) -> Person:
    """Runs the site."""
    return person("Root", is_staff=True, is_superuser=True)


@pytest.fixture
def other(person: Callable[..., Person], program: Program) -> Person:
    """A member of another circle of the same program."""
    elsewhere = Group.objects.create(
        program=program, name="Porto 1", mode="video", zone="Europe/Lisbon", window=36, sealed_at=START
    )
    made = person("Other")
    Membership.objects.create(group=elsewhere, person=made, joined_on=date(2026, 1, 1))
    return made


@pytest.fixture
def meeting(group: Group, ada: Person, grace: Person, hedy: Person) -> Meeting:
    """Ninety minutes of lean coffee, with everybody coming."""
    made = Meeting.objects.create(
        group=group,
        occurrence_date=START.date(),
        local_date=START.date(),
        local_time=START.time(),
        zone="UTC",
        minutes=90,
        starts_at=START,
        ends_at=START + timedelta(minutes=90),
    )
    for person in (ada, grace, hedy):
        Seat.objects.create(meeting=made, person=person, state=State.COMING)
    MeetingRole.objects.create(meeting=made, role=Role.FACILITATOR, person=ada)
    MeetingRole.objects.create(meeting=made, role=Role.TIMEKEEPER, person=grace)
    return made


@pytest.fixture
def table(meeting: Meeting) -> Board:
    """The board of that meeting, before it begins."""
    return board.prepare(meeting)


@pytest.fixture
def gathered(table: Board, clock: Stopped, ada: Person, grace: Person, hedy: Person) -> Board:
    """The same at the start, with all three here."""
    clock.to(START)
    for person in (ada, grace, hedy):
        attending.here(table, by=person)
    return table


def everybody_says_yes(group: Group) -> None:
    """To a file of what the circle keeps."""
    for membership in group.memberships.all():
        filing.say(membership, yes=True)


@pytest.fixture
def held(group: Group, ada: Person, grace: Person) -> Held:
    """A meeting on a day that is over: topics of Ada with what was kept of each, none where it was not talked about."""

    def make(on: date, *, there: tuple[Person, ...] = (ada, grace), **kept: str | None) -> Board:
        starts_at = datetime.combine(on, time(18), UTC)
        meeting = Meeting.objects.create(
            group=group,
            occurrence_date=on,
            local_date=on,
            local_time=time(18),
            zone="UTC",
            minutes=90,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
        )
        for person in there:
            Seat.objects.create(meeting=meeting, person=person, state=State.COMING, attendance=Attendance.PRESENT)
        times = {"starts_at": starts_at, "closing_at": starts_at, "ends_at": meeting.ends_at}
        table = Board.objects.create(meeting=meeting, phase=Phase.CLOSED, **times)
        for title, text in kept.items():
            bring(table, title, text)
        return table

    def bring(table: Board, title: str, text: str | None) -> None:
        state = TopicState.OFFERED if text is None else TopicState.DISCUSSED
        topic = Topic.objects.create(board=table, title=title, note="a note", sponsor=ada, state=state)
        if text is not None:
            number = Round.objects.filter(board=table).count() + 1
            times = {"opened_at": table.starts_at, "closed_at": table.ends_at}
            talk = Round.objects.create(board=table, topic=topic, number=number, sponsor=ada, **times)
            Takeaway.objects.create(round=talk, written_by=ada, written_at=table.ends_at, text=text)

    return make


@pytest.fixture
def host(person: Callable[..., Person]) -> Person:
    """Leads the roundtable below."""
    return person("Host")


@pytest.fixture
def roundtable(program: Program, host: Person) -> Meeting:
    """One date of an open group, three weeks ahead: its host has a seat, and nobody else has been asked."""
    table = Group.objects.create(
        program=program,
        name="Lisbon roundtable",
        roster=Roster.OPEN,
        mode="video",
        zone="Europe/Lisbon",
        window=36,
        sealed_at=START,
    )
    return calling.open_date(table, on=START.date() + timedelta(days=14), host=host)


@pytest.fixture
def guests(roundtable: Meeting, person: Callable[..., Person]) -> Guests:
    """The seats of so many people of the pool, asked in the order of their names: A, B, C ..."""

    def make(count: int) -> list[Seat]:
        people = [person(chr(ord("A") + number % 26) + "x" * (number // 26)) for number in range(count)]
        calling.invite_pool(roundtable, people)
        return [roundtable.seats.get(person=one) for one in people]

    return make


@pytest.fixture
def two(roundtable: Meeting) -> Meeting:
    """The same with the host's seat and one more."""
    roundtable.cap = 2
    roundtable.save()
    return roundtable


@pytest.fixture
def say(clock: Stopped) -> Say:
    """Each answer comes a second after the one before."""

    def answer(seat: Seat, words: str) -> Seat:
        clock.forward(seconds=1)
        return seating.respond(seat, Answer(words), via=Via.LINK, received_at=clock.now())

    return answer


@dataclass
class Outcome:
    """What the threads brought: results and refusals."""

    results: list[object] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


@pytest.fixture
def at_once() -> Callable[..., Outcome]:
    """Runs the calls in threads that start together, with one connection each."""

    def run(*calls: Callable[[], object]) -> Outcome:
        outcome, barrier = Outcome(), threading.Barrier(len(calls))

        def one(call: Callable[[], object]) -> None:
            try:
                connection.ensure_connection()
                barrier.wait()
                outcome.results.append(call())
            except Exception as error:
                outcome.errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcome

    return run
