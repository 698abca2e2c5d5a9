"""A date as it travels: over real SMTP, from the seal to a mail server that keeps what it is given."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from meetings import ics, letters
from meetings.models.meeting import Meeting
from meetings.models.seat import Entry
from roundtable.outbox.models import Letter
from roundtable.outbox.tasks import drain
from tests.conftest import Stopped
from tests.roundtable.conftest import Sink, sink  # noqa: F401 - a fixture
from tests.roundtable.outbox.test_mime import tree

pytestmark = pytest.mark.django_db(transaction=True)
CALENDARS = ("text/calendar", "application/ics")
KIND = "groups/sealed"


@pytest.fixture
def sent(meeting: Meeting, sink: Sink) -> list[EmailMessage]:  # noqa: F811 - the fixture of that name
    """The three letters of the seal, as the server took them; the others of this life are taken back."""
    Letter.objects.exclude(kind=KIND).update(state="cancelled", secret=None)
    drain()
    return [read(taken.content) for taken in sink.taken]


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> list[bytes]:
    found = [part for part in message.walk() if part.get_content_type() in CALENDARS]
    return [bytes(part.get_payload(decode=True)) for part in found]


def test_each_goes_to_one_person_in_the_one_form_that_calendars_agree_on(
    sent: list[EmailMessage],
    sink: Sink,  # noqa: F811 - the fixture of that name
) -> None:
    alternative = ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])
    assert [tree(message) for message in sent] == [("multipart/mixed", [alternative, "application/ics"])] * 3
    assert [len(taken.rcpt_tos) for taken in sink.taken] == [1, 1, 1]
    heads = [(message["To"], message["Cc"], message["Bcc"], message["Auto-Submitted"]) for message in sent]
    assert heads == [(taken.rcpt_tos[0], None, None, "auto-generated") for taken in sink.taken]


def test_both_parts_are_the_bytes_that_the_entry_gives(sent: list[EmailMessage], meeting: Meeting) -> None:
    built = {
        entry.address: ics.build(letters.calendar_entry(entry))
        for entry in Entry.objects.select_related("seat__meeting__group", "seat__person")
    }
    assert {message["To"]: parts(message) for message in sent} == {to: [file] * 2 for to, file in built.items()}


def test_every_byte_passes_a_server_of_seven_bits_in_lines_that_nobody_breaks(
    sent: list[EmailMessage],
    sink: Sink,  # noqa: F811 - the fixture of that name
) -> None:
    for taken in sink.taken:
        assert max(taken.content) < 128
        assert max(len(line) for line in taken.content.split(b"\r\n")) <= 78
        assert b"\n" not in taken.content.replace(b"\r\n", b"")


def test_sender_answers_and_organizer_are_one_address_and_the_method_is_said_alike(sent: list[EmailMessage]) -> None:
    for message in sent:
        calendar = Calendar.from_ical(parts(message)[0])
        (event,) = calendar.events
        organizer = str(event["ORGANIZER"]).removeprefix("mailto:")
        sender = message["From"].addresses[0].addr_spec
        assert (organizer, message["Reply-To"]) == (sender, sender)
        (alternative,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        assert alternative["Content-Type"].params["method"] == str(calendar["METHOD"]) == "REQUEST"


def test_a_letter_that_may_have_arrived_goes_again_byte_by_byte(
    meeting: Meeting,
    sink: Sink,  # noqa: F811 - the fixture of that name
    clock: Stopped,
) -> None:
    one = Letter.objects.filter(kind=KIND).order_by("pk")[0]
    Letter.objects.exclude(pk=one.pk).update(state="cancelled", secret=None)
    sink.data = Sink.HANG_UP
    drain()
    sink.data = "250 OK"
    clock.forward(minutes=11)
    Meeting.objects.update(starts_at=meeting.starts_at + timedelta(hours=1), room="Attic")
    drain()
    first, second = (taken.content for taken in sink.taken)
    assert (first == second, Letter.objects.get(pk=one.pk).state) == (True, "sent")
