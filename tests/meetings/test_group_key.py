"""Whatever is written on a board, or kept from it, is closed with the key of its group and with no other."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from groups.models.group import Group
from meetings import board, keeping, promising, topics
from meetings.models import board as boards
from meetings.models import takeaway as takeaways
from meetings.models.board import Board, Topic
from meetings.models.takeaway import Takeaway
from members.models.person import Person
from roundtable.vault import HEAD, DataKey, EncryptedText
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db

MODULES = (boards.__name__, takeaways.__name__)
WORDS = {
    *(("meetings_topic", column) for column in ("title", "note", "resources")),
    *((f"meetings_{table}", "text") for table in ("takeaway", "correction", "promise")),
}


@pytest.fixture
def spoken(gathered: Board, ada: Person, clock: Stopped) -> None:
    """A topic with a note and a link, what the group keeps of it and adds a week later, and a promise."""
    links = "https://example.org/ How others do it"
    topics.propose(gathered, by=ada, title="Hiring", note="We lose people.", hidden=False, key=uuid4(), links=links)
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.get().public_id)
    board.sum_up(gathered, by=ada, text="Ask earlier.", revision=0)
    promising.promise(gathered, by=ada, text="I ask on Monday.")
    clock.forward(days=8)
    keeping.reword(Takeaway.objects.get(), text="And ask twice.", by=ada, revision=1)


def owners(table: str, column: str) -> set[str]:
    """Whose keys closed what lies in this column, by the bytes themselves."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 -- names of ours
        keys = {HEAD.unpack_from(bytes(found))[1] for (found,) in cursor.fetchall()}
    return set(DataKey.objects.filter(pk__in=keys).values_list("owner", flat=True))


def test_the_words_of_a_group_are_closed_with_its_own_key(group: Group, spoken: None) -> None:
    assert {column: owners(*column) for column in WORDS} == {key: {f"group:{group.pk}"} for key in WORDS}


def test_no_other_words_are_kept_there() -> None:
    ours = [model for model in apps.get_app_config("meetings").get_models() if model.__module__ in MODULES]
    closed = {
        (model._meta.db_table, field.column)
        for model in ours
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedText)
    }
    assert closed == WORDS
