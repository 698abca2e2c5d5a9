"""Who sits in the room without a device, and their dots and thumbs, counted by hand by who leads or keeps time.

Counts are told to nobody before the call is counted, and fit the number of people ticked in the room. Whoever comes
with a device of their own leaves that number, and hands are counted again. Under the board's lock, as in sitting.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from meetings import attending, ballots, sitting, voting
from meetings.models.ballot import Call, Kind, RoomDots, RoomThumbs
from meetings.models.board import Board, Here, Topic
from meetings.sitting import May, Sitting
from members.models.person import Person
from roundtable.errors import NotAllowed


def seat(table: Board, *, by: Person, person: str, there: bool) -> None:
    """The facilitator ticks somebody who sits in the room without a device, or takes the tick away; they have their
    turn like everybody who is here.

    Raises NotAllowed for who is no reader, and for who is here with a device of their own.
    """
    with sitting.sitting(table, by=by, may=May.LEAD) as act:
        meant = Person.objects.filter(public_id=person, pk__in=act.readers).first()
        if meant is None:
            raise NotAllowed("This person does not belong to this meeting.")
        here = Here.objects.filter(board=act.board, person=meant)
        if here.filter(in_room=False).exists():
            raise NotAllowed("They are here with a device of their own.")
        if there and not here.exists():
            Here.objects.create(board=act.board, person=meant, in_room=True, since_at=act.now)
            ballots.ask_anew_about_recording(act.board)
            attending.queue(act, meant.pk)
        elif not there and here.delete()[0]:
            ballots.ask_anew_about_recording(act.board)
            ballots.count_hands_again(act.board)
            attending.unqueue(act, meant.pk)


def thumbs(table: Board, *, by: Person, counts: Mapping[voting.Thumb, int]) -> None:
    """So many raised hands each way; the last ones that were missing bring the verdict. Raises NotAllowed."""
    sitting.end_what_is_over(table)
    with sitting.quiet(table, by=by) as act:
        call = _asked(act, Kind.THUMBS)
        voting.check_thumbs_by_hand(Counter(counts), in_the_room=ballots.in_the_room(act.board))
        numbers = {way.value: counts[way] for way in voting.Thumb}
        RoomThumbs.objects.update_or_create(call=call, defaults=numbers)
        if ballots.everybody_answered(act.board, call) and act.catch_up():
            act.tell(table, fresh=False)


def dots(table: Board, *, by: Person, counts: Mapping[str, int]) -> None:
    """So many dots of the people in the room on each topic, by its public id; the last that were missing bring the
    count. Raises NotAllowed.
    """
    sitting.end_what_is_over(table)
    with sitting.quiet(table, by=by) as act:
        call = _asked(act, Kind.DOTS)
        room = ballots.in_the_room(act.board)
        voting.check_dots_by_hand(counts, in_the_room=room, budget=call.dots, per_topic=call.per_topic)
        topics = {topic.public_id: topic for topic in Topic.objects.filter(board=act.board).open()}
        if not counts.keys() <= topics.keys():
            raise NotAllowed("A topic is not open any more: look at the board and count again.")
        RoomDots.objects.filter(call=call).delete()
        RoomDots.objects.bulk_create(
            RoomDots(call=call, topic=topics[name], number=number) for name, number in counts.items()
        )
        if ballots.everybody_answered(act.board, call) and act.catch_up():
            act.tell(table, fresh=False)


def _asked(act: Sitting, kind: Kind) -> Call:
    act.must(May.KEEP)
    call = ballots.current(act.board, kind)
    if call is None:
        raise NotAllowed("Nothing is asked now that could be counted by hand.")
    call.board = act.board
    return call
