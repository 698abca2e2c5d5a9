"""The one door to what belongs to a group's meetings: each guard returns the object, or there is nothing to see (404).

No guard looks at `is_staff` or `is_superuser`: an organizer who is a member sees what members see, and elsewhere
nothing. What a page shows of a board is made here too, in two parts: `shared` is the same for every reader, `own` is
for one person alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, parse_cookie
from django.urls import reverse

from groups import access as groups
from groups.models.group import Group, Membership
from groups.models.nudge import Nudge
from meetings import agenda, agreeing, archive, counting, filing, pasts, recording, releasing, settling, wording
from meetings.boxes import Phase, Room
from meetings.models.ballot import Call
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.models.poll import PURPOSE as POLL
from meetings.models.poll import Poll
from meetings.models.released import ReleasedNote
from meetings.models.rota import PURPOSE as ROLE
from meetings.models.rota import about as about_roles
from meetings.models.seat import PURPOSE, Seat, State
from meetings.models.takeaway import Takeaway
from meetings.remembering import Memory
from meetings.reminders import Brief
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Program, Roster
from members.stages import Stage
from roundtable import clock, links
from roundtable.errors import FirstThis, NotAllowed
from roundtable.middleware import second_factor_missing
from roundtable.prepared import Prepared, Rows, blank, records
from roundtable.sessions import people_along

COMMUNITY = (Stage.POOLED, Stage.PLACED, Stage.DORMANT)  # who belongs to a program, in a group or on the way


def seat(person: Person, public_id: str) -> Seat:
    """The own seat at a meeting: of a circle for who belongs to it today; of a roundtable the seat itself is the right.

    That opens the meeting's page with one's own answer. Names and place are a question for `sees_others`.
    """
    seats = Seat.objects.select_related("meeting__group__program", "person")
    found = seats.filter(meeting__public_id=public_id, person=person).first()
    if found is None:
        raise Http404
    _belongs(found)
    return found


def seat_of_guest(person: Person, public_id: str) -> Seat:
    """The same for what is for those who meet: of a roundtable only who is coming."""
    found = seat(person, public_id)
    if not sees_others(found):
        raise Http404
    return found


def seat_to_agree(person: Person, public_id: str) -> Seat:
    """The own seat at a meeting of a circle, for what that is about: anything of it is content, like a topic. Everyone
    else: 404. Raises FirstThis while a change of the code of conduct waits for their yes.
    """
    found = seat(person, public_id)
    if found.meeting.group.roster != Roster.FIXED:
        raise Http404
    if _owes_a_yes(person, found.meeting.group):
        raise _first_the_code(found.meeting.group.program)
    return found


def ideas(seat: Seat) -> list[agreeing.Idea]:
    """What is proposed for this meeting of a circle, first what stands; nothing for who may not read it yet."""
    if seat.meeting.group.roster != Roster.FIXED or _owes_a_yes(seat.person, seat.meeting.group):
        return []
    return agreeing.of(seat.meeting)


def _owes_a_yes(person: Person, group: Group) -> bool:
    return CodeOfConduct.objects.owed_by(person).filter(program=group.program_id).exists()


def program_in_public(slug: str) -> Program:
    """A program whose archive an organizer shows to everybody. Any other, and one that does not exist: 404."""
    found = Program.objects.filter(slug=slug).first()
    if found is None or not archive.is_shown(found):
        raise Http404
    return found


def program_to_show(person: Person, slug: str) -> Program:
    """A program for who organizes all of it: they say whether everybody sees its archive. Everyone else: 404."""
    found = Program.objects.organized_as_a_whole_by(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def program_of_organizer(person: Person, slug: str) -> Program:
    """A program for who organizes it or a city of it: the dates of its roundtables. Everyone else: 404."""
    found = Program.objects.organized_by(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def date_of_organizer(person: Person, public_id: str) -> Meeting:
    """One date of a roundtable for who looks after it: time, counts, theme, host and talk. Never its content."""
    own = Group.objects.organized_by(person).filter(roster=Roster.OPEN)
    dates = Meeting.objects.filter(group__in=own).select_related("group__program", "group__offer", "presenter")
    found = dates.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def seat_of_leader(person: Person, public_id: str) -> Seat:
    """The same for who leads that meeting or keeps its time: they may move the date."""
    found = seat_of_guest(person, public_id)
    if not found.meeting.roles.leading().filter(person=person).exists():
        raise Http404
    return found


def group_of_leader(person: Person, group_id: str) -> Membership:
    """A circle for who leads its next meeting or keeps its time, or opened its running poll: they ask about hours."""
    found = groups.membership(person, group_id)
    if not leads(found):
        raise Http404
    return found


def keeps_dates(membership: Membership) -> bool:
    """Whether this member decides about the circle's dates: who leads the next meeting or keeps its time, and where
    none is planned any member."""
    following = Meeting.objects.filter(group=membership.group_id).coming_up(clock.now()).first()
    return following is None or following.roles.leading().filter(person=membership.person_id).exists()


def keeper_of_dates(person: Person, group_id: str) -> Membership:
    """The membership of who decides about the circle's dates. Everyone else: 404."""
    found = groups.membership(person, group_id)
    if not keeps_dates(found):
        raise Http404
    return found


