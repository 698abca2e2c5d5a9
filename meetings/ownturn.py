"""What one member has to do with the roles of a date: what is theirs, what is offered to them, what they may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetings import roleletters, rota, swapping
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.rota import RoleOffer
from meetings.models.seat import Seat
from meetings.roleplan import Duty
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, moments


@dataclass(frozen=True)
class Mine:
    """My role at this date, and whom I ask to take it."""

    role: Role
    does: str
    agreed: bool
    asked: str


@dataclass(frozen=True)
class Offered:
    """A role that somebody asks me to take, and the date that they would take for it."""

    role: Role
    does: str
    by: str
    against: str


@dataclass(frozen=True)
class Free:
    """A role that anybody may take."""

    role: Role
    does: str


@dataclass(frozen=True)
class OwnTurn:
    mine: Mine | None = None
    offered: tuple[Offered, ...] = ()
    free: tuple[Free, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Whom I may ask, as a button: its value names the member, and the date that would be mine instead."""

    value: str
    name: str
    against: str


NOTHING = OwnTurn()


def of_seat(seat: Seat, roles: Sequence[MeetingRole]) -> OwnTurn:
    """Of a circle's date that has not begun. One statement, beside the roles that the caller has."""
    meeting, now = seat.meeting, clock.now()
    over = meeting.state != State.PLANNED or now >= meeting.starts_at
    if over or meeting.group.roster != Roster.FIXED or seat.state in rota.AWAY:
        return NOTHING
    offers = list(RoleOffer.objects.filter(meeting=meeting).select_related("by", "to", "against").order_by("pk"))
    own = next((role for role in roles if role.person_id == seat.person_id), None)
    held = {role.role: role for role in roles}
    free = [
        duty
        for duty in rota.duties_of(meeting.group)
        if (own is None or own.role != duty) and swapping.is_free(meeting, duty, held.get(duty), now=now)
    ]
    return OwnTurn(
        _mine(own, offers) if own else None,
        tuple(_offered(offer, seat.person) for offer in offers if offer.to_id == seat.person_id),
        tuple(Free(Role(duty), roleletters.DOES[Role(duty)]) for duty in free),
    )


def _mine(own: MeetingRole, offers: Sequence[RoleOffer]) -> Mine:
    asked = next((str(offer.to) for offer in offers if offer.role == own.role and offer.by_id == own.person_id), "")
    return Mine(Role(own.role), roleletters.DOES[Role(own.role)], own.accepted_at is not None, asked)


def _offered(offer: RoleOffer, person: Person) -> Offered:
    against = _when(offer.against, person) if offer.against else ""
    return Offered(Role(offer.role), roleletters.DOES[Role(offer.role)], str(offer.by), against)


def choices(seat: Seat, role: Role) -> list[Choice]:
    """Whom this member may ask to take a role of theirs; swaps of dates first."""
    found = swapping.could(seat.meeting, Duty(role), seat.person)
    return [
        Choice(
            f"{person.public_id} {date.public_id}" if date else person.public_id,
            str(person),
            _when(date, seat.person) if date else "",
        )
        for person, date in found
    ]


def _when(meeting: Meeting, person: Person) -> str:
    return moments.short(meeting.starts_at, person.zone)
