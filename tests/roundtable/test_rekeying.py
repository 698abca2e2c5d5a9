"""New data keys while the site runs: what was closed with old ones is closed anew, wherever a run was stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.shard import FrozenPool, Shard
from meetings.models.board import Board, Topic
from meetings.models.idea import Idea
from meetings.models.meeting import Meeting
from meetings.models.note import OwnNote
from meetings.models.released import ReleasedNote
from meetings.models.reply import Reply
from meetings.models.takeaway import Correction, Promise, Takeaway
from members.models.apart import KeepApartLine
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.person import Person
from members.models.program import Program
from members.models.review import Upload
from roundtable import rekeying, vault
from roundtable.outbox.models import Letter
from roundtable.vault import DataKey, EncryptedText
from tests.conftest import Held, Stopped

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LINK = "https://example.org/ladders Ladders"
Values = dict[tuple[str, int], tuple[str, str]]  # by column and row: the owner of the key, and the words


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch, clock: Stopped) -> None:
    clock.to(NOW)
    monkeypatch.setattr(rekeying, "BATCH", 2)


def letter(number: int, code: str | None = "a code") -> Letter:
    plain = {"kind": "k", "about": "a:1", "to": "x@y.example", "subject": "", "text": "", "html": ""}
    return Letter.objects.create(dedupe_key=str(number), secret=code, **plain)  # type: ignore[misc] # nullable


def of_the_group(program: Program, ada: Person, table: Board) -> None:
    meeting, takeaway = table.meeting, Takeaway.objects.get()
    Topic.objects.create(board=table, title="Pay", resources=LINK, sponsor=ada)
    Correction.objects.create(takeaway=takeaway, text="We do not.", written_at=NOW)
    times = {"proposed_at": NOW, "open_until": NOW + timedelta(days=7)}
    ReleasedNote.objects.create(takeaway=takeaway, written_by=ada, text="Somebody writes it.", **times)
    Promise.objects.create(board=table, person=ada, text="I write it.")
    Idea.objects.create(meeting=meeting, theme="Hiring", format="talk", proposed_by=ada, proposed_at=NOW)
    OwnNote.objects.create(meeting=meeting, person=ada, text="Ask Grace.", written_at=NOW)


def of_a_person(program: Program, ada: Person) -> None:
    application = Application.objects.create(program=program, person=ada)
    IdentityAnswers.objects.create(application=application, answers="{}")
    KeepApartLine.objects.create(application=application, words="Jean", company="acme")
    composition = Composition.objects.create(program=program, progress=Progress.DONE, zone="UTC")
    draft = DraftGroup.objects.create(composition=composition, number=1, mode="video", zone="UTC", window=1)
    Invitation.objects.create(draft=draft, application=application, reason="Too far.", alone="I stay.")
    FrozenPool.objects.create(composition=composition, content="a pool", zone="UTC", made_on=NOW.date())
    Shard.objects.create(composition=composition, room="a room")


def of_the_site(program: Program, ada: Person) -> None:
    Unconfirmed.objects.create(program=program, email="new@example.org", answers="{}")
    Upload.objects.create(program=program, made_by=ada, content="a,b", beginning="[]", report="{}")
    Reply.objects.create(digest="d", raw="a mail", received_at=NOW)
    for number in range(5):
        letter(number, f"code {number}")


@pytest.fixture
def everything(program: Program, ada: Person, held: Held) -> Board:
    """A value in every column that is encrypted, an empty text, and none."""
    table = held(date(2026, 5, 12), Ladders="We write it.")
    of_the_group(program, ada, table)
    of_a_person(program, ada)
    of_the_site(program, ada)
    letter(9, None)
    return table


def owners() -> dict[int, str]:
    return dict(DataKey.objects.values_list("pk", "owner"))


def closed(column: EncryptedText) -> dict[int, bytes]:
    """What a dump would hold of it, by row."""
    model = column.model
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.pk.column}, {column.column} FROM {model._meta.db_table}")  # noqa: S608 -- ours
        return {pk: bytes(value) for pk, value in cursor if value}


def key_of(value: bytes) -> int:
    return int(vault.HEAD.unpack_from(value)[1])


def values() -> Values:
    """Every value, with the owner of the key that closes it."""
    found, known = {}, owners()
    for column in rekeying.columns():
        rows = column.model._base_manager.in_bulk()
        for pk, value in closed(column).items():
            found[str(column), pk] = (known[key_of(value)], getattr(rows[pk], column.attname))
    return found


def in_use() -> set[int]:
    return {key_of(value) for column in rekeying.columns() for value in closed(column).values()}


def rotate() -> list[str]:
    """One run; what it said."""
    said = StringIO()
    call_command("rotate_field_keys", "--data", stdout=said)
    return said.getvalue().splitlines()


def test_every_value_of_every_column_is_closed_anew_with_its_owners_new_key(everything: Board) -> None:
    before, old = values(), in_use()
    assert {name for name, _ in before} == {str(column) for column in rekeying.columns()}
    rotate()
    assert (values(), in_use() & old) == (before, set())
    assert in_use() == set(DataKey.objects.current().values_list("pk", flat=True))


def test_what_is_empty_stays_empty(everything: Board) -> None:
    rotate()
    assert (Topic.objects.get(state="discussed").resources, letter_of("9")) == ("", None)


def letter_of(key: str) -> str | None:
    secret: str | None = Letter.objects.get(dedupe_key=key).secret
    return secret


def test_it_says_how_many_by_the_kind_of_their_owner_and_no_word_of_theirs(everything: Board) -> None:
    said = rotate()
    assert said[:2] == [
        "0 data keys wrapped anew.",
        "New data keys: composition 1, group 1, letters 1, person 1, site 1.",
    ]
    assert {
        "meetings.Topic.title: group 2",
        "meetings.OwnNote.text: person 1",
        "outbox.Letter.secret: letters 5",
    } <= set(said)
    assert said[-1] == "0 old data keys are gone, 5 stay: run this again in an hour."


def test_old_keys_go_an_hour_after_the_last_value_left_them(everything: Board, clock: Stopped) -> None:
    """Who took up a value or a key before may be at work with it until then."""
    before = values()
    rekeying.begin()
    clock.forward(hours=2)
    rotate()
    clock.forward(minutes=59)
    assert rotate() == [
        "0 data keys wrapped anew.",
        "An earlier change goes on; no new data keys.",
        "0 old data keys are gone, 5 stay: run this again in an hour.",
    ]
    clock.forward(minutes=1)
    assert (rotate()[-1], values(), DataKey.objects.count()) == ("5 old data keys are gone.", before, 5)


def test_the_next_change_begins_when_the_last_one_is_at_its_end(clock: Stopped) -> None:
    letter(1)
    first, *_ = owners()
    rotate()
    clock.forward(hours=1)
    rotate()
    second, *_ = owners()
    assert rotate()[1] == "New data keys: letters 1."
    assert (first < second, len(owners())) == (True, 2)


def test_a_key_that_still_closes_something_stays_and_what_it_closes_moves_with_the_next_run(clock: Stopped) -> None:
    """Somebody took the key before it was left, and wrote with it late."""
    letter(1)
    taken = vault.key_to_write("letters")
    rotate()
    clock.forward(hours=2)
    late = letter(2, None)
    Letter.objects.filter(pk=late.pk).update(secret=vault.sealed(late, "secret", "a late code", key=taken))
    assert (rekeying.end(), letter_of("2")) == (0, "a late code")
    assert "outbox.Letter.secret: letters 1" in rotate()
    clock.forward(hours=1)
    assert (rotate()[-1], letter_of("2")) == ("1 old data keys are gone.", "a late code")


def test_a_run_that_was_stopped_is_gone_on_with(everything: Board) -> None:
    """The fourth letter cannot be read, so the second batch of letters is not done, nor what comes after it."""
    before, old = values(), in_use()
    spoilt = Letter.objects.get(dedupe_key="3")
    Letter.objects.filter(pk=spoilt.pk).update(message_id="another")
    with pytest.raises(ValueError, match=rf"^outbox.Letter.secret of row {spoilt.pk} does not open") as refused:
        rotate()
    moved = [key_of(value) not in old for _, value in sorted(closed(Letter._meta.get_field("secret")).items())]
    assert (moved, "code" in str(refused.value)) == ([True, True, False, False, False], False)
    Letter.objects.filter(pk=spoilt.pk).update(message_id=spoilt.message_id)
    assert rotate()[1] == "An earlier change goes on; no new data keys."
    assert (values(), in_use() & old, DataKey.objects.count()) == (before, set(), 10)


def test_new_words_are_closed_with_the_new_key_from_the_first_moment() -> None:
    letter(1)
    rekeying.begin()
    letter(2)
    found = closed(Letter._meta.get_field("secret"))
    assert [DataKey.objects.get(pk=key_of(value)).left_at for _, value in sorted(found.items())] == [NOW, None]


def test_an_old_key_closes_nothing_new() -> None:
    letter(1)
    DataKey.objects.update(left_at=NOW)
    made = vault.keys_to_write(["letters"])["letters"]
    assert (made.left_at, vault.key_to_write("letters")) == (None, made)


def test_a_group_that_ends_in_the_middle_leaves_no_key_and_keeps_nobody_elses_words(
    everything: Board, group: Group
) -> None:
    others = {name: value for name, value in values().items() if not value[0].startswith("group")}
    rekeying.begin()
    run = rekeying.move(Topic._meta.get_field("title"))
    next(run)
    Meeting.objects.filter(group=group).delete()
    vault.forget(f"group:{group.pk}")
    assert list(run) == []
    rotate()
    left = {name: value for name, value in others.items() if "OwnNote" not in name[0]}
    assert (values(), f"group:{group.pk}" in owners().values()) == (left, False)


def test_what_an_ended_key_closed_is_left_alone(program: Program) -> None:
    """Rooms of a run that was given up lie there until its composition goes."""
    composition = Composition.objects.create(program=program, progress=Progress.DONE, zone="UTC")
    Shard.objects.create(composition=composition, room="a room")
    letter(1)
    vault.forget(f"composition:{composition.pk}")
    room = closed(Shard._meta.get_field("room"))
    rotate()
    assert (closed(Shard._meta.get_field("room")), letter_of("1")) == (room, "a code")
