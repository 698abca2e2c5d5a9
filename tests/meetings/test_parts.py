"""Pieces of a board's page that are rendered anew only when what they show has changed."""

from __future__ import annotations

import re
from dataclasses import fields
from uuid import uuid4

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from meetings import attending, reading, topics
from meetings.models.board import Board, Topic
from members.models.person import Person

pytestmark = pytest.mark.django_db

READ = re.compile(r"\bshared\.(\w+)")


@pytest.mark.parametrize("name", reading.PIECES)
def test_a_piece_is_made_of_all_that_its_template_reads_and_of_nothing_else(name: str) -> None:
    template = settings.BASE_DIR / "templates" / "jinja2" / "board" / f"{name}.html"
    shown = {field.name for field in fields(reading.PIECES[name])}
    assert set(READ.findall(template.read_text())) == shown


def test_what_was_kept_gives_the_page_that_everything_made_anew_gives(gathered: Board, hedy: Person) -> None:
    topics.propose(gathered, by=hedy, title="Why?", note="", hidden=False, key=uuid4())
    kept: reading.Kept = {}
    before = reading.render(gathered.meeting_id, kept).part
    shown = kept["board/topics.html"][1]
    attending.hand(gathered, by=hedy, up=True)
    raised = reading.render(gathered.meeting_id, kept).part
    assert kept["board/topics.html"][1] is shown
    Topic.objects.update(ears_only=True)
    changed = reading.render(gathered.meeting_id, kept).part
    assert kept["board/topics.html"][1] != shown
    assert raised != before
    assert changed == reading.render(gathered.meeting_id).part
    assert "ears only" in changed


def test_a_template_goes_over_the_wire_without_its_own_lines_and_with_those_of_a_text() -> None:
    given = {"name": "up"}
    assert "\n" not in render_to_string("components/icon.html", given, using="jinja2")
    one = {"address": "https://example.org", "title": "two\nlines", "host": "example.org"}
    assert "two\nlines" in render_to_string("components/resources.html", {"resources": [one]}, using="jinja2")
