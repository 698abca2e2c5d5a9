"""A moment in words on a named clock, for letters, calendars and pages without a script. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def city(zone: str) -> str:
    """The part of a zone's name that people read."""
    return zone.rpartition("/")[2].replace("_", " ")


def offset(local: datetime) -> str:
    """ "UTC+2", "UTC-2:30", "UTC": printed beside the city, which alone is not enough twice a year."""
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def morning(now: datetime, zone: str, number: int) -> datetime:
    """Nine o'clock of the so-many-th morning to come on this clock; now itself for none."""
    if number < 1:
        return now
    here = now.astimezone(ZoneInfo(zone))
    ahead = number - (here.time() < MORNING)
    return datetime.combine(here.date() + timedelta(days=ahead), MORNING, ZoneInfo(zone)).astimezone(UTC)


def short(moment: datetime, zone: str) -> str:
    """ "Thu 22 Oct, 17:30 Madrid"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}, {local:%H:%M} {city(zone)}"


def hour(moment: datetime, zone: str) -> str:
    """ "17:30 Madrid"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M} {city(zone)}"


def said(moment: datetime, zone: str) -> str:
    """ "Thu 22 Oct 2026, 17:30 Madrid (UTC+2)"."""
    local = moment.astimezone(ZoneInfo(zone))
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    place = city(zone) if zone == "UTC" else f"{city(zone)} ({offset(local)})"
    return f"{day}, {local:%H:%M} {place}"


def ahead(moment: datetime, now: datetime, zone: str) -> str:
    """ "today", "tomorrow", "in 9 days", by the calendar on this clock; empty for a day that is over."""
    days = (moment.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    if days < 0:
        return ""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def another_hour(moment: datetime, before: datetime, zone: str) -> str:
    """ "1 hour later than the time before" on this clock; empty where the clock shows the same hour."""
    here, there = moment.astimezone(ZoneInfo(zone)), before.astimezone(ZoneInfo(zone))
    minutes = (here.hour * 60 + here.minute - there.hour * 60 - there.minute + 720) % 1440 - 720
    hours, rest = divmod(abs(minutes), 60)
    said = [f"{hours} hour{'s' * (hours > 1)}"] * bool(hours) + [f"{rest} minutes"] * bool(rest)
    return f"{' '.join(said)} {'later' if minutes > 0 else 'earlier'} than the time before" if minutes else ""


def both(moment: datetime, anchor: str, own: str) -> str:
    """ "Thu 22 Oct 2026, 17:30 Madrid (UTC+2) · 11:30 for you"; with the weekday where it differs."""
    here, there = moment.astimezone(ZoneInfo(anchor)), moment.astimezone(ZoneInfo(own))
    if here.utcoffset() == there.utcoffset():
        return said(moment, anchor)
    day = f"{DAYS[there.weekday()]} " if there.date() != here.date() else ""
    return f"{said(moment, anchor)} · {day}{there:%H:%M} for you"
