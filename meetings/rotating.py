"""The rota asks by itself: whose turn it is four weeks before, and others a week before where nobody has said yes.

A sweep on the database clock. Each letter is written once, whatever runs twice; a date that breaks keeps no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Count, Min, Q

from meetings import roleletters, roleplan, rota, seating
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.rota import RoleOffer
from meetings.reminders import Window, is_awake, opens_at
from meetings.roleplan import Duty, Step
from members.models.person import Person
from members.models.program import Organizer, Roster
from roundtable import clock
from roundtable.outbox.models import Letter
from roundtable.outbox.post import known, post

log = structlog.get_logger(__name__)
ASKED = Window(roleplan.ASKED, timedelta(0))
NEVER = datetime.min.replace(tzinfo=UTC)  # nobody has it, so nobody is waited for
A_DAY = timedelta(days=1)


def keep() -> None:
    """Everything that is due."""
    now = clock.database_now()
    RoleOffer.objects.filter(Q(meeting__starts_at__lte=now) | Q(against__starts_at__lte=now)).delete()
    _each(with_gaps(now), fill_gap, "a role stayed free")
    ask(now)
    _each(unanswered(now), partial(find_somebody, now=now), "nobody was asked to lead")


def _each(meetings: Iterable[Meeting], act: Callable[[Meeting], None], failed: str) -> None:
    for meeting in meetings:
        try:
            act(meeting)
        except Exception:
            log.exception(failed, about=meeting.about)


def with_gaps(now: datetime) -> list[Meeting]:
    """Dates without their two: nobody could when a role came free, and by now perhaps somebody can."""
    dates = Meeting.objects.filter(group__roster=Roster.FIXED, starts_at__gt=now, starts_at__lte=now + roleplan.ASKED)
    leading = Count("roles", filter=Q(roles__role__in=(Role.FACILITATOR, Role.TIMEKEEPER)))
    return list(dates.coming_up(now).annotate(leading=leading).filter(leading__lt=2))


@transaction.atomic
def fill_gap(meeting: Meeting) -> None:
    rota.fill(seating.locked(meeting.pk))


def ask(now: datetime) -> int:
    """E31, four weeks before at nine on the reader's clock, or as soon as they are awake. How many letters."""
    near = Q(meeting__starts_at__gt=now, meeting__starts_at__lte=now + roleplan.ASKED + A_DAY)
    unsaid = MeetingRole.objects.filter(near, accepted_at=None, meeting__group__roster=Roster.FIXED)
    roles = unsaid.filter(meeting__state=State.PLANNED).select_related("meeting__group", "person").order_by("pk")
    due = {roleletters.turn_key(role): role for role in roles if _hears(role, now)}
    fresh = due.keys() - known(due)
    if fresh:
        with transaction.atomic():
            post(*roleletters.your_turn(due[key] for key in sorted(fresh)))
    return len(fresh)


def _hears(role: MeetingRole, now: datetime) -> bool:
    zone = role.person.zone
    return opens_at(ASKED, role.meeting.starts_at, zone) <= now and is_awake(zone, now)


def unanswered(now: datetime) -> list[Meeting]:
    """The dates of circles in the week ahead that nobody has said yes to leading."""
    week = Meeting.objects.filter(group__roster=Roster.FIXED, starts_at__gt=now, starts_at__lte=now + roleplan.WANTED)
    led = MeetingRole.objects.filter(role=Role.FACILITATOR, accepted_at__isnull=False)
    return list(week.coming_up(now).exclude(roles__in=led))


@transaction.atomic
def find_somebody(meeting: Meeting, now: datetime) -> None:
    """The next two are asked, then everybody who comes, then an organizer reads one line. Who says yes first leads."""
    meeting = seating.locked(meeting.pk)
    role = meeting.roles.filter(role=Role.FACILITATOR).select_related("person").first()
    if role is not None and role.accepted_at is not None:
        return
    reached = roleplan.step(meeting.starts_at, now, asked_at=_asked_at(meeting, role), wanted_at=_wanted_at(meeting))
    others = _others(meeting, role, reached)
    due = {roleletters.wanted_key(meeting, one): one for one in others if is_awake(one.zone, now)}
    fresh = due.keys() - known(due)
    post(*roleletters.lead_wanted(meeting, [due[key] for key in due if key in fresh]))
    if reached == Step.ORGANIZER or (reached and not others and meeting.starts_at - now <= roleplan.HELP):
        post(*(roleletters.nobody_leads(one, meeting) for one in _organizers(meeting)))


def _asked_at(meeting: Meeting, role: MeetingRole | None) -> datetime | None:
    """When whoever has the role was asked."""
    if role is None:
        return NEVER
    role.meeting = meeting
    letter = Letter.objects.filter(dedupe_key=roleletters.turn_key(role)).first()
    return letter.created_at if letter else None


def _wanted_at(meeting: Meeting) -> datetime | None:
    letters = Letter.objects.filter(about=meeting.about, kind=roleletters.WANTED)
    return letters.aggregate(first=Min("created_at"))["first"]


def _others(meeting: Meeting, role: MeetingRole | None, reached: Step) -> list[Person]:
    if reached == Step.NOBODY:
        return []
    found = rota.read(meeting.group, now=clock.now())
    if reached == Step.NEXT:
        return found.in_line(meeting, Duty.FACILITATOR)[: roleplan.NEXT_IN_LINE]
    away = meeting.seats.filter(state__in=rota.AWAY).values_list("person", flat=True)
    busy = {*away, role.person_id if role else None}
    return [person for key, person in found.people.items() if key not in busy]


def _organizers(meeting: Meeting) -> Iterable[Organizer]:
    """Who looks after the whole program or the circle's city; each once."""
    own = Q(metro="") | Q(metro=meeting.group.metro)
    found = Organizer.objects.filter(own, program=meeting.group.program_id).select_related("person")
    return {one.person_id: one for one in found.order_by("-pk")}.values()
