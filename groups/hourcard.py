"""The hours that a draft shares, on each clock of its members; the hardest clock of each hour is marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from groups import candidates, times
from groups.composition.measures import common_windows, shared_interests, span_of
from groups.composition.people import slots_of
from groups.consent import State
from groups.models.draft import DraftGroup
from groups.models.invitation import Invitation
from roundtable import clock, moments

SEATED = [State.DRAFTED, State.SENT, State.ACCEPTED]
EASIEST = time(13)  # a start as far as possible from both ends of a day
SHOWN = 12  # hours


@dataclass(frozen=True, slots=True)
class Clock:
    """One hour on one clock."""

    words: str
    hardest: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One hour that suits everybody, on each clock; `now` is the hour that the draft would keep."""

    clocks: tuple[Clock, ...]
    now: bool
    window: int


@dataclass(frozen=True, slots=True)
class HourCard:
    """The clocks with who lives by them, the shared hours, and what else the group has in common."""

    clocks: Mapping[str, tuple[str, ...]]
    rows: tuple[Row, ...]
    more: int
    span: int | None
    interests: tuple[str, ...]


def of(draft: DraftGroup) -> HourCard:
    """What this draft shares. Only hours that all of it gave are told, never what one person gave besides."""
    seats = Invitation.objects.filter(draft=draft, state__in=SEATED)
    people = [seat.application for seat in seats.select_related("application__person")]
    pool = candidates.pool(people, today=clock.today(), zone=draft.zone)
    minutes = times.minutes_of_draft(draft)
    problem = candidates.plain(draft.composition.program, pool, minutes=minutes)
    windows = slots_of(common_windows(problem.rules, problem.people)) if people else ()
    clocks: dict[str, list[str]] = {draft.zone: []}
    for one in people:
        week = pool.weeks.get(one.public_id)
        clocks.setdefault(week.zone if week else one.person.zone, []).append(one.person.initials)
    chosen = sorted(windows, key=lambda window: (window != draft.window, window))[:SHOWN]
    return HourCard(
        clocks={moments.city(zone): tuple(initials) for zone, initials in clocks.items()},
        rows=tuple(_row(draft, window, list(clocks), minutes) for window in sorted(chosen)),
        more=len(windows) - len(chosen),
        span=span_of(problem.people),
        interests=shared_interests(problem.people),
    )


def _row(draft: DraftGroup, window: int, zones: list[str], minutes: int) -> Row:
    monday = candidates.monday_after(clock.today())
    hours = [times.on_clock(window, kept_in=draft.zone, zone=zone, minutes=minutes, monday=monday) for zone in zones]
    strains = [strain(hour.start) for hour in hours]
    hardest = max(strains) if len(set(strains)) > 1 else None
    clocks = tuple(Clock(hour.words, strain == hardest) for hour, strain in zip(hours, strains, strict=True))
    return Row(clocks, window == draft.window, window)


def strain(start: time) -> int:
    """How many minutes this start lies from the easiest one, the short way round the clock."""
    apart = abs(start.hour * 60 + start.minute - EASIEST.hour * 60)
    return min(apart, 24 * 60 - apart)
