"""Two topics that are one: merging them, and taking them apart again, with everybody's dots.

In an open call each person's dots on both are added, cut to the limit of one topic, and the rest returns to them. After
a count the ballots are gone: the topic shows the larger tally. Lock order as in sitting.py.
"""

from __future__ import annotations

from meetings import ballots, sitting, topics, voting
from meetings.boxes import Phase
from meetings.models.ballot import Call, Kind, RoomDots, Tally
from meetings.models.board import Board, Topic, TopicState
from meetings.sitting import May, Sitting
from members.models.person import Person
from roundtable.errors import NotAllowed

ONLY_OPEN = "Only topics that are still to be discussed are merged, each into another one."


def merge(table: Board, *, by: Person, child: str, parent: str) -> str:
    """One topic becomes part of another: both sponsors stay, the other one's opens. What the board says to everybody.

    The facilitator does it in the meeting, the child's sponsor before. Raises NotAllowed.
    """
    with sitting.sitting(table, by=by) as act:
        rows = {one.public_id: one for one in Topic.objects.filter(board=act.board).open()}
        part, whole = rows.get(child), rows.get(parent)
        if part is None or whole is None or part == whole:
            raise NotAllowed(ONLY_OPEN)
        _may_merge(act, part, by=by)
        topics.leaves_the_line(act, part)
        Topic.objects.filter(merged_into=part).update(merged_into=whole)
        part.state, part.merged_into = TopicState.MERGED, whole
        part.save(update_fields=["state", "merged_into"])
        call = ballots.current(act.board, Kind.DOTS)
        again = _hands_again(call)
        if call is not None:
            ballots.merge(call, child=part, parent=whole)
        _count_part(act.board, part)
        counted = _tell_larger(act.board, whole)
        if call is not None and _gives_dots(act):
            return f"Merged. Dots beyond the limit of one topic came back to those who gave them.{again}"
        return "Merged. Two counts are never added: the larger one stands." if counted else "Merged."


def split(table: Board, *, by: Person, topic: str) -> str:
    """A merged topic stands for itself again, and every dot on the two returns. After a count it stays merged with
    those it was counted with. Raises NotAllowed.
    """
    with sitting.sitting(table, by=by) as act:
        part = Topic.objects.filter(board=act.board, public_id=topic, state=TopicState.MERGED).first()
        if part is None or part.merged_into is None or part.merged_into.state != TopicState.OPEN:
            raise NotAllowed("This topic is not merged, or its topic was taken up already.")
        _may_merge(act, part, by=by)
        whole, last = part.merged_into, ballots.last_count(act.board)
        if last is not None and _counted_together(last, part, whole):
            raise NotAllowed("These two were counted as one: there is no way back to two tallies.")
        part.state, part.merged_into = TopicState.OPEN, None
        part.save(update_fields=["state", "merged_into"])
        call = ballots.current(act.board, Kind.DOTS)
        again = _hands_again(call)
        if call is not None:
            ballots.split(call, parent=whole)
        counted = _tell_larger(act.board, whole)
        if call is not None and _gives_dots(act):
            return f"Two topics again. All dots on them came back.{again}"
        return "Two topics again, each with its own count." if counted else "Two topics again."


def _gives_dots(act: Sitting) -> bool:
    """Whether the board shows dots: early ones may still lie there where topics came on without a count."""
    return act.plan.has_rounds and act.board.phase not in (Phase.ROUND, Phase.CLOSING)


def _hands_again(call: Call | None) -> str:
    """What is said more where dots of the room were typed in for topics that stand no more as they were counted."""
    typed = call is not None and RoomDots.objects.filter(call=call).exists()
    return " Please count the hands in the room again." if typed else ""


def _may_merge(act: Sitting, part: Topic, *, by: Person) -> None:
    if act.board.phase != Phase.OPEN:
        act.must(May.LEAD)
    elif not topics.is_own(act.board, part, by):
        raise NotAllowed("Before the meeting only its sponsor merges a topic into another one.")


def _counted_together(last: Call, part: Topic, whole: Topic) -> bool:
    counted = set(Tally.objects.filter(call=last, topic__in=[part, whole]).values_list("topic", flat=True))
    return counted == {whole.pk}


def _count_part(board: Board, part: Topic) -> None:
    """What came after the last count and is merged now has no dots of it: so it can be told from what was counted."""
    last = ballots.last_count(board)
    if last is not None:
        Tally.objects.get_or_create(call=last, topic=part, defaults={"number": 0})


def _tell_larger(board: Board, whole: Topic) -> bool:
    """Two tallies are never added: what is merged after the last count shows at least the largest of its parts. Whether
    it was counted at all.
    """
    last = ballots.last_count(board)
    mine = Tally.objects.filter(call=last, topic=whole).first() if last else None
    if mine is None:
        return False
    own = mine.number if mine.alone is None else mine.alone
    parts = Tally.objects.filter(call=last, topic__merged_into=whole)
    numbers = list(parts.values_list("number", flat=True))
    larger = own
    for number in numbers:
        larger = voting.at_least(number, larger)
    mine.number, mine.alone = larger, own if numbers else None
    mine.save(update_fields=["number", "alone"])
    return True