def leads(membership: Membership) -> bool:
    """Whether this member leads, or keeps time, at the group's next meeting, or opened the poll that is running."""
    group, person = membership.group, membership.person
    following = Meeting.objects.coming_up(clock.now()).filter(group=group).first()
    led = following is not None and following.roles.leading().filter(person=person).exists()
    return led or group.polls.running().filter(opened_by=person).exists()


@dataclass(frozen=True)
class Voter:
    """A member before a poll of their circle, signed in or by the link of a letter."""

    poll: Poll
    membership: Membership


def voter(request: HttpRequest, public_id: str) -> Voter | None:
    """A poll for who belongs to its circle today; nobody for who is neither signed in nor holds a link of it."""
    found = Poll.objects.select_related("group__program", "meeting").filter(public_id=public_id).first()
    person = request.user if isinstance(request.user, Person) else None
    if person is None:
        link = links.check(request, POLL, found.about) if found else None
        if link is None or not isinstance(link.person, Person):
            return None
        person = link.person
    if found is None:
        raise Http404
    return Voter(found, groups.membership(person, found.group.public_id))


def in_turn(request: HttpRequest, public_id: str) -> Seat | None:
    """The own seat of a member before the roles of one date of their circle, signed in or by the link of a letter;
    nobody for who is neither signed in nor holds a link of it.
    """
    person = request.user if isinstance(request.user, Person) else None
    if person is None:
        meeting = Meeting.objects.filter(public_id=public_id).first()
        link = links.check(request, ROLE, about_roles(meeting)) if meeting else None
        if link is None or not isinstance(link.person, Person):
            return None
        person = link.person
    found = seat(person, public_id)
    if found.meeting.group.roster != Roster.FIXED:
        raise Http404
    return found


def poll_of_leader(person: Person, public_id: str) -> Poll:
    """The same for who leads: they change its hours, settle it, end it."""
    found = Poll.objects.select_related("group__program", "meeting").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    group_of_leader(person, found.group.public_id)
    return found


@dataclass(frozen=True)
class Outlook:
    """How a meeting looks before it begins, in numbers: topics that wait, for how many there is room, and the minutes
    that its format takes at least with those who may come; what whoever leads should know; and who is new."""

    topics: int
    room: str
    needed: int
    brief: Brief
    new: list[str]


def outlook(seat: Seat) -> Outlook:
    """For who leads."""
    meeting = seat.meeting
    table = Board.objects.select_related("meeting__group").get(meeting=meeting)
    people = meeting.seats.exclude(state__in=[State.NOT_COMING, State.EXCUSED]).count()
    topics = Topic.objects.filter(board=table).open().count()
    brief = counting.briefs([meeting.pk])[meeting.pk]
    expected = Room(people, topics, promises=brief.promises)
    room = counting.room_for(table, counting.extended_lately(table), expected)
    lengths = settling.plan_of(table).lengths
    needed = agenda.minutes_needed(agenda.Format(meeting.format), people=people, lengths=lengths)
    new = counting.first_seats().filter(meeting=meeting).order_by("person__name", "pk")
    names = list(new.values_list("person__name", flat=True))
    return Outlook(topics, "" if room is None else wording.room(room), needed, brief, names)


