"""A group's weekly hour, said in words on a clock: its own, or a reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groups.candidates import monday_after
from groups.models.draft import DraftGroup
from groups.models.group import Group
from groups.models.offer import Offer
from roundtable import clock, moments

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
        return moments.city(self.zone)


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


def of_group(group: Group, *, zone: str | None = None, minutes: int | None = None) -> Hour:
    """The hour a group keeps: on its own clock, or on a reader's; as long as its program says, or as it has chosen."""
    return on_clock(
        group.window,
        kept_in=group.zone,
        zone=zone or group.zone,
        minutes=minutes or group.program.minutes,
        monday=monday_after(clock.today()),
    )


def of_offer(offer: Offer) -> Hour:
    """The hour at which somebody would host, on their own clock."""
    return on_clock(
        offer.window,
        kept_in=offer.zone,
        zone=offer.zone,
        minutes=offer.program.minutes,
        monday=monday_after(clock.today()),
    )
