from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meetings import cadence, ics
from meetings.ics import Entry, Method, Partstat, Status

PLACES = {
    "Africa": "Cairo Casablanca Johannesburg Lagos Nairobi",
    "America": "Anchorage Argentina/Buenos_Aires Bogota Caracas Chicago Denver Halifax Havana Los_Angeles Mexico_City"
    " New_York Nuuk Phoenix Santiago Sao_Paulo St_Johns Toronto",
    "Asia": "Almaty Amman Baghdad Beirut Dhaka Dubai Gaza Ho_Chi_Minh Hong_Kong Jakarta Jerusalem Kabul Karachi "
    "Kathmandu Kolkata Manila Seoul Shanghai Singapore Tehran Tokyo",
    "Atlantic": "Azores Reykjavik",
    "Australia": "Adelaide Brisbane Lord_Howe Perth Sydney",
    "Europe": "Berlin Dublin Istanbul Kyiv London Madrid",
    "Pacific": "Apia Auckland Chatham Honolulu",
}
ZONES = [f"{region}/{place}" for region, places in PLACES.items() for place in places.split()]
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
AT = datetime(2026, 10, 22, 15, 30, tzinfo=UTC)
PLAIN = Entry(
    uid="0123456789abcdef0123456789abcdef@mail.roundtable.example",
    sequence=2,
    stamp=datetime(2026, 10, 1, 8, 0, 5, tzinfo=UTC),
    created_at=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    modified_at=datetime(2026, 10, 1, 8, 0, 4, tzinfo=UTC),
    starts_at=AT,
    ends_at=AT + timedelta(minutes=90),
    organizer="meetings@mail.roundtable.example",
    attendee="Ada@example.org",
    name='Ada "Countess" Lovelace, née Byron',
    partstat=Partstat.NEEDS_ACTION,
    description="17:30 Madrid\n16:30 for you",
    url="https://roundtable.example/meetings/8fYx/",
    location="Calle Mayor 1; first floor",
)


def days_around_changes(zone):
    """The days of two years on which the clocks of a zone change, and the days before and after."""
    noon = [datetime.combine(FIRST + timedelta(days=day), time(12), ZoneInfo(zone)) for day in range(730)]
    changes = [day.date() for before, day in pairwise(noon) if before.utcoffset() != day.utcoffset()]
    return [day + timedelta(days=more) for day in changes or [date(2026, 7, 1)] for more in (-1, 0, 1)]


@st.composite
def local_starts(draw):
    zone = draw(st.sampled_from(ZONES))
    days = st.sampled_from(days_around_changes(zone)) | st.dates(FIRST, LAST)
    return draw(days), draw(st.times(min_value=time(5)).map(lambda at: at.replace(second=0, microsecond=0))), zone


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
names = texts | st.sampled_from(
    ["Łukasz 🦀", 'Zoë "Z" O\'Hara; Ltd: x', "נועה כהן", "A\r\nATTENDEE:mailto:eve@evil.example"]
)
entries = st.builds(
    lambda start, minutes, name, words, partstat, status, sequence: replace(
        PLAIN,
        starts_at=cadence.instant(*start),
        ends_at=cadence.instant(*start) + timedelta(minutes=minutes),
        name=name,
        summary=words or "Roundtable",
        description=words,
        location=words,
        partstat=partstat,
        status=status,
        sequence=sequence,
    ),
    local_starts(),
    st.integers(15, 240),
    names,
    texts,
    st.sampled_from(Partstat),
    st.sampled_from(Status),
    st.integers(0, 99),
)


def test_there_are_sixty_zones():
    assert len(set(ZONES)) == 60


def test_a_request_is_written_like_this():
    unfolded = ics.build(PLAIN).replace(b"\r\n ", b"").decode().split("\r\n")
    assert sorted(unfolded) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Roundtable//Roundtable//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:0123456789abcdef0123456789abcdef@mail.roundtable.example",
            "SEQUENCE:2",
            "DTSTAMP:20261001T080005Z",
            "CREATED:20260901T080000Z",
            "LAST-MODIFIED:20261001T080004Z",
            "DTSTART:20261022T153000Z",
            "DTEND:20261022T170000Z",
            'ORGANIZER;CN="Roundtable":mailto:meetings@mail.roundtable.example',
            'ATTENDEE;CN="Ada Countess Lovelace, née Byron";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;'
            "ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:Ada@example.org",
            "STATUS:CONFIRMED",
            "CLASS:PRIVATE",
            "TRANSP:OPAQUE",
            "SUMMARY:Roundtable",
            r"DESCRIPTION:17:30 Madrid\n16:30 for you",
            r"LOCATION:Calle Mayor 1\; first floor",
            "URL:https://roundtable.example/meetings/8fYx/",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_a_cancellation_differs_from_the_request_in_method_and_status_alone():
    request, cancel = (set(ics.build(PLAIN, method).split(b"\r\n")) for method in (Method.REQUEST, Method.CANCEL))
    assert request - cancel == {b"METHOD:REQUEST", b"STATUS:CONFIRMED"}
    assert cancel - request == {b"METHOD:CANCEL", b"STATUS:CANCELLED"}


