"""A mail comes in: it is stored, judged once, does what its verdict says, and its words are gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoCaptureOnCommitCallbacks

from meetings import following, mailbox, moving, seating
from meetings.models.meeting import Meeting, Role
from meetings.models.reply import Reply
from meetings.models.seat import Answer, Entry, Seat, SeatAnswer, Via
from members.models.person import Person
from roundtable.outbox.models import Letter
from tests.confidence.reading import dump, found_in
from tests.conftest import Guests, Say, Stopped
from tests.meetings.mailing import mail, reply

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Come = Callable[..., Reply]


@pytest.fixture
def meeting(meeting: Meeting, ada: Person, grace: Person, hedy: Person) -> Meeting:
    """A circle's date, in everybody's calendar; nobody has answered."""
    for seat in meeting.seats.order_by("pk"):
        Entry.objects.create(
            seat=seat,
            uid=f"{seat.pk:032x}@roundtable.example",
            address=seat.person.email,
            organizer="calendar@roundtable.example",
            stamp_at=meeting.starts_at - timedelta(days=20),
            created_at=meeting.starts_at - timedelta(days=20),
        )
    meeting.seats.update(state="invited")
    return meeting


@pytest.fixture
def seat(meeting: Meeting, hedy: Person) -> Seat:
    return meeting.seats.get(person=hedy)


@pytest.fixture
def entry(seat: Seat) -> Entry:
    return seat.entries.get()


@pytest.fixture
def come(clock: Stopped) -> Come:
    """A mail arrives, a second after the one before, and is judged."""

    def one(raw: bytes, **facts: bool) -> Reply:
        clock.forward(seconds=1)
        made, _ = mailbox.keep(raw, clock.now(), **facts)
        judged = mailbox.judge(made.pk)
        assert judged is not None
        return Reply.objects.get(pk=made.pk)

    return one


def state(seat: Seat) -> str:
    return Seat.objects.get(pk=seat.pk).state


def told() -> list[str]:
    """The titles of the letters that followed."""
    letters = Letter.objects.filter(kind__in=["meetings/reply_told", "meetings/resent"]).order_by("pk")
    return [letter.text.strip().splitlines()[0] for letter in letters]


def event(letter: Letter) -> Event:
    return Calendar.from_ical(bytes(letter.ics or b"")).events[0]


@pytest.mark.parametrize(
    ("partstat", "answer", "after"),
    [("ACCEPTED", "yes", "coming"), ("DECLINED", "no", "not_coming"), ("TENTATIVE", "maybe", "tentative")],
)
def test_an_answer_counts_like_one_given_on_the_page(
    partstat: str, answer: str, after: str, entry: Entry, seat: Seat, come: Come, clock: Stopped
) -> None:
    assert come(reply(entry, partstat)).verdict == "applied"
    assert (state(seat), told()) == (after, [])
    assert list(SeatAnswer.objects.values_list("seat", "answer", "via", "received_at")) == [
        (seat.pk, answer, "mail", clock.moment)
    ]
    assert Entry.objects.get(pk=entry.pk).partstat == partstat


def test_of_a_judged_mail_no_word_is_left(entry: Entry, come: Come) -> None:
    raw = reply(entry)
    kept, _ = mailbox.keep(raw, entry.stamp_at)
    assert (kept.raw, found_in(dump(), ["Quarryfalcon"])) == (raw.decode("latin-1"), set())
    assert come(raw).raw is None
    assert found_in(dump(), ["Quarryfalcon", "quarryfalcon.example"]) == set()


def test_the_same_mail_twice_is_one_reply(
    entry: Entry, clock: Stopped, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    raw = reply(entry)
    with django_capture_on_commit_callbacks() as calls:
        first, second = mailbox.receive(raw, clock.now()), mailbox.receive(raw, clock.now() + MINUTE)
    assert (first.pk, len(calls)) == (second.pk, 1)
    mailbox.judge_waiting()
    mailbox.judge_waiting()
    mailbox.judge(first.pk)
    assert (Reply.objects.count(), SeatAnswer.objects.count()) == (1, 1)


def test_the_same_mail_by_another_way_is_a_duplicate(entry: Entry, come: Come) -> None:
    raw = reply(entry)
    assert [come(raw).verdict, come(b"Received: from elsewhere\r\n" + raw).verdict] == ["applied", "duplicate"]
    assert SeatAnswer.objects.count() == 1


def test_an_answer_to_the_old_time_does_not_count_and_the_new_one_is_asked(
    entry: Entry, seat: Seat, come: Come, meeting: Meeting, ada: Person
) -> None:
    old = entry.seat.meeting.starts_at
    moving.move(meeting, on=meeting.local_date + timedelta(days=1), at=meeting.local_time, by=ada)
    assert come(reply(entry, sequence=0, starts_at=old)).verdict == "stale"
    assert (state(seat), told()) == ("invited", ["This meeting has another time now"])
    letter = Letter.objects.get(kind="meetings/reply_told")
    assert (letter.to, "Wed 13 May 2026" in letter.text) == (seat.person.email, True)
    assert come(reply(entry, sequence=1)).verdict == "applied"


def test_the_later_given_counts_and_not_the_later_delivered(
    entry: Entry, seat: Seat, come: Come, clock: Stopped
) -> None:
    now = clock.now()
    assert come(reply(entry, "DECLINED", stamp=now - MINUTE)).verdict == "applied"
    assert come(reply(entry, "ACCEPTED", stamp=now - HOUR)).verdict == "out_of_order"
    assert state(seat) == "not_coming"


def test_a_mail_that_was_received_before_an_answer_on_the_page_does_not_overturn_it(
    entry: Entry, seat: Seat, clock: Stopped
) -> None:
    late, _ = mailbox.keep(reply(entry, "DECLINED"), clock.now())
    clock.forward(seconds=5)
    seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=clock.now())
    judged = mailbox.judge(late.pk)
    assert (judged and judged.verdict, state(seat), told()) == ("out_of_order", "coming", [])


def test_an_answer_on_the_page_that_waited_behind_a_later_mail_is_remembered_and_changes_nothing(
    entry: Entry, seat: Seat, come: Come, clock: Stopped
) -> None:
    pressed_at = clock.now()
    come(reply(entry, "DECLINED"))
    seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=pressed_at)
    assert state(seat) == "not_coming"
    assert list(SeatAnswer.objects.values_list("answer", flat=True)) == ["yes", "no"]


@pytest.mark.parametrize(
    ("minutes", "answer", "letters"),
    [(59, Answer.YES, ["We noted: you are not coming"]), (61, Answer.YES, []), (59, Answer.NO, [])],
)
def test_a_mail_that_overturns_a_fresh_answer_on_the_page_is_confirmed(
    minutes: int, answer: Answer, letters: list[str], entry: Entry, seat: Seat, come: Come, clock: Stopped
) -> None:
    seating.respond(seat, answer, via=Via.PAGE, received_at=clock.now())
    clock.forward(minutes=minutes)
    assert come(reply(entry, "DECLINED")).verdict == "applied"
    assert (state(seat), told()) == ("not_coming", letters)


UNSURE = {
    "another sender": ({"sender": "assistant@example.org"}, {}),
    "a failed check": ({}, {"failed": True}),
}


@pytest.mark.parametrize("how", UNSURE)
def test_an_answer_from_elsewhere_counts_and_says_how_to_undo_it(
    how: str, entry: Entry, seat: Seat, come: Come
) -> None:
    facts, checks = UNSURE[how]
    assert come(reply(entry, **facts), **checks).verdict == "unconfirmed"
    assert (state(seat), told()) == ("coming", ["We noted: you are coming"])
    letter = Letter.objects.get(kind="meetings/reply_told")
    assert letter.to == seat.person.email
    page = Client().get(f"/seats/{letter.secrets_by_mark()['~~token~~']}/", follow=True)
    assert "I cannot come" in page.content.decode()


def test_every_verified_address_of_the_member_is_theirs(entry: Entry, seat: Seat, come: Come) -> None:
    EmailAddress.objects.create(user=seat.person, email="Hedy@Work.example", verified=True)
    EmailAddress.objects.create(user=seat.person, email="hedy@else.example", verified=False)
    assert come(reply(entry, sender="Hedy Lamarr <hedy@work.example>")).verdict == "applied"
    assert come(reply(entry, "DECLINED", sender="hedy@else.example")).verdict == "unconfirmed"


def test_whoever_the_invitation_was_forwarded_to_gets_no_seat_and_the_member_is_told(
    entry: Entry, seat: Seat, meeting: Meeting, come: Come
) -> None:
    assert come(reply(entry, attendee="eve@example.org", sender="eve@example.org")).verdict == "stranger"
    assert (state(seat), meeting.seats.count(), told()) == ("invited", 3, ["Somebody else answered your invitation"])
    assert set(Letter.objects.values_list("to", flat=True)) == {seat.person.email}


def test_a_stranger_with_a_stack_of_mails_fills_nobody_s_mailbox(entry: Entry, come: Come) -> None:
    verdicts = [come(reply(entry, attendee="eve@example.org")).verdict for _ in range(5)]
    assert (verdicts, len(told())) == (["stranger"] * 5, 3)


def test_another_time_is_passed_on_and_changes_nothing(
    entry: Entry, seat: Seat, meeting: Meeting, come: Come, ada: Person
) -> None:
    other = meeting.starts_at + timedelta(days=1)
    assert come(reply(entry, method="COUNTER", starts_at=other)).verdict == "counter"
    assert (state(seat), told()) == ("invited", ["Your proposal has been passed on"])
    assert Meeting.objects.get(pk=meeting.pk).starts_at == meeting.starts_at
    leader, member = Client(), Client()
    leader.force_login(ada)
    member.force_login(seat.person)
    page = leader.get(meeting.path).content.decode()
    assert "Wed 13 May 2026, 18:00 UTC" in page
    assert "Wed 13 May 2026, 18:00 UTC" not in member.get(meeting.path).content.decode()


def test_a_proposal_that_is_set_aside_goes_and_the_calendar_shows_the_date_again(
    entry: Entry, meeting: Meeting, come: Come, ada: Person
) -> None:
    hint = come(reply(entry, method="COUNTER", starts_at=meeting.starts_at + timedelta(days=1)))
    leader, path = Client(), f"{meeting.path}proposed/"
    leader.force_login(ada)
    for number in (str(hint.pk), str(hint.pk), "", "x", "9" * 30):
        assert leader.post(path, {"proposal": number}).status_code == 302
    assert "Other times that were proposed" not in leader.get(meeting.path).content.decode()
    assert told() == ["Your proposal has been passed on", "The date stays as it is"]
    sent = event(Letter.objects.get(kind="meetings/resent"))
    assert (sent.start, sent["SEQUENCE"], str(sent["UID"])) == (meeting.starts_at, 0, entry.uid)


def test_who_leads_another_meeting_sets_nothing_aside(entry: Entry, meeting: Meeting, come: Come, host: Person) -> None:
    hint = come(reply(entry, method="COUNTER", starts_at=meeting.starts_at + timedelta(days=1)))
    elsewhere = Client()
    elsewhere.force_login(host)
    assert elsewhere.post(f"{meeting.path}proposed/", {"proposal": hint.pk}).status_code == 404
    assert Reply.objects.get(pk=hint.pk).dismissed_at is None


def test_a_calendar_that_asks_gets_the_present_entry_three_times_a_day(
    entry: Entry, seat: Seat, come: Come, clock: Stopped
) -> None:
    seating.respond(seat, Answer.YES, via=Via.MAIL, received_at=clock.now())
    Entry.objects.filter(pk=entry.pk).update(partstat="ACCEPTED")
    verdicts = [come(reply(entry, method="REFRESH")).verdict for _ in range(4)]
    sent = [event(letter) for letter in Letter.objects.filter(kind="meetings/resent").order_by("pk")]
    assert verdicts == ["refresh"] * 3 + ["too_often"]
    assert {(str(one["UID"]), str(one["SEQUENCE"]), str(one["ATTENDEE"].params["PARTSTAT"])) for one in sent} == {
        (entry.uid, "0", "ACCEPTED")
    }
    assert [one.stamp for one in sent] == sorted({one.stamp for one in sent})
    clock.forward(days=1)
    assert come(reply(entry, method="REFRESH")).verdict == "refresh"


def test_words_are_not_read_and_bring_the_buttons_once_a_day(entry: Entry, come: Come, seat: Seat) -> None:
    come(reply(entry, method="REFRESH"))
    letter = Letter.objects.get(kind="meetings/resent")
    answers = [mail(None, sender=entry.address, In_Reply_To=letter.message_id) for _ in range(2)]
    assert [come(raw).verdict for raw in answers] == ["prose", "too_often"]
    assert (state(seat), told()[1:]) == ("invited", ["Nobody reads this mailbox"])


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [({}, "not_to_us"), ({"In_Reply_To": "<x@y>"}, "not_to_us"), ({"Precedence": "bulk"}, "automatic")],
)
def test_mail_that_answers_nothing_is_dropped(headers: dict[str, str], verdict: str, come: Come, db: None) -> None:
    judged = come(mail(None, sender="eve@example.org", **headers))
    assert (judged.verdict, judged.seat, Letter.objects.count()) == (verdict, None, 0)


def test_mail_about_no_entry_is_dropped_without_a_bounce(entry: Entry, come: Come) -> None:
    judged = come(reply(entry, uid="invented@roundtable.example"))
    assert (judged.verdict, judged.seat, Letter.objects.count()) == ("unknown", None, 0)


def test_the_uid_of_one_does_not_answer_for_another(meeting: Meeting, entry: Entry, come: Come, grace: Person) -> None:
    own = meeting.seats.get(person=grace).entries.get()
    assert come(reply(own, attendee=entry.address, sender=own.address)).verdict == "stranger"
    assert set(meeting.seats.values_list("state", flat=True)) == {"invited"}


@pytest.mark.parametrize("when", ["begun", "cancelled", "removed"])
def test_what_comes_too_late_changes_nothing(
    when: str, entry: Entry, seat: Seat, meeting: Meeting, come: Come, clock: Stopped
) -> None:
    raw = reply(entry)
    if when == "begun":
        clock.to(meeting.starts_at)
    elif when == "cancelled":
        Meeting.objects.update(state="cancelled")
    else:
        Entry.objects.filter(pk=entry.pk).update(ended_at=clock.now())
    assert (come(raw).verdict, state(seat), told()) == ("over", "invited", [])
    assert SeatAnswer.objects.count() == 0


def test_a_seat_that_goes_takes_what_was_heard_of_it_along(entry: Entry, seat: Seat, come: Come) -> None:
    come(reply(entry))
    seat.delete()
    assert Reply.objects.count() == 0
    assert come(reply(entry)).verdict == "unknown"


def test_what_breaks_is_tried_five_times_and_goes_after_a_week(
    entry: Entry, clock: Stopped, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    mailbox.keep(reply(entry), clock.now())
    monkeypatch.setattr(mailbox.incoming, "read", broken)
    for _ in range(7):
        mailbox.judge_waiting()
    assert Reply.objects.values_list("tries", "judged_at").get() == (5, None)
    mailbox.forget(clock.now() + timedelta(days=7))
    assert Reply.objects.count() == 1
    mailbox.forget(clock.now() + timedelta(days=7, seconds=1))
    assert Reply.objects.count() == 0


def test_what_belonged_to_no_seat_is_forgotten_after_a_month(entry: Entry, come: Come, clock: Stopped) -> None:
    come(mail(None, sender="eve@example.org"))
    come(reply(entry))
    mailbox.forget(clock.now() + timedelta(days=31))
    assert list(Reply.objects.values_list("verdict", flat=True)) == ["applied"]


def test_too_large_a_mail_leaves_nothing_but_that_it_came(come: Come, db: None) -> None:
    judged = come(b"a" * (mailbox.incoming.MAIL_BYTES + 1))
    assert (judged.verdict, judged.raw) == ("refused", None)


# At a roundtable


@pytest.fixture
def lined(two: Meeting, guests: Guests, say: Say) -> list[Seat]:
    """One with the last seat, two in line."""
    seats = guests(3)
    for seat in seats:
        say(seat, "yes")
    return seats


def test_a_no_by_mail_frees_the_seat_for_the_first_in_line(lined: list[Seat], come: Come) -> None:
    assert come(reply(lined[0].entries.get(), "DECLINED")).verdict == "applied"
    seats = [Seat.objects.get(pk=seat.pk) for seat in lined]
    assert [(seat.state, seat.number) for seat in seats] == [("not_coming", None), ("waiting", 2), ("waiting", None)]


def test_a_yes_by_mail_takes_the_seat_that_is_kept_for_them(lined: list[Seat], come: Come) -> None:
    come(reply(lined[0].entries.get(), "DECLINED"))
    assert come(reply(Entry.objects.get(seat=lined[1]), "ACCEPTED")).verdict == "applied"
    assert Seat.objects.get(pk=lined[1].pk).number == 2


def test_a_yes_from_the_line_stays_in_line_and_the_calendar_hears_so(lined: list[Seat], come: Come) -> None:
    assert come(reply(lined[2].entries.get(), "ACCEPTED")).verdict == "applied"
    assert Seat.objects.get(pk=lined[2].pk).number is None
    assert told() == ["You are still in line"]
    assert event(Letter.objects.get(kind="meetings/resent"))["STATUS"] == "TENTATIVE"


@pytest.mark.parametrize("speaks", [False, True])
def test_a_seat_passed_to_somebody_else_is_freed_after_a_day_of_silence(
    speaks: bool,  # noqa: FBT001 - a case
    lined: list[Seat],
    come: Come,
    clock: Stopped,
    say: Say,
) -> None:
    passed = reply(lined[0].entries.get(), "DELEGATED", parameters=';DELEGATED-TO="mailto:eve@example.org"')
    assert come(passed).verdict == "delegated"
    assert told() == ["A seat cannot be passed on"]
    clock.forward(hours=23)
    following.follow()
    assert state(lined[0]) == "coming"
    if speaks:
        say(lined[0], "yes")
    clock.forward(hours=1)
    following.follow()
    following.follow()
    assert (state(lined[0]), SeatAnswer.objects.count()) == (("coming", 4) if speaks else ("not_coming", 4))


def test_a_seat_passed_on_for_another_time_is_not_freed_by_silence(
    lined: list[Seat], two: Meeting, host: Person, come: Come, clock: Stopped
) -> None:
    come(reply(lined[0].entries.get(), "DELEGATED"))
    moving.move(two, on=two.local_date + timedelta(days=2), at=two.local_time, by=host)
    clock.forward(hours=25)
    following.follow()
    assert Seat.objects.values_list("state", "number").get(pk=lined[0].pk) == ("waiting", 2)


def test_a_seat_in_a_circle_is_never_freed_by_silence(entry: Entry, seat: Seat, come: Come, clock: Stopped) -> None:
    come(reply(entry, "DELEGATED"))
    clock.forward(days=2)
    following.follow()
    assert state(seat) == "invited"


@pytest.mark.parametrize("count", [1, 3])
def test_the_leader_s_page_asks_the_same_for_one_proposal_and_for_three(
    count: int,
    entry: Entry,
    meeting: Meeting,
    ada: Person,
    come: Come,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(count):
        come(reply(entry, method="COUNTER", starts_at=meeting.starts_at + timedelta(days=number + 1)))
    assert meeting.roles.get(role=Role.FACILITATOR).person == ada
    leader = Client()
    leader.force_login(ada)
    with django_assert_num_queries(13):  # type: ignore[attr-defined]
        leader.get(meeting.path)
