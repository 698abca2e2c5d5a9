import email
import email.policy

import pytest
from django.core.mail import BadHeaderError

from roundtable.outbox import mime
from roundtable.outbox.models import Letter

ICS = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        'ORGANIZER;CN="Roundtable: the circle";SENT-BY="mailto:x@y.example":mailto:cal',
        " endar@roundtable.example",
        "SUMMARY:Roundtable — größer",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
).encode()


def letter(**facts):
    plain = {"to": "ada@example.com", "subject": "Größer", "text": "Grüße ~~link~~", "html": "<p>ü ~~link~~</p>"}
    return Letter(**plain | facts)


def sent(one, secrets=None):
    """As bytes on the wire, and read again."""
    raw = mime.build(one, secrets or {}).message().as_bytes()
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def tree(part):
    kind = part.get_content_type()
    return (kind, [tree(each) for each in part.iter_parts()]) if part.is_multipart() else kind


def test_a_calendar_letter_has_the_one_form_that_calendars_agree_on():
    _, message = sent(letter(ics=ICS))
    alternative = ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])
    assert tree(message) == ("multipart/mixed", [alternative, "application/ics"])


def test_both_calendar_parts_carry_exactly_the_bytes_that_were_built():
    _, message = sent(letter(ics=ICS))
    parts = [part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_payload(decode=True) for part in parts] == [ICS, ICS]


def test_the_alternative_says_method_and_charset_once_and_nothing_of_a_file():
    _, message = sent(letter(ics=ICS))
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (part["Content-Disposition"], part["Content-ID"]) == (None, None)


def test_the_attachment_is_called_invite():
    _, message = sent(letter(ics=ICS))
    (part,) = message.iter_attachments()
    assert (part.get_content_disposition(), part.get_filename()) == ("attachment", "invite.ics")


def test_every_part_is_base64_and_no_line_is_long_or_in_8_bit():
    raw, message = sent(letter(ics=ICS))
    assert {p["Content-Transfer-Encoding"] for p in message.walk() if not p.is_multipart()} == {"base64"}
    assert max(len(line) for line in raw.splitlines()) <= 78
    assert raw.isascii()


def test_from_reply_to_and_organizer_are_one_address():
    _, message = sent(letter(ics=ICS))
    assert [address.addr_spec for address in message["From"].addresses] == ["calendar@roundtable.example"]
    assert [address.addr_spec for address in message["Reply-To"].addresses] == ["calendar@roundtable.example"]


def test_a_plain_letter_comes_from_the_usual_address_and_carries_no_file():
    _, message = sent(letter())
    assert [address.addr_spec for address in message["From"].addresses] == ["hello@roundtable.example"]
    assert tree(message) == ("multipart/alternative", ["text/plain", "text/html"])


def test_the_secret_is_filled_in_while_sending():
    _, message = sent(letter(), {"~~link~~": "t0k.en"})
    assert [part.get_content().strip() for part in message.iter_parts()] == ["Grüße t0k.en", "<p>ü t0k.en</p>"]


def test_two_attempts_have_the_same_message_id_and_date():
    one = letter()
    assert [sent(one)[1][name] for name in ("Message-ID", "Date")] == [sent(one)[1][n] for n in ("Message-ID", "Date")]


def test_every_letter_says_that_no_person_wrote_it():
    assert sent(letter())[1]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"headers": {"Bcc": "eve@example.com"}}, ValueError),
        ({"to": "ada@example.com\r\nBcc: eve@example.com"}, BadHeaderError),
        ({"subject": "Hello\nBcc: eve@example.com"}, BadHeaderError),
        ({"ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}, ValueError),
    ],
)
def test_what_cannot_be_sent_is_refused(facts, error):
    with pytest.raises(error):
        sent(letter(**facts))
