"""A member and the roles of a circle: say yes, ask another to take one, take one, and opt out of them all.

Lock order: meetings, the earlier one first. Whoever says yes first has a role; everybody later is told so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from groups.models.group import Group, Membership
from meetings import roleletters, roleplan, rota, seating
from meetings.models.meeting import Meeting, MeetingRole
from meetings.models.meeting import State as MeetingState
from meetings.models.rota import OptOut, RoleOffer
from meetings.roleplan import Duty
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

NOT_YOURS = "This role is somebody else’s by now. Look at the page: it shows who has it."


@transaction.atomic
def accept(meeting: Meeting, duty: Duty, *, by: Person) -> None:
    """I do it. Twice is once. Raises NotAllowed late, and when the role is somebody else's by now."""
    (meeting,) = held([meeting])
    own = _own(meeting, duty, by)
    if own.accepted_at is None:
        MeetingRole.objects.filter(pk=own.pk).update(accepted_at=clock.now())
    _ask_no_more(meeting, duty)


def agreed_by_doing(meeting: Meeting, by: Person) -> None:
    """Who prepares a date has said yes to what they have there. The caller holds the meeting."""
    for own in meeting.roles.filter(person=by, accepted_at=None):
        MeetingRole.objects.filter(pk=own.pk).update(accepted_at=clock.now())
        _ask_no_more(meeting, Duty(own.role))


@transaction.atomic
def take(meeting: Meeting, duty: Duty, *, by: Person) -> None:
    """I do what nobody does, or lead a date that nobody has said yes to a week before. The first who says so has it.

    Raises NotAllowed for everybody later, and for who is not there.
    """
    (meeting,) = held([meeting])
    _must_come(meeting, by)
    before = meeting.roles.filter(role=duty).select_related("person").first()
    if not is_free(meeting, duty, before, now=clock.now()):
        raise NotAllowed("Somebody has said yes already. Thank you for offering!")
    if before is not None:
        cancel(meeting.about, kinds=roleletters.KINDS, person=before.person)
    _give(meeting, duty, by)


def is_free(meeting: Meeting, duty: Duty, role: MeetingRole | None, *, now: datetime) -> bool:
    """Whether anybody may take what this role is: nobody has it, or nobody has said yes to leading a week before."""
    if role is None:
        return duty in rota.duties_of(meeting.group)
    is_late = duty == Duty.FACILITATOR and meeting.starts_at - now <= roleplan.WANTED
    return is_late and role.accepted_at is None


@transaction.atomic
def offer(meeting: Meeting, duty: Duty, *, by: Person, to: str = "", against: str = "") -> RoleOffer:
    """I ask one member, by public id, to take what is mine, against a date of theirs or for nothing; without a name
    whoever is next in the rota. Asked anew, the one before is asked no more. Raises NotAllowed.
    """
    (meeting,) = held([meeting])
    _own(meeting, duty, by)
    other, swapped = _asked(meeting, duty, by, to, against) if to else next_in_line(meeting, duty, by)
    _take_back(meeting, duty)
    made = RoleOffer.objects.create(meeting=meeting, role=duty, by=by, to=other, against=swapped, made_at=clock.now())
    post(roleletters.offered(made))
    return made


@transaction.atomic
def withdraw(meeting: Meeting, duty: Duty, *, by: Person) -> None:
    """I ask nobody any more. Twice is once. Raises NotAllowed when somebody has taken it meanwhile."""
    (meeting,) = held([meeting])
    _own(meeting, duty, by)
    _take_back(meeting, duty)


@transaction.atomic
def answer(meeting: Meeting, duty: Duty, *, by: Person, yes: bool) -> None:
    """I take what was offered to me, or not; whoever asked is told. Raises NotAllowed when it is offered no more."""
    asked = RoleOffer.objects.filter(meeting=meeting, role=duty, to=by).select_related("against").first()
    dates = held([one for one in (meeting, asked.against if asked else None) if one is not None])
    made = RoleOffer.objects.filter(pk=asked.pk if asked else 0).select_related("by", "to").first()
    if made is None:
        raise NotAllowed("This is not offered to you any more; nothing has changed.")
    by_key = {one.pk: one for one in dates}
    made.meeting = by_key[made.meeting_id]
    made.against = by_key[made.against_id] if made.against_id else None
    if yes:
        _carry_out(made, duty)
    else:
        RoleOffer.objects.filter(pk=made.pk).delete()
    post(roleletters.answered(made, yes=yes))


def _carry_out(made: RoleOffer, duty: Duty) -> None:
    """One date goes over, or two are swapped; both have said yes to what they have then."""
    _must_come(made.meeting, made.to)
    _give(made.meeting, duty, made.to)
    if made.against is not None:
        _must_come(made.against, made.by, other=True)
        _give(made.against, duty, made.by)


