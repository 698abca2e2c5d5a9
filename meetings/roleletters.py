"""Letters about the roles of a circle: whose turn it is, a role that is offered, and a date that nobody leads yet.

They name nobody: who asks and who is asked stands on the page behind the link.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.rota import PURPOSE, RoleOffer, about
from members.models.person import Person
from members.models.program import Organizer
from roundtable import links, moments
from roundtable.outbox.models import Priority
from roundtable.outbox.post import Draft

YOUR_TURN, WANTED, OFFERED, ANSWERED = (
    "meetings/your_turn",
    "meetings/lead_wanted",
    "meetings/role_offered",
    "meetings/role_answered",
)
KINDS = (YOUR_TURN, WANTED, OFFERED)  # news that is old once somebody else has the role, or the date is another one
DOES = {
    Role.FACILITATOR: "lead the meeting",
    Role.TIMEKEEPER: "keep the time",
    Role.HOST: "see to the room",
}
LINK_OUTLIVES_MEETING = timedelta(days=1)
TITLES = {
    Role.FACILITATOR: "It is your turn to lead",
    Role.TIMEKEEPER: "It is your turn to keep the time",
    Role.HOST: "It is your turn to host",
}


def turn_key(role: MeetingRole) -> str:
    """Once for a meeting, a role and a person; after a move the date is another one."""
    return f"your_turn:{role.meeting_id}:{role.role}:{role.person_id}:{_time(role.meeting)}"


def wanted_key(meeting: Meeting, person: Person) -> str:
    return f"lead_wanted:{meeting.pk}:{person.pk}:{_time(meeting)}"


def your_turn(roles: Iterable[MeetingRole]) -> list[Draft]:
    """E31: to each whose turn it is: say yes, or swap. Links in one statement."""
    rows = list(roles)
    tokens = _tokens([(role.meeting, role.person) for role in rows])
    return [
        _letter(YOUR_TURN, role.meeting, role.person, turn_key(role), token, title=TITLES[Role(role.role)])
        for role, token in zip(rows, tokens, strict=True)
    ]


def lead_wanted(meeting: Meeting, people: Iterable[Person]) -> list[Draft]:
    """A week before a date that nobody has said yes to: would you lead? Whoever says yes first does."""
    asked = list(people)
    tokens = _tokens([(meeting, person) for person in asked])
    return [
        _letter(WANTED, meeting, person, wanted_key(meeting, person), token)
        for person, token in zip(asked, tokens, strict=True)
    ]


def offered(offer: RoleOffer) -> Draft:
    """To whom a role is offered: one press takes it, for a date of their own or for none."""
    (token,) = _tokens([(offer.meeting, offer.to)])
    key, zone = f"role_offered:{offer.pk}:{offer.made_at:%Y%m%dT%H%M%S%f}", offer.to.zone
    against = moments.both(offer.against.starts_at, offer.against.zone, zone) if offer.against else ""
    return _letter(
        OFFERED, offer.meeting, offer.to, key, token, does=DOES[Role(offer.role)], against=against, at_once=True
    )


def answered(offer: RoleOffer, *, yes: bool) -> Draft:
    """To who asked: somebody takes it, or it is still theirs."""
    (token,) = _tokens([(offer.meeting, offer.by)])
    key = f"role_answered:{offer.pk}:{offer.made_at:%Y%m%dT%H%M%S%f}"
    against = moments.both(offer.against.starts_at, offer.against.zone, offer.by.zone) if offer.against and yes else ""
    does = DOES[Role(offer.role)]
    return _letter(ANSWERED, offer.meeting, offer.by, key, token, does=does, yes=yes, against=against, at_once=True)


def nobody_leads(organizer: Organizer, meeting: Meeting) -> Draft:
    """To an organizer, one line: nobody of this circle has said yes to leading its next date."""
    group = meeting.group
    return Draft(
        kind="meetings/nobody_leads",
        to=organizer.person,
        about=meeting.about,
        dedupe_key=f"nobody_leads:{meeting.pk}:{organizer.person_id}:{_time(meeting)}",
        context={
            "group": group.name,
            "program": group.program.name,
            "when": moments.both(meeting.starts_at, meeting.zone, organizer.person.zone),
        },
        expires_at=meeting.starts_at,
    )


def _letter(
    kind: str, meeting: Meeting, person: Person, key: str, token: str, *, at_once: bool = False, **more: Any
) -> Draft:
    return Draft(
        kind=kind,
        to=person,
        about=meeting.about,
        dedupe_key=key,
        context={
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            **more,
        },
        links={"token": token},
        priority=Priority.SEAT if at_once else Priority.REMINDER,
        expires_at=meeting.starts_at,
    )


def _tokens(wanted: list[tuple[Meeting, Person]]) -> list[str]:
    latest: datetime | None = max((meeting.ends_at for meeting, _ in wanted), default=None)
    if latest is None:
        return []
    opened = [(about(meeting), person) for meeting, person in wanted]
    return links.make_each(PURPOSE, opened, latest + LINK_OUTLIVES_MEETING)


def _time(meeting: Meeting) -> str:
    return f"{meeting.starts_at:%Y%m%dT%H%M}"
