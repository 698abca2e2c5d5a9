"""Search in a group's memory: every word that the reader may open is decrypted and looked through; there is no index.

What a reader may not open does not even count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from meetings import keeping, resources
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Correction, Takeaway
from meetings.remembering import Memory
from meetings.resources import Resource
from meetings.timeline import history
from meetings.wanted import Wanted


@dataclass(frozen=True)
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
    takeaway: Takeaway | None = None
    corrections: tuple[Correction, ...] = field(default=())
    resources: tuple[Resource, ...] = field(default=())  # looked through by their titles

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
    everything = _all(memory) if wanted.parts else _takeaways(memory)
    found = [hit for hit in everything if only.takes(hit) and hit.holds(wanted)]
    return sorted(found, key=lambda hit: hit.meeting.starts_at, reverse=True)


def _all(memory: Memory) -> Iterator[Hit]:
    kept = list(_takeaways(memory))
    yield from kept
    yield from _topics(memory, {hit.takeaway.round.topic_id for hit in kept if hit.takeaway})
    yield from _promises(memory)
    yield from _notes(memory)


def _takeaways(memory: Memory) -> Iterator[Hit]:
    for one in keeping.with_corrections(memory.takeaways.select_related(None).select_related("round__topic")):
        topic = one.round.topic
        yield Hit(
            "takeaway",
            topic.title,
            one.text,
            memory.name(one.written_by_id),
            one.written_by_id,
            memory.dates[one.round.board_id],
            beside=topic.note,
            takeaway=one,
            corrections=tuple(one.corrections),
            resources=tuple(resources.read(topic.resources)),
        )


def _topics(memory: Memory, told: Iterable[int]) -> Iterator[Hit]:
    """Those of which nothing was kept, each where it was last."""
    rows = list(memory.topics.select_related(None))
    gone_on = {row.carried_from_id for row in rows} | set(told)
    for row in rows:
        if row.pk not in gone_on and row.title:
            by = "" if row.sponsor_id is None else memory.name(row.sponsor_id)
            yield Hit(
                "topic",
                row.title,
                row.note,
                by,
                row.sponsor_id,
                memory.dates[row.board_id],
                about=history(row),
                resources=tuple(resources.read(row.resources)),
            )


def _promises(memory: Memory) -> Iterator[Hit]:
    """Each where it was last, with what came of it."""
    rows = list(memory.promises.select_related(None))
    gone_on = {row.carried_from_id for row in rows}
    for row in rows:
        if row.pk not in gone_on:
            state, by = row.get_state_display(), memory.name(row.person_id)
            yield Hit("promise", "", row.text, by, row.person_id, memory.dates[row.board_id], about=state)


def _notes(memory: Memory) -> Iterator[Hit]:
    for row in memory.notes:
        yield Hit("note", "", row.text, str(memory.person), row.person_id, row.meeting)
