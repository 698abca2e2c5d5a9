"""The timeline of a circle: meeting by meeting its topics, what was kept of them, and what became of promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings import agreeing, keeping, resources
from meetings.beads import Picture, Spot, picture
from meetings.models.board import Board, Round, TopicState
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Takeaway
from meetings.remembering import Memory
from meetings.resources import Resource
from meetings.wording import time_number
from roundtable import clock
from roundtable.moments import MONTHS

TALKED_ABOUT = (TopicState.DISCUSSED, TopicState.DISCUSSING)


@dataclass(frozen=True)
class Told:
    """A topic at one meeting: where it came from, what was merged into it, what was kept of it."""

    key: int
    came_from: int | None
    title: str
    note: str
    sponsor: str
    discussed: bool
    outcome: str
    history: str
    parts: tuple[str, ...]
    resources: tuple[Resource, ...]
    takeaways: tuple[Takeaway, ...]


@dataclass(frozen=True)
class Word:
    """A promise under its owner's name, and what came of it."""

    name: str
    text: str
    state: str
    outcome: str


@dataclass(frozen=True)
class Moment:
    """One meeting; `reads_board` where the board of then is open to the reader too. The note is the reader's own."""

    meeting: Meeting
    reads_board: bool
    topics: tuple[Told, ...]
    promises: tuple[Word, ...]
    note: str
    theme: str  # that the circle agreed on, or a roundtable's organizer named

    @property
    def talked(self) -> list[Told]:
        """What the meeting was about."""
        return [one for one in self.topics if one.discussed]

    @property
    def waited(self) -> list[Told]:
        """What lay on the board and did not come up: the same topics may do so at every meeting."""
        return [one for one in self.topics if not one.discussed]


def moments(memory: Memory, boards: Sequence[Board]) -> list[Moment]:
    """These boards of the memory, in their order: a fixed number of questions, however many they are."""
    topics, promises = _topics(memory, boards), _promises(memory, boards)
    open_now = Board.objects.readable_by(memory.person, clock.today()).filter(pk__in=[board.pk for board in boards])
    readable = set(open_now.values_list("pk", flat=True))
    themes = agreeing.themes([board.meeting_id for board in boards])
    notes = {
        one.meeting_id: one.text for one in memory.notes.filter(meeting__in=[board.meeting_id for board in boards])
    }
    return [
        Moment(
            board.meeting,
            board.pk in readable,
            tuple(topics[board.pk]),
            tuple(promises[board.pk]),
            notes.get(board.meeting_id, ""),
            themes.get(board.meeting_id) or board.meeting.theme,
        )
        for board in boards
    ]


def drawn(told: Iterable[Moment]) -> Picture:
    """The same as beads and threads."""
    rows = list(told)
    topics = [topic for moment in rows for topic in moment.topics]
    came_from = {topic.key: topic.came_from for topic in topics if topic.came_from is not None}
    spots = [
        (day(moment.meeting.local_date), [Spot(one.key, one.discussed, bool(one.takeaways)) for one in moment.topics])
        for moment in rows
    ]
    return picture(spots, came_from)


def day(on: date) -> str:
    """ "12 May 26", short enough for the edge of a picture."""
    return f"{on.day} {MONTHS[on.month - 1]} {on:%y}"


def _topics(memory: Memory, boards: Sequence[Board]) -> dict[int, list[Told]]:
    """By board: what was talked about in its order, then the rest, the longest waiting first."""
    rows: list[Any] = list(memory.topics.filter(board__in=boards).order_by("-times_carried", "pk"))
    rounds = {one.topic_id: one for one in Round.objects.filter(board__in=boards).order_by("number")}
    kept, parts = _takeaways(memory, boards), defaultdict(list)
    for row in rows:
        if row.merged_into_id is not None:
            parts[row.merged_into_id].append(row)
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: rounds[row.pk].number if row.pk in rounds else len(rows) + 1):
        if row.merged_into_id is None and row.title:  # what was carried on and then was for ears only has no words left
            found[row.board_id].append(_told(memory, row, rounds.get(row.pk), parts[row.pk], kept[row.pk]))
    return found


def _told(memory: Memory, row: Any, talk: Round | None, parts: list[Any], kept: list[Takeaway]) -> Told:
    sponsor = "" if row.sponsor_id is None else memory.name(row.sponsor_id)
    discussed = row.state in TALKED_ABOUT or talk is not None
    outcome = talk.outcome if talk else ""
    return Told(
        row.pk,
        row.carried_from_id,
        row.title,
        row.note,
        sponsor,
        discussed,
        outcome,
        history(row),
        tuple(part.title for part in parts),
        tuple(link for one in (row, *parts) for link in resources.read(one.resources)),
        tuple(kept),
    )


def history(row: Any) -> str:
    """Where a topic comes from: "from 12 May 26, second time"."""
    if not row.times_carried:
        return ""
    times = time_number(row.times_carried + 1)
    return f"from {day(row.carried_on)}, {times}" if row.carried_on else times


def _takeaways(memory: Memory, boards: Sequence[Board]) -> dict[int, list[Takeaway]]:
    """By topic, with what was added to each."""
    found = defaultdict(list)
    for one in keeping.with_corrections(memory.takeaways.filter(round__board__in=boards)):
        one.by = memory.name(one.written_by_id)
        found[one.round.topic_id].append(one)
    return found


def _promises(memory: Memory, boards: Sequence[Board]) -> dict[int, list[Word]]:
    found = defaultdict(list)
    for one in memory.promises.filter(board__in=boards).order_by("pk"):
        found[one.board_id].append(Word(memory.name(one.person_id), one.text, one.state, one.get_state_display()))
    return found