def test_who_waits_in_line_is_tentative():
    event = Calendar.from_ical(ics.build(replace(PLAIN, status=Status.TENTATIVE, partstat=Partstat.TENTATIVE))).events[
        0
    ]
    assert (event["STATUS"], event["ATTENDEE"].params["PARTSTAT"]) == ("TENTATIVE", "TENTATIVE")


def test_every_moment_is_written_in_utc():
    madrid = ZoneInfo("Europe/Madrid")
    local = {name: getattr(PLAIN, name).astimezone(madrid) for name in ("stamp", "starts_at", "ends_at", "created_at")}
    assert ics.build(replace(PLAIN, **local)) == ics.build(PLAIN)


def test_words_that_are_empty_are_left_out():
    event = Calendar.from_ical(ics.build(replace(PLAIN, location="", description=""))).events[0]
    assert ("LOCATION" in event, "DESCRIPTION" in event) == (False, False)


@given(entries, st.sampled_from(Method))
def test_every_parser_reads_back_the_same_instant_and_one_attendee(entry, method):
    written = ics.build(entry, method)
    calendar = Calendar.from_ical(written)
    (event,) = calendar.events
    assert (event.start, event.end, event.stamp) == (entry.starts_at, entry.ends_at, entry.stamp)
    assert (event["UID"], event["SEQUENCE"], calendar["METHOD"]) == (entry.uid, entry.sequence, method)
    assert "METHOD" not in event
    assert [str(one) for one in event.attendees] == ["mailto:Ada@example.org"]
    assert event.attendees[0].params["CN"] == (ics.clean_name(entry.name) or "Ada@example.org")


@given(entries, st.sampled_from(Method))
def test_a_second_parser_agrees(entry, method):
    calendar = vobject.readOne(ics.build(entry, method).decode())
    event = calendar.vevent
    assert (event.dtstart.value, event.dtend.value) == (entry.starts_at, entry.ends_at)
    assert (event.uid.value, event.sequence.value, calendar.method.value) == (entry.uid, str(entry.sequence), method)
    assert [one.value for one in event.attendee_list] == ["mailto:Ada@example.org"]
    assert (event.attendee.partstat_param, event.attendee.rsvp_param) == (entry.partstat, "TRUE")


@given(entries, st.sampled_from(Method))
def test_lines_end_in_crlf_and_hold_at_most_75_octets(entry, method):
    written = ics.build(entry, method)
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert all(len(line.decode().splitlines()) <= 1 for line in lines)


@given(entries)
def test_the_same_entry_gives_the_same_bytes(entry):
    assert ics.build(entry) == ics.build(replace(entry))


@given(entries, st.integers(1, 5), st.integers(1, 10**6))
def test_an_update_is_newer_in_sequence_and_stamp(entry, more, seconds):
    later = replace(entry, sequence=entry.sequence + more, stamp=entry.stamp + timedelta(seconds=seconds))
    before, after = (Calendar.from_ical(ics.build(one)).events[0] for one in (entry, later))
    assert (after["SEQUENCE"] > before["SEQUENCE"], after.stamp > before.stamp) == (True, True)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ('Ada "Countess" Lovelace', "Ada Countess Lovelace"),
        ("Ada\r\nX-EVIL:1", "Ada X-EVIL:1"),
        ("Łukasz\t 🦀", "Łukasz 🦀"),
        ("^nA", "nA"),
        ("\x00\x07", ""),
    ],
)
def test_names_are_cleaned(name, clean):
    assert ics.clean_name(name) == clean


def test_a_name_in_ascii_keeps_what_can_be_kept():
    names = ["Zoë Groß", "Søren Ærø", 'Łukasz "Ł" 🦀', "山田 Taro", "山田"]
    assert [ics.plain_name(name) for name in names] == ["Zoe Gross", "Soren Aero", "Lukasz L", "Taro", ""]


def test_a_place_by_video_is_a_conference_of_rfc_7986():
    line = b"CONFERENCE;FEATURE=VIDEO;LABEL=Join by video;VALUE=URI:https://meet.example/x?a=1"
    whole = ics.build(replace(PLAIN, conference="https://meet.example/x?a=1")).replace(b"\r\n ", b"")
    assert line in whole.split(b"\r\n")
    assert b"CONFERENCE" not in ics.build(PLAIN)


def test_a_name_that_is_empty_once_cleaned_is_the_address():
    assert b'CN="Ada@example.org"' in ics.build(replace(PLAIN, name='"\x00"'))


def test_a_uid_is_all_the_randomness_given():
    assert ics.new_uid(bytes(range(16)), domain="mail.example") == "000102030405060708090a0b0c0d0e0f@mail.example"
    with pytest.raises(ValueError, match="a UID takes 16 random bytes, not 8"):
        ics.new_uid(bytes(8), domain="mail.example")


def test_an_entry_ends_after_it_starts():
    with pytest.raises(ValueError, match="an entry ends after it starts"):
        ics.build(replace(PLAIN, ends_at=PLAIN.starts_at))
