"""Search in a group's memory: every word that the reader may open is decrypted and looked through; there is no index.

What a reader may not open does not even count. After ten years a group has two thousand texts: only what is looked
through is read of their rows, and the rest of the few that are shown (`complete`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F

from meetings import resources
from meetings.boxes import Phase
from meetings.models.board import Topic, TopicState
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Agreement, Correction, Promise, PromiseState, Takeaway
from meetings.remembering import Memory
from meetings.resources import Resource
from meetings.timeline import history
from meetings.wanted import Wanted
from roundtable import vault


class TopicRow(NamedTuple):
    """Of a topic what is looked through and shown, without the record."""

    pk: int
    public_id: str
    title: str
    note: str
    resources: str
    board_id: int
    sponsor_id: int | None
    state: str
    carried_from_id: int | None
    times_carried: int
    carried_on: date | None


class TakeawayRow(NamedTuple):
    pk: int
    public_id: str
    text: str
    written_by_id: int | None
    topic: int


class CorrectionRow(NamedTuple):
    public_id: str
    takeaway_id: int
    text: str
    written_at: datetime


class PromiseRow(NamedTuple):
    pk: int
    public_id: str
    text: str
    board_id: int
    person_id: int
    state: str
    carried_from_id: int | None


@dataclass(slots=True)
class Hit:
    """One thing that was found: a takeaway, a topic that nothing was kept of, a promise, an own note."""

    kind: str
    title: str
    text: str
    by: str
    by_id: int | None
    meeting: Meeting
    about: str = ""
    beside: str = ""  # what is looked through and not shown: the note of a topic whose takeaway this is
    takeaway: TakeawayRow | None = None
    agreed: int = 0  # how many take it along (`complete`)
    corrections: Sequence[CorrectionRow] = ()
    resources: Sequence[Resource] = ()  # looked through by their titles

    def holds(self, wanted: Wanted) -> bool:
        more = (*(one.text for one in self.corrections), *(one.title for one in self.resources))
        return wanted.is_in(self.title, self.text, self.beside, *more)


@dataclass(frozen=True)
class Only:
    """Of one meeting, or of one person, where the reader chose that; names that are not there find nothing."""

    meeting: str = ""
    person: int | None = None

    def takes(self, hit: Hit) -> bool:
        of_meeting = not self.meeting or hit.meeting.public_id == self.meeting
        return of_meeting and (self.person is None or hit.by_id == self.person)


def search(memory: Memory, wanted: Wanted, only: Only = Only()) -> list[Hit]:
    """Newest meeting first. Without words the takeaways alone, which are what a group comes for."""
    topics = {topic.pk: topic for topic in _looked_through(memory)}
    takeaways = _takeaways(memory)
    added = _corrections(memory)
    kept = [one for one in takeaways if one.topic in topics]  # a topic may have come since they were read
    everything = [_kept(memory, topics[one.topic], one, added[one.pk]) for one in kept]
    if wanted.parts:
        everything += _others(memory, topics, {one.topic for one in kept})
    found = [hit for hit in everything if only.takes(hit) and hit.holds(wanted)]
    return sorted(found, key=lambda hit: hit.meeting.starts_at, reverse=True)


def complete(hits: Iterable[Hit]) -> None:
    """How many take each of these takeaways along, in one statement."""
    shown = {hit.takeaway.pk: hit for hit in hits if hit.takeaway}
    for key, agreed in Agreement.objects.filter(takeaway__in=shown).values_list("takeaway").annotate(Count("pk")):
        shown[key].agreed = agreed


def _looked_through(memory: Memory) -> Iterator[TopicRow]:
    """The topics of these meetings, without those for ears only, with the day that each comes from."""
    found = Topic.objects.filter(board__in=memory.tables, ears_only=False)
    return vault.rows(found.annotate(carried_on=F("carried_from__board__meeting__local_date")), TopicRow)


def _takeaways(memory: Memory) -> list[TakeawayRow]:
    """What was kept of these topics, each with the topic's key."""
    found = Takeaway.objects.filter(round__topic__board__in=memory.tables, round__topic__ears_only=False)
    found = found.annotate(topic=F("round__topic"))
    return list(vault.rows(found.order_by("-round__number", "-pk"), TakeawayRow))


def _corrections(memory: Memory) -> dict[int, list[CorrectionRow]]:
    """By takeaway, in their order."""
    added = defaultdict(list)
    found = Correction.objects.filter(takeaway__round__topic__board__in=memory.tables)
    for row in vault.rows(found.filter(takeaway__round__topic__ears_only=False).order_by("pk"), CorrectionRow):
        added[row.takeaway_id].append(row)
    return added


def _kept(memory: Memory, topic: TopicRow, one: TakeawayRow, added: Sequence[CorrectionRow]) -> Hit:
    by, meeting = one.written_by_id, memory.tables[topic.board_id].meeting
    return Hit(
        "takeaway",
        topic.title,
        one.text,
        memory.name(by),
        by,
        meeting,
        beside=topic.note,
        takeaway=one,
        corrections=added,
        resources=resources.read(topic.resources),
    )


def _others(memory: Memory, topics: dict[int, TopicRow], told: set[int]) -> Iterator[Hit]:
    """What is looked through beside takeaways, of meetings that are over."""
    over = {key for key, board in memory.tables.items() if board.phase == Phase.CLOSED}
    yield from _topics(memory, [row for row in topics.values() if row.board_id in over], told)
    yield from _promises(memory, over)
    yield from _notes(memory)


def _topics(memory: Memory, rows: list[TopicRow], told: set[int]) -> Iterator[Hit]:
    """Those of which nothing was kept, each where it was last."""
    rows = [row for row in rows if row.state != TopicState.DROPPED]
    gone_on = {row.carried_from_id for row in rows} | told
    for row in rows:
        if row.pk not in gone_on and row.title:
            by = "" if row.sponsor_id is None else memory.name(row.sponsor_id)
            meeting, links = memory.tables[row.board_id].meeting, resources.read(row.resources)
            about = history(row)
            yield Hit("topic", row.title, row.note, by, row.sponsor_id, meeting, about=about, resources=links)


def _promises(memory: Memory, over: Iterable[int]) -> Iterator[Hit]:
    """Each where it was last, with what came of it."""
    rows = list(vault.rows(Promise.objects.filter(board__in=over), PromiseRow))
    gone_on = {row.carried_from_id for row in rows}
    for row in rows:
        if row.pk not in gone_on:
            by, meeting = memory.name(row.person_id), memory.tables[row.board_id].meeting
            state = PromiseState(row.state).label
            yield Hit("promise", "", row.text, by, row.person_id, meeting, about=state)


def _notes(memory: Memory) -> Iterator[Hit]:
    for row in memory.notes:
        yield Hit("note", "", row.text, str(memory.person), row.person_id, row.meeting)
