"""What a group keeps: takeaways, what is added to them, and topics that come along to the next meeting.

Whoever writes here holds the board's lock already. Reading goes through access.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from meetings.models.board import Board, Round, Topic, TopicState
from meetings.models.meeting import Meeting, State
from meetings.models.takeaway import LINES, Agreement, Correction, Takeaway
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock
from roundtable.errors import NotAllowed

CHANGED_FOR = timedelta(days=7)


class Changed(NotAllowed):
    """Somebody has written meanwhile: with what stands now, for a page that shows both texts."""

    def __init__(self, *, text: str, revision: int) -> None:
        super().__init__("Somebody has changed this takeaway meanwhile; here are both texts.")
        self.stands: dict[str, str | int] = {"text": text, "revision": revision}


def keep(talk: Round, *, text: str, by: Person, revision: int, now: datetime) -> Takeaway:
    """The takeaway of a round, at most three lines. `revision` is what the page showed, 0 for none.

    Raises Changed when somebody has changed it since, so that nothing is overwritten unseen, and NotAllowed.
    """
    if len(text.strip().splitlines()) > LINES:
        raise NotAllowed(f"A takeaway has at most {LINES} lines.")
    found = Takeaway.objects.select_for_update(no_key=True).filter(round=talk).first()
    if (found.revision if found else 0) != revision:
        raise Changed(text=found.text if found else "", revision=found.revision if found else 0)
    takeaway = found or Takeaway(round=talk, written_by=by, written_at=now, revision=0)
    takeaway.text = text.strip()
    takeaway.revision += 1
    takeaway.save()
    return takeaway


def agree(board: Board, *, takeaway: str, by: Person, along: bool) -> None:
    """ "+1", or no longer: others see how many take it `along`. Said twice it is said once.

    Raises NotAllowed for a takeaway of another meeting.
    """
    found = Takeaway.objects.filter(round__board=board, public_id=takeaway).first()
    if found is None:
        raise NotAllowed("This takeaway is not of this meeting.")
    if along:
        Agreement.objects.get_or_create(takeaway=found, person=by)
    else:
        Agreement.objects.filter(takeaway=found, person=by).delete()


def still_changes(takeaway: Takeaway) -> bool:
    """Whether its words may still be changed; later they stay, and corrections are added."""
    return clock.now() < takeaway.round.board.meeting.ends_at + CHANGED_FOR


@transaction.atomic
def reword(takeaway: Takeaway, *, text: str, by: Person, revision: int) -> None:
    """For a week after the meeting a takeaway is changed; later what is said is added, with its date, and the same
    words sent twice are added once.

    The caller has asked whose takeaway it is. Raises NotAllowed.
    """
    now = clock.now()
    held = Takeaway.objects.select_for_update(of=("self",)).select_related("round__board__meeting").get(pk=takeaway.pk)
    if still_changes(held):
        keep(held.round, text=text, by=by, revision=revision, now=now)
    elif len(text.strip().splitlines()) > LINES:
        raise NotAllowed(f"A correction has at most {LINES} lines.")
    elif not says(Correction.objects.filter(takeaway=held).order_by("pk").last(), text):
        Correction.objects.create(takeaway=held, text=text.strip(), written_at=now)


def says(last: Correction | None, text: str) -> bool:
    """Whether the last correction is these words."""
    return last is not None and last.text == text.strip()


def with_corrections(takeaways: Iterable[Takeaway]) -> list[Takeaway]:
    """Each with what was added to it, in its order. One statement."""
    found = {one.pk: one for one in takeaways}
    added = defaultdict(list)
    for one in Correction.objects.filter(takeaway__in=found).order_by("pk"):
        one.takeaway = found[one.takeaway_id]
        added[one.takeaway_id].append(one)
    for key, one_of_them in found.items():
        one_of_them.corrections = added[key]
    return list(found.values())


def offer(board: Board) -> None:
    """At the close: what was not discussed is offered to the next meeting, and goes along if that has a board.

    A roundtable's next guests are others: there a topic returns only when its sponsor brings it again.
    """
    Topic.objects.filter(board=board, state__in=[TopicState.OPEN, TopicState.DISCUSSING]).update(
        state=TopicState.OFFERED
    )
    for topic in Topic.objects.filter(board=board, ears_only=True):
        blank(topic)
    if board.meeting.group.roster == Roster.OPEN:
        return
    later = Board.objects.filter(meeting__group=board.meeting.group_id, meeting__starts_at__gt=board.meeting.starts_at)
    later = later.exclude(meeting__state=State.CANCELLED)
    following = later.select_related("meeting").order_by("meeting__starts_at", "pk").first()
    if following is not None:
        carry(board, following)


def forget(topic: Topic) -> None:
    """What was kept of it so far, before it was for ears only."""
    Takeaway.objects.filter(round__topic=topic).delete()


def blank(topic: Topic) -> None:
    """The words of a topic for ears only go, also where it waited before it was carried here. One that was talked about
    at an earlier meeting and came again is another's, and stays.
    """
    before: Topic | None = topic
    while before is not None:
        before.title = before.note = before.resources = ""
        before.save(update_fields=["title", "note", "resources"])
        before = before.carried_from if before.times_carried else None


def carry_from_last(board: Board) -> None:
    """A new board of a circle begins with what the last meeting left over."""
    if board.meeting.group.roster == Roster.OPEN:
        return
    before = Meeting.objects.filter(group=board.meeting.group_id, starts_at__lt=board.meeting.starts_at)
    last = Board.objects.filter(meeting__in=before).order_by("-meeting__starts_at", "-pk").first()
    if last is not None:
        carry(last, board)


def carry(source: Board, target: Board) -> None:
    """Offered topics, oldest first, with where they come from and how often they waited. Twice is once."""
    already = Topic.objects.filter(board=target, carried_from__isnull=False).values("carried_from")
    offered = Topic.objects.filter(board=source, state=TopicState.OFFERED, ears_only=False).exclude(pk__in=already)
    for topic in offered.order_by("-times_carried", "pk"):
        bring_along(topic, target)


def bring_along(topic: Topic, target: Board) -> None:
    """A topic on another board, with where it comes from, how often it has waited, and what was merged into it."""
    whole = Topic.objects.create(
        board=target,
        title=topic.title,
        note=topic.note,
        resources=topic.resources,
        sponsor=topic.sponsor,
        carried_from=topic,
        times_carried=topic.times_carried + 1,
    )
    for part in Topic.objects.filter(merged_into=topic, ears_only=False):
        words = {
            "title": part.title,
            "note": part.note,
            "resources": part.resources,
            "sponsor": part.sponsor,
            "times_carried": part.times_carried + 1,
        }
        Topic.objects.create(board=target, state=TopicState.MERGED, merged_into=whole, carried_from=part, **words)
