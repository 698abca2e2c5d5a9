"""Eight people with telling names: nothing that one of them is mailed, or has as a feed, holds a word of the others."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from groups.models.group import Group
from meetings import calling, ending, feed, following, letters, mailbox, moving, receipts, reminding, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Via
from members.models.person import Person
from roundtable.outbox import mime
from roundtable.outbox.models import Letter
from tests.conftest import START, Stopped
from tests.meetings.mailing import mail, reply

pytestmark = pytest.mark.django_db
NAMES = (
    *("Quarryfalcon", "Moorlantern", "Saltmeadow", "Thornwicket"),
    *("Umberglass", "Brindlecroft", "Wexwillow", "Cinderlatch"),
)


@pytest.fixture
def circle(group: Group, person: Callable[..., Person], join: Callable[..., Person], clock: Stopped) -> list[Person]:
    people = [join(person(name, pronouns=f"{name}s"), joined_on=date(2026, 1, 1)) for name in NAMES]
    for one in people:
        one.initials = one.name[:5].upper()
        one.save()
    return people


@pytest.fixture
def lived(circle: list[Person], group: Group, clock: Stopped) -> Meeting:
    """Planned, mailed, answered in every way, moved, at another place, reminded of, proposed anew, called off."""
    meeting = calling.plan(group, on=START.date() + timedelta(days=14), members=circle)
    sent(clock)
    entries = {entry.seat.person.name: entry for entry in Entry.objects.select_related("seat__meeting", "seat__person")}
    for number, name in enumerate(NAMES):
        come(entries[name], ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")[number % 4], clock)
    come(entries[NAMES[0]], "ACCEPTED", clock, sender=f"{NAMES[1]}@elsewhere.example")
    come(entries[NAMES[1]], "ACCEPTED", clock, attendee=f"{NAMES[2]}@elsewhere.example")
    come(entries[NAMES[2]], "ACCEPTED", clock, method="COUNTER", starts_at=START + timedelta(days=15))
    come(entries[NAMES[3]], "ACCEPTED", clock, method="REFRESH")
    letter = Letter.objects.filter(person=circle[4]).order_by("pk")[0]
    keep(mail(None, sender=circle[4].email, In_Reply_To=letter.message_id), clock)
    seating.respond(entries[NAMES[5]].seat, Answer.NO, via=Via.PAGE, received_at=clock.now())
    clock.forward(minutes=10)
    following.follow()
    calling.agree_on_place(meeting, room="Attic", video_link="")
    moving.move(meeting, on=meeting.local_date + timedelta(days=1), at=time(17), by=circle[0])
    come(entries[NAMES[6]], "ACCEPTED", clock, sequence=0, starts_at=START)
    clock.to(Meeting.objects.get(pk=meeting.pk).starts_at - timedelta(days=6, hours=20))
    reminding.remind()
    circle[7].email = f"{NAMES[7]}-new@example.org".lower()
    circle[7].save()
    following.follow()
    sent(clock)
    ending.call_off(seating.locked(meeting.pk), letters.called_off, now=clock.now())
    return meeting


def sent(clock: Stopped) -> None:
    Letter.objects.filter(state="queued").update(state="sent", secret=None, sent_at=clock.now())


def come(entry: Entry, partstat: str, clock: Stopped, **facts: object) -> None:
    keep(reply(entry, partstat, **facts), clock)  # type: ignore[arg-type]


def keep(raw: bytes, clock: Stopped) -> None:
    clock.forward(seconds=1)
    mailbox.judge(mailbox.keep(raw, clock.now())[0].pk)


def decoded(letter: Letter) -> str:
    """Head and parts of a letter, as its reader's program has them."""
    message = email.message_from_bytes(mime.build(letter, {}).message().as_bytes())
    contents = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    words = b"\n".join(bytes(content) for content in contents if isinstance(content, bytes))
    return f"{message.items()}\n{words.decode()}".replace("\r\n ", "").casefold()


def secrets_of(person: Person) -> set[str]:
    mine = Entry.objects.filter(seat__person=person)
    told = {person.name, person.email, person.initials, person.pronouns, person.public_id, f"{person.name}@"}
    seats = {entry.seat.public_id for entry in mine.select_related("seat")}
    return {word.casefold() for word in told | seats | {entry.uid for entry in mine}}


def test_every_kind_of_letter_of_a_date_was_written(lived: Meeting) -> None:
    assert set(Letter.objects.values_list("kind", flat=True)) >= {
        "meetings/planned",
        "meetings/moved",
        "meetings/reply_told",
        "meetings/resent",
        "meetings/please_answer",
        "meetings/other_address",
        "meetings/called_off",
    }
    titles = {decoded(letter) for letter in Letter.objects.filter(kind="meetings/reply_told")}
    assert len(titles) >= len(receipts.Why) - 1
    assert {entry.ended_at is None for entry in Entry.objects.all()} == {False}


def test_no_byte_of_one_s_letters_or_feed_holds_anything_of_the_other_seven(
    lived: Meeting, circle: list[Person], group: Group
) -> None:
    for person in circle:
        mine = "\n".join(decoded(letter) for letter in Letter.objects.filter(person=person))
        whole = (
            mine
            + feed.build(person, source="https://roundtable.example/calendar/x.ics")
            .decode()
            .replace("\r\n ", "")
            .casefold()
        )
        foreign = {word for other in circle if other != person for word in secrets_of(other)}
        assert {word for word in foreign if word in whole} == set()
        assert person.email in whole  # else nothing was looked at


def test_subject_and_calendar_part_say_nothing_of_the_group_and_hold_no_key(lived: Meeting, group: Group) -> None:
    for letter in Letter.objects.exclude(ics=None):
        file = bytes(letter.ics or b"").decode().replace("\r\n ", "")
        hidden = (group.name, "/seats/", "~~token~~", group.program.name)
        assert [word for word in hidden if word in file + letter.subject] == []
