"""Words that were said in confidence are planted by the world; nowhere outside the group may one of them stand."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from pytest_django import DjangoCaptureOnCommitCallbacks

from meetings import topics
from meetings.live import CHANNEL
from meetings.models.board import Board
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import IdentityAnswers
from tests.confidence.conftest import Ask
from tests.confidence.own import Things, where
from tests.confidence.permissions import addresses
from tests.confidence.reading import dump, found_in
from tests.confidence.world import Words, World

pytestmark = pytest.mark.django_db
SAID = Words().said()
# Dates, hours and seats, which organizers may know about; every other record of the app is the members' own.
OF_HOURS = {"EarlierTime", "GroupCadence", "Poll", "Option", "Turn"}
ORGANIZERS_MAY_KNOW = {"Meeting", "MeetingRole", "Seat", "SeatAnswer", "Entry", *OF_HOURS}
CONFIDENTIAL: list[type[models.Model]] = [
    *(one for one in apps.get_app_config("meetings").get_models() if one.__name__ not in ORGANIZERS_MAY_KNOW),
    IdentityAnswers,
    KeepApart,
    KeepApartLine,
]


def test_the_planted_words_are_there_for_those_who_may_read_them(world: World, ask: Ask) -> None:
    """Else the tests below could find nothing because nothing was planted."""
    page = ask("member", "GET", f"/meetings/{world.second.public_id}/board/").content.decode()
    memory = ask("member", "GET", f"/groups/{world.group.public_id}/takeaways/").content.decode()
    assert found_in(page + memory, SAID) >= {Words().takeaway, Words().topics[0], Words().note}


def test_no_table_holds_one_in_clear(world: World) -> None:
    assert found_in(dump(), SAID) == set()


@pytest.mark.parametrize("part", ["anon", "stranger", "invited", "other", "organizer", "chapter", "superuser"])
def test_no_page_shows_one_to_who_is_no_member(part: str, world: World, ask: Ask) -> None:
    things = Things(world)
    shown = {}
    for name in addresses():
        for path in where(things, name, part):
            answer = ask(part, "GET", path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            shown[path] = found_in(body.decode() + str(answer.headers), SAID)
    assert {path: words for path, words in shown.items() if words} == {}


def test_the_bell_says_a_meeting_and_a_version_and_nothing_stays_in_its_memory(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    table = Board.objects.get(meeting=world.second)
    with client.pubsub(ignore_subscribe_messages=True) as bell:
        bell.subscribe(CHANNEL)
        bell.get_message(timeout=1)
        with django_capture_on_commit_callbacks(execute=True):
            topics.propose(table, by=world.cast["member"], title=SAID[0], note=SAID[1], hidden=False, key=uuid4())
        heard = bell.get_message(timeout=2)
    assert heard is not None
    assert re.fullmatch(rf"{world.second.pk}:\d+", heard["data"].decode())
    held = [client.dump(key) or b"" for key in client.scan_iter()]
    assert found_in(b"".join(held).decode("latin-1"), SAID) == set()
    client.close()


def test_nothing_leads_to_confidential_records_by_name() -> None:
    named = [
        f"{model.__name__}.{field.name}"
        for model in CONFIDENTIAL
        for field in model._meta.concrete_fields
        if field.remote_field and not field.remote_field.hidden
    ]
    assert named == []


def test_confidential_records_are_in_no_admin() -> None:
    assert len(CONFIDENTIAL) >= 12
    assert [model for model in CONFIDENTIAL if admin.site.is_registered(model)] == []


@pytest.mark.parametrize("model", CONFIDENTIAL)
def test_a_confidential_record_calls_itself_by_kind_and_number(model: type[models.Model], world: World) -> None:
    """The admin's delete pages print the name of every row that would go."""
    rows = model.objects.all()[:20]  # type: ignore[attr-defined]
    assert [str(row) for row in rows if not re.fullmatch(r"[a-z]+( [a-z]+)* \d+", str(row))] == []


def test_encrypted_fields_are_those_that_hold_what_people_said() -> None:
    ours = [
        model
        for label in ("members", "groups", "meetings", "outbox")
        for model in apps.get_app_config(label).get_models()
    ]
    closed = {
        f"{m.__name__}.{f.name}" for m in ours for f in m._meta.concrete_fields if type(f).__name__ == "EncryptedText"
    }
    assert closed == {
        *(
            "Topic.title",
            "Topic.note",
            "Topic.resources",
            "Takeaway.text",
            "Correction.text",
            "OwnNote.text",
            "ReleasedNote.text",
            "Promise.text",
            "Idea.theme",
            "Invitation.reason",
            "Invitation.alone",
            "IdentityAnswers.answers",
        ),
        *("Unconfirmed.answers", "KeepApartLine.words", "KeepApartLine.company", "Letter.secret"),
        *("Upload.content", "Upload.beginning", "Upload.report"),
        *("FrozenPool.content", "Shard.room", "Reply.raw"),
    }
