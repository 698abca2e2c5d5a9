"""What two other programs read in our files: sixty zones, the days around every clock change of two years."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject

from meetings import cadence, ics
from meetings.ics import Entry, Method, Partstat
from tests.meetings.test_ics import PLAIN, ZONES, days_around_changes

HERE = Path(__file__).parent
NODE = shutil.which("node")
INSTALLED = NODE is not None and (HERE / "node_modules" / "ical.js").is_dir()
AT = (time(5), time(17, 30), time(23, 45))
NAMES = ('Ada "Countess" Lovelace', "Łukasz 🦀; Żak, jr.", "נועה כהן", "O'Hara: x")


def entries() -> Iterator[tuple[Entry, Method]]:
    """An invitation, its update and its end for each of these days, at one of three hours."""
    for number, zone in enumerate(ZONES):
        for day in days_around_changes(zone):
            starts_at = cadence.instant(day, AT[(number + day.day) % 3], zone)
            first = replace(
                PLAIN,
                uid=ics.new_uid(number.to_bytes(2) + day.toordinal().to_bytes(14), domain="mail.roundtable.example"),
                sequence=0,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=90),
                name=NAMES[number % 4],
            )
            later = replace(first, sequence=1, stamp=first.stamp + timedelta(seconds=1), partstat=Partstat.TENTATIVE)
            yield first, Method.REQUEST
            yield later, Method.REQUEST
            yield replace(later, sequence=2), Method.CANCEL


CASES = list(entries())
FILES = [ics.build(entry, method) for entry, method in CASES]


def meant(entry: Entry, method: Method) -> dict[str, Any]:
    return {
        "events": 1,
        "method": method,
        "uid": entry.uid,
        "sequence": entry.sequence,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "stamp": entry.stamp,
        "status": "CANCELLED" if method == Method.CANCEL else "CONFIRMED",
        "attendees": [[f"mailto:{entry.attendee}", entry.partstat, ics.clean_name(entry.name)]],
    }


def test_there_is_a_file_for_each_of_sixty_zones_and_every_change() -> None:
    assert len({entry.uid for entry, _ in CASES}) * 3 == len(CASES)
    assert len(CASES) > 1000


def test_vobject_reads_what_was_meant() -> None:
    for (entry, method), file in zip(CASES, FILES, strict=True):
        calendar = vobject.readOne(file.decode())
        (event,) = calendar.vevent_list
        assert {
            "events": 1,
            "method": calendar.method.value,
            "uid": event.uid.value,
            "sequence": int(event.sequence.value),
            "starts_at": event.dtstart.value,
            "ends_at": event.dtend.value,
            "stamp": event.dtstamp.value,
            "status": event.status.value,
            "attendees": [[one.value, one.partstat_param, one.cn_param] for one in event.attendee_list],
        } == meant(entry, method)


def read_by_ical_js() -> list[dict[str, Any]]:
    lines = b"\n".join(base64.b64encode(file) for file in FILES)
    done = subprocess.run([str(NODE), "read.mjs"], cwd=HERE, input=lines, capture_output=True, check=True, timeout=120)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    moments = ("starts_at", "ends_at", "stamp")
    return [one | {name: datetime.fromisoformat(one[name]) for name in moments} for one in found]


@pytest.mark.skipif(
    not INSTALLED and not os.environ.get("PARSERS_REQUIRED"),
    reason="NO NODE OR NO ICAL.JS ON THIS MACHINE: nobody but vobject has read our calendar files",
)
def test_ical_js_reads_what_was_meant() -> None:
    assert INSTALLED, "ical.js is not installed: `npm ci` in tests/meetings/parsers"
    assert read_by_ical_js() == [meant(entry, method) for entry, method in CASES]
