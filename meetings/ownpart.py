"""The own part of a board: dots, thumb, topics, presence and hand of one person, for nobody else's eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Max, OuterRef

from meetings import ballots, closing, gathering, topics, voting
from meetings.boxes import Phase
from meetings.models.ballot import Kind, RoomDots, RoomThumbs
from meetings.models.board import Board, Round, Topic, TopicState
from meetings.models.pulse import PulseAnswer
from meetings.models.takeaway import Promise, Takeaway
from meetings.parts import Card, Shared
from members.models.person import Person
from members.models.program import Roster

SHOWN = 12  # of the topics that may come again


def own(table: Board, person: Person) -> dict[str, Any]:
    """What is for this person's eyes only: own dots and rest, own thumb, own topics, presence and hand."""
    found = gathering.mine(table, person)
    dots_call, thumbs_call = found.calls.get(Kind.DOTS), found.calls.get(Kind.THUMBS)
    return {
        "me": person.public_id,
        "dots_call": dots_call.number if dots_call else 0,
        "dots": found.dots,
        "rest": table.dots - sum(found.dots.values()),
        "thumbs_call": thumbs_call.number if thumbs_call else 0,
        "thumb": found.thumb,
        "done": found.done,
        "here": found.here,
        "hand": found.hand,
        "topics": [topic.public_id for topic in found.topics if topics.is_own(table, topic, person)],
        "agrees": found.agrees,
        "silence": found.silence,
    }


def by_hand(table: Board) -> dict[str, int]:
    """What was counted in the room so far, for who leads or keeps time: by the way of a thumb, or by the topic."""
    found = dict(
        RoomDots.objects.filter(call__board=table, call__closed_at=None).values_list("topic__public_id", "number")
    )
    room = RoomThumbs.objects.filter(call__board=table, call__closed_at=None).first()
    return found | ({way.value: getattr(room, way) for way in voting.Thumb} if room else {})


def promised(table: Board, person: Person) -> str:
    """What this person has promised at this meeting."""
    mine = Promise.objects.filter(board=table, person=person, carried_from=None).first()
    return mine.text if mine else ""


def pulsed(table: Board, person: Person) -> dict[str, int]:
    """This person's own two numbers, for their form."""
    if table.secret is None:
        return {}
    voter = ballots.pseudonym(table.secret, person.pk, of=closing.PULSE)
    found = PulseAnswer.objects.filter(board=table, voter=voter).first()
    return {"needed": found.needed, "worth": found.worth} if found else {}


def left_over(table: Board, person: Person) -> list[Topic]:
    """Topics of mine that earlier dates of this roundtable have left over; those of a circle come along anyway."""
    if table.meeting.group.roster == Roster.FIXED:
        return []
    taken = Topic.objects.filter(board=table, carried_from__isnull=False).values("carried_from")
    earlier = Topic.objects.filter(board__meeting__group=table.meeting.group_id, state=TopicState.OFFERED)
    return list(earlier.filter(sponsor=person, ears_only=False).exclude(pk__in=taken).exclude(board=table))


def discussed_before(table: Board, person: Person) -> list[Topic]:
    """The last topics of earlier meetings that this person may bring again; of one that came again only the last."""
    if table.phase in (Phase.CLOSING, Phase.CLOSED):
        return []
    again = Topic.objects.filter(carried_from=OuterRef("pk")).exclude(state=TopicState.DROPPED)
    found = topics.discussed_before(table, person).exclude(Exists(again)).select_related("board__meeting")
    return list(found[:SHOWN])


def mine(shared: Shared, own: Mapping[str, Any]) -> list[Card]:
    """The waiting topics that are mine, or hold dots of mine, for a page without scripts."""
    cards = [replace(card, mine=own["dots"].get(card.id, 0)) for card in shared.waiting]
    return [card for card in cards if card.mine or card.id in own["topics"]]


def editable(table: Board, person: Person, topic: str) -> Topic | None:
    """A topic that this person may change now."""
    found = Topic.objects.filter(board=table, public_id=topic).open().first()
    return found if found is not None and topics.is_own(table, found, person) else None


def last_takeaway(table: Board) -> dict[str, Any]:
    """What is written so far about the round that was opened last: text and revision, for its form."""
    talk = Round.objects.filter(board=table).aggregate(number=Max("number"))["number"]
    found = Takeaway.objects.filter(round__board=table, round__number=talk).first()
    return {"text": found.text if found else "", "revision": found.revision if found else 0}
