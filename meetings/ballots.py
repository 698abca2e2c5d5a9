"""The rows of calls, dots and thumbs, under the board's lock: opening, giving, counting, destroying.

A ballot lives from the moment it is given to the count, under a pseudonym that only its call's secret can make. The
count writes tallies and then destroys ballots, request keys and secret in the same transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet

from groups import seasons
from meetings import voting
from meetings.models.ballot import (
    Call,
    Done,
    Dot,
    Kind,
    RecordingYes,
    RequestKey,
    RoomDots,
    RoomThumbs,
    Tally,
    Thumb,
)
from meetings.models.board import LOTS, Board, Here, Round, Topic
from meetings.models.meeting import Meeting
from members.models.person import Person
from members.models.program import Program
from roundtable.postgres import later

RULES = ("dots", "per_topic", "boxes", "rule", "tie")  # of a program, and of each of its boards


def pseudonym(secret: bytes | memoryview[int] | None, person_id: int, *, of: str = "") -> bytes:
    """A person's name inside one call or on one board: useless beside another, and without its secret. `of` tells what
    is kept under it, so that two things on one board have two names.
    """
    assert secret is not None  # noqa: S101 -- an open call and a board with hidden authors have one
    return hmac.new(bytes(secret), f"{of}{person_id}".encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class Voter:
    """A person's pseudonym in the call of this key."""

    call: int
    name: bytes


def voters(board: Board, person: Person) -> dict[str, Voter]:
    """This person's pseudonyms in the calls that the guard (access.py) found open, by kind. One that was opened since
    is missing, and one that was counted since finds nothing.
    """
    return {call.kind: Voter(call.pk, pseudonym(call.secret, person.pk)) for call in board.open_calls}


def secret_of(board: Board) -> bytes:
    """The board's secret, made and kept when the first thing without a name comes; it dies at the close."""
    if board.secret is None:
        board.secret = secrets.token_bytes(32)
        board.save(update_fields=["secret"])
    return bytes(board.secret)


def open_call(
    board: Board, kind: Kind, *, now: datetime, closes_at: datetime | None, talk: Round | None = None
) -> Call:
    """Ask the room. A call that is open already, like the one of the early dots, is asked on until its new end.

    With its first call a board takes the rules of its program as they are now, and keeps them.
    """
    call = current(board, kind)
    if call is not None:
        call.closes_at = closes_at
        call.save(update_fields=["closes_at"])
        return call
    asked = list(Call.objects.filter(board=board).values_list("kind", flat=True))
    if not asked:
        _take_rules(board)
    return Call.objects.create(
        board=board,
        round=talk,
        kind=kind,
        number=asked.count(kind) + 1,
        opened_at=now,
        closes_at=closes_at,
        secret=secrets.token_bytes(32),
        dots=board.dots,
        per_topic=board.per_topic,
        lot=secrets.randbelow(LOTS),
    )


def _take_rules(board: Board) -> None:
    """Read anew: whoever planned the date may hold the program as it was."""
    program = Program.objects.get(groups=board.meeting.group_id)
    for name in RULES:
        setattr(board, name, getattr(program, name))
    board.save(update_fields=RULES)


def current(board: Board, kind: Kind) -> Call | None:
    """The open call of this kind."""
    return Call.objects.filter(board=board, kind=kind, closed_at=None).first()


def last_count(board: Board) -> Call | None:
    """The dots call that was counted last; one that ended uncounted has no tallies."""
    counted = Tally.objects.filter(call__board=board, call__kind=Kind.DOTS)
    return Call.objects.filter(pk__in=counted.values("call")).order_by("-number").first()


def give_dots(call: Call, person: Person, topic: int, *, given: Sequence[Dot], dots: int, key: UUID) -> int:
    """So many of this person's dots lie on the topic now, beside what was `given`; the answer is how many are left.
    Raises NotAllowed.
    """
    voter, name = pseudonym(call.secret, person.pk), str(topic)
    ballot = Counter(str(dot.topic_id) for dot in given)
    placing = voting.set_dots(ballot, name, dots, budget=call.dots, per_topic=call.per_topic)
    free = [slot for slot in range(1, call.dots + 1) if slot not in {dot.slot for dot in given}]
    if dots < ballot[name]:
        Dot.objects.filter(call=call, voter=voter, topic=topic, nth__gt=dots).delete()
    limits = {"dots": call.dots, "per_topic": call.per_topic}
    fresh = zip(range(ballot[name] + 1, dots + 1), free, strict=False)
    later.insert(*(Dot(call=call, voter=voter, topic_id=topic, nth=nth, slot=slot, **limits) for nth, slot in fresh))
    later.insert(RequestKey(key=key, call=call, voter=voter))
    return placing.left