def recorded(seat: Seat) -> recording.Standing | None:
    """For who reads the board while it is open; None otherwise."""
    tables = Board.objects.readable_by(seat.person, clock.today()).exclude(phase=Phase.CLOSED)
    table = tables.filter(meeting=seat.meeting_id).first()
    return None if table is None else recording.standing(table, seat.person)


def sees_others(seat: Seat) -> bool:
    """Whether names and place of the meeting are for the one in this seat: of a roundtable only if they come."""
    return seat.meeting.group.roster == Roster.FIXED or seat.state == State.COMING


def _belongs(seat: Seat) -> None:
    if seat.meeting.group.roster == Roster.FIXED:
        groups.membership(seat.person, seat.meeting.group.public_id)


@dataclass(frozen=True)
class ByLetter:
    """A seat, and when the letter was written whose link opened it."""

    seat: Seat
    written_at: datetime


def seat_by_link(request: HttpRequest, public_id: str) -> ByLetter:
    """A seat opened from its letter, by a member's link: the answer to "are you coming?" and nothing else."""
    seats = Seat.objects.select_related("meeting__group__program", "person")
    found = seats.filter(public_id=public_id).first()
    link = links.check(request, PURPOSE, found.about) if found else None
    if found is None or link is None:
        raise Http404
    _belongs(found)
    return ByLetter(found, link.created_at)


def board(person: Person, public_id: str) -> Board:
    """A board for its readers: of a circle members from their joining date on, of a roundtable who is coming.

    Raises FirstThis while a change of the code of conduct waits for their yes.
    """
    found: Any = READABLE.first(person=person.pk, day=clock.today(), meeting=public_id)
    if found is None:
        raise Http404
    if found.owes_a_yes:
        raise _first_the_code(found.meeting.group.program)
    table: Board = found
    table.open_calls = records(Call, found.calls)
    return table


def _readable() -> QuerySet[Board]:
    me = blank("person")
    owed = CodeOfConduct.objects.owed_by(me).filter(program=OuterRef("meeting__group__program"))
    boards = Board.objects.readable_by(me, blank("day", "date")).select_related("meeting__group")
    named = boards.filter(meeting__public_id=blank("meeting", "text"))
    calls = Rows(Call.objects.filter(board=OuterRef("pk"), closed_at=None).values("id", "kind", "secret"))
    return named.annotate(owes_a_yes=Exists(owed), calls=calls).order_by("pk")[:1]


READABLE: Prepared[Board] = Prepared(_readable)  # asked before every press


def _first_the_code(program: Program) -> FirstThis:
    return FirstThis(reverse("members:code_changed", args=[program.slug]))


def memory(person: Person, group_id: str) -> Memory:
    """What a circle keeps of its meetings from the joining date on, and of those that all who were there have opened;
    of one that became two what was kept while one was there; of a roundtable those that the person attended.
    """
    try:
        membership = groups.membership(person, group_id)
    except Http404:
        return _parted(person, group_id) or _attended(person, group_id)
    group = membership.group
    own = Q(local_date__gte=membership.joined_on) | pasts.opened(clock.today())
    return _memory(Memory(group, person, Meeting.objects.filter(own, group=group), membership))


def _parted(person: Person, group_id: str) -> Memory | None:
    """What was kept where they had a seat, for who went to the other half of a circle that became two."""
    parted = Membership.objects.parted().filter(person=person, group__public_id=group_id)
    membership = parted.select_related("group__program").first()
    if membership is None:
        return None
    meetings = Meeting.objects.filter(
        group=membership.group, pk__in=Seat.objects.filter(person=person).values("meeting")
    )
    return _memory(Memory(membership.group, person, meetings))


