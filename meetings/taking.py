"""What people take along: a member their own words, from wherever they said them; a reader the memory of a group.

Files of a group hold what their reader may open, and nothing that is theirs alone: such a file is passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from meetings import agreeing, noting
from meetings.models.board import Topic
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Promise, Takeaway
from meetings.remembering import Memory
from meetings.timeline import Moment, Told, moments
from members.folding import lines, one_line
from members.models.person import Person
from roundtable import vault

CONFIDENTIAL = "Confidential: what was said in the group stays in the group."
Row = dict[str, Any]
# What begins a heading or a block that goes on over others, behind marks of lists and quotes; a line under a heading.
BEGINS = re.compile(r"^([ \t>*+\-.)\d]*)(#|`{3}|~{3}|[=-]+[ \t]*$)", re.MULTILINE)


def own_words(person: Person) -> dict[str, list[Row]]:
    """Topics, takeaways and promises that this person wrote, in every group that still keeps them, and their own notes;
    of who has left a circle as well, for these words are theirs."""
    with vault.keys_held():
        topics = Topic.objects.filter(sponsor=person, carried_from=None).select_related("board__meeting__group")
        takeaways = Takeaway.objects.filter(written_by=person).select_related("round__board__meeting__group")
        promises = Promise.objects.filter(person=person).select_related("board__meeting__group")
        return {
            "topics I brought": [
                _at(one.board.meeting, title=one.title, note=one.note, links=one.resources)
                for one in topics.order_by("pk")
                if one.title
            ],
            "takeaways I wrote": [_at(one.round.board.meeting, text=one.text) for one in takeaways.order_by("pk")],
            "promises I made": [
                _at(one.board.meeting, text=one.text, outcome=one.get_state_display())
                for one in promises.order_by("pk")
            ],
            "themes I proposed": [_at(one.meeting, theme=one.theme) for one in agreeing.all_by(person)],
            "notes for myself": [_at(one.meeting, text=one.text) for one in noting.all_of(person)],
        }


def _at(meeting: Meeting, **words: str) -> Row:
    return {"group": meeting.group.name, "on": meeting.local_date.isoformat(), **words}


def of_group(memory: Memory) -> list[Moment]:
    """The whole memory, the oldest meeting first."""
    return moments(memory, list(reversed(memory.boards)))


def as_markdown(told: Iterable[Moment]) -> str:
    """For a notebook: a heading for each meeting and each topic, promises with what came of them.

    Lists that somebody wrote stay lists; headings are those of the file alone.
    """
    parts = [f"# What we kept\n\n{CONFIDENTIAL}\n"]
    for one in told:
        parts.append(f"## {one.meeting.local_date}{f': {_inline(one.theme)}' if one.theme else ''}\n")
        parts += [f"### {_inline(topic.title)}\n\n{_block(_under(topic, added='*{}:* {}'))}\n" for topic in one.topics]
        if one.promises:
            parts.append("### Promises\n")
            promises = (_inline(f"{each.name}: {each.text} ({each.outcome})") for each in one.promises)
            parts.append("\n".join(f"- {words}" for words in promises) + "\n")
    return "\n".join(parts)


def _inline(words: str) -> str:
    """On one line, which begins no heading either."""
    return _block(one_line(words))


def _block(words: str) -> str:
    """On its lines, of which none begins a heading, and without HTML."""
    return BEGINS.sub(r"\1\\\2", lines(words).replace("<", "&lt;"))


def as_text(told: Iterable[Moment]) -> str:
    """The same as plain text."""
    parts = [f"{CONFIDENTIAL}\n"]
    for one in told:
        on = one.meeting.local_date
        parts += [f"{on}  Theme: {one.theme}\n"] if one.theme else []
        parts += [f"{on}  {topic.title}\n{_under(topic, added='{}: {}')}\n" for topic in one.topics]
        parts += [f"{on}  {each.name} promised: {each.text} ({each.outcome})\n" for each in one.promises]
    return "\n".join(parts)


def _under(topic: Told, *, added: str) -> str:
    """Where a topic came from, and what was kept of it, corrections with their date."""
    lines = [topic.history] if topic.history else []
    lines += [f"{one.title}: {one.address}" for one in topic.resources]
    for one in topic.takeaways:
        lines += [one.text, *(added.format(more.written_at.date(), more.text) for more in one.corrections)]
    return "\n\n".join(lines) or ("nothing was kept" if topic.discussed else "not talked about")


def as_json(told: Iterable[Moment]) -> str:
    """The same for a program."""
    rows = [
        {
            "on": one.meeting.local_date.isoformat(),
            "format": one.meeting.get_format_display(),
            "theme": one.theme,
            "topics": [_topic(topic) for topic in one.topics],
            "promises": [{"by": each.name, "promise": each.text, "outcome": each.outcome} for each in one.promises],
        }
        for one in told
    ]
    return json.dumps({"about": CONFIDENTIAL, "meetings": rows}, ensure_ascii=False, indent=2)


def _topic(topic: Told) -> Row:
    return {
        "topic": topic.title,
        "note": topic.note,
        "links": [{"title": one.title, "address": one.address} for one in topic.resources],
        "brought by": topic.sponsor,
        "history": topic.history,
        "talked about": topic.discussed,
        "takeaways": [
            {
                "takeaway": one.text,
                "by": one.by,
                "corrections": [
                    {"on": more.written_at.date().isoformat(), "text": more.text} for more in one.corrections
                ],
            }
            for one in topic.takeaways
        ],
    }


WAYS: dict[str, tuple[Callable[[Iterable[Moment]], str], str, str]] = {
    "text": (as_text, "text/plain", "txt"),
    "markdown": (as_markdown, "text/markdown", "md"),
    "json": (as_json, "application/json", "json"),
}