def add_dots(call: Call, person: Person, topic: int, *, given: Sequence[Dot], dots: int, key: UUID) -> int:
    """A press that came while its topic was being merged: the dots land on the whole, or return if that is full."""
    lie = Counter(dot.topic_id for dot in given)
    most = min(call.per_topic, lie[topic] + call.dots - lie.total())
    return give_dots(call, person, topic, given=given, dots=min(lie[topic] + dots, most), key=key)


def give_thumb(call: Call, person: Person, *, way: voting.Thumb, key: UUID) -> None:
    """One thumb per person; a second one replaces the first."""
    voter = pseudonym(call.secret, person.pk)
    Thumb.objects.update_or_create(call=call, voter=voter, defaults={"way": way})
    later.insert(RequestKey(key=key, call=call, voter=voter))


def own_dots(call: Call, person: Person) -> dict[str, int]:
    """A person's own dots by the topic's public id."""
    return dict(Counter(given_by(call, person).values_list("topic__public_id", flat=True)))


def given_by(call: Call, person: Person) -> QuerySet[Dot]:
    """A person's own dots, for who did not get them along with something else."""
    return Dot.objects.filter(call=call, voter=pseudonym(call.secret, person.pk))


def own_thumb(call: Call, person: Person) -> str:
    """A person's own thumb, empty if there is none."""
    voter = pseudonym(call.secret, person.pk)
    return Thumb.objects.filter(call=call, voter=voter).values_list("way", flat=True).first() or ""


def everybody_answered(board: Board, call: Call) -> bool:
    """Whether all who are here have given a thumb, or pressed "I am done"."""
    here = device_ids(board)
    by_hand = RoomDots if call.kind == Kind.DOTS else RoomThumbs
    if in_the_room(board) and not by_hand.objects.filter(call=call).exists():
        return False
    if call.kind == Kind.DOTS:
        return bool(here) and here <= set(Done.objects.filter(call=call).values_list("person", flat=True))
    given = {bytes(voter) for voter in Thumb.objects.filter(call=call).values_list("voter", flat=True)}
    return bool(here) and {pseudonym(call.secret, person) for person in here} <= given


def here_ids(board: Board) -> set[int]:
    """The keys of those who are here."""
    return set(Here.objects.filter(board=board).values_list("person", flat=True))


def device_ids(board: Board) -> set[int]:
    """The keys of those who are here with a device of their own, and so can press something."""
    return set(Here.objects.filter(board=board, in_room=False).values_list("person", flat=True))


def in_the_room(board: Board) -> int:
    """How many people sit in the room without a device."""
    return Here.objects.filter(board=board, in_room=True).count()


def count_hands_again(board: Board) -> None:
    """Somebody has left the number of those in the room: what was counted by hand may be too much now."""
    for record in (RoomDots, RoomThumbs):
        record.objects.filter(call__board=board, call__closed_at=None).delete()


def count_dots(call: Call, *, readers: Iterable[int], now: datetime) -> None:
    """Only ballots of those here decide; who sits in the room without a device is among the hands if these were
    counted. Every open topic gets a number, a place and, at equal dots, the reason.
    """
    board = call.board
    topics = {topic.public_id: topic for topic in Topic.objects.filter(board=board).open().order_by("pk")}
    ballots: dict[bytes, Counter[str]] = defaultdict(Counter)
    for voter, name in Dot.objects.filter(call=call).values_list("voter", "topic__public_id"):
        ballots[bytes(voter)][name] += 1
    by_hand = dict(RoomDots.objects.filter(call=call).values_list("topic__public_id", "number"))
    deciding = device_ids(board) if by_hand else here_ids(board)
    voters = [pseudonym(call.secret, person) for person in deciding & set(readers)]
    numbers = voting.tally(topics, ballots, here=voters, by_hand=by_hand)
    ranked = _rank(board, topics, numbers, lot=call.lot)
    Tally.objects.bulk_create(
        Tally(
            call=call,
            topic=topics[one.topic],
            number=one.dots,
            place=one.place,
            reason=one.reason,
            by_hand=by_hand.get(one.topic, 0),
        )
        for one in ranked
    )
    destroy(call, now=now)