@transaction.atomic
def opt_out(membership: Membership) -> None:
    """I am passed over while two others are willing; what I have not said yes to goes on. Twice is once."""
    group = _group(membership)
    OptOut.objects.get_or_create(group=group, person=membership.person)
    rota.fill_all(group)


@transaction.atomic
def opt_in(membership: Membership) -> None:
    """I take my turn again, from the next free date on. Twice is once."""
    OptOut.objects.filter(group=_group(membership), person=membership.person).delete()


def _group(membership: Membership) -> Group:
    group = Group.objects.select_for_update(of=("self",)).get(pk=membership.group_id)
    if group.roster != Roster.FIXED:
        raise NotAllowed("A roundtable is led by its host.")
    return group


def held(meetings: Iterable[Meeting]) -> list[Meeting]:
    """These meetings as they are now, held, in the order given. Raises NotAllowed when one has begun or falls out."""
    asked = list(meetings)
    found = {key: seating.locked(key) for _, key in sorted((one.starts_at, one.pk) for one in asked)}
    for meeting in found.values():
        if meeting.state != MeetingState.PLANNED:
            raise NotAllowed("This date has fallen out: there is nothing to do.")
        if clock.now() >= meeting.starts_at:
            raise NotAllowed("This meeting has begun: on the board a role goes to another with one press.")
    return [found[one.pk] for one in asked]


def _own(meeting: Meeting, duty: Duty, person: Person) -> MeetingRole:
    own = meeting.roles.filter(role=duty, person=person).first()
    if own is None:
        raise NotAllowed(NOT_YOURS)
    return own


def _must_come(meeting: Meeting, person: Person, *, other: bool = False) -> None:
    """Raises NotAllowed for who belongs to the circle no more, pauses, or has said that they do not come."""
    seat = meeting.seats.filter(person=person).exclude(state__in=rota.AWAY).first()
    belongs = Membership.objects.on(clock.today()).filter(group=meeting.group_id, person=person).exists()
    if seat is None or not belongs:
        raise NotAllowed(
            "Whoever asked you cannot come to your date any more; nothing has changed."
            if other
            else "You have said that you are not there at this date. Say that you come, and then take it."
        )


def _give(meeting: Meeting, duty: Duty, person: Person) -> None:
    """With a yes; what else they had there goes on to the next."""
    rota.give(meeting, duty, person, agreed_at=clock.now())
    rota.fill(meeting)
    _ask_no_more(meeting, duty)


def _ask_no_more(meeting: Meeting, duty: Duty) -> None:
    if duty == Duty.FACILITATOR:
        cancel(meeting.about, kinds=(roleletters.WANTED,))


def _take_back(meeting: Meeting, duty: Duty) -> None:
    """What was offered of this role, with its letter if that has not left."""
    for made in RoleOffer.objects.filter(meeting=meeting, role=duty).select_related("to"):
        cancel(meeting.about, kinds=(roleletters.OFFERED,), person=made.to)
        made.delete()


Asked = tuple[Person, Meeting | None]


def could(meeting: Meeting, duty: Duty, by: Person) -> list[Asked]:
    """Whom I may ask: who comes to this date and has not this role there; first those with a date of theirs to give
    for it, at which I come and have nothing else.
    """
    standing = rota.read(meeting.group, now=clock.now())
    at = standing.place(meeting)
    if at is None:
        return []
    others = [key for key in standing.people if key != by.pk and key not in standing.circle.planned[at].away]
    swaps: list[Asked] = [
        (standing.people[one.has[duty]], date)
        for date, one in zip(standing.meetings, standing.circle.planned, strict=True)
        if date.pk != meeting.pk
        and one.has.get(duty) in others
        and by.pk not in {*one.away, *one.has.values()}
        and date.starts_at > clock.now()
    ]
    return [*swaps, *((standing.people[key], None) for key in others)]


def _asked(meeting: Meeting, duty: Duty, by: Person, to: str, against: str) -> Asked:
    for person, date in could(meeting, duty, by):
        if person.public_id == to and (date.public_id if date else "") == against:
            return person, date
    raise NotAllowed("This member cannot be asked for this date any more. Look at the page, and ask somebody else.")


def next_in_line(meeting: Meeting, duty: Duty, by: Person) -> Asked:
    """Whose turn comes soonest: against their date if they have one, else for nothing. Raises NotAllowed for nobody."""
    found = could(meeting, duty, by)
    swaps = [(person, date) for person, date in found if date is not None]
    if swaps:
        return swaps[0]
    standing = rota.read(meeting.group, now=clock.now())
    line = [one for one in standing.in_line(meeting, duty) if one.pk != by.pk]
    if not line:
        raise NotAllowed("There is nobody to ask: everybody else is away at this date.")
    return line[0], None
