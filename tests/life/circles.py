"""Circles live for two years: by the real actions and by all that the schedule runs, on a clock that jumps from
one moment that matters to the next. Who comes, who is silent and who brings a topic follows the model of
docs/decisions/0007; half of the circles fail by it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from groups import backfilling, closing, inviting, renewing, repairing, sabbaticals, sealing
from groups.consent import Answer
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.group import Group, Membership, Why
from groups.models.invitation import Invitation
from groups.models.question import Question
from groups.models.question import State as QuestionState
from groups.renewing import Confirmed
from groups.seasons import Word
from meetings import attendance, attending, board, health, promising, seating, sitting, swapping, topics
from meetings.models.board import Board, Topic, TopicState
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.seat import Answer as Coming
from meetings.models.seat import Attendance, Seat, Via
from meetings.models.seat import State as SeatState
from meetings.models.takeaway import Promise
from meetings.promising import Word as Told
from meetings.roleplan import Duty
from members.models.application import Application
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.celery import app
from roundtable.errors import NotAllowed
from tests.conftest import Stopped
from tests.groups.conftest import THURSDAY_17, applicant

BEGIN = datetime(2026, 1, 7, 15, tzinfo=UTC)
LATER = BEGIN + timedelta(weeks=4)
END = BEGIN + timedelta(days=2 * 365)
EIGHT = 8
HEALTHY, HOLIDAY, SILENT, COLLAPSE = 0.88, 0.80, 0.15, 3
LEAVES, PAUSES = 0.03, 0.02  # of the members, after each meeting
WORD = "Quarryfalcon"  # of every topic, takeaway and promise
BEFORE = (28, 21, 14, 7, 4, 2, 1)  # days before a meeting at which something falls due
app.loader.import_default_modules()  # as a worker does at its start
SCHEDULE = [  # all that tends circles; what tends the pool and the outbox has nothing to do with them
    entry["task"]
    for entry in app.conf.beat_schedule.values()
    if entry["task"].startswith(("groups.", "meetings."))
    and entry["task"] not in ("groups.tasks.look_for_hints", "groups.tasks.look_at_pools")
]


@dataclass
class Fate:
    """How one circle fares: from which of its meetings on it loses how much, None if it never fails."""

    fails_from: int | None
    drop: float
    held: int = 0
    ambers: list[int] = field(default_factory=list)  # the meetings before which it was amber
    collapsed: int | None = None  # the meeting at which three or fewer came

    def lost(self) -> float:
        """At the meeting to come."""
        return 0.0 if self.fails_from is None else self.drop * max(0, self.held + 2 - self.fails_from)

    def likely(self, on: datetime) -> float:
        """That a member comes. In July and in December people are away."""
        return max(0.0, (HOLIDAY if on.month in (7, 12) else HEALTHY) - self.lost())


@dataclass
class Life:
    """The program, its circles and what is noted of them."""

    clock: Stopped
    chance: random.Random
    program: Program
    organizer: Person
    fates: dict[int, Fate] = field(default_factory=dict)  # by the key of the circle
    steps: int = 0
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by the rule that was broken
    made: int = 0
    later: list[int] = field(default_factory=list)  # the numbers of the circles that begin four weeks after the others
    looked_at: datetime | None = None
    amber: set[int] = field(default_factory=set)  # at that moment, by the keys of the circles

    def key(self) -> UUID:
        self.made += 1
        return UUID(int=self.made)

    def to(self, moment: datetime) -> None:
        """The schedule has run, as it does every few minutes, and the rules hold."""
        self.clock.to(moment)
        for name in SCHEDULE:
            app.tasks[name].apply(throw=True)
        for invitation in Invitation.objects.filter(state="sent", draft__group__closed_at=None):
            inviting.respond(invitation, Answer.YES, received_at=moment)  # to a free seat, where a circle wanted them
        self.steps += 1

    def living(self) -> list[Group]:
        return list(Group.objects.filter(closed_at=None).order_by("pk"))


def begun(clock: Stopped, *, seed: int, circles: int, later: int = 0) -> Life:
    """A program, and circles that said yes: so many of them four weeks `later`. As many people wait in the pool."""
    clock.to(BEGIN)
    shape = {"size_min": 5, "size_target": EIGHT, "size_max": 9, "willing_min": 1, "every_weeks": 8}
    program = Program.objects.create(slug="circles", name="Learning circles", **shape)
    CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=BEGIN.date())
    organizer = Person.objects.create_user("olga@example.org", name="Olga", initials="O", is_staff=True)
    Organizer.objects.create(program=program, person=organizer)
    life = Life(clock, random.Random(seed), program, organizer)  # noqa: S311 - repeatable on purpose
    for number in range(circles - later):
        found(life, number)
    life.later = list(range(circles - later, circles))
    if not life.later:
        fill_pool(life)
    return life


def found(life: Life, number: int) -> None:
    """One circle of eight, asked and sealed."""
    composition = Composition.objects.create(program=life.program, progress=Progress.DONE, zone="America/New_York")
    place = {"mode": "video", "zone": "America/New_York", "window": THURSDAY_17}
    draft = DraftGroup.objects.create(composition=composition, number=1, **place)
    for one in range(EIGHT):
        asked = applicant(life.program, f"Member{number:02d}x{one} Sits")
        Invitation.objects.create(draft=draft, application=asked)
    inviting.release(draft, by=life.organizer)
    for invitation in draft.invitations.order_by("pk"):
        inviting.respond(invitation, Answer.YES, received_at=life.clock.now())
    group = Group.objects.filter(draft=draft).first() or sealing.seal(draft, by=life.organizer)
    fails = life.chance.randint(3, 7) if number % 2 else None
    life.fates[group.pk] = Fate(fails, life.chance.uniform(0.05, 0.10))


def lived(life: Life, watch: Callable[[Life], None]) -> None:
    """Moment by moment to the end; at each of them, once the schedule has run, somebody looks at everything."""
    done: set[tuple[int, int]] = set()
    while (moment := next_moment(life, done)) and moment[0] < END:
        at, days, meetings = moment
        if life.later and at > LATER:
            begin_later(life)
            continue
        life.to(at)
        watch(life)
        for meeting in meetings:
            done.add((meeting.pk, days))
        ACTS[days](life, meetings)
    life.to(END)
    watch(life)


def begin_later(life: Life) -> None:
    """The second half begins while the first one lives already."""
    life.clock.to(LATER)
    while life.later:
        found(life, life.later.pop(0))
    fill_pool(life)


def fill_pool(life: Life) -> None:
    """As many wait as there are circles, once these have formed: nobody of them is wanted for a first seat."""
    for number in range(len(life.fates)):
        applicant(life.program, f"Pool{number:03d} Waits")


def next_moment(life: Life, done: set[tuple[int, int]]) -> tuple[datetime, int, list[Meeting]] | None:
    """The earliest of all that is still to come at the dates that are planned, with the meetings that it is of."""
    near = Meeting.objects.exclude(state=State.CANCELLED).filter(starts_at__gt=life.clock.now() - timedelta(days=2))
    found: dict[tuple[datetime, int], list[Meeting]] = defaultdict(list)
    for meeting in near.select_related("group").order_by("starts_at", "pk"):
        for days in ACTS:
            at = moment_of(meeting, days)
            if at >= life.clock.now() and (meeting.pk, days) not in done:
                found[at, days].append(meeting)
    if not found:
        return None
    at, days = min(found, key=lambda pair: (pair[0], -pair[1]))
    return at, days, found[at, days]


def moment_of(meeting: Meeting, days: int) -> datetime:
    """Days before the start; 0 is the start, -1 the next morning in New York."""
    if days >= 0:
        return meeting.starts_at - timedelta(days=days)
    return (meeting.starts_at + timedelta(days=1)).replace(hour=14, minute=0)


def nothing(life: Life, meetings: list[Meeting]) -> None:
    """Only the schedule runs."""


def each(act: Callable[[Life, Meeting], None]) -> Callable[[Life, list[Meeting]], None]:
    def acts(life: Life, meetings: list[Meeting]) -> None:
        for meeting in meetings:
            act(life, meeting)

    return acts


def agrees(life: Life, meeting: Meeting) -> None:
    """Two weeks before: whoever has a role says yes to it, unless they are silent."""
    for role in meeting.roles.filter(accepted_at=None).select_related("person").order_by("pk"):
        if life.chance.random() >= SILENT + life.fates[meeting.group_id].lost():
            swapping.accept(meeting, Duty(role.role), by=role.person)


def answers(life: Life, meeting: Meeting) -> None:
    """Four days before: who speaks says whether they will come; half of the members bring a topic."""
    fate, now = life.fates[meeting.group_id], life.clock.now()
    likely = fate.likely(meeting.starts_at)
    for seat in expected(meeting):
        if life.chance.random() >= SILENT + fate.lost():
            word = Coming.YES if life.chance.random() < likely else Coming.NO
            seating.respond(seat, word, via=Via.PAGE, received_at=now)
    table = board.prepare(meeting)
    waiting = Topic.objects.filter(board=table, state=TopicState.OPEN)
    people = {seat.person_id: seat.person for seat in expected(meeting)}
    for topic in waiting:  # it was not talked about, and is no news
        if topic.sponsor_id in people:
            topics.withdraw(table, by=people[topic.sponsor_id], topic=topic.public_id)
    for seat in expected(meeting):
        if life.chance.random() < 0.5 * likely / HEALTHY:
            topics.propose(table, by=seat.person, title=WORD, note="", hidden=False, key=life.key())


def looked_at(life: Life, meeting: Meeting) -> None:
    """Two days before: is the circle amber to its organizer?"""
    fate = life.fates[meeting.group_id]
    if meeting.group_id in ambers(life):
        fate.ambers.append(fate.held + 1)


def ambers(life: Life) -> set[int]:
    """The circles that are amber at this moment; asked once for all that meet on one day."""
    if life.looked_at != life.clock.now():
        life.looked_at = life.clock.now()
        life.amber = {one.group.pk for one in health.of_organizer(life.organizer) if one.judged.amber}
    return life.amber


def meet(life: Life, meetings: list[Meeting]) -> None:
    """All circles of this hour: who comes is there on time, and two minutes later it begins."""
    came = [(meeting, arrive(life, meeting)) for meeting in meetings]
    life.clock.forward(minutes=2)
    for meeting, people in came:
        if people:
            sit_down(meeting, people)
        fate = life.fates[meeting.group_id]
        fate.held += 1
        if fate.collapsed is None and len(people) <= COLLAPSE:
            fate.collapsed = fate.held


def arrive(life: Life, meeting: Meeting) -> list[Person]:
    fate, table = life.fates[meeting.group_id], table_of(meeting)
    came = [seat.person for seat in expected(meeting) if is_there(life, seat, fate)]
    for person in came:
        attending.here(table, by=person)
    return came


def sit_down(meeting: Meeting, came: list[Person]) -> None:
    """Who leads begins, closes after the last box, and says who was missing. Without them somebody takes over."""
    table = table_of(meeting)
    leader = MeetingRole.objects.filter(meeting=meeting, role=Role.FACILITATOR, person__in=came).first()
    by = leader.person if leader else came[0]
    sitting.advance(table)
    if not leader:
        attending.take_over(table, by=by)
    if board.has_begun(meeting):  # it waits for a second one
        promise(table, came)
    board.close(table, by=by, step=Board.objects.get(pk=table.pk).step)
    missing = [seat for seat in expected(meeting) if seat.person not in came]
    said = {True: Attendance.EXCUSED, False: Attendance.ABSENT}
    attendance.tick(meeting, {one.public_id: said[one.state == SeatState.NOT_COMING] for one in missing}, by=by)


def promise(table: Board, came: list[Person]) -> None:
    """Each says what came of what they promised, every second that it goes on; and each promises one thing more."""
    for number, person in enumerate(came):
        for made in Promise.objects.open_at(table).filter(person=person):
            promising.tell(table, by=person, promise=made.public_id, word=Told.CARRIED if number % 2 else Told.DONE)
        promising.promise(table, by=person, text=WORD)


def table_of(meeting: Meeting) -> Board:
    return Board.objects.select_related("meeting__group").get(meeting=meeting)


def expected(meeting: Meeting) -> list[Seat]:
    return list(meeting.seats.exclude(state=SeatState.EXCUSED).select_related("person").order_by("pk"))


def is_there(life: Life, seat: Seat, fate: Fate) -> bool:
    """Who said yes or no keeps to it; of the silent some come."""
    if seat.state == SeatState.INVITED:
        return life.chance.random() < fate.likely(seat.meeting.starts_at)
    return seat.state == SeatState.COMING


def goes_on(life: Life, meeting: Meeting) -> None:
    """The next morning: people leave or pause, words are given, free seats are filled; what died is closed."""
    group = Group.objects.get(pk=meeting.group_id)
    if group.closed_at is not None:
        return
    if life.fates[group.pk].collapsed is not None:
        closing.close(group, by=life.organizer, why=Why.DIED)
        return
    for membership in current(life, group):
        if life.chance.random() < LEAVES:
            repairing.leave(membership, back_to_pool=False)
        elif life.chance.random() < PAUSES:
            pause(membership)
    renew(life, group)
    fill(life, group)


def current(life: Life, group: Group) -> list[Membership]:
    return list(group.memberships.on(life.clock.now().date()).select_related("person", "group").order_by("pk"))


def pause(membership: Membership) -> None:
    if not membership.sabbaticals.running().exists():
        sabbaticals.begin(membership, meetings=2)


def renew(life: Life, group: Group) -> None:
    """Who is asked how it goes on after a season says so: nearly all stay."""
    for question in Question.objects.filter(group=group, kind="renewal", state=QuestionState.OPEN):
        for membership in current(life, group):
            word = Word.OUT if life.chance.random() < 2 * LEAVES else Word.ON
            known = Application.objects.get(person=membership.person, program=life.program)
            confirmed = Confirmed(known.company, known.place_text, 1)
            now = life.clock.now()
            renewing.say(question, word, by=membership, confirmed=confirmed, received_at=now)


def fill(life: Life, group: Group) -> None:
    """The organizer shows the circle a card for each seat that is free."""
    free = EIGHT - len(current(life, group))
    if free <= 0:
        return
    for candidate in backfilling.could_join(group)[:free]:
        try:
            backfilling.propose(group, candidate, by=life.organizer)
        except NotAllowed:
            return  # asked about something else, or three cards already


ACTS = {
    **dict.fromkeys(BEFORE, nothing),
    14: each(agrees),
    4: each(answers),
    2: each(looked_at),
    0: meet,
    -1: each(goes_on),
}
