"""A group's weekly hour, said in words on a clock: its own, or a reader's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from groups.candidates import monday_after
from groups.models.draft import DraftGroup, DraftState
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


@dataclass
class Lengths:
    """The app that knows dates says how long the circles among these have chosen to meet, by group, in one query; it
    registers itself when it is loaded."""

    chosen: Callable[[QuerySet[Group]], dict[int, int]] | None = None


lengths = Lengths()


def minutes_of_groups(groups: Collection[Group]) -> dict[int, int]:
    """How long each of these meets, by its key: as it has chosen, else as its program says. One query for all."""
    rows = Group.objects.filter(pk__in=[one.pk for one in groups])
    chosen = lengths.chosen(rows) if lengths.chosen and groups else {}
    return {one.pk: chosen.get(one.pk, one.program.minutes) for one in groups}


def minutes_of_drafts(drafts: Collection[DraftGroup]) -> dict[int, int]:
    """How long each of these would meet, by its key: as its program says, and once sealed as its group has chosen. Two
    queries for all, none where all are on paper.
    """
    keys = [one.pk for one in drafts if one.state == DraftState.SEALED]
    sealed = Group.objects.filter(draft__in=keys)
    chosen = lengths.chosen(sealed) if lengths.chosen and keys else {}
    home = dict(sealed.filter(pk__in=chosen).values_list("draft", "pk")) if chosen else {}
    return {one.pk: chosen.get(home.get(one.pk, 0), one.composition.program.minutes) for one in drafts}


def minutes_of_draft(draft: DraftGroup) -> int:
    """The same of one."""
    return minutes_of_drafts([draft])[draft.pk]


def of_draft(draft: DraftGroup, *, zone: str | None = None, minutes: int | None = None) -> Hour:
    """The hour a draft proposes, on the clock it would keep or on a reader's; of many, `minutes` is asked once."""
    return on_clock(
        draft.window,
        kept_in=draft.zone,
        zone=zone or draft.zone,
        minutes=minutes or minutes_of_draft(draft),
        monday=monday_after(clock.today()),
    )


def of_group(group: Group, *, zone: str | None = None, minutes: int | None = None) -> Hour:
    """The hour a group keeps: on its own clock, or on a reader's; as long as it has chosen, or as its program says."""
    return on_clock(
        group.window,
        kept_in=group.zone,
        zone=zone or group.zone,
        minutes=minutes or minutes_of_groups([group])[group.pk],
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
