"""The smaller answers: each choice in words, and what a cell of a spreadsheet says of it."""

from __future__ import annotations

import pytest

from members import wishes


def test_every_answer_is_told_in_words_and_none_that_was_not_given():
    extra = {"in_town": "Mill district", "longest_ride": "30", "minutes": "75", "size": "6-7", "heard": "friend"}
    assert list(wishes.in_words(extra)) == [
        ("Where in town", "Mill district"),
        ("Longest way", "half an hour"),
        ("Length", "75 minutes"),
        ("Size liked", "6 or 7"),
        ("Heard of us", "a friend or colleague"),
    ]
    assert list(wishes.in_words({"minutes": "", "size": "of another time"})) == []


@pytest.mark.parametrize(
    ("reader", "cell", "choice"),
    [
        (wishes.heard_of, "From a colleague", "friend"),
        (wishes.heard_of, "Rust meet-up", "community"),
        (wishes.heard_of, "Google", "search"),
        (wishes.heard_of, "a bird", "other"),
        (wishes.heard_of, " ", None),
        (wishes.minutes_of, "75", "75"),
        (wishes.minutes_of, "90 minutes", "90"),
        (wishes.minutes_of, "1.5 hours", "90"),
        (wishes.minutes_of, "Two hours", "120"),
        (wishes.minutes_of, "80", None),
        (wishes.minutes_of, "long", None),
        (wishes.ride_of, "half an hour", "30"),
        (wishes.ride_of, "50 min", "45"),
        (wishes.ride_of, "2h", "60"),
        (wishes.ride_of, "5", None),
        (wishes.size_of, "6-7", "6-7"),
        (wishes.size_of, "8 or 9 people", "8-9"),
        (wishes.size_of, "up to 12", "12"),
        (wishes.size_of, "40", None),
        (wishes.size_of, "small", None),
        (wishes.company_size_of, "1,200", "1000+"),
        (wishes.company_size_of, "50-200", "50-249"),
        (wishes.company_size_of, "about 12", "10-49"),
        (wishes.company_size_of, "huge", None),
        (wishes.could_of, "host a room; facilitate, host", ("host", "facilitate")),
        (wishes.could_of, "only take my turn", ("turn",)),
        (wishes.could_of, "Not now", ("not_now",)),
        (wishes.could_of, "sing", ()),
        (wishes.apart_of, "Rival Corp; Jo Doe;", ("Rival Corp", "Jo Doe")),
        (wishes.apart_of, "Rival Corp, Jo Doe", ("Rival Corp", "Jo Doe")),
        (wishes.apart_of, "-", ()),
    ],
)
def test_a_cell_is_read_as_one_of_the_choices(reader, cell, choice):
    assert reader(cell) == choice


@pytest.mark.parametrize(("cell", "is_open"), [("any", True), ("No preference", True), ("", True), ("75", False)])
def test_a_cell_may_leave_it_open(cell, is_open):
    assert wishes.says_any(cell) is is_open
