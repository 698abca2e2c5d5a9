"""A circle agrees on its next meeting: what is proposed, what stands, who speaks, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Group
from meetings import agreeing, board, calling, entries, letters, seating, shortening
from meetings.agreeing import Wish
from meetings.models.board import Board
from meetings.models.idea import Idea
from meetings.models.meeting import Format, Meeting
from meetings.models.seat import Answer, Seat, State, Via
from members.models.person import Person
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from roundtable.outbox.post import post
from tests.conftest import START, Stopped, everybody_says_yes

pytestmark = pytest.mark.django_db
THEME = "Velocity: people, process or tools"
Press = Callable[..., str]


@pytest.fixture(autouse=True)
def planned(table: Board) -> None:
    """The meeting has its board."""


@pytest.fixture
def press(meeting: Meeting) -> Press:
    """A press on the page of the meeting, and the page that follows."""

    def send(person: Person, **sent: str) -> str:
        client = Client()
        client.force_login(person)
        return client.post(reverse("meetings:agree", args=[meeting.public_id]), sent, follow=True).content.decode()

    return send


def state(meeting: Meeting) -> tuple[str, str, str]:
    """Theme, format and speaker that stand."""
    meeting.refresh_from_db()
    standing = Idea.objects.filter(meeting=meeting, stands=True).select_related("meeting").first()
    return standing.theme if standing else "", meeting.format, meeting.presenter.name if meeting.presenter else ""


def asked() -> list[tuple[str, str]]:
    return list(Letter.objects.filter(kind="meetings/speak").order_by("pk").values_list("to", "state"))


def test_an_idea_stands_once_who_leads_takes_it(meeting: Meeting, hedy: Person, ada: Person) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    assert state(meeting) == ("", "lean_coffee", "")
    agreeing.take(meeting, idea.public_id, by=ada)
    agreeing.take(meeting, idea.public_id, by=ada)
    assert state(meeting) == (THEME, "lean_coffee", "")


def test_who_is_to_speak_says_yes_and_it_stands(meeting: Meeting, hedy: Person, grace: Person) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.TALK, grace), by=hedy)
    assert (state(meeting), asked()) == (("", "lean_coffee", ""), [(grace.email, "queued")])
    agreeing.answer(meeting, idea.public_id, by=grace, yes=True)
    assert (state(meeting), asked()) == ((THEME, "talk", "Grace"), [(grace.email, "cancelled")])


def test_nobody_speaks_without_a_yes_of_their_own(meeting: Meeting, hedy: Person, grace: Person, ada: Person) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.TALK, grace), by=hedy)
    agreeing.take(meeting, idea.public_id, by=ada)
    assert state(meeting) == (THEME, "talk", "")
    with pytest.raises(NotAllowed, match="not asked to speak"):
        agreeing.answer(meeting, idea.public_id, by=hedy, yes=True)
    agreeing.answer(meeting, idea.public_id, by=grace, yes=False)
    assert state(meeting) == (THEME, "talk", "")
    assert list(Idea.objects.values_list("presenter", "accepted")) == [(None, False)]


def test_my_own_talk_stands_at_once_unless_something_stands(meeting: Meeting, hedy: Person, grace: Person) -> None:
    agreeing.propose(meeting, Wish(THEME, Format.DEEP_DIVE, hedy), by=hedy)
    agreeing.propose(meeting, Wish("Another", Format.TALK, grace), by=grace)
    assert (state(meeting), asked()) == ((THEME, "deep_dive", "Hedy"), [])
    with pytest.raises(NotAllowed, match="stands already"):
        agreeing.propose(meeting, Wish("Changed unseen", Format.TALK), by=hedy)


def test_another_idea_is_taken_instead_and_what_stood_waits(
    meeting: Meeting, hedy: Person, grace: Person, ada: Person
) -> None:
    agreeing.propose(meeting, Wish(THEME, Format.TALK, hedy), by=hedy)
    other = agreeing.propose(meeting, Wish("Another", Format.LEAN_COFFEE), by=grace)
    agreeing.take(meeting, other.public_id, by=ada)
    assert state(meeting) == ("Another", "lean_coffee", "")
    assert [one.theme for one in agreeing.of(meeting)] == ["Another", THEME]


def test_proposing_again_is_in_place_of_what_was_proposed(meeting: Meeting, hedy: Person, grace: Person) -> None:
    agreeing.propose(meeting, Wish("First", Format.TALK, grace), by=hedy)
    agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    assert [(one.theme, one.presenter) for one in agreeing.of(meeting)] == [(THEME, None)]
    assert asked() == [(grace.email, "cancelled")]


def test_a_press_on_words_that_were_changed_meanwhile_is_refused(meeting: Meeting, hedy: Person, ada: Person) -> None:
    seen = agreeing.propose(meeting, Wish("Seen by Ada", Format.LEAN_COFFEE), by=hedy)
    agreeing.propose(meeting, Wish("Unseen", Format.LEAN_COFFEE), by=hedy)
    with pytest.raises(NotAllowed, match="changed meanwhile"):
        agreeing.take(meeting, seen.public_id, by=ada)
    assert state(meeting) == ("", "lean_coffee", "")


def test_what_was_made_short_stays_short(meeting: Meeting, hedy: Person, ada: Person) -> None:
    shortening.shorten(meeting, by=ada)
    idea = agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    agreeing.take(meeting, idea.public_id, by=ada)
    assert state(meeting) == (THEME, "short", "")


@pytest.mark.parametrize(("who", "leads"), [("hedy", False), ("ada", True)])
def test_who_proposed_takes_it_back_and_who_leads_sets_it_aside(
    who: str,
    leads: bool,  # noqa: FBT001 -- a case
    meeting: Meeting,
    hedy: Person,
    ada: Person,
    request: pytest.FixtureRequest,
) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.TALK, hedy), by=hedy)
    for _ in range(2):
        agreeing.withdraw(meeting, idea.public_id, by=request.getfixturevalue(who), leads=leads)
    assert (state(meeting), Idea.objects.count()) == (("", "talk", ""), 0)


def test_nobody_else_takes_it_back(meeting: Meeting, hedy: Person, grace: Person) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.TALK, hedy), by=hedy)
    with pytest.raises(NotAllowed, match="takes it back"):
        agreeing.withdraw(meeting, idea.public_id, by=grace, leads=False)


def leave_it(meeting: Meeting, hedy: Person) -> None:
    calling.farewell(meeting.group.memberships.get(person=hedy))


def say_no(meeting: Meeting, hedy: Person) -> None:
    seating.respond(meeting.seats.get(person=hedy), Answer.NO, via=Via.PAGE, received_at=START - timedelta(days=2))


@pytest.mark.parametrize("goes", [leave_it, say_no])
def test_who_does_not_come_speaks_no_more(
    goes: Callable[[Meeting, Person], None], meeting: Meeting, hedy: Person
) -> None:
    agreeing.propose(meeting, Wish(THEME, Format.TALK, hedy), by=hedy)
    goes(meeting, hedy)
    assert state(meeting) == (THEME, "talk", "")
    with pytest.raises(NotAllowed, match="do not come"):
        agreeing.answer(meeting, Idea.objects.get().public_id, by=hedy, yes=True)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"form": Format.LEAN_COFFEE}, "nobody gives a talk"),
        ({"form": Format.TALK}, "do not come"),
    ],
)
def test_a_speaker_who_cannot_be_is_refused(
    wish: dict[str, Format], why: str, meeting: Meeting, hedy: Person, grace: Person
) -> None:
    Seat.objects.filter(person=grace).update(state=State.NOT_COMING)
    with pytest.raises(NotAllowed, match=why):
        agreeing.propose(meeting, Wish(THEME, presenter=grace, **wish), by=hedy)
    assert (Idea.objects.count(), asked()) == (0, [])


def begin(meeting: Meeting, clock: Stopped) -> None:
    clock.to(START)


def cancel(meeting: Meeting, clock: Stopped) -> None:
    Meeting.objects.update(state="cancelled")


def open_up(meeting: Meeting, clock: Stopped) -> None:
    Group.objects.update(roster="open")


@pytest.mark.parametrize(
    ("change", "why"), [(begin, "has begun"), (cancel, "cancelled"), (open_up, "for its organizer")]
)
def test_nothing_is_agreed_on_late_or_at_a_roundtable(
    change: Callable[[Meeting, Stopped], None], why: str, meeting: Meeting, hedy: Person, clock: Stopped
) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    change(meeting, clock)
    for act in (
        partial(agreeing.propose, meeting, Wish("Late", Format.TALK), by=hedy),
        partial(agreeing.take, meeting, idea.public_id, by=hedy),
        partial(agreeing.withdraw, meeting, idea.public_id, by=hedy, leads=True),
    ):
        with pytest.raises(NotAllowed, match=why):
            act()


def test_a_board_that_has_begun_keeps_its_format(
    gathered: Board, meeting: Meeting, hedy: Person, ada: Person, clock: Stopped
) -> None:
    board.begin(gathered, by=ada, step=Board.objects.get().step)
    clock.to(START - timedelta(minutes=1))
    with pytest.raises(NotAllowed, match="board has begun"):
        agreeing.propose(meeting, Wish(THEME, Format.TALK, hedy), by=hedy)
    assert (state(meeting), Idea.objects.count()) == (("", "lean_coffee", ""), 0)


def test_the_page_from_a_proposal_to_a_talk(
    press: Press, meeting: Meeting, hedy: Person, grace: Person, ada: Person
) -> None:
    sent = {"theme": f"  {THEME}\n", "form": "talk", "presenter": grace.public_id}
    page = press(hedy, **sent)
    idea = Idea.objects.get()
    assert ("Grace, who has not said yes" in page, "Take it" in page, "Yes, I speak" in page) == (True, False, False)
    assert "Whoever leads or keeps time takes" in press(hedy, act=f"take:{idea.public_id}")
    assert "Grace is asked to speak and has not said yes" in press(ada, act=f"take:{idea.public_id}")
    assert "Grace speaks" in press(grace, act=f"yes:{idea.public_id}")
    assert state(meeting) == (THEME, "talk", "Grace")
    assert "Gives the talk" in press(ada, act="nonsense")


def test_words_that_were_not_taken_come_back_with_a_sentence(press: Press, hedy: Person, grace: Person) -> None:
    page = press(hedy, theme=THEME, form="lean_coffee", presenter=grace.public_id)
    assert ("nobody gives a talk" in page, THEME in page) == (True, True)
    assert "taken back or changed" in press(grace, act="yes:nowhere")
    assert Idea.objects.count() == 0


def test_the_theme_is_in_no_calendar_and_no_letter(meeting: Meeting, hedy: Person, grace: Person, ada: Person) -> None:
    idea = agreeing.propose(meeting, Wish("Quarryfalcon", Format.TALK, grace), by=hedy)
    agreeing.take(meeting, idea.public_id, by=ada)
    for seat in meeting.seats.all():
        post(letters.planned(entries.begin(seat, now=START - timedelta(days=9))))
    said = [
        letter.subject + letter.text + letter.html + str(bytes(letter.ics or b"")) for letter in Letter.objects.all()
    ]
    assert (len(said), [one for one in said if "Quarryfalcon" in one]) == (4, [])


def test_the_timeline_and_the_file_tell_it_to_members_alone(
    meeting: Meeting, hedy: Person, ada: Person, organizer: Person, client: Client
) -> None:
    idea = agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    agreeing.take(meeting, idea.public_id, by=ada)
    Board.objects.update(phase="closed")
    everybody_says_yes(meeting.group)
    group = meeting.group.public_id
    pages = [reverse("meetings:timeline", args=[group])]
    pages += [f"{reverse('meetings:memory', args=[group])}?as={kind}" for kind in ("text", "markdown", "json")]
    client.force_login(hedy)
    assert [THEME in client.get(page).content.decode() for page in pages] == [True] * 4
    client.force_login(organizer)
    assert [client.get(page).status_code for page in [*pages, meeting.path]] == [404] * 5


def test_who_goes_is_a_former_member(press: Press, meeting: Meeting, hedy: Person, ada: Person) -> None:
    agreeing.propose(meeting, Wish(THEME, Format.LEAN_COFFEE), by=hedy)
    leave_it(meeting, hedy)
    page = press(ada, act="nonsense")
    assert ("proposed by a former member" in page, "Hedy" in page) == (True, False)
