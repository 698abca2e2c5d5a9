"""A group's weekly hour, said in words on a clock: its own, or a reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groups.candidates import monday_after
from groups.models.draft import DraftGroup
from roundtable import clock

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Hour:
    """A weekly hour on one clock: "Thursdays, 17:30 to 19:00", and which clock it is."""

    weekday: int
    start: time
    end: time
    zone: str

    @property
    def words(self) -> str:
        return f"{DAYS[self.weekday]}s, {self.start:%H:%M} to {self.end:%H:%M}"

    @property
    def city(self) -> str:
        """The part of the zone's name that people read."""
        return self.zone.rpartition("/")[2].replace("_", " ")


def on_clock(slot: int, *, kept_in: str, zone: str, minutes: int, monday: date) -> Hour:
    """The hour that begins at this half hour of the anchor's week, as the other zone's clock shows it that week."""
    start = datetime.combine(monday, time()) + timedelta(minutes=30 * slot)
    here = start.replace(tzinfo=ZoneInfo(kept_in)).astimezone(ZoneInfo(zone))
    end = (here.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return Hour(here.weekday(), here.time(), end.time(), zone)


def of_draft(draft: DraftGroup, *, zone: str | None = None) -> Hour:
    """The hour a draft proposes: on the clock it would keep, or on a reader's."""
    return on_clock(
        draft.window,
        kept_in=draft.zone,
        zone=zone or draft.zone,
        minutes=draft.composition.program.minutes,
        monday=monday_after(clock.today()),
    )


def at(moment: datetime, zone: str) -> str:
    """A moment as a letter says it: "Thursday 22 October, 17:30 (Madrid)"."""
    local = moment.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{DAYS[local.weekday()]} {local.day} {local:%B}, {local:%H:%M} ({city})"
