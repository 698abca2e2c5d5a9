"""The dates of roundtables as an organizer sets them: day, hour, host, seats, format, theme and who gives a talk.

Lock order: program, group, meeting, seat, entry. Every letter is written in the transaction of its act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from groups import hosting, sealing
from groups.models.group import Group
from meetings import cadence, calling, seating, shortening, tasters
from meetings.models.meeting import THEME, Format, Meeting
from meetings.models.seat import Seat, State
from members import pools
from members.models.application import Mode
from members.models.person import Person
from members.models.program import Program, Roster
from members.pools import Place
from members.weekhours import PER_DAY
from roundtable import audit, clock
from roundtable.errors import NotAllowed

AHEAD = timedelta(days=366)
HALF_HOUR = 30
NO_SEAT = (
    "Nobody can be named for a talk without a seat, and there is none to take now. Let them answer the letter first."
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Where dates can be set: its name, the clock they are on, who waits there, and its roundtable, if there is one."""

    place: Place
    zone: str
    people: tuple[Person, ...]
    group: Group | None

    @property
    def key(self) -> str:
        """How a form names it."""
        name, by_video = self.place
        return f"{'video' if by_video else 'room'}:{name}"

    @property
    def words(self) -> str:
        name, by_video = self.place
        return f"{name}, {'by video' if by_video else 'in person'}"


@dataclass(frozen=True, slots=True)
class Told:
    """What an organizer says of one date besides its time."""

    cap: int
    theme: str = ""
    presenter: Person | None = None
    form: Format | None = None  # as it is, where nothing is said


def pools_to_set(program: Program, by: Person, *, now: datetime) -> list[Pool]:
    """The pools in which this organizer may set a date, by name: of an open program all of them, of a program of
    circles those that have a roundtable already; a chapter has its own city. Four queries.
    """
    waiting = pools.waiting_by_place(program, now=now)
    groups = groups_by_pool(program, by, now=now)
    may = set(groups) | (set(waiting) if program.roster == Roster.OPEN else set())
    cities = None if _has_all(program, by) else {metro for key, metro in by.roles if key == program.pk}
    places = [place for place in may if cities is None or (place[0] in cities and not place[1])]
    return [_pool(place, waiting.get(place, ()), groups.get(place)) for place in sorted(places)]


def groups_by_pool(program: Program, by: Person, *, now: datetime) -> dict[Place, Group]:
    """The open groups of a program that this organizer looks after, by the pool they ask; the oldest of each."""
    groups = Group.objects.organized_by(by).filter(program=program, roster=Roster.OPEN, closed_at=None)
    found: dict[Place, Group] = {}
    for group in groups.select_related("offer").order_by("pk"):
        found.setdefault(hosting.pool_name(group, now=now), group)
    return found


def hosts(program: Program) -> list[Person]:
    """Who may host anywhere in a program: whoever organizes it, all of it or a city."""
    people = Person.objects.filter(is_active=True, organizing__program=program)
    return list(people.distinct().order_by("name", "pk"))


@transaction.atomic
def set_date(program: Program, pool: Pool, *, on: date, at: time, host: Person, told: Told, by: Person) -> Meeting:
    """A date of the pool's roundtable, made where there is none. Raises NotAllowed with what stands against it.

    The host and who gives a talk have seats; everybody else is asked three weeks before, or when the organizer says so.
    """
    now = clock.now()
    if host not in pool.people and host not in hosts(program):
        raise NotAllowed("A host waits in this pool, or organizes the program: choose another one.")
    refuse_time(on, at, pool.zone, now=now)
    group = pool.group or _begun(program, pool, on=on, at=at, now=now)
    meeting = calling.open_date(group, on=on, at=at, host=host, cap=_cap(told.cap), theme=_theme(told.theme))
    held = seating.locked(meeting.pk)
    shortening.choose(held, told.form, now=now)
    present(held, told.presenter, now=now)
    audit.note(by, "set a date", meeting.about)
    meeting.refresh_from_db()
    return meeting


@transaction.atomic
def change(meeting: Meeting, *, told: Told, by: Person) -> Meeting:
    """Other seats, another theme or talk. More seats go down the line at once; fewer unseat nobody, and none is offered
    until there are fewer people than seats. Raises NotAllowed when late.
    """
    meeting, now = seating.locked(meeting.pk), clock.now()
    seating.refuse_late(meeting, now)
    meeting.cap, meeting.theme = _cap(told.cap), _theme(told.theme)
    meeting.save(update_fields=["cap", "theme"])
    shortening.choose(meeting, told.form, now=now)
    seating.settle(meeting, now=now, over_at=now)
    seating.offer_freed(meeting, now=now)
    present(meeting, told.presenter, now=now)
    audit.note(by, "changed a date", meeting.about)
    return meeting


