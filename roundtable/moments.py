"""A moment in words on a named clock, for letters, calendars and pages without a script. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def city(zone: str) -> str:
    """The part of a zone's name that people read."""
    return zone.rpartition("/")[2].replace("_", " ")


def short(moment: datetime, zone: str) -> str:
    """ "Thu 22 Oct, 17:30 Madrid"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}, {local:%H:%M} {city(zone)}"


def said(moment: datetime, zone: str) -> str:
    """ "Thu 22 Oct 2026, 17:30 Madrid (UTC+2)": the difference is printed, a city alone is not enough."""
    local = moment.astimezone(ZoneInfo(zone))
    hours = local.strftime("%z")
    offset = f"UTC{hours[0]}{int(hours[1:3])}" + (f":{hours[3:]}" if hours[3:] != "00" else "")
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M} {city(zone)} ({offset})"


def both(moment: datetime, anchor: str, own: str) -> str:
    """ "17:30 Madrid (UTC+2) · 11:30 New York (UTC-4) for you"; once where the two clocks agree."""
    here, there = said(moment, anchor), said(moment, own)
    same = moment.astimezone(ZoneInfo(anchor)).utcoffset() == moment.astimezone(ZoneInfo(own)).utcoffset()
    return here if same else f"{here} · {there} for you"
