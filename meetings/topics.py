"""Topics: proposing, editing, finding somebody who brings them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from groups.models.group import Membership
from meetings import ballots, keeping, pressing, resources, sitting
from meetings.boxes import Phase
from meetings.models.board import OPEN_TOPICS, Board, Topic, TopicState
from meetings.sitting import May, Sitting
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock
from roundtable.errors import NotAllowed


def propose(table: Board, *, by: Person, title: str, note: str, hidden: bool, key: UUID, links: str = "") -> None:
    """A topic of mine, or of somebody who asks without a name. The same page sent twice is one topic. Raises NotAllowed
    for links that cannot be."""
    kept, key = resources.tidy(links), pressing.named(key, by, title)
    with sitting.sitting(table, by=by) as act:
        if Topic.objects.filter(board=act.board, request_key=key).exists():
            return
        _room_for_one(act)
        author = ballots.pseudonym(ballots.secret_of(act.board), by.pk) if hidden else None
        Topic.objects.create(
            board=act.board,
            request_key=key,
            title=title,
            note=note,
            resources=kept,
            sponsor=None if hidden else by,
            hidden_author=author,
        )


def _room_for_one(act: Sitting) -> None:
    if act.board.phase == Phase.CLOSING:
        raise NotAllowed("The close has begun: keep it for the next meeting.")
    if Topic.objects.filter(board=act.board).open().count() >= OPEN_TOPICS:
        raise NotAllowed(f"The board is full: {OPEN_TOPICS} topics are open.")


def edit(table: Board, *, by: Person, topic: str, title: str, note: str, revision: int, links: str = "") -> None:
    """My topic in other words, with these links. Raises NotAllowed when it was changed since, so that nothing is lost
    unseen, and for links that cannot be."""
    kept = resources.tidy(links)
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic)
        if mine.revision != revision:
            raise NotAllowed("This topic was changed meanwhile; here are both texts.")
        mine.title, mine.note, mine.resources, mine.revision = title, note, kept, revision + 1
        mine.save(update_fields=["title", "note", "resources", "revision"])


def withdraw(table: Board, *, by: Person, topic: str) -> None:
    """My topic is off the board; dots on it return to those who gave them."""
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic)
        leaves_the_line(act, mine)
        ballots.give_back(mine)
        mine.state = TopicState.DROPPED
        mine.save(update_fields=["state"])


def leaves_the_line(act: Sitting, topic: Topic) -> None:
    """While topics are introduced one after the other: without it the one that is in the light stays there."""
    before = Topic.objects.filter(board=act.board, pk__lt=topic.pk).open().count()
    if act.clock.phase is Phase.INTRODUCE and before < act.board.turn:
        act.board.turn -= 1


def keep(table: Board, *, by: Person, topic: str) -> None:
    """My topic has waited long, and I still want it: nobody asks me again before the next meeting."""
    with sitting.sitting(table, by=by) as act:
        mine = _own(act, topic)
        mine.kept = True
        mine.save(update_fields=["kept"])


def again(table: Board, *, by: Person, topic: str) -> None:
    """The facilitator puts a topic back that was discussed; it shows what was concluded. Raises NotAllowed."""
    with sitting.sitting(table, by=by, may=May.LEAD) as act:
        if act.board.phase == Phase.CLOSING:
            raise NotAllowed("The close has begun: keep it for the next meeting.")
        done = Topic.objects.filter(board=act.board, public_id=topic, state=TopicState.DISCUSSED)
        if not done.update(state=TopicState.OPEN):
            raise NotAllowed("This topic was not discussed today.")


def offer_again(table: Board, *, by: Person, topic: str) -> None:
    """At a roundtable a topic that was left over returns only when its sponsor brings it. Twice is once."""
    with sitting.sitting(table, by=by) as act:
        group = act.board.meeting.group_id
        left = Topic.objects.filter(board__meeting__group=group, state=TopicState.OFFERED, sponsor=by, public_id=topic)
        found = left.exclude(board=act.board).exclude(ears_only=True).first()
        if found is None:
            raise NotAllowed("Only its sponsor brings a topic again.")
        _room_for_one(act)
        if not Topic.objects.filter(board=act.board, carried_from=found).exists():
            keeping.bring_along(found, act.board)


def discussed_before(board: Board, person: Person) -> QuerySet[Topic]:
    """What was talked about at earlier meetings of this group and may be read by this person, newest first; at a
    roundtable, whose guests are others each time, only what they brought themselves.
    """
    earlier = Topic.objects.filter(state=TopicState.DISCUSSED, ears_only=False, board__starts_at__lt=board.starts_at)
    earlier = earlier.filter(board__meeting__group=board.meeting.group_id)
    if board.meeting.group.roster == Roster.OPEN:
        return earlier.filter(sponsor=person).order_by("-board__starts_at", "-pk")
    own = Membership.objects.on(clock.today()).filter(person=person, group=board.meeting.group_id)
    since = own.filter(joined_on__lte=OuterRef("board__meeting__local_date"))
    return earlier.filter(Exists(since)).order_by("-board__starts_at", "-pk")


def bring_again(table: Board, *, by: Person, topic: str) -> None:
    """What an earlier meeting has talked about, on the board once more under my name, with what was concluded then.

    It has not waited, and so goes before nothing. Twice is once. Raises NotAllowed.
    """
    with sitting.sitting(table, by=by) as act:
        found = discussed_before(act.board, by).filter(public_id=topic).first()
        if found is None:
            raise NotAllowed("This topic was not discussed at an earlier meeting of yours.")
        _room_for_one(act)
        again = Topic.objects.filter(board=act.board, carried_from=found).exclude(state=TopicState.DROPPED)
        if not again.exists():
            words = {"title": found.title, "note": found.note, "resources": found.resources}
            Topic.objects.create(board=act.board, sponsor=by, carried_from=found, **words)


def agree(table: Board, *, by: Person, takeaway: str, along: bool) -> None:
    """ "+1" to a takeaway of this meeting, or no longer."""
    with sitting.sitting(table, by=by) as act:
        keeping.agree(act.board, takeaway=takeaway, by=by, along=along)


def ears_only(table: Board, *, by: Person, topic: str) -> None:
    """No takeaway of this topic, and its words go at the close. Who brought it says so, and while it is talked about
    also the sponsor of its round. Raises NotAllowed for others.
    """
    with sitting.sitting(table, by=by) as act:
        talk = act.talk
        if talk is not None and talk.topic.public_id == topic and not is_own(act.board, talk.topic, by):
            act.must(May.SPONSOR)
            mine = talk.topic
            mine.board = act.board
        else:
            mine = _own(act, topic, states=[TopicState.OPEN, TopicState.DISCUSSING])
        mine.ears_only = True
        mine.save(update_fields=["ears_only"])
        keeping.forget(mine)


def sponsor(table: Board, *, by: Person, topic: str) -> None:
    """I bring this topic, which has nobody who does, or whose round waits for somebody to open it."""
    with sitting.sitting(table, by=by) as act:
        talk = act.talk
        if talk is not None and talk.topic.public_id == topic and talk.sponsor_id in (None, talk.asked_id):
            talk.sponsor, talk.asked = by, None
            talk.save(update_fields=["sponsor", "asked"])
            return
        found = Topic.objects.filter(board=act.board, public_id=topic, sponsor=None).open().first()
        if found is None:
            raise NotAllowed("Somebody brings this topic already.")
        found.sponsor, found.hidden_author = by, None
        found.save(update_fields=["sponsor", "hidden_author"])


def ask_next(table: Board, *, by: Person) -> None:
    """The one who is asked to open the topic passes it on, or the facilitator does: the next in line is asked.

    Raises NotAllowed for everybody else, and where nobody is asked.
    """
    with sitting.sitting(table, by=by) as act:
        talk = act.talk
        if talk is None or talk.asked_id is None:
            raise NotAllowed("Nobody is asked to open a topic now.")
        if talk.asked_id != by.pk:
            act.must(May.LEAD)
        line = ballots.openers(act.board, readers=act.readers)
        at = line.index(talk.asked_id) + 1 if talk.asked_id in line else 0
        following = line[at % len(line)] if line else None
        if talk.sponsor_id is not None:
            talk.sponsor_id = following
        talk.asked_id = following
        talk.save(update_fields=["asked", "sponsor"])


def _own(act: Sitting, topic: str, *, states: list[TopicState] | None = None) -> Topic:
    """A topic of the one who acts, under a name or without. Raises NotAllowed."""
    assert act.by is not None  # noqa: S101 -- topics are changed by people
    wanted = states or [TopicState.OPEN]
    found = Topic.objects.filter(board=act.board, public_id=topic, state__in=wanted).first()
    if found is None or not is_own(act.board, found, act.by):
        raise NotAllowed("Only its sponsor changes a topic, and only while it is open.")
    found.board = act.board
    return found


def is_own(board: Board, topic: Topic, person: Person) -> bool:
    """Whether this person brought the topic; without a name only the board's secret can tell."""
    if topic.hidden_author is None or board.secret is None:
        return topic.sponsor_id == person.pk
    return bytes(topic.hidden_author) == ballots.pseudonym(board.secret, person.pk)