def _rank(board: Board, topics: Mapping[str, Topic], numbers: Mapping[str, int], *, lot: int) -> list[voting.Ranked]:
    opened = openings(board.meeting)
    candidates = [
        voting.Candidate(
            name, numbers.get(name, 0), opened[topic.sponsor_id] if topic.sponsor_id else None, topic.times_carried
        )
        for name, topic in topics.items()
    ]
    return voting.rank(candidates, lot=lot, meeting_number=meeting_number(board.meeting))


def undotted(board: Board) -> list[tuple[Topic, str]]:
    """Open topics where all of them fit and no dots are asked: in the order that equal dots have, each with the reason
    why it goes before the next. The lot is the board's.
    """
    topics = {topic.public_id: topic for topic in Topic.objects.filter(board=board).open().order_by("pk")}
    return [(topics[one.topic], one.reason) for one in _rank(board, topics, {}, lot=board.lot)]


def openings(meeting: Meeting) -> Counter[int]:
    """How many topics each person has opened in this group this season, this meeting included."""
    rounds = Round.objects.filter(board__meeting__in=[meeting.pk, *_held_this_season(meeting)], sponsor__isnull=False)
    return Counter(dict(rounds.values_list("sponsor").annotate(times=Count("pk")).order_by("sponsor")))


def openers(board: Board, *, readers: Iterable[int]) -> list[int]:
    """Who is asked to open a topic without a sponsor: of those here who opened least this season, then longest ago."""
    opened = openings(board.meeting)
    rounds = Round.objects.filter(board__meeting__group=board.meeting.group_id, sponsor__isnull=False)
    last = dict(rounds.values_list("sponsor").annotate(last=Max("pk")).order_by("sponsor"))
    here = sorted(here_ids(board) & set(readers))
    line = voting.sponsor_line([voting.Opener(str(one), opened[one], last.get(one, 0)) for one in here], lot=board.lot)
    return [int(one) for one in line]


def meeting_number(meeting: Meeting) -> int:
    """The how-manieth meeting of its season this is, counted from 1."""
    return len(_held_this_season(meeting)) + 1


def _held_this_season(meeting: Meeting) -> list[int]:
    held = Meeting.objects.filter(group=meeting.group_id, starts_at__lt=meeting.starts_at, state="held")
    keys = list(held.order_by("starts_at", "pk").values_list("pk", flat=True))
    return keys[len(keys) - len(keys) % seasons.MEETINGS :]


def count_thumbs(call: Call, *, readers: Iterable[int], now: datetime) -> voting.Verdict:
    """All thumbs of those here at once, by the board's rule; hands that were counted in the room are added and told."""
    voters = {pseudonym(call.secret, person) for person in device_ids(call.board) & set(readers)}
    given = Thumb.objects.filter(call=call).values_list("voter", "way")
    thumbs = Counter(voting.Thumb(way) for voter, way in given if bytes(voter) in voters)
    room = RoomThumbs.objects.filter(call=call).first()
    by_hand = Counter({way: getattr(room, way) for way in voting.Thumb} if room else {})
    thumbs += by_hand
    Tally.objects.bulk_create(
        Tally(call=call, way=way, number=thumbs[way], by_hand=by_hand[way]) for way in voting.Thumb
    )
    destroy(call, now=now)
    rule, tie = voting.Rule(call.board.rule), voting.Outcome(call.board.tie)
    present = len(voters) + in_the_room(call.board)  # who sits there counts by hand, whatever they may read
    verdict = voting.call_vote(thumbs, present=present, rule=rule, tie=tie)
    if not by_hand.total() or thumbs.total() < voting.COUNTS_SHOWN_FROM:
        return verdict
    return replace(verdict, reason=f"{verdict.reason}, {by_hand.total()} by hand")


def destroy(call: Call, *, now: datetime) -> None:
    """The call is over: what anybody chose exists no longer."""
    for record in (Dot, Thumb, RoomDots, RoomThumbs, Done, RequestKey):
        record.objects.filter(call=call).delete()
    call.secret, call.closed_at = None, now
    call.save(update_fields=["secret", "closed_at"])


