"""The shared part of a board, alike for every reader.

While a call is open it holds no number, order or time of a dot or thumb, and never a hidden author.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from meetings import agenda, ballots, boxes, counting, holding, resources, ribbon, settling, voting, wording
from meetings.boxes import Box, Clock, Phase, Plan, Room
from meetings.gathering import Gathered
from meetings.models.ballot import Kind
from meetings.models.board import Round, Topic, TopicState
from meetings.models.meeting import Meeting, Role
from meetings.models.pulse import Pulse
from meetings.models.takeaway import Promise
from meetings.parts import AtTurn, Card, Part, Said, Shared
from members.models.program import Roster
from roundtable import moments

ASKED_TO_DROP = 3
FOLLOWING = 2  # topics that are named ahead of their sentence
SAYS_PROMISES = (Phase.PROMISES, Phase.PROMISING, Phase.CLOSING, Phase.CLOSED)


class Facts:
    """The rows of one board, read once, and what they look like together."""

    def __init__(self, found: Gathered) -> None:
        self.table, self.people, self.now, self.found = found.table, found.people, found.now, found
        self.time: Clock = self.table.clock
        self.plan: Plan = settling.plan_of(self.table)
        self.calls = {call.kind: call for call in found.calls}
        self.rounds = {talk.topic_id: talk for talk in found.rounds}
        topics_of = {talk.pk: talk.topic_id for talk in found.rounds}
        order = {talk.pk: talk.number for talk in found.rounds}
        kept = sorted(found.takeaways, key=lambda one: order[one.round_id])
        self.takeaways: dict[int, Any] = {topics_of[one.round_id]: one for one in kept}
        self.concluded = {one.topic: one.text for one in found.concluded}  # type: ignore[attr-defined] # annotated
        self.rows: list[Any] = found.topics
        self._count_dots(found.tallies)
        self.here, self.turns = found.here, found.turns
        self.roles = {role.role: role for role in found.roles}

    def _count_dots(self, tallies: list[Any]) -> None:
        """What each topic had in its last count, here and where it was carried from; and the lot of the last one."""
        own = [tally for tally in tallies if tally.of == self.table.pk]
        self.tallies = {tally.topic_id: tally for tally in own}
        self.earlier = {tally.topic_id: tally.number for tally in tallies}
        last = [one for one in own if one.call_id == own[-1].call_id]
        self.last = {one.topic_id for one in last}
        self.lot = str(own[-1].lot) if own else ""
        self.places = {one.topic_id: one.place for one in last if one.place is not None}
        self.reasons = {tally.topic_id: tally.reason for tally in own}
        if not own and self.time.phase is Phase.ROUND:  # all of them fit, and no dots were asked
            self.lot = str(self.table.lot)
            for place, (topic, reason) in enumerate(ballots.undotted(self.table), start=1):
                self.places[topic.pk], self.reasons[topic.pk] = place, reason

    def name(self, person_id: int | None) -> str:
        """A reader's name; who has left the group is a former member."""
        if person_id is None:
            return ""
        person = self.people.get(person_id)
        return str(person) if person else wording.FORMER

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

    def card(self, topic: Any) -> Card:
        tally, talk = self.tallies.get(topic.pk), self.rounds.get(topic.pk)
        takeaway = self.takeaways.get(topic.pk)
        parts = [row for row in self.rows if row.merged_into_id == topic.pk]
        return Card(
            id=topic.public_id,
            title=topic.title,
            note=topic.note,
            state=topic.state,
            sponsor=self.name(topic.sponsor_id),
            sponsor_id=self.public_id(topic.sponsor_id),
            without_name=topic.hidden_author is not None,
            ears_only=topic.ears_only,
            carried=self.history(topic),
            tally=tally.number if tally else None,
            reason=self.reasons.get(topic.pk, ""),
            outcome=talk.outcome if talk else "",
            takeaway=takeaway.text if takeaway else "",
            takeaway_id=takeaway.public_id if takeaway else "",
            agreed=takeaway.agreed if takeaway else 0,
            concluded=self.concluded.get(topic.carried_from_id, ""),
            wants_word=topic.times_carried >= ASKED_TO_DROP and not topic.kept,
            merged=[Part(row.public_id, row.title, self.name(row.sponsor_id), self._apart(row)) for row in parts],
            resources=[link for row in (topic, *parts) for link in resources.read(row.resources)],
            out_of_order=bool(talk and talk.out_of_order),
            at_least=tally is not None and tally.alone is not None,
            by_hand=tally.by_hand if tally else 0,
        )

    def _apart(self, part: Any) -> bool:
        """What was counted as one topic stays one."""
        return part.merged_into_id not in self.last or part.pk in self.last

    def history(self, topic: Any) -> str:
        """Where a topic comes from: "from 12 May, 3 dots, second time", or "talked about then"."""
        if topic.carried_from_id is None:
            return "carried over" if topic.times_carried else ""
        day, dots = date.fromisoformat(topic.carried_on), self.earlier.get(topic.carried_from_id or 0)
        count = "" if dots is None else f", {dots} {'dot' if dots == 1 else 'dots'}"
        again = wording.time_number(topic.times_carried + 1) if topic.times_carried else "talked about then"
        return f"from {day.day} {moments.MONTHS[day.month - 1]}{count}, {again}"

    def shared(self) -> Shared:
        """Everything that all readers may see now, read straight down."""
        rows = self.rows
        waiting = self._ordered([row for row in rows if row.state == TopicState.OPEN])
        talk = next((row for row in rows if row.state == TopicState.DISCUSSING), None)
        opened = self.rounds.get(talk.pk) if talk else None
        sponsor, outcome = (self.name(opened.sponsor_id), opened.outcome) if opened else ("", "")
        turn = self.at_turn()
        words = talk.title if talk else (turn.topic or turn.name) if turn else ""
        return Shared(
            id=self.table.meeting.public_id,
            version=self.table.version,
            step=self.table.step,
            round=self.table.round,
            phase=self.table.phase,
            box=self.table.box,
            title=wording.title(self.time, sponsor),
            opens=sponsor if self.time.box is Box.SPONSOR else "",
            said=wording.said(self.time, self.now, topic=words, sponsor=sponsor, outcome=outcome),
            paused=self.table.box_left is not None,
            clock=self.clock(),
            phases=self.phases(),
            topic=self.card(talk) if talk else None,
            waiting=[self.card(row) for row in waiting],
            discussed=[self.card(row) for row in self._latest(rows)],
            opener=self.opener(opened),
            autopilot=self.table.autopilot,
            put_off=self.table.put_off,
            parked=self.time.parked_box is not None,
            hint=wording.hint(self.time.phase, rounds=self.plan.has_rounds),
            conduct=self.conduct(),
            turn=turn,
            order=self.order(),
            asked=self.seat(opened.asked_id) if opened and opened.asked_id else {},
            merges=sum(row.merged_into_id is not None for row in rows),
            news=self.news(),
            **self._choice(waiting),
            **self._people(),
            **self._ending(),
        )

    def _choice(self, waiting: list[Topic]) -> dict[str, Any]:
        """What comes next: open calls, dots and their lot, for how many topics there is room, what the planner says."""
        ranked = self.table.once and bool(self.tallies)
        opening = agenda.plan(
            self.left, topics=len(waiting), counted=self.time.counted, ranked=ranked, lengths=self.plan.lengths
        )
        return {
            "dots_call": self.number(Kind.DOTS),
            "thumbs_call": self.number(Kind.THUMBS),
            "dots": self.table.dots,
            "slots": range(1, self.table.per_topic + 1),
            "done": self.done(),
            "shows_dots": self.shows_dots(),
            "has_rounds": self.plan.has_rounds,
            "graced": holding.has_grace(self.time, self.now, self.plan),
            "lot": self.lot,
            "next": wording.NEXT[opening],
            "opening": opening.value,
            "short": self.left < self.plan.lengths.topic,
            "fits_none": self.left < self.plan.lengths.short_round,
            "extension": boxes.minutes(self.plan.lengths.extension(self.time.extensions + 1) * boxes.MINUTE),
            "fits": self.fits(),
        }

    def _people(self) -> dict[str, Any]:
        """Who is here and in the room, who leads, whose hand is up."""
        here = {one.person_id for one in self.here}
        return {
            "here": [{**self.seat(one.person_id), "in_room": one.in_room} for one in self.here],
            "room": [self.seat(one.person_id) for one in self.here if one.in_room],
            "absent": [self.seat(key) for key in self.people if key not in here],
            "devices": sum(not one.in_room for one in self.here),
            "recording": ballots.all_agree(self.here),
            "hands": self.hands(),
            "facilitator": self.role(Role.FACILITATOR),
            "timekeeper": self.role(Role.TIMEKEEPER),
            "has_speaker": bool({Phase.TALK, Phase.CASE} & {part.phase for part in self.plan.segments}),
            "speaker": self.seat(self.table.speaks) if self.table.speaks else {},
        }

    def _ending(self) -> dict[str, Any]:
        """What the close is about: its hour, promises, the next date, the pulse, and what goes on with the group."""
        return {
            "closing": self.closing(),
            "promises": self.promises(),
            "following": self.following(),
            "pulse": self.pulse(),
            "options": {name: getattr(self.table, name) for name in agenda.options(self.form)},
            "carries": self.table.meeting.group.roster == Roster.FIXED,
        }

    @property
    def form(self) -> agenda.Format:
        return agenda.Format(self.table.meeting.format)

    @property
    def expected(self) -> Room:
        """Who takes part, and what waits for them: before the meeting begins, everybody."""
        people = self.people if self.time.phase is Phase.OPEN else self.here
        topics = sum(row.state == TopicState.OPEN for row in self.rows)
        return Room(len(people), topics, promises=sum(key in self.people for key in self.found.promised))

    @property
    def left(self) -> int:
        return boxes.minutes_left(self.time, self.now, self.plan)

    def _ordered(self, waiting: list[Topic]) -> list[Topic]:
        """By the last count; while a dots call is open, in the order its lot has drawn, which tells nothing."""
        call = self.calls.get(Kind.DOTS)
        if call is not None and self.time.phase is Phase.DOTS:
            place = {name: at for at, name in enumerate(voting.drawn((t.public_id for t in waiting), lot=call.lot))}
            return sorted(waiting, key=lambda topic: place[topic.public_id])
        last = len(self.places) + 1
        return sorted(waiting, key=lambda topic: (self.places.get(topic.pk, last), -topic.times_carried, topic.pk))

    def _latest(self, rows: list[Any]) -> list[Any]:
        """What was talked about, the latest first: there its takeaway is looked for."""
        done = [row for row in rows if row.state == TopicState.DISCUSSED]
        return sorted(done, key=lambda row: self.rounds[row.pk].number if row.pk in self.rounds else 0, reverse=True)

    def clock(self) -> dict[str, Any]:
        """The deadline in the server's own time; what is left of it is for the browser to say."""
        ends, left = self.table.box_ends_at, self.table.box_left
        rest = left if left is not None else (max(ends - self.now, timedelta(0)) if ends else None)
        length = max(boxes.length(self.time, self.plan), rest) if rest is not None else boxes.MINUTE
        return {
            "now": milliseconds(self.now),
            "ends": milliseconds(ends) if ends else None,
            "left": round(left.total_seconds() * 1000) if left is not None else None,
            "box": round(length.total_seconds() * 1000),
            "share": round(100 * rest / length) if rest is not None else 100,
            "digits": wording.digits(rest),
            "runs": rest is not None and not self.waits,
            "ends_at": ends,
        }

    @property
    def waits(self) -> bool:
        """Whether the choice of what comes next waits for who leads: nothing happens when its time is over."""
        led = self.table.led_until is not None and self.table.led_until >= self.now
        return self.table.box == Box.NEXT and self.table.box_left is None and led and not self.table.autopilot

    def phases(self) -> list[dict[str, str]]:
        """The parts of this meeting in a row."""
        going = ribbon.Going(counted=bool(self.last), talked=bool(self.rounds), room=self.expected, now=self.now)
        parts = ribbon.ribbon(self.time, self.plan, going)
        return [{"phase": phase.value, "title": wording.TITLES[phase], "state": state} for phase, state in parts]

    def opener(self, opened: Round | None) -> str:
        """The sponsor of the topic that is on, or of the last one, whose takeaway may still be written."""
        last = opened or next(reversed(self.found.rounds), None)
        return self.public_id(last.sponsor_id) if last else ""

    def at_turn(self) -> AtTurn | None:
        if self.time.box is not Box.TURN:
            return None
        at = self.time.turn
        if self.time.phase is Phase.INTRODUCE:
            open_ = [row for row in self.rows if row.state == TopicState.OPEN]
            row = open_[at] if at < len(open_) else None
            titles = [one.title for one in open_[at + 1 :]]
            here = {one.person_id for one in self.here}
            who = row.sponsor_id if row and row.sponsor_id in here else None
            more = max(0, len(titles) - FOLLOWING)
            title = row.title if row else ""
            return AtTurn(self.public_id(who), self.name(who), title, titles[:FOLLOWING], [], more)
        line = [self.name(one.person_id) for one in self.turns]
        passed = [self.name(one.person_id) for one in self.turns if one.passed]
        who = self.turns[at].person_id if at < len(self.turns) else None
        return AtTurn(self.public_id(who), self.name(who), "", line[at + 1 :], passed)

    def news(self) -> str:
        """What has changed beside the clock, said once: who leads now."""
        row = self.roles.get(Role.FACILITATOR)
        return f"{self.name(row.person_id)} leads now." if row and row.changed_at else ""

    def hands(self) -> list[dict[str, str]]:
        return [self.seat(person) for person in self.found.hands]

    def promises(self) -> list[Said]:
        """What waits for a word while that is asked; else what was promised here, with the end of a meeting."""
        if self.time.phase not in SAYS_PROMISES:
            return []
        asked = self.time.phase is Phase.PROMISES
        here = Promise.objects.filter(board=self.table)
        rows = Promise.objects.open_at(self.table).filter(person__in=self.people) if asked else here
        return [
            Said(row.public_id, self.public_id(row.person_id), self.name(row.person_id), row.text, row.state, asked)
            for row in rows.select_related("board__meeting").order_by("pk")
        ]

    def following(self) -> dict[str, Any]:
        """The next date, who leads it, and whether they have said yes; told at the end of a meeting."""
        ends = self.time.phase in (Phase.CLOSING, Phase.NORMS, Phase.CLOSED)
        meeting = Meeting.objects.following(self.table.meeting) if ends else None
        if meeting is None:
            return {}
        leads = meeting.roles.filter(role=Role.FACILITATOR).first()
        return {
            "when": moments.short(meeting.starts_at, meeting.zone),
            "leader": self.name(leads.person_id) if leads else "",
            "accepted": leads is not None and leads.accepted_at is not None,
        }

    def order(self) -> list[str]:
        """Who says their word when, at the end: drawn like the turns."""
        if self.time.phase is not Phase.CLOSING:
            return []
        here = [str(one.person_id) for one in self.here]
        return [self.name(int(one)) for one in voting.drawn(here, lot=self.table.lot)]

    def closing(self) -> str:
        """When the close begins, with the day where that is another one there; nothing once it has begun."""
        at, zone = self.table.closing_at, self.table.meeting.zone
        if self.time.phase in (Phase.CLOSING, Phase.CLOSED):
            return ""
        is_today = moments.ahead(at, self.now, zone) == "today"
        return f"at {moments.hour(at, zone)}" if is_today else f"on {moments.short(at, zone)}"

    def conduct(self) -> str:
        """The program whose code the rules of this meeting are."""
        return self.table.meeting.group.program.slug if self.time.phase is Phase.RULES else ""

    def shows_dots(self) -> bool:
        past = self.time.phase in (Phase.ROUND, Phase.CLOSING, Phase.CLOSED)
        return Kind.DOTS in self.calls and self.plan.has_rounds and not past

    def fits(self) -> str:
        """For how many topics there is room; told before it begins."""
        if self.time.phase is not Phase.OPEN:
            return ""
        room = counting.room_for(self.table, self.found.held, self.expected)
        return "" if room is None else wording.room(room)

    def pulse(self) -> tuple[float, float] | None:
        """How the meeting was, once it is closed and if enough have said it."""
        if self.time.phase is not Phase.CLOSED:
            return None
        found = Pulse.objects.filter(meeting=self.table.meeting_id).first()
        return found.averages if found else None

    def role(self, role: Role) -> dict[str, Any]:
        row = self.roles.get(role)
        person = row.person_id if row else None
        fresh = row is not None and row.changed_at is not None and self.now - row.changed_at < timedelta(minutes=1)
        back = [row.by_right_id, row.before_id if fresh else None] if row else []
        return {
            "id": self.public_id(person),
            "name": self.name(person),
            "acting": bool(row and row.acting),
            "back": " ".join(filter(None, map(self.public_id, back))),
        }

    def number(self, kind: Kind) -> int:
        call = self.calls.get(kind)
        return call.number if call else 0

    def done(self) -> int:
        return self.found.done if self.time.phase is Phase.DOTS else 0


def milliseconds(moment: datetime) -> int:
    """Since the epoch, as browsers count."""
    return round(moment.timestamp() * 1000)
