from datetime import timedelta

import pytest

from meetings import wording
from meetings.agenda import FORMATS, Format
from meetings.boxes import Box, Clock, Phase
from tests.conftest import START


def test_an_ice_breaker_goes_through_its_parts_with_their_lengths():
    assert wording.programme(Format.ICE_BREAKER) == [
        ("Welcome", "4 minutes"),
        ("Our rules", "10 minutes"),
        ("Introductions", "4 minutes each"),
        ("Hopes and topics", "10 minutes"),
        ("Dots", "and one topic, 15 minutes in all"),
        ("Dates, rota, norms", "8 minutes"),
        ("Closing", "5 minutes"),
    ]


def test_the_loop_of_topics_has_no_length_of_its_own():
    assert ("Dots", "then topic after topic, the most wanted first, as many as fit") in wording.programme(
        Format.LEAN_COFFEE
    )


def test_every_format_can_be_told():
    assert [len(wording.programme(form)) for form in Format] == [len(FORMATS[form]) for form in Format]


@pytest.mark.parametrize(
    ("topics", "words"),
    [
        (0.2, "no topic"),
        (0.4, "one short topic"),
        (1.1, "about one topic"),
        (1.4, "1 or 2 topics"),
        (4.0, "about 4 topics"),
        (4.2, "about 4 topics"),
        (4.5, "4 or 5 topics"),
    ],
)
def test_room_is_told_as_people_say_it(topics, words):
    assert wording.room(topics) == words


@pytest.mark.parametrize(
    ("box", "topic", "sentence"),
    [
        (Box.NEXT, "", "What next?"),
        (Box.TAKEAWAY, "Ladders", "What do we take along? 2 minutes: Ladders."),
        (Box.DISCUSSION, "Ladders", "Discussion, 2 minutes: Ladders."),
        (Box.DISCUSSION, "Why?", "Discussion, 2 minutes: Why?"),
    ],
)
def test_what_is_spoken_ends_with_one_mark(box, topic, sentence):
    ends_at = START + timedelta(minutes=2)
    clock = Clock(START, START, START, phase=Phase.ROUND, box=box, box_ends_at=ends_at)
    assert wording.said(clock, START, topic=topic, sponsor="", outcome="") == sentence
