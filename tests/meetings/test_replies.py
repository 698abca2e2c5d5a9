"""The table of verdicts, row by row; pairs of answers in both orders; any bytes in, a verdict out."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import incoming, replies
from meetings.replies import Attendee, Event, Judged, Known, Reply, Verdict, judge

NOW = datetime(2026, 10, 1, 12, 0, 30, 500, tzinfo=UTC)
STAMP = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
START = datetime(2026, 10, 22, 15, 30, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ADA, EVE = "ada@example.org", "eve@example.org"
YES = Attendee(ADA, "ACCEPTED")
EVENT = Event(method="REPLY", uid="u@x", sequence=2, stamp=STAMP, starts_at=START, attendees=(YES,))
MAIL = Reply(message_id="<m@x>", sender=ADA, event=EVENT)
ENTRY = Known(
    address="Ada@example.org",
    addresses=frozenset({ADA, "ada@work.example"}),
    sequence=2,
    floor=1,
    starts_at=START,
    ends_at=START + HOUR,
)


def mail(reply: dict[str, object] | None = None, **event: object) -> Reply:
    return replace(MAIL, event=replace(EVENT, **event), **reply or {})  # type: ignore[arg-type]


def said(partstat: str, **more: object) -> tuple[Attendee, ...]:
    return (Attendee(ADA, partstat, **more),)  # type: ignore[arg-type]


IN_WORDS = replace(MAIL, event=None)
AFTER = (2, STAMP + SECOND)
TABLE: dict[str, tuple[Reply, Known | None, Verdict]] = {
    "1 unreadable": (replace(IN_WORDS, readable=False), ENTRY, Verdict.REFUSED),
    "2 automatic": (replace(IN_WORDS, automatic=True), ENTRY, Verdict.AUTOMATIC),
    "3 in words, to a letter": (IN_WORDS, ENTRY, Verdict.PROSE),
    "3 in words, twice a day": (IN_WORDS, replace(ENTRY, today={"prose": 1}), Verdict.TOO_OFTEN),
    "3 in words, to nothing": (IN_WORDS, None, Verdict.NOT_TO_US),
    **{
        f"4 {method}": (mail(method=method), ENTRY, Verdict.NOT_A_REPLY)
        for method in ("REQUEST", "CANCEL", "PUBLISH", "ADD", "DECLINECOUNTER", "", "X-NEW")
    },
    "4 before 5": (mail(method="REQUEST"), None, Verdict.NOT_A_REPLY),
    "5 unknown": (MAIL, None, Verdict.UNKNOWN),
    "6 ended": (MAIL, replace(ENTRY, ended=True), Verdict.OVER),
    "6 past": (MAIL, replace(ENTRY, ends_at=NOW), Verdict.OVER),
    "6 before 7": (MAIL, replace(ENTRY, ended=True, seen=frozenset({STAMP})), Verdict.OVER),
    "7 seen": (MAIL, replace(ENTRY, seen=frozenset({STAMP})), Verdict.DUPLICATE),
    "7 another stamp": (MAIL, replace(ENTRY, seen=frozenset({STAMP - SECOND})), Verdict.APPLIED),
    "8 refresh": (mail(method="REFRESH", attendees=()), ENTRY, Verdict.REFRESH),
    "8 third of a day": (mail(method="REFRESH"), replace(ENTRY, today={"refresh": 2}), Verdict.REFRESH),
    "8 fourth of a day": (mail(method="REFRESH"), replace(ENTRY, today={"refresh": 3}), Verdict.TOO_OFTEN),
    "9 counter": (mail(method="COUNTER"), ENTRY, Verdict.COUNTER),
    "9 counter of an alias": (mail({"sender": "ada@work.example"}, method="COUNTER"), ENTRY, Verdict.COUNTER),
    "9 of somebody else": (mail({"sender": EVE}, method="COUNTER"), ENTRY, Verdict.COUNTER_DROPPED),
    "9 at no instant": (mail(method="COUNTER", starts_at=None), ENTRY, Verdict.COUNTER_DROPPED),
    "10 another date": (mail(recurs=True, recurrence=START - HOUR), ENTRY, Verdict.OTHER_DATE),
    "10 at no instant": (mail(recurs=True, recurrence=None), ENTRY, Verdict.OTHER_DATE),
    "10 the same instant": (mail(recurs=True, recurrence=START), ENTRY, Verdict.APPLIED),
    "11 forwarded": (mail(attendees=(Attendee(EVE, "ACCEPTED"),)), ENTRY, Verdict.STRANGER),
    "11 nobody": (mail(attendees=()), ENTRY, Verdict.STRANGER),
    "11 among others": (mail(attendees=(Attendee(EVE, "DECLINED"), YES)), ENTRY, Verdict.APPLIED),
    "12 delegated": (mail(attendees=said("DELEGATED")), ENTRY, Verdict.DELEGATED),
    "12 delegated to": (mail(attendees=said("ACCEPTED", delegated=True)), ENTRY, Verdict.DELEGATED),
    **{
        f"13 {word}": (mail(attendees=said(word)), ENTRY, Verdict.NO_ANSWER)
        for word in ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "", "X-PERHAPS")
    },
    "14 below the floor": (mail(sequence=0), ENTRY, Verdict.STALE),
    "14 on the floor": (mail(sequence=1), ENTRY, Verdict.APPLIED),
    "14 no sequence, old time": (mail(sequence=None, starts_at=START - HOUR), ENTRY, Verdict.STALE),
    "14 no sequence, no time": (mail(sequence=None, starts_at=None), ENTRY, Verdict.STALE),
    "14 no sequence, this time": (mail(sequence=None), ENTRY, Verdict.APPLIED),
    "14 no sequence, never moved": (
        mail(sequence=None, starts_at=None),
        replace(ENTRY, sequence=0, floor=0),
        Verdict.APPLIED,
    ),
    "15 above ours": (mail(sequence=9), ENTRY, Verdict.APPLIED),
    "15 above ours is as ours": (mail(sequence=9), replace(ENTRY, last=AFTER), Verdict.OUT_OF_ORDER),
    "16 no stamp": (mail(stamp=None), ENTRY, Verdict.APPLIED),
    "16 from the future": (mail(stamp=NOW + HOUR), replace(ENTRY, last=(2, NOW)), Verdict.OUT_OF_ORDER),
    "17 an older stamp": (MAIL, replace(ENTRY, last=AFTER), Verdict.OUT_OF_ORDER),
    "17 an older sequence": (mail(sequence=1), replace(ENTRY, last=(2, STAMP)), Verdict.OUT_OF_ORDER),
    "17 a newer stamp": (MAIL, replace(ENTRY, last=(2, STAMP - SECOND)), Verdict.APPLIED),
    "17 received before another answer": (
        MAIL,
        replace(ENTRY, answered_elsewhere_at=NOW + SECOND),
        Verdict.OUT_OF_ORDER,
    ),
    "17 received after it": (MAIL, replace(ENTRY, answered_elsewhere_at=NOW - SECOND), Verdict.APPLIED),
    "18 the same again": (MAIL, replace(ENTRY, last=(2, STAMP), last_partstat="ACCEPTED"), Verdict.DUPLICATE),
    "18 another in one second": (MAIL, replace(ENTRY, last=(2, STAMP), last_partstat="DECLINED"), Verdict.APPLIED),
    "19 another sender": (mail({"sender": EVE}), ENTRY, Verdict.UNCONFIRMED),
    "19 no sender": (mail({"sender": ""}), ENTRY, Verdict.UNCONFIRMED),
    "19 a check that failed": (mail({"failed": True}), ENTRY, Verdict.UNCONFIRMED),
    "19 replied by a machine": (mail({"auto_replied": True}), ENTRY, Verdict.UNCONFIRMED),
    "19 an alias is the member": (mail({"sender": "ada@work.example"}), ENTRY, Verdict.APPLIED),
    "20 yes": (MAIL, ENTRY, Verdict.APPLIED),
    "20 no": (mail(attendees=said("DECLINED")), ENTRY, Verdict.APPLIED),
    "20 maybe": (mail(attendees=said("TENTATIVE")), ENTRY, Verdict.APPLIED),
}


@pytest.mark.parametrize("row", TABLE)
def test_each_row_of_the_table(row: str) -> None:
    reply, entry, verdict = TABLE[row]
    assert judge(reply, entry, NOW).verdict == verdict


def test_the_table_has_a_case_for_each_verdict_and_each_of_its_twenty_rows() -> None:
    assert {verdict for _, _, verdict in TABLE.values()} == set(Verdict)
    assert {int(row.split()[0]) for row in TABLE} == set(range(1, 21))


def test_an_answer_counts_in_its_place_in_the_order() -> None:
    assert judge(MAIL, ENTRY, NOW) == Judged(Verdict.APPLIED, "ACCEPTED", 2, STAMP)
    received = NOW.replace(microsecond=0)
    assert judge(mail(stamp=None, sequence=7), ENTRY, NOW) == Judged(Verdict.APPLIED, "ACCEPTED", 2, received)
    assert judge(mail(stamp=NOW + HOUR), ENTRY, NOW).stamp == received


def test_a_proposal_keeps_its_instant() -> None:
    assert judge(mail(method="COUNTER", starts_at=START + HOUR), ENTRY, NOW).proposed == START + HOUR


answers = st.builds(
    lambda sequence, seconds, partstat: mail(
        {"message_id": f"<{sequence}.{seconds}.{partstat}@x>"},
        sequence=sequence,
        stamp=STAMP - timedelta(seconds=seconds),
        attendees=said(partstat),
    ),
    st.integers(1, 2),
    st.integers(0, 5),
    st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"]),
)


def settled(*mails: Reply) -> Known:
    """The entry after these mails, received second by second."""
    entry = ENTRY
    for second, one in enumerate(mails):
        judged = judge(one, entry, NOW + second * SECOND)
        if judged.verdict in replies.COUNTS and judged.sequence is not None and judged.stamp:
            entry = replace(entry, last=(judged.sequence, judged.stamp), last_partstat=judged.partstat)
    return entry


@given(answers, answers)
def test_of_two_answers_the_later_given_counts_whichever_arrives_first(one: Reply, other: Reply) -> None:
    assert one.event is not None
    assert other.event is not None
    places = [(event.sequence or 0, event.stamp or STAMP) for event in (one.event, other.event)]
    both = settled(one, other), settled(other, one)
    assert both[0].last == both[1].last == max(places)
    if places[0] != places[1]:
        assert both[0].last_partstat == both[1].last_partstat
    else:
        assert (both[0].last_partstat, both[1].last_partstat) == (
            other.event.attendees[0].partstat,
            one.event.attendees[0].partstat,
        )


@given(st.lists(answers, max_size=6))
def test_the_place_in_the_order_never_falls(mails: list[Reply]) -> None:
    entries = [settled(*mails[:number]) for number in range(len(mails) + 1)]
    places = [entry.last for entry in entries if entry.last]
    assert places == sorted(places)


# From bytes


def ics(*lines: str, method: str = "REPLY", uid: str = "u@x") -> bytes:
    event = ["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", *event, "END:VCALENDAR", ""]).encode()


ATTENDEE = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org"


def mailed(*parts: tuple[bytes, str], sender: str = "Ada <Ada@Example.org>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Message-ID"] = sender, "<m@x>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Łódź, see you!")
    for content, kind in parts:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub)
    return message.as_bytes()


def event_of(*lines: str, **more: str) -> Event:
    found = incoming.read(mailed((ics(*lines, **more), "text/calendar"))).event
    assert found is not None
    return found


def test_a_reply_is_read_as_facts() -> None:
    raw = mailed(
        (ics("SEQUENCE:2", "DTSTAMP:20261001T120000Z", "DTSTART:20261022T153000Z", ATTENDEE), "text/calendar"),
        In_Reply_To="<l@x>",
        References="<k@x> <l@x>",
    )
    assert incoming.read(raw) == Reply("<m@x>", ADA, ("<l@x>", "<k@x>"), event=EVENT)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Ada@Example.ORG", ADA),
        ("attendee;partstat=accepted:mailto:ada@example.org", ADA),
        ('ATTENDEE;CN="Lovelace; Ada: x";PARTSTAT=ACCEPTED:mailto:ada@example.org', ADA),
        ("ATTENDEE;PARTSTAT=ACCEPTED:ada%40example.org", ADA),
        ("ATTENDEE;PARTSTAT=ACC\r\n EPTED:mailto:ada@exam\r\n ple.org", ADA),
        ("ATTENDEE ; PARTSTAT=ACCEPTED:mailto:ada@example.org", ADA),
    ],
)
def test_attendees_are_found_however_they_are_written(line: str, address: str) -> None:
    assert event_of(line).attendees == (Attendee(address, "ACCEPTED"),)


def test_bare_line_feeds_marks_and_letters_without_a_charset_are_read() -> None:
    text = ics("ATTENDEE;CN=Zoë Ó;PARTSTAT=DECLINED:mailto:ada@example.org").replace(b"\r\n", b"\n")
    for raw in (text, b"\xef\xbb\xbf" + text, text.decode().encode("latin-1")):
        found = incoming.read(mailed((raw, "text/calendar"))).event
        assert found is not None
        assert found.attendees[0].partstat == "DECLINED"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("DTSTART:20261022T153000Z", START),
        ("DTSTART;TZID=Europe/Madrid:20261022T173000", START),
        ("DTSTART;TZID=Romance Standard Time:20261022T173000", START),
        ('DTSTART;TZID="Romance Standard Time":20261022T173000', START),
        ("DTSTART:20261022T173000", None),
        ("DTSTART;VALUE=DATE:20261022", None),
        ("DTSTART;TZID=Customized Time Zone:20261022T173000", None),
        ("DTSTART;TZID=../../etc/passwd:20261022T173000", None),
        ("DTSTART;TZID=Europe:20261022T173000", None),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", None),
        ("DTSTART:20261322T153000Z", None),
        ("DTSTART:", None),
    ],
)
def test_a_moment_is_an_instant_or_nothing(line: str, at: datetime | None) -> None:
    assert event_of(line).starts_at == at


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-1", None), ("9" * 5000, None), ("two", None), ("", None)])
def test_a_sequence_is_a_number_or_nothing(text: str, number: int | None) -> None:
    assert event_of(f"SEQUENCE:{text}").sequence == number


def test_the_method_is_that_of_the_body_and_zones_and_alarms_are_left_out() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000Z\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    alarm = "BEGIN:VALARM\r\nATTENDEE:mailto:eve@example.org\r\nEND:VALARM"
    text = ics(ATTENDEE, alarm, method="refresh").replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT", 1)
    found = incoming.read(mailed((text, "text/calendar"))).event
    assert found is not None
    assert (found.method, found.starts_at, len(found.attendees)) == ("REFRESH", None, 1)


def test_the_same_object_twice_is_one_and_a_body_of_its_own_will_do() -> None:
    one = ics(ATTENDEE)
    twice = mailed((one, "text/calendar"), (one.replace(b"\r\n", b"\n"), "application/ics"))
    alone = b"From: ada@example.org\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n" + one
    for raw in (twice, alone):
        found = incoming.read(raw)
        assert (found.readable, found.event and found.event.method) == (True, "REPLY")


two_dates = ics("RECURRENCE-ID:20261022T153000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:u@x", "SEQUENCE:5")


def test_of_a_series_the_event_itself_is_read() -> None:
    found = incoming.read(mailed((two_dates, "text/calendar"))).event
    assert found is not None
    assert (found.sequence, found.recurs) == (5, False)


UNREADABLE = {
    "two calendars": mailed((ics(), "text/calendar"), (ics(method="CANCEL"), "text/calendar")),
    "two in one part": mailed((ics() + ics(), "text/calendar")),
    "two UIDs": mailed((ics("END:VEVENT", "BEGIN:VEVENT", "UID:v@x"), "text/calendar")),
    "no UID": mailed((ics(uid=""), "text/calendar")),
    "no event": mailed((b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", "text/calendar")),
    "no calendar": mailed((b"\x00\xff", "text/calendar")),
    "21 events": mailed((ics(*["END:VEVENT", "BEGIN:VEVENT", "UID:u@x"] * 20), "text/calendar")),
    "51 attendees": mailed((ics(*[ATTENDEE] * 51), "text/calendar")),
    "a large calendar": mailed((ics("X-A:" + "a" * incoming.CALENDAR_BYTES), "text/calendar")),
    "a large mail": mailed() + b"a" * incoming.MAIL_BYTES,
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_too_large_or_says_two_things_is_refused(what: str) -> None:
    assert judge(incoming.read(UNREADABLE[what]), ENTRY, NOW).verdict == Verdict.REFUSED


def test_as_much_as_is_allowed_is_read() -> None:
    assert len(event_of(*[ATTENDEE] * 50).attendees) == 50
    assert event_of(*["END:VEVENT", "BEGIN:VEVENT", "UID:u@x"] * 19).uid == "u@x"


@pytest.mark.parametrize(
    ("headers", "automatic", "auto_replied"),
    [
        ({}, False, False),
        ({"Auto_Submitted": "no"}, False, False),
        ({"Auto_Submitted": "auto-replied; owner-email=x"}, True, True),
        ({"Auto_Submitted": "auto-generated"}, True, False),
        ({"Return_Path": "<>"}, True, False),
        ({"Precedence": "bulk"}, True, False),
    ],
)
def test_machines_say_that_they_are_machines(headers: dict[str, str], automatic: bool, auto_replied: bool) -> None:  # noqa: FBT001 - cases
    found = incoming.read(mailed(**headers))
    assert (found.automatic, found.auto_replied) == (automatic, auto_replied)


@pytest.mark.parametrize("sender", ["", "nobody", "a@x.example, b@x.example", "=?utf-8?q?=FF?= <>"])
def test_a_sender_is_one_address_or_nobody(sender: str) -> None:
    assert incoming.read(mailed(sender="x@y.example").replace(b"x@y.example", sender.encode())).sender in ("", "nobody")


PIECES = [
    *(b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"METHOD:REPLY\r\n", b"\r\n "),
    *(
        b"UID:u@x\r\n",
        b"ATTENDEE;PARTSTAT=",
        b"ACCEPTED:",
        b"mailto:ada@example.org\r\n",
        b"DTSTAMP:2026",
        b"SEQUENCE:1\r\n",
    ),
    *(b'ATTENDEE;CN="', b"From: ", b"DTSTART;TZID=", b"--x--", b"=?utf-8?b?", b"Content-Transfer-Encoding: base64\r\n"),
    *(b"Content-Type: text/calendar\r\n\r\n", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"),
]
anything = st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(anything, anything)
def test_any_bytes_in_a_verdict_out(head: bytes, body: bytes) -> None:
    wrapped = b"From: ada@example.org\r\nContent-Type: text/calendar\r\n\r\n"
    for raw in (head, head + b"\r\n\r\n" + body, wrapped + body, wrapped + ics() + body):
        assert judge(incoming.read(raw), ENTRY, NOW).verdict in Verdict
        assert isinstance(incoming.message_id(raw), str)


BOMBS = {
    "nested parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(40_000)
    ),
    "20,000 attendees": mailed((ics(*["ATTENDEE:mailto:a@x"] * 20_000), "text/calendar")),
    "empty lines": b"Content-Type: text/calendar\r\n\r\n" + b"\r\n" * 120_000,
    "folds": b"Content-Type: text/calendar\r\n\r\n" + ics("UID:a" + "\r\n " * 60_000),
    "open quotes": b"Content-Type: text/calendar\r\n\r\n" + ics(*['ATTENDEE;CN="' + ';"' * 2000] * 50),
    "blanks": b"Content-Type: text/calendar\r\n\r\n" + ics("ATTENDEE;" + " " * 200_000 + ":x"),
    "many headers": b"From: a@x.example\r\n" * 100_000,
    "long sender": b"From: " + b"(" * 1_000_000 + b"\r\n\r\nx",
    "one rule": mailed((ics("RRULE:FREQ=SECONDLY", "DTSTART:19700101T000000Z"), "text/calendar")),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_the_limits_hold_in_time(bomb: str) -> None:
    began = time.perf_counter()
    judge(incoming.read(BOMBS[bomb][: incoming.MAIL_BYTES]), ENTRY, NOW)
    assert time.perf_counter() - began < 10