def drop(board: Board, kind: Kind, *, now: datetime) -> None:
    """End an open call uncounted."""
    call = current(board, kind)
    if call is not None:
        destroy(call, now=now)


def ranking(board: Board) -> list[Topic]:
    """Open topics, best first: by the last count, then what came later, carried topics before new ones. Where nothing
    was counted, as if nobody had given a dot.
    """
    call = last_count(board)
    if call is None:
        return [topic for topic, _ in undotted(board)]
    tallies = Tally.objects.filter(call=call, place__isnull=False)
    places = {tally.topic_id: tally.place or 0 for tally in tallies}
    topics = Topic.objects.filter(board=board).open().order_by(F("times_carried").desc(), "pk")
    return sorted(topics, key=lambda topic: places.get(topic.pk, len(places) + 1))


def give_back(topic: Topic) -> None:
    """Dots on a topic that leaves the board return to those who gave them."""
    Dot.objects.filter(topic=topic).delete()
    RoomDots.objects.filter(topic=topic).delete()


def merge(call: Call, *, child: Topic, parent: Topic) -> None:
    """In an open call everybody's dots on both lie on the parent, as far as one topic takes them. Hands are counted
    again.
    """
    found = voting.merge(_given(call), child=str(child.pk), parent=str(parent.pk), per_topic=call.per_topic)
    _lay_anew(call, [child.pk, parent.pk], found.ballots, parent)


def split(call: Call, *, parent: Topic) -> None:
    """Every dot on a topic that is taken apart returns, and hands are counted again."""
    found = voting.split(_given(call), parent=str(parent.pk))
    _lay_anew(call, [parent.pk], found.ballots, parent)


def _given(call: Call) -> dict[bytes, Counter[str]]:
    ballots: dict[bytes, Counter[str]] = defaultdict(Counter)
    for voter, topic in Dot.objects.filter(call=call).values_list("voter", "topic"):
        ballots[bytes(voter)][str(topic)] += 1
    return ballots


def _lay_anew(call: Call, emptied: list[int], now: Mapping[bytes, Mapping[str, int]], topic: Topic) -> None:
    """Take all dots off some topics, and lay on one of them what each voter's ballot says, in free slots."""
    Dot.objects.filter(call=call, topic__in=emptied).delete()
    RoomDots.objects.filter(call=call).delete()
    taken: dict[bytes, set[int]] = defaultdict(set)
    for voter, slot in Dot.objects.filter(call=call).values_list("voter", "slot"):
        taken[bytes(voter)].add(slot)
    limits = {"dots": call.dots, "per_topic": call.per_topic}
    for voter, ballot in now.items():
        free = [slot for slot in range(1, call.dots + 1) if slot not in taken[voter]]
        fresh = zip(range(1, ballot.get(str(topic.pk), 0) + 1), free, strict=False)
        Dot.objects.bulk_create(
            Dot(call=call, voter=voter, topic=topic, nth=nth, slot=slot, **limits) for nth, slot in fresh
        )


def say_to_recording(board: Board, person: Person, *, yes: bool) -> None:
    """One person's word on a recording of this meeting; the last one counts. The caller holds the board."""
    if yes:
        RecordingYes.objects.get_or_create(board=board, person=person)
    else:
        RecordingYes.objects.filter(board=board, person=person).delete()


def agrees_to_recording(board: Board, person: Person) -> bool:
    """One's own word, for nobody else."""
    return RecordingYes.objects.filter(board=board, person=person).exists()


def with_words(here: QuerySet[Here]) -> QuerySet[Here]:
    """Who is here, each with `agrees`: for the rule below alone, and shown to nobody."""
    agreed = RecordingYes.objects.filter(board=OuterRef("board"), person=OuterRef("person"))
    return here.annotate(agrees=Exists(agreed))


def all_agree(here: Collection[Here]) -> bool:
    """Whether everybody who is here agrees to a recording. Without anybody here there is none."""
    return bool(here) and all(one.agrees for one in here)  # type: ignore[attr-defined] # annotated above


def may_record(board: Board) -> bool:
    """The same from the rows as they are now."""
    return all_agree(with_words(Here.objects.filter(board=board)))


def ask_anew_about_recording(board: Board) -> None:
    """Somebody came or went: what was said was said among others."""
    RecordingYes.objects.filter(board=board).delete()
