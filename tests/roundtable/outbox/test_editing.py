"""A letter in other words: once, before it leaves, with its marks."""

from __future__ import annotations

import pytest

from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed
from roundtable.outbox.editing import reword
from roundtable.outbox.models import Letter, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(person):
    ada = person("Ada")
    return Letter.objects.create(
        kind="members/accepted",
        dedupe_key="a",
        person=ada,
        about="application:7",
        to=ada.email,
        subject="Hello",
        text="Old words\nhttps://r.example/x/~~link~~/\n",
        html="<p>Old words</p>",
        secret='{"link": "token"}',
    )


def test_new_words_are_in_both_parts_and_the_secret_is_not(letter, person):
    olga = person("Olga")
    changed = reword(letter, "Dear <Ada>,\r\n\r\nhttps://r.example/x/~~link~~/", by=olga)
    letter.refresh_from_db()
    assert letter.text == "Dear <Ada>,\n\nhttps://r.example/x/~~link~~/\n"
    assert "Dear &lt;Ada&gt;," in letter.html
    assert 'href="https://r.example/x/~~link~~/"' in letter.html
    assert (changed.edited_at is not None, "token" in letter.html + letter.text) == (True, False)
    assert [(line.verb, line.about) for line in AuditLine.objects.all()] == [("letter edited", "application:7")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("No link at all", "Leave the marks"),
        ("~~link~~ and ~~other~~", "Leave the marks"),
        ("~~link~~" + "x" * 5000, "characters at most"),
    ],
)
def test_a_letter_keeps_what_makes_it_work(text, sentence, letter, person):
    with pytest.raises(NotAllowed, match=sentence):
        reword(letter, text, by=person("Olga"))
    letter.refresh_from_db()
    assert (letter.text.startswith("Old"), letter.edited_at) == (True, None)


def test_words_change_once(letter, person):
    olga = person("Olga")
    reword(letter, "One ~~link~~", by=olga)
    with pytest.raises(NotAllowed, match="edited already"):
        reword(letter, "Two ~~link~~", by=olga)


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED])
def test_what_is_no_longer_here_keeps_its_words(state, letter, person):
    Letter.objects.update(state=state)
    with pytest.raises(NotAllowed, match="on its way"):
        reword(letter, "New ~~link~~", by=person("Olga"))
