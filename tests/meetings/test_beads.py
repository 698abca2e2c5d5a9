"""The timeline as numbers for a picture."""

from __future__ import annotations

from meetings.beads import FIRST, LINE, ROW, SHOWN, STEP, TOP, Bead, Branch, Spot, picture


def spot(key: int, *, discussed: bool = False, kept: bool = False) -> Spot:
    return Spot(key, discussed, kept)


def test_a_topic_that_went_along_hangs_on_a_thread_to_where_it_was() -> None:
    rows = [
        ("12 May 26", [spot(3, discussed=True, kept=True), spot(4)]),
        ("14 Apr 26", [spot(1, discussed=True), spot(2)]),
    ]
    made = picture(rows, {3: 2})
    x, y = FIRST + STEP, TOP + ROW
    assert made.threads == (f"M{FIRST} {TOP}C{FIRST} {TOP + ROW // 2} {x} {y - ROW // 2} {x} {y}",)
    assert [bead.state for bead in made.beads] == ["kept", "open", "discussed", "open"]
    assert made.beads[0] == Bead(FIRST, TOP, "kept")
    assert made.branches == (Branch(TOP, "12 May 26", x, 0), Branch(y, "14 Apr 26", x, 0))


def test_what_came_from_another_page_hangs_on_a_short_thread() -> None:
    assert picture([("12 May 26", [spot(3)])], {3: 99}).threads == (f"M{FIRST} {TOP}v{ROW // 3}",)


def test_a_meeting_without_topics_is_a_bead_on_the_line() -> None:
    made = picture([("12 May 26", [])], {})
    assert (made.branches, made.beads) == ((Branch(TOP, "12 May 26", LINE, 0),), ())


def test_a_long_branch_fits_a_phone_and_says_how_many_more() -> None:
    made = picture([("12 May 26", [spot(key) for key in range(SHOWN + 4)])], {SHOWN + 2: 1})
    assert (len(made.beads), made.branches[0].more, made.threads) == (SHOWN, 4, ())
    assert made.width <= 400
