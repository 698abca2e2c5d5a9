"""The end of a meeting: promises, who leads next, how it was, what is carried, and the letter afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from groups import closing as groups_closing
from groups import repairing
from groups.models.group import Why
from meetings import attending, board, closing, ownpart, promising, reading, taking, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.pulse import Pulse, PulseAnswer
from meetings.models.takeaway import Agreement, Correction, Promise, Takeaway
from meetings.promising import Word
from members import leaving
from members.models.person import Person
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from roundtable.vault import DataKey
from tests.conftest import START, Stopped, everybody_says_yes

pytestmark = pytest.mark.django_db
SIX_WEEKS = timedelta(days=42)
Press = Callable[..., str]


@pytest.fixture
def press(gathered: Board) -> Press:
    def act(name: str, person: Person, **details: object) -> str:
        step = Board.objects.get(pk=gathered.pk).step
        said: str = getattr(board, name)(gathered, by=person, step=step, **details)
        return said

    return act


@pytest.fixture
def following(meeting: Meeting, grace: Person, hedy: Person) -> Meeting:
    """The next date, six weeks later: Grace would keep the time, Hedy would lead."""
    made = Meeting.objects.create(
        group=meeting.group,
        occurrence_date=(START + SIX_WEEKS).date(),
        local_date=(START + SIX_WEEKS).date(),
        local_time=START.time(),
        zone="UTC",
        minutes=90,
        starts_at=START + SIX_WEEKS,
        ends_at=START + SIX_WEEKS + timedelta(minutes=90),
    )
    MeetingRole.objects.create(meeting=made, role=Role.FACILITATOR, person=hedy)
    MeetingRole.objects.create(meeting=made, role=Role.TIMEKEEPER, person=grace)
    return made


@pytest.fixture
def closes(gathered: Board, following: Meeting, press: Press, ada: Person) -> Board:
    press("begin", ada)
    press("go", ada, phase=Phase.CLOSING)
    return gathered


@pytest.fixture
def kept(gathered: Board, press: Press, ada: Person) -> Takeaway:
    """Ada's topic was talked about, and this is what she wrote down."""
    topics.propose(gathered, by=ada, title="Ladders", note="", hidden=False, key=uuid4())
    press("begin", ada)
    press("open_topic", ada, topic=Topic.objects.get().public_id)
    board.sum_up(gathered, by=ada, text="Write it with them.", revision=0)
    return Takeaway.objects.get()


def next_board(table: Board, following: Meeting, by: Person, clock: Stopped) -> Board:
    """The board of the next date, at its start and with whoever is named here."""
    board.close(table, by=by, step=Board.objects.get(pk=table.pk).step)
    made = board.prepare(following)
    clock.to(following.starts_at)
    attending.here(made, by=by)
    return made


def roles(meeting: Meeting) -> dict[str, tuple[str, bool]]:
    rows = meeting.roles.select_related("person")
    return {row.role: (row.person.name, row.accepted_at is not None) for row in rows}