@transaction.atomic
def ask(meeting: Meeting, *, by: Person) -> int:
    """Everybody who waits in the pool and was not asked gets a letter now. How many. Raises NotAllowed when late."""
    count = calling.invite_pool(meeting, tasters.everybody(meeting.group, now=clock.now()))
    audit.note(by, "asked the pool", meeting.about, count=count)
    return count


def refuse_time(on: date, at: time, zone: str, *, now: datetime) -> None:
    """Raises NotAllowed for the night, a moment that is over or does not exist, and for more than a year ahead."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if on < today:
        raise NotAllowed("This date is over: choose one that is still to come.")
    if on > today + AHEAD:
        raise NotAllowed("This date is more than a year ahead: choose a nearer one.")
    starts_at = cadence.instant(on, at, zone)
    if starts_at <= now:
        raise NotAllowed("This date is over: choose one that is still to come.")
    if starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != datetime.combine(on, at):
        raise NotAllowed(f"{cadence.odd_hour(on, at, zone)} Choose another time.")


def present(meeting: Meeting, person: Person | None, *, now: datetime) -> None:
    """Who gives the talk, or nobody: they have a seat, or take a free one. It gives no right. The caller holds the
    meeting. Raises NotAllowed where no seat can be taken, or they have said no.
    """
    if person is not None and meeting.presenter_id != person.pk:
        _take_seat(meeting, person, now=now)
    meeting.presenter = person
    meeting.save(update_fields=["presenter"])


def _take_seat(meeting: Meeting, person: Person, *, now: datetime) -> None:
    key = meeting.seats.filter(person=person).values_list("pk", flat=True).first()
    if key is None:
        key = Seat.objects.create(meeting=meeting, person=person).pk
    seat = seating.seat_of(meeting, key)
    if seat.state == State.COMING:
        return
    is_open = seat.state in (State.INVITED, State.TENTATIVE)
    if not is_open or not seating.standing(seat, now=now).free:
        raise NotAllowed(NO_SEAT)
    seat.answered_at = now
    seating.take(seat, received_at=now, now=now)


def _pool(place: Place, waiting: Sequence[tuple[object, str]], group: Group | None) -> Pool:
    zones = Counter(zone for _, zone in waiting if zone)
    usual = min(zones, key=lambda zone: (-zones[zone], zone), default="UTC")
    people = tuple(one.person for one, _ in waiting)  # type: ignore[attr-defined] # applications, with their people
    return Pool(place, group.zone if group else usual, people, group)


def _begun(program: Program, pool: Pool, *, on: date, at: time, now: datetime) -> Group:
    """The roundtable of a pool that had none. Raises NotAllowed if somebody else has begun one meanwhile."""
    name, by_video = pool.place
    called = sealing.free_name(program, f"{name} roundtable")  # holds the program: one group of a pool at a time
    mode, metro = (Mode.VIDEO, "") if by_video else (Mode.IN_PERSON, name)
    others = Group.objects.filter(program=program, roster=Roster.OPEN, closed_at=None).select_related("offer")
    if any(hosting.pool_name(group, now=now) == pool.place for group in others):
        raise NotAllowed("This pool has got its first date a moment ago, or in another tab. Look at it, and try again.")
    return Group.objects.create(
        program=program,
        name=called,
        roster=Roster.OPEN,
        mode=mode,
        metro=metro,
        zone=pool.zone,
        window=on.weekday() * PER_DAY + (at.hour * 60 + at.minute) // HALF_HOUR,
        sealed_at=now,
    )


def _cap(cap: int) -> int:
    if not 1 <= cap <= 12:
        raise NotAllowed("A roundtable has 1 to 12 seats.")
    return cap


def _theme(theme: str) -> str:
    """On one line. Raises NotAllowed for one that is too long."""
    words = " ".join(theme.split())
    if len(words) > THEME:
        raise NotAllowed(f"A theme has at most {THEME} characters.")
    return words


def _has_all(program: Program, by: Person) -> bool:
    return by.is_superuser or program.pk in by.whole_programs
