"""Letters about polls: the hours on the reader's own clock and one page to tick them, without signing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from meetings.cadence import WEEKDAYS
from meetings.models.poll import PURPOSE, Kind, Option, Poll
from meetings.polls import Reminder
from meetings.reminders import Window, opens_at
from members.models.person import Person
from roundtable import links, moments
from roundtable.outbox.models import Priority
from roundtable.outbox.post import Draft

LINK_OUTLIVES_POLL = timedelta(days=7)
SILENT = "meetings/poll_closes"


def asked(poll: Poll, options: Sequence[Option], people: Sequence[Person], *, now: datetime) -> list[Draft]:
    """E17: to each member, when they are awake: a few hours, and one page to say which are good."""
    return [
        _letter(poll, options, person, token, kind="meetings/poll", key=f"poll:{poll.pk}:{person.pk}", now=now)
        for person, token in _with_links(poll, people)
    ]


def reminder_key(poll: Poll, what: Reminder, person: int) -> str:
    """Each once for a poll and a member."""
    return f"poll:{poll.pk}:{what}:{person}"


def closing(
    poll: Poll, options: Sequence[Option], silent: Sequence[tuple[Reminder, Person]], *, now: datetime
) -> list[Draft]:
    """E18: to the silent, at half time and in the last day."""
    tokens = _with_links(poll, [person for _, person in silent])
    return [
        _letter(poll, options, person, token, kind=SILENT, key=reminder_key(poll, what, person.pk), now=now)
        for (what, person), (_, token) in zip(silent, tokens, strict=True)
    ]


def _with_links(poll: Poll, people: Sequence[Person]) -> list[tuple[Person, str]]:
    tokens = links.make_each(PURPOSE, [(poll.about, one) for one in people], poll.closes_at + LINK_OUTLIVES_POLL)
    return list(zip(people, tokens, strict=True))


def _letter(
    poll: Poll, options: Sequence[Option], person: Person, token: str, *, kind: str, key: str, now: datetime
) -> Draft:
    return Draft(
        kind=kind,
        to=person,
        about=poll.about,
        dedupe_key=key,
        context={
            "what": poll.get_kind_display(),
            "hours": [hour(poll, option, person.zone) for option in options],
            "until": moments.short(poll.closes_at, person.zone),
        },
        links={"token": token},
        priority=Priority.REMINDER,
        not_before=opens_at(Window(timedelta(0), timedelta(0), at_nine=False), now, person.zone),
        expires_at=poll.closes_at,
    )


def hour(poll: Poll, option: Option, zone: str) -> str:
    """An hour of the poll on both clocks: one date, or a weekday from its first date on."""
    if poll.kind != Kind.HOUR:
        return moments.both(option.starts_at, poll.zone, zone)
    there = option.starts_at.astimezone(ZoneInfo(zone))
    own = ""
    if there.utcoffset() != option.starts_at.astimezone(ZoneInfo(poll.zone)).utcoffset():
        own = f" · {'' if there.date() == option.on else WEEKDAYS[there.weekday()] + 's, '}{there:%H:%M} for you"
    first = f"{option.on.day} {moments.MONTHS[option.on.month - 1]}"
    return f"{WEEKDAYS[option.on.weekday()]}s, {moments.hour(option.starts_at, poll.zone)}{own}, from {first} on"
