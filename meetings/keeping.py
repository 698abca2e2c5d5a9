"""What a group keeps: takeaways, how they are searched, and topics that come along to the next meeting.

Whoever writes here holds the board's lock already. Reading goes through access.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from meetings.models.board import Board, Round, Topic, TopicState
from meetings.models.meeting import Meeting, State
from meetings.models.takeaway import LINES, Takeaway
from members.models.person import Person
from members.models.program import Roster
from roundtable.errors import NotAllowed


def keep(talk: Round, *, text: str, by: Person, revision: int, now: datetime) -> Takeaway:
    """The takeaway of a round, at most three lines. `revision` is what the page showed, 0 for none.

    Raises NotAllowed when somebody has changed it since, so that nothing is overwritten unseen.
    """
    if len(text.strip().splitlines()) > LINES:
        raise NotAllowed(f"A takeaway has at most {LINES} lines.")
    found = Takeaway.objects.select_for_update(no_key=True).filter(round=talk).first()
    if (found.revision if found else 0) != revision:
        raise NotAllowed("Somebody has changed this takeaway meanwhile; here are both texts.")
    takeaway = found or Takeaway(round=talk, written_by=by, written_at=now, revision=0)
    takeaway.text = text.strip()
    takeaway.revision += 1
    takeaway.save()
    return takeaway


def search(takeaways: Iterable[Takeaway], words: str) -> list[Takeaway]:
    """Those that hold every word, in takeaway or topic, whatever its case and accents: decrypted and looked through."""
    wanted = plain(words).split()
    return [one for one in takeaways if all(word in plain(f"{one.round.topic.title} {one.text}") for word in wanted)]


def as_text(takeaways: Iterable[Takeaway]) -> str:
    """Takeaways as one plain text: the day, the topic, what was kept."""
    parts = (f"{one.round.board.meeting.local_date}  {one.round.topic.title}\n{one.text}\n" for one in takeaways)
    return "\n".join(["Confidential: what was said in the group stays in the group.\n", *parts])


def plain(text: str) -> str:
    """Lower case without accents, so that "Muller" finds "Müller"."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


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


def blank(topic: Topic) -> None:
    """The words of a topic for ears only go, also where it stood before it was carried here."""
    before: Topic | None = topic
    while before is not None:
        before.title = before.note = ""
        before.save(update_fields=["title", "note"])
        before = before.carried_from


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
        Topic.objects.create(
            board=target,
            title=topic.title,
            note=topic.note,
            sponsor=topic.sponsor,
            carried_from=topic,
            times_carried=topic.times_carried + 1,
        )