def _attended(person: Person, group_id: str) -> Memory:
    """A roundtable has no members: its memory opens, meeting by meeting, to who was there."""
    seats = Seat.objects.attended().filter(person=person, meeting__group__roster=Roster.OPEN)
    seats = seats.filter(meeting__group__public_id=group_id)
    seat = seats.select_related("meeting__group__program").first()
    if seat is None:
        raise Http404
    meetings = Meeting.objects.filter(group=seat.meeting.group, pk__in=seats.values("meeting"))
    return _memory(Memory(seat.meeting.group, person, meetings))


def _memory(found: Memory) -> Memory:
    if _owes_a_yes(found.person, found.group):
        raise _first_the_code(found.group.program)
    return found


def file(person: Person, group_id: str) -> Memory:
    """The same to take along. Raises NotAllowed while the circle has not voted for it."""
    found = memory(person, group_id)
    if not filing.vote(found.group, found.membership).is_open:
        raise NotAllowed("A file is there once everybody who belongs has said yes to that.")
    return found


def asked_about_memory(person: Person, group_id: str) -> Membership:
    """For who belongs to the circle today, and is asked whether what was opens to others, and may leave as a file.
    Everyone else: 404.
    """
    found = memory(person, group_id).membership
    if found is None:
        raise Http404
    return found


def takeaway(person: Person, group_id: str, takeaway_id: str) -> tuple[Group, Takeaway]:
    """One that this person may read. Everyone else: 404."""
    kept = memory(person, group_id)
    found = kept.takeaways.filter(public_id=takeaway_id).first()
    if found is None:
        raise Http404
    return kept.group, found


def own_takeaway(person: Person, group_id: str, takeaway_id: str) -> tuple[Group, Takeaway]:
    """The same where this person has written it."""
    group, found = takeaway(person, group_id, takeaway_id)
    if found.written_by_id != person.pk:
        raise Http404
    return group, found


def asked_note(person: Person, key: str) -> ReleasedNote:
    """A note for outside for who is asked about it, also since they left the circle: without their yes it stays in."""
    notes = ReleasedNote.objects.select_related("takeaway__round__board__meeting__group__program")
    found = notes.filter(public_id=key).first()
    if found is None or not releasing.is_asked(found, person):
        raise Http404
    return found


def nudge(person: Person, key: str) -> Nudge:
    """A word in private, for the one it was written to, while they belong to the circle. Everyone else: 404."""
    mine = Membership.objects.on(clock.today()).filter(person=person).values("group")
    found = Nudge.objects.filter(person=person, group__in=mine, public_id=key).select_related("group").first()
    if found is None:
        raise Http404
    return found


def shared_notes(person: Person) -> QuerySet[ReleasedNote]:
    """Notes that are out in the programs that this person waits, sits or organizes in; words alone."""
    own = Program.objects.filter(applications__person=person, applications__stage__in=COMMUNITY)
    sits = Program.objects.filter(groups__memberships__in=Membership.objects.on(clock.today()).filter(person=person))
    programs = [*own, *sits, *Program.objects.organized_by(person)]
    return releasing.out_in(Program.objects.filter(pk__in={program.pk for program in programs}))


@dataclass(frozen=True)
class Listener:
    """Somebody whose page hears a board."""

    person: int
    meeting: int
    session: str


def stream(cookies: str, public_id: str) -> Listener | None:
    """A reader who is signed in, asked as Django asks, for a request that passes no middleware; else None."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if key is None or "\0" in key + public_id:  # which the database would not take
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    with people_along():
        person = get_user(request)
    if not isinstance(person, Person):
        return None
    request.user = person
    if second_factor_missing(request):
        return None
    try:
        return Listener(person.pk, board(person, public_id).meeting_id, key)
    except (Http404, FirstThis):
        return None


def signed_in(sessions: Collection[str]) -> set[str]:
    """Those of the sessions that still live."""
    kept = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    alive = kept.filter(session_key__in=sessions, expire_date__gt=clock.now())
    return set(alive.values_list("session_key", flat=True))