def test_a_promise_is_asked_about_next_time_by_its_owner(
    closes: Board, following: Meeting, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    promising.promise(closes, by=ada, text="I ask twice.")
    promising.promise(closes, by=ada, text="I ask them first.")
    promising.promise(closes, by=hedy, text="I delete it.")
    later = next_board(closes, following, ada, clock)
    attending.here(later, by=hedy)
    board.begin(later, by=hedy, step=0)
    board.enough(later, by=hedy, step=1)
    shown = reading.read(following.pk).shared
    assert (shown.phase, [(one.name, one.text) for one in shown.promises]) == (
        "promises",
        [("Ada", "I ask them first."), ("Hedy", "I delete it.")],
    )
    with pytest.raises(NotAllowed, match="their own"):
        promising.tell(later, by=grace, promise=shown.promises[0].id, word=Word.DONE)
    promising.tell(later, by=ada, promise=shown.promises[0].id, word=Word.DONE)
    promising.tell(later, by=hedy, promise=shown.promises[1].id, word=Word.CARRIED)
    with pytest.raises(NotAllowed):
        promising.tell(later, by=hedy, promise=shown.promises[1].id, word=Word.DROPPED)
    states = Promise.objects.order_by("pk").values_list("person__name", "state", "board")
    assert list(states) == [
        ("Ada", "done", closes.pk),
        ("Hedy", "carried", closes.pk),
        ("Hedy", "open", later.pk),
    ]


@pytest.fixture
def carried_and_made(closes: Board, following: Meeting, clock: Stopped, ada: Person, hedy: Person) -> Board:
    """The next date's board: Hedy carried what she had promised on to it, and promised one more thing there."""
    promising.promise(closes, by=hedy, text="I delete it.")
    later = next_board(closes, following, ada, clock)
    attending.here(later, by=hedy)
    board.begin(later, by=hedy, step=0)
    promising.tell(later, by=hedy, promise=Promise.objects.get().public_id, word=Word.CARRIED)
    promising.promise(later, by=hedy, text="I write it down.")
    return later


def test_what_was_carried_on_stays_beside_the_one_promise_of_this_meeting(
    carried_and_made: Board, hedy: Person
) -> None:
    promising.promise(carried_and_made, by=hedy, text="I write it twice.")
    texts = Promise.objects.filter(board=carried_and_made).order_by("pk")
    assert [one.text for one in texts] == ["I delete it.", "I write it twice."]
    assert ownpart.promised(carried_and_made, hedy) == "I write it twice."


def test_a_circle_with_a_promise_carried_on_is_forgotten_like_any_other(
    carried_and_made: Board, clock: Stopped, ada: Person
) -> None:
    group = carried_and_made.meeting.group
    groups_closing.close(group, by=ada, why=Why.NOT_NEEDED)
    clock.forward(days=91)
    groups_closing.forget_due()
    group.refresh_from_db()
    assert (group.forgotten_at, Promise.objects.count(), Board.objects.count()) == (clock.now(), 0, 0)
    assert not DataKey.objects.filter(owner=f"group:{group.pk}").exists()


def test_a_person_with_a_promise_carried_on_is_erased_like_any_other(carried_and_made: Board, hedy: Person) -> None:
    repairing.leave(hedy.memberships.get(), back_to_pool=False)
    leaving.erase(hedy)
    assert (Promise.objects.count(), Person.objects.filter(pk=hedy.pk).exists()) == (0, False)


def test_promises_are_not_asked_about_where_none_were_made(gathered: Board, press: Press, ada: Person) -> None:
    press("begin", ada)
    press("enough", ada)
    assert Board.objects.get(pk=gathered.pk).phase == "propose"


@pytest.mark.parametrize("text", ["One.\nTwo."])
def test_a_promise_is_one_sentence_out_of_a_meeting(
    text: str, gathered: Board, press: Press, ada: Person, hedy: Person
) -> None:
    with pytest.raises(NotAllowed, match="has not begun"):
        promising.promise(gathered, by=hedy, text="Early.")
    press("begin", ada)
    with pytest.raises(NotAllowed, match="one sentence"):
        promising.promise(gathered, by=hedy, text=text)


def test_the_next_one_to_lead_says_yes_and_cannot_be_replaced_any_more(
    closes: Board, following: Meeting, ada: Person, hedy: Person
) -> None:
    assert reading.read(closes.meeting_id).shared.following == {
        "when": "Tue 23 Jun, 18:00 UTC",
        "leader": "Hedy",
        "accepted": False,
    }
    closing.accept_next(closes, by=hedy)
    with pytest.raises(NotAllowed, match="said yes already"):
        closing.accept_next(closes, by=ada)
    assert roles(following) == {"facilitator": ("Hedy", True), "timekeeper": ("Grace", False)}


def test_who_would_keep_the_time_and_leads_instead_swaps_with_who_would_lead(
    closes: Board, following: Meeting, grace: Person
) -> None:
    closing.accept_next(closes, by=grace)
    assert roles(following) == {"facilitator": ("Grace", True), "timekeeper": ("Hedy", False)}


@pytest.fixture
def five(closes: Board, join: Callable[..., Person], person: Callable[..., Person]) -> list[Person]:
    """Two more are here."""
    more = [join(person(name)) for name in ("Ida", "Jean")]
    for one in more:
        attending.here(closes, by=one)
    return [*Person.objects.filter(name__in=["Ada", "Grace", "Hedy"]).order_by("pk"), *more]


@pytest.mark.parametrize(("answers", "left"), [(4, []), (5, [(5, 20, 15)])])
def test_how_it_was_is_kept_from_five_answers_on_and_nobodys_own(
    answers: int, left: list[tuple[int, int, int]], closes: Board, five: list[Person], press: Press, ada: Person
) -> None:
    before = Board.objects.get(pk=closes.pk).version
    for one in five[:answers]:
        closing.pulse(closes, by=one, needed=5, worth=5)
        closing.pulse(closes, by=one, needed=4, worth=3)
    assert Board.objects.get(pk=closes.pk).version == before
    table = Board.objects.select_related("meeting__group").get(pk=closes.pk)
    assert ownpart.pulsed(table, five[0]) == {"needed": 4, "worth": 3}
    press("close", ada)
    assert list(Pulse.objects.values_list("answers", "needed", "worth")) == left
    assert PulseAnswer.objects.count() == 0
    assert reading.read(closes.meeting_id).shared.pulse == ((4.0, 3.0) if left else None)


@pytest.mark.parametrize(("needed", "worth"), [(0, 3), (3, 6)])
def test_how_it_was_runs_from_1_to_5(needed: int, worth: int, closes: Board, hedy: Person) -> None:
    with pytest.raises(NotAllowed, match="1 to 5"):
        closing.pulse(closes, by=hedy, needed=needed, worth=worth)


def test_a_carried_topic_tells_where_it_comes_from_and_asks_its_sponsor_the_third_time(
    gathered: Board, following: Meeting, press: Press, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    for title in ("Hiring", "Part of it"):
        topics.propose(gathered, by=grace, title=title, note="", hidden=False, key=uuid4())
    whole, part = Topic.objects.order_by("pk")
    Topic.objects.filter(pk=part.pk).update(state="merged", merged_into=whole)
    Topic.objects.filter(pk=whole.pk).update(times_carried=2)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    later = next_board(gathered, following, ada, clock)
    card = reading.read(following.pk).shared.waiting[0]
    assert (card.carried, card.wants_word) == ("from 12 May, 0 dots, time number 4", True)
    assert [one.title for one in card.merged] == ["Part of it"]
    topics.keep(later, by=grace, topic=card.id)
    assert not reading.read(following.pk).shared.waiting[0].wants_word


def test_plus_one_is_counted_once_and_taken_back(kept: Takeaway, gathered: Board, grace: Person, hedy: Person) -> None:
    for person, along in ((grace, True), (hedy, True), (grace, True), (hedy, False), (hedy, False)):
        topics.agree(gathered, by=person, takeaway=kept.public_id, along=along)
    assert list(Agreement.objects.values_list("person__name", flat=True)) == ["Grace"]
    card = reading.read(gathered.meeting_id).shared.topic
    assert card is not None
    assert (card.agreed, card.takeaway_id) == (1, kept.public_id)


def test_for_a_week_a_takeaway_is_changed_and_later_it_is_corrected_with_the_date(
    kept: Takeaway, gathered: Board, clock: Stopped, client: Client, ada: Person, hedy: Person
) -> None:
    page = f"/groups/{gathered.meeting.group.public_id}/takeaways/{kept.public_id}/"
    client.force_login(ada)
    clock.to(gathered.ends_at + timedelta(days=7) - timedelta(seconds=1))
    assert client.post(page, {"text": "Write it first.", "revision": 0}).status_code == 200
    assert client.post(page, {"text": "Write it first.", "revision": 1}).status_code == 302
    clock.forward(seconds=1)
    assert client.post(page, {"text": "It worked.", "revision": 2}).status_code == 302
    assert (Takeaway.objects.get().text, Correction.objects.get().text) == ("Write it first.", "It worked.")
    memory = client.get(f"/groups/{gathered.meeting.group.public_id}/takeaways/?q=worked first")
    assert "It worked." in memory.content.decode()
    client.force_login(hedy)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind", "ending"),
    [("", "text/plain", "txt"), ("markdown", "text/markdown", "md"), ("json", "application/json", "json")],
)
def test_a_memory_is_taken_along_as_one_likes(
    form: str, kind: str, ending: str, kept: Takeaway, gathered: Board, press: Press, client: Client, ada: Person
) -> None:
    press("close", ada)
    everybody_says_yes(gathered.meeting.group)
    client.force_login(ada)
    got = client.get(f"/groups/{gathered.meeting.group.public_id}/takeaways/file/", {"as": form})
    assert got["Content-Type"] == f"{kind}; charset=utf-8"
    assert got["Content-Disposition"] == f'attachment; filename="roundtable.{ending}"'
    words = got.content.decode()
    assert ("Ladders" in words, "Write it with them." in words) == (True, True)
    if form == "json":
        assert [row["by"] for row in json.loads(words)["meetings"][0]["topics"][0]["takeaways"]] == ["Ada"]
    assert taking.CONFIDENTIAL in words


def test_who_was_here_gets_a_letter_with_numbers_and_no_word(
    kept: Takeaway, gathered: Board, following: Meeting, press: Press, ada: Person, hedy: Person
) -> None:
    topics.propose(gathered, by=hedy, title="Quarrels", note="", hidden=False, key=uuid4())
    attending.gone(gathered, by=hedy)
    press("close", ada)
    letters = Letter.objects.filter(kind="meetings/thanks").order_by("pk")
    assert [letter.to for letter in letters] == ["ada@example.org", "grace@example.org"]
    text = letters[0].text
    assert "You talked about 1 topic and kept 1 takeaway." in text
    assert "1 topic was not talked about" in text
    assert not [word for word in ("Ladders", "Quarrels", "Write it", "Hedy", "Grace") if word in text]


def test_the_page_of_a_meeting_that_is_over_leads_to_what_was_kept(
    kept: Takeaway, gathered: Board, press: Press, ada: Person
) -> None:
    client, there = Client(), f'/groups/{gathered.meeting.group.public_id}/takeaways/"'
    client.force_login(ada)
    before = client.get(gathered.meeting.path).content.decode()
    press("close", ada)
    assert (there in before, there in client.get(gathered.meeting.path).content.decode()) == (False, True)


def test_at_a_roundtable_a_topic_returns_only_when_its_sponsor_brings_it(
    roundtable: Meeting, host: Person, clock: Stopped
) -> None:
    first = Board.objects.select_related("meeting__group").get(meeting=roundtable)
    topics.propose(first, by=host, title="Cut scope", note="", hidden=False, key=uuid4())
    clock.to(roundtable.starts_at)
    attending.here(first, by=host)
    board.close(first, by=host, step=0)
    with pytest.raises(NotAllowed, match="closed"):
        promising.promise(first, by=host, text="I will.")
    left = Topic.objects.get()
    other = Meeting.objects.get(pk=roundtable.pk)
    other.pk, other.public_id, other.state = None, "another", "planned"
    other.occurrence_date = other.local_date = roundtable.local_date + timedelta(days=14)
    other.starts_at, other.ends_at = (moment + timedelta(days=14) for moment in (other.starts_at, other.ends_at))
    other.save()
    other.seats.create(person=host, state="coming", number=1)
    second = board.prepare(other)
    assert (Topic.objects.count(), ownpart.left_over(second, host)) == (1, [left])
    for _ in range(2):
        topics.offer_again(second, by=host, topic=left.public_id)
    assert Topic.objects.get(board=second).carried_from == left
    assert ownpart.left_over(second, host) == []
