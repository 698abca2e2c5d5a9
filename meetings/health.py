"""How the circles of an organizer are: dates and counts of many groups in a few statements, judged by vitals.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from groups.models.group import Group, Membership
from meetings import counting, vitals
from meetings.models.meeting import EarlierTime, Meeting, MeetingRole, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import THERE, Attendance, Seat, SeatAnswer, State
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, moments

PAST = timedelta(weeks=104)  # twelve meetings at eight weeks and some that fell out
SHOWN = 8  # meetings of the picture
COUNTED = ("meeting", "expected", "said", "present", "late", "coming", "unanswered", "missed")  # of the seats, in turn
A_MONTH = 30  # days, of a monthly rhythm
BAD = [vitals.Light.RED, vitals.Light.AMBER]
ASKED = timedelta(days=vitals.ASKED_BEFORE)
Kind = tuple[int, str, str]  # of a circle: program, mode and place
Small = defaultdict[Kind, list[Group]]


@dataclass
class Seats:
    """The seats of one meeting as numbers, without those on a sabbatical."""

    expected: int = 0
    said: int = 0  # of whom somebody said whether they were there
    present: int = 0
    late: int = 0
    coming: int = 0
    unanswered: int = 0  # today
    silent: int = 0  # three days before; counted of the last meeting that somebody spoke of
    missed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Cell:
    """One past meeting in the picture: how many came, of how many, and its light; unknown where nobody said it."""

    meeting: Meeting
    came: int
    of: int
    light: vitals.Light

    @property
    def day(self) -> str:
        """As people read it. Made here: a page of a hundred circles has eight hundred."""
        on = self.meeting.local_date
        return f"{on.day} {moments.MONTHS[on.month - 1]} {on.year}"

    @property
    def iso(self) -> str:
        return self.meeting.local_date.isoformat()


@dataclass(frozen=True)
class Health:
    """One circle, ready to be shown: numbers and lights."""

    group: Group
    members: int
    next: Meeting | None
    ahead: vitals.Next | None  # the same in numbers
    cells: list[Cell]  # oldest first
    judged: vitals.Vitals

    @property
    def next_day(self) -> str:
        """The next date as people read it; empty without one."""
        on = self.next.local_date if self.next else None
        return f"{on.day} {moments.MONTHS[on.month - 1]}" if on else ""

    @property
    def leaderless(self) -> bool:
        """Whether nobody leads the next date although it is a week away or less."""
        return self.ahead is not None and self.ahead.led_by is None and self.ahead.days <= vitals.A_WEEK

    @property
    def missing(self) -> int:
        """So many of the eight fields stay empty."""
        return SHOWN - len(self.cells)

    @property
    def signs(self) -> list[tuple[vitals.Sign, vitals.Light]]:
        """Those that are not as they should be, red before amber."""
        shown = [(sign, light) for sign, light in self.judged.lights.items() if light in BAD]
        return sorted(shown, key=lambda pair: BAD.index(pair[1]))


@dataclass(frozen=True)
class Facts:
    """What was read of many circles, by the keys of groups and meetings."""

    members: Counter[int]
    meetings: dict[int, list[Meeting]]  # of each group, oldest first
    seats: dict[int, Seats]
    leaders: dict[int, int]
    talked: dict[int, counting.Talked]
    topics: Counter[int]
    remembered: dict[int, counting.Remembered]


def of_organizer(person: Person) -> list[Health]:
    """All living circles that this organizer looks after, those in danger first."""
    return of_groups(Group.objects.organized_by(person))


def of_groups(groups: QuerySet[Group]) -> list[Health]:
    """The living circles among these groups, those in danger first; the statements do not grow."""
    living = groups.filter(roster=Roster.FIXED, closed_at=None)
    found = list(living.select_related("program", "cadence").order_by("name", "pk"))
    now = clock.now()
    facts = gather(found, now)
    small = small_ones(found, facts)
    return sorted((health(group, facts, small, now) for group in found), key=worst_first)


def worst_first(one: Health) -> tuple[bool, int, int]:
    """Amber groups first; then by red signs, then by amber ones."""
    lights = Counter(one.judged.lights.values())
    return not one.judged.amber, -lights[vitals.Light.RED], -lights[vitals.Light.AMBER]


def gather(groups: Sequence[Group], now: datetime) -> Facts:
    """Everything that is needed of these groups, in eight statements."""
    held = Meeting.objects.filter(group__in=groups, starts_at__gt=now - PAST).exclude(state=MeetingState.CANCELLED)
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in held.order_by("starts_at", "pk"):
        meetings[meeting.group_id].append(meeting)
    past = [[one.pk for one in some if one.ends_at <= now] for some in meetings.values()]
    following = [one.pk for one in filter(None, (next_of(some, now) for some in meetings.values()))]
    keys = [*following, *chain.from_iterable(past)]
    led = MeetingRole.objects.filter(meeting__in=keys, role=Role.FACILITATOR)
    belong = Membership.objects.on(clock.today()).filter(group__in=groups)
    seats = seats_of(keys)
    judged = [[one for one in some if seats[one].said] for some in past]
    recent = [one for some in judged for one in some[-vitals.RECENT :]]
    for key, count in silent_at(one for some in judged for one in some[-1:]).items():
        seats[key].silent = count
    return Facts(
        Counter(belong.values_list("group", flat=True)),
        meetings,
        seats,
        dict(led.values_list("meeting", "person")),
        counting.talked(recent),
        counting.brought(following),
        counting.remembered(recent),
    )


def next_of(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """The first that is not over, of meetings in their order."""
    return next((one for one in meetings if one.ends_at > now), None)


def seats_of(meetings: Iterable[int]) -> dict[int, Seats]:
    """By meeting, counted in one statement; whoever is on a sabbatical is not counted."""
    held = Seat.objects.filter(meeting__in=meetings).exclude(state=State.EXCUSED).order_by()
    counted = held.values("meeting").annotate(
        expected=Count("pk"),
        said=Count("pk", filter=~Q(attendance=Attendance.UNKNOWN)),
        present=Count("pk", filter=Q(attendance__in=THERE)),
        late=Count("pk", filter=Q(attendance=Attendance.LATE)),
        coming=Count("pk", filter=Q(state=State.COMING)),
        unanswered=Count("pk", filter=Q(state=State.INVITED)),
        missed=ArrayAgg("person", filter=Q(attendance=Attendance.ABSENT), default=[]),
    )
    found: dict[int, Seats] = defaultdict(Seats)
    for meeting, expected, said, present, late, coming, unanswered, missed in counted.values_list(*COUNTED):
        found[meeting] = Seats(expected, said, present, late, coming, unanswered, missed=frozenset(missed))
    return found


def silent_at(meetings: Iterable[int]) -> Counter[int]:
    """By meeting, how many had not answered three days before, for the time that it then had; in one statement."""
    moved = EarlierTime.objects.filter(meeting=OuterRef("seat__meeting")).order_by("-left_at").values("left_at")[:1]
    answers = SeatAnswer.objects.annotate(asked_anew=Subquery(moved))
    to_this_time = answers.filter(Q(asked_anew=None) | Q(received_at__gt=F("asked_anew")))
    in_time = to_this_time.filter(seat=OuterRef("pk"), received_at__lte=OuterRef("meeting__starts_at") - ASKED)
    held = Seat.objects.filter(meeting__in=meetings).exclude(state=State.EXCUSED)
    return Counter(held.exclude(Exists(in_time)).values_list("meeting", flat=True))


def small_ones(groups: Sequence[Group], facts: Facts) -> Small:
    """The circles of each kind that are too small to stand alone."""
    small: Small = defaultdict(list)
    for group in groups:
        if 0 < facts.members[group.pk] < group.program.size_min:
            small[kind(group)].append(group)
    return small


def kind(group: Group) -> Kind:
    return group.program_id, group.mode, group.metro


def has_partner(group: Group, facts: Facts, small: Small) -> bool:
    """Whether another small one of its kind could go together with it: both are no more than the program allows."""
    room = group.program.size_max - facts.members[group.pk]
    return any(facts.members[other.pk] <= room for other in small[kind(group)] if other.pk != group.pk)


def health(group: Group, facts: Facts, small: Small, now: datetime) -> Health:
    past = [one for one in facts.meetings[group.pk] if one.ends_at <= now]
    ahead = [one for one in facts.meetings[group.pk] if one.ends_at > now]
    circle = vitals.Circle(
        today=now.date(),
        members=facts.members[group.pk],
        every_days=every_days(group),
        met=tuple(met(one, facts) for one in past if facts.seats[one.pk].said),
        ahead=upcoming(ahead[0], facts, now) if ahead else None,
        dates_ahead=len(ahead),
        partner=has_partner(group, facts, small),
        last=past[-1].local_date if past else None,
        smallest=group.program.size_min,
        target=group.program.size_target,
        largest=group.program.size_max,
    )
    cells = [cell(one, facts.seats[one.pk]) for one in past[-SHOWN:]]
    return Health(group, circle.members, next_of(ahead, now), circle.ahead, cells, vitals.read(circle))


def every_days(group: Group) -> int:
    """The days between two dates: of the group's own rhythm, or of its program's where it has none yet."""
    own = getattr(group, "cadence", None)
    if own is None:
        return 7 * group.program.every_weeks
    return 7 * own.weeks if own.weeks else A_MONTH


def met(meeting: Meeting, facts: Facts) -> vitals.Met:
    seats, spoken = facts.seats[meeting.pk], facts.talked.get(meeting.pk, counting.Talked())
    board = facts.remembered.get(meeting.pk, counting.Remembered())
    return vitals.Met(
        on=meeting.local_date,
        expected=seats.expected,
        present=seats.present,
        late=seats.late,
        missed=seats.missed,
        led_by=facts.leaders.get(meeting.pk),
        started_late=board.started_late,
        silent=seats.silent,
        topics=board.topics,
        discussed=spoken.discussed,
        takeaways=spoken.takeaways,
        sponsors=spoken.sponsors,
        pulse=board.pulse,
    )


def upcoming(meeting: Meeting, facts: Facts, now: datetime) -> vitals.Next:
    seats = facts.seats[meeting.pk]
    return vitals.Next(
        days=max(0, (meeting.starts_at - now).days),
        expected=seats.expected,
        coming=seats.coming,
        silent=seats.unanswered,
        topics=facts.topics[meeting.pk],
        led_by=facts.leaders.get(meeting.pk),
    )


def cell(meeting: Meeting, seats: Seats) -> Cell:
    if not seats.said:
        return Cell(meeting, 0, 0, vitals.Light.UNKNOWN)
    share = vitals.falling(seats.present / seats.expected, green=0.85, amber=0.70)
    return Cell(meeting, seats.present, seats.expected, share)
