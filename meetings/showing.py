"""The shared part of a board, alike for every reader.

While a call is open it holds no number, order or time of a dot or thumb, and never a hidden author.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from meetings import agenda, ballots, boxes, settling, voting, wording
from meetings.boxes import Clock, Phase, Plan
from meetings.gathering import Gathered
from meetings.models.ballot import Kind
from meetings.models.board import Round, Topic, TopicState
from meetings.models.meeting import Role
from members.models.program import Roster
from roundtable import moments


@dataclass(frozen=True)
class Card:
    """A topic as everybody sees it."""

    id: str
    title: str
    note: str
    state: str
    sponsor: str
    sponsor_id: str
    without_name: bool
    ears_only: bool
    carried: str
    tally: int | None
    reason: str
    outcome: str
    takeaway: str
    mine: int = 0

    @property
    def votes(self) -> str:
        """The tally in words."""
        return f"{self.tally} {'dot' if self.tally == 1 else 'dots'}"


@dataclass(frozen=True)
class Shared:
    """The part of a board that all its readers see."""

    id: str
    version: int
    step: int
    round: int
    phase: str
    box: str
    title: str
    said: str
    paused: bool
    clock: dict[str, Any]
    phases: list[dict[str, str]]
    topic: Card | None
    waiting: list[Card]
    discussed: list[Card]
    here: list[dict[str, Any]]
    recording: bool
    hands: list[str]
    facilitator: dict[str, Any]
    timekeeper: dict[str, Any]
    opener: str
    dots_call: int
    thumbs_call: int
    dots: int
    slots: range
    done: int
    next: str
    left: int
    closing: str
    autopilot: bool
    put_off: bool
    shows_dots: bool
    parked: bool
    carries: bool  # what is not discussed comes along to the next meeting


class Facts:
    """The rows of one board, read once, and what they look like together."""

    def __init__(self, found: Gathered, now: datetime) -> None:
        self.table, self.people, self.now, self.found = found.table, found.people, now, found
        self.time: Clock = self.table.clock
        self.plan: Plan = settling.plan_of(self.table)
        self.calls = {call.kind: call for call in found.calls}
        self.rounds = {talk.topic_id: talk for talk in found.rounds}
        topics_of = {talk.pk: talk.topic_id for talk in found.rounds}
        self.takeaways = {topics_of[kept.round_id]: kept.text for kept in found.takeaways}
        self.tallies = {tally.topic_id: tally for tally in found.tallies}
        self.here = found.here
        self.roles = {role.role: role for role in found.roles}

    def name(self, person_id: int | None) -> str:
        """A reader's name; who has left the group is a former member."""
        if person_id is None:
            return ""
        person = self.people.get(person_id)
        return str(person) if person else "a former member"

    def public_id(self, person_id: int | None) -> str:
        person = self.people.get(person_id) if person_id else None
        return person.public_id if person else ""

    def seat(self, person_id: int) -> dict[str, str]:
        person = self.people.get(person_id)
        return {
            "id": self.public_id(person_id),
            "name": self.name(person_id),
            "initials": person.initials if person else "",
        }

    def card(self, topic: Topic) -> Card:
        tally, talk = self.tallies.get(topic.pk), self.rounds.get(topic.pk)
        times = {1: "once", 2: "twice"}.get(topic.times_carried, f"{topic.times_carried} times")
        return Card(
            id=topic.public_id,
            title=topic.title,
            note=topic.note,
            state=topic.state,
            sponsor=self.name(topic.sponsor_id),
            sponsor_id=self.public_id(topic.sponsor_id),
            without_name=topic.hidden_author is not None,
            ears_only=topic.ears_only,
            carried=f"carried over {times}" if topic.times_carried else "",
            tally=tally.number if tally else None,
            reason=tally.reason if tally else "",
            outcome=talk.outcome if talk else "",
            takeaway=self.takeaways.get(topic.pk, ""),
        )

    def shared(self) -> Shared:
        """Everything that all readers may see now."""
        rows = self.found.topics
        waiting = self._ordered([row for row in rows if row.state == TopicState.OPEN])
        talk = next((row for row in rows if row.state == TopicState.DISCUSSING), None)
        opened = self.rounds.get(talk.pk) if talk else None
        sponsor, outcome = (self.name(opened.sponsor_id), opened.outcome) if opened else ("", "")
        words = talk.title if talk else ""
        opening = agenda.plan(self.left, topics=len(waiting), counted=self.time.counted, lengths=self.plan.lengths)
        return Shared(
            id=self.table.meeting.public_id,
            version=self.table.version,
            step=self.table.step,
            round=self.table.round,
            phase=self.table.phase,
            box=self.table.box,
            title=wording.title(self.time, sponsor),
            said=wording.said(self.time, self.now, topic=words, sponsor=sponsor, outcome=outcome),
            paused=self.table.box_left is not None,
            clock=self.clock(),
            phases=self.phases(),
            topic=self.card(talk) if talk else None,
            waiting=[self.card(row) for row in waiting],
            discussed=[self.card(row) for row in rows if row.state == TopicState.DISCUSSED],
            here=[self.seat(one.person_id) for one in self.here],
            recording=ballots.all_agree(self.here),
            hands=self.hands(),
            facilitator=self.role(Role.FACILITATOR),
            timekeeper=self.role(Role.TIMEKEEPER),
            opener=self.opener(opened),
            dots_call=self.number(Kind.DOTS),
            thumbs_call=self.number(Kind.THUMBS),
            dots=self.table.dots,
            slots=range(1, self.table.per_topic + 1),
            done=self.done(),
            next=wording.NEXT[opening],
            left=self.left,
            closing=moments.hour(self.table.closing_at, self.table.meeting.zone),
            autopilot=self.table.autopilot,
            put_off=self.table.put_off,
            shows_dots=Kind.DOTS in self.calls and self.time.phase not in (Phase.ROUND, Phase.CLOSING, Phase.CLOSED),
            parked=self.time.parked_box is not None,
            carries=self.table.meeting.group.roster == Roster.FIXED,
        )

    @property
    def left(self) -> int:
        return boxes.minutes_left(self.time, self.now, self.plan)

    def _ordered(self, waiting: list[Topic]) -> list[Topic]:
        """By the last count; while a dots call is open, in the order its lot has drawn, which tells nothing."""
        call = self.calls.get(Kind.DOTS)
        if call is not None and self.time.phase is Phase.DOTS:
            place = {name: at for at, name in enumerate(voting.drawn((t.public_id for t in waiting), lot=call.lot))}
            return sorted(waiting, key=lambda topic: place[topic.public_id])
        places = {key: tally.place or 0 for key, tally in self.tallies.items()}
        return sorted(
            waiting, key=lambda topic: (places.get(topic.pk, len(places) + 1), -topic.times_carried, topic.pk)
        )

    def clock(self) -> dict[str, Any]:
        """The deadline in the server's own time; what is left of it is for the browser to say."""
        ends, left = self.table.box_ends_at, self.table.box_left
        rest = left if left is not None else (max(ends - self.now, timedelta(0)) if ends else None)
        started = self.time.since or self.now
        length = (ends - started) if ends and ends > started else (rest or timedelta(minutes=1))
        return {
            "now": milliseconds(self.now),
            "ends": milliseconds(ends) if ends else None,
            "left": round(left.total_seconds() * 1000) if left is not None else None,
            "box": round(max(length, timedelta(seconds=1)).total_seconds() * 1000),
            "digits": wording.digits(rest),
            "runs": rest is not None,
            "ends_at": ends,
        }

    def phases(self) -> list[dict[str, str]]:
        """The stretches of this meeting, with what is done, on and to come."""
        walked = [Phase.OPEN, *(segment.phase for segment in self.plan.segments)]
        walked.insert(walked.index(Phase.DOTS) + 1, Phase.ROUND) if Phase.DOTS in walked else None
        at = walked.index(self.time.phase) if self.time.phase in walked else len(walked)
        states = ["done" if place < at else "on" if place == at else "to-come" for place in range(len(walked))]
        named = zip(walked, states, strict=True)
        return [{"phase": phase.value, "title": wording.TITLES[phase], "state": state} for phase, state in named]

    def opener(self, opened: Round | None) -> str:
        """The sponsor of the topic that is on, or of the last one, whose takeaway may still be written."""
        last = opened or next(reversed(self.rounds.values()), None)
        return self.public_id(last.sponsor_id) if last else ""

    def hands(self) -> list[str]:
        return [self.name(person) for person in self.found.hands]

    def role(self, role: Role) -> dict[str, Any]:
        row = self.roles.get(role)
        person = row.person_id if row else None
        return {"id": self.public_id(person), "name": self.name(person), "acting": bool(row and row.acting)}

    def number(self, kind: Kind) -> int:
        call = self.calls.get(kind)
        return call.number if call else 0

    def done(self) -> int:
        return self.found.done if self.time.phase is Phase.DOTS else 0


def milliseconds(moment: datetime) -> int:
    """Since the epoch, as browsers count."""
    return round(moment.timestamp() * 1000)
