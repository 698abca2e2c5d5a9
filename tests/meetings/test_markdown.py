"""The file for a notebook: its headings are its own, whatever was written under them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from meetings.models.meeting import Meeting
from meetings.models.takeaway import Correction, Takeaway
from meetings.taking import as_markdown
from meetings.timeline import Moment, Told, Word

FORGED = [
    "## 2020-01-01\n\n### Never said",
    "Kept.\n# Never said",
    "Never said\n===",
    "Never said\n  ---",
    "- ## Never said",
    "> 1. # Never said",
    "<h2>Never said</h2>",
    "\\<h2>Never said</h2>",
    "```\nnever closed",
    "~~~",
    "<!-- never closed",
    "\r# Never said",
]
PIECES = [
    "#",
    "## x",
    "===",
    "-",
    "---",
    "> ",
    "* ",
    "1. ",
    "\n",
    "\r",
    "    ",
    "\t",
    " ",
    "a",
    "```",
    "~~~",
    "<h1>",
    "\\",
]


def file(text: str, *, title: str = "Ladders", theme: str = "Pay", promise: str = "I ask.") -> str:
    takeaway = Takeaway(text=text)
    takeaway.corrections = [Correction(text=text, written_at=datetime(2026, 5, 13, tzinfo=UTC))]
    told = Told(1, None, title, "", "Ada", True, "", "", (), (), (takeaway,))  # noqa: FBT003 -- a plain row
    word = Word("Ada", promise, "done", "done")
    return as_markdown([Moment(Meeting(local_date=date(2026, 5, 12)), True, (told,), (word,), "", theme)])  # noqa: FBT003


def headings(text: str) -> list[tuple[str, str]]:
    """As a reader of Markdown finds them, and any HTML beside them."""
    parts = MarkdownIt("commonmark").parse(text)
    inside = [child for part in parts for child in part.children or ()]
    html = [("html", one.content) for one in (*parts, *inside) if one.type.startswith("html")]
    return [(one.tag, parts[at + 1].content) for at, one in enumerate(parts) if one.type == "heading_open"] + html


OWN = [("h1", "What we kept"), ("h2", "2026-05-12: Pay"), ("h3", "Ladders"), ("h3", "Promises")]


@pytest.mark.parametrize("text", FORGED)
def test_no_text_forges_a_heading(text: str) -> None:
    assert headings(file(text)) == OWN


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_mixture_of_marks_does(text: str) -> None:
    assert headings(file(text)) == OWN


@pytest.mark.parametrize("text", FORGED)
def test_what_stands_on_one_line_stays_on_it(text: str) -> None:
    """Also what was kept before line breaks were taken out as it was typed."""
    assert [kind for kind, _ in headings(file("Kept.", title=text, theme=text, promise=text))] == [
        "h1",
        "h2",
        "h3",
        "h3",
    ]


def test_a_title_on_two_lines_is_one() -> None:
    assert "### Kept. # Never said\n" in file("We write it.", title="Kept.\r\n# Never said")


def test_an_ordinary_text_is_left_as_it_is() -> None:
    text = "Two levels are enough:\n\n- one *for* people\n- one for work, 5 < 6\n1. first"
    assert text.replace("<", "&lt;") in file(text)
