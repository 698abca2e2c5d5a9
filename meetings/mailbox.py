"""Mail that comes in: stored first, judged by a worker, and what it brings about. Its words are gone once judged.

A row is only there as long as it must be; a digest of the bytes makes the same mail, delivered twice, one reply.
Lock order: reply, meeting, seat, entry. What a mail causes is written to the address on file, never to its sender.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from celery import current_app
from django.db import transaction
from django.db.models import Count, F

from meetings import entries, incoming, receipts, replies, seating
from meetings.ics import Partstat
from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.reply import Reply
from meetings.models.seat import Answer, Entry, State, Via
from meetings.receipts import Again, Why
from meetings.replies import Judged, Known, Verdict, folded
from members.models.program import Roster
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from roundtable.outbox.post import post

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
FRESH = timedelta(hours=1)  # an answer given on the page so lately is not overturned without a word
WORDS_KEPT, UNKNOWN_KEPT = timedelta(days=7), timedelta(days=30)
AT_ONCE = 200
LETTERS_A_DAY = 3  # of each kind about one entry, however many mails come in
MEANS = {Partstat.ACCEPTED: Answer.YES, Partstat.DECLINED: Answer.NO, Partstat.TENTATIVE: Answer.MAYBE}
ON_PAGE = (Via.PAGE, Via.LINK)
FOLLOWS = {
    Verdict.PROSE: Why.PROSE,
    Verdict.COUNTER: Why.COUNTER,
    Verdict.STRANGER: Why.STRANGER,
    Verdict.DELEGATED: Why.DELEGATED,
    Verdict.STALE: Why.STALE,
    Verdict.UNCONFIRMED: Why.UNCONFIRMED,
}


def receive(raw: bytes, received_at: datetime, *, failed: bool = False) -> Reply:
    """Stored and committed before anybody is told that it was taken; a worker judges it. The same mail is one reply."""
    reply, fresh = keep(raw, received_at, failed=failed)
    if fresh:
        transaction.on_commit(lambda: nudge(reply.pk), robust=True)  # robust: it is kept, whatever the broker says
    return reply


def keep(raw: bytes, received_at: datetime, *, failed: bool = False) -> tuple[Reply, bool]:
    """The row of this mail, and whether it is new. Of one that is too large only that it came is kept."""
    digest = hashlib.sha256(raw).hexdigest()
    before = Reply.objects.filter(digest=digest).first()
    if before is not None:
        return before, False
    row = Reply(digest=digest, received_at=received_at, failed=failed)
    if len(raw) > incoming.MAIL_BYTES:
        row.judged_at, row.verdict = clock.now(), Verdict.REFUSED
    else:
        row.raw = raw.decode("latin-1")
    Reply.objects.bulk_create([row], ignore_conflicts=True)  # it may have come twice at once
    return Reply.objects.get(digest=digest), True


def nudge(key: int) -> None:
    """Wakes a worker; without a broker the next tick of the schedule finds the mail."""
    current_app.send_task("meetings.tasks.judge_reply", [key], expires=60, retry=False)


def judge_waiting() -> None:
    """Whatever is not judged yet, first received first; one that breaks keeps none waiting."""
    for key in list(Reply.objects.waiting().values_list("pk", flat=True)[:AT_ONCE]):
        judge(key)


def judge(key: int) -> Reply | None:
    """One mail, once, however often this is called. What fails is tried again by the schedule, a few times."""
    if not Reply.objects.waiting().filter(pk=key).update(tries=F("tries") + 1):
        return Reply.objects.filter(pk=key).first()
    try:
        with transaction.atomic():
            return _judge(key)
    except Exception:
        log.exception("mail not judged", about=f"reply:{key}")
        return Reply.objects.filter(pk=key).first()


def forget(now: datetime) -> None:
    """Mail that nothing could judge goes after a week, and after a month what belonged to nobody's seat."""
    Reply.objects.filter(judged_at=None, received_at__lt=now - WORDS_KEPT).delete()
    Reply.objects.filter(seat=None, received_at__lt=now - UNKNOWN_KEPT).delete()


def _judge(key: int) -> Reply:
    row = Reply.objects.select_for_update(of=("self",)).get(pk=key)
    if row.judged_at is not None:
        return row
    mail = incoming.read((row.raw or "").encode("latin-1"), failed=row.failed)
    row.message_hash = hashlib.sha256((mail.message_id or row.digest).encode()).hexdigest()
    row.stamped_at = mail.event.stamp if mail.event else None
    entry = _locked(_entry_of(mail))
    judged = replies.judge(mail, _known(entry, row) if entry else None, row.received_at)
    row.judged_at, row.verdict = clock.now(), judged.verdict
    row.raw = None  # type: ignore[assignment] # nullable, see the model
    row.partstat, row.sequence, row.stamp_at, row.proposed_at = (
        judged.partstat,
        judged.sequence,
        judged.stamp,
        judged.proposed,
    )
    if entry is not None:
        row.entry, row.seat = entry, entry.seat
        _follow(row, judged, entry)
    row.save()
    log.info("mail judged", about=f"reply:{row.pk}", verb=row.verdict)
    return row


def _entry_of(mail: replies.Reply) -> Entry | None:
    """By the UID that nobody else can know; a mail in words by the letter that it answers."""
    if mail.event is not None:
        return Entry.objects.filter(uid=mail.event.uid).select_related("seat").first()
    letter = Letter.objects.filter(message_id__in=mail.answers, dedupe_key__startswith="entry:").first()
    if letter is None or mail.automatic:
        return None
    return Entry.objects.filter(pk=int(letter.dedupe_key.split(":")[1])).select_related("seat").first()


def _locked(entry: Entry | None) -> Entry | None:
    """Meeting, seat and entry as they are now; None where the seat went meanwhile."""
    if entry is None:
        return None
    meeting = seating.locked(entry.seat.meeting_id)
    seat = meeting.seats.select_for_update(of=("self",)).filter(pk=entry.seat_id).select_related("person").first()
    found = Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk, seat=seat).first()
    if seat is None or found is None:
        return None
    seat.meeting, found.seat = meeting, seat
    return found


def _known(entry: Entry, row: Reply) -> Known:
    seat, before = entry.seat, Reply.objects.filter(entry=entry).exclude(pk=row.pk)
    counted = before.filter(verdict__in=replies.COUNTS).order_by("sequence", "stamp_at", "received_at").last()
    elsewhere = seat.history.exclude(via=Via.MAIL).order_by("received_at").last()
    own = EmailAddress.objects.filter(user=seat.person_id, verified=True).values_list("email", flat=True)
    today = before.filter(received_at__gt=row.received_at - DAY).order_by()
    return Known(
        address=entry.address,
        addresses=frozenset(folded(one) for one in (entry.address, *own)),
        sequence=entry.sequence,
        floor=entry.floor,
        starts_at=seat.meeting.starts_at,
        ends_at=seat.meeting.ends_at,
        ended=entry.ended_at is not None or seat.meeting.state == MeetingState.CANCELLED,
        seen=frozenset(before.filter(message_hash=row.message_hash).values_list("stamped_at", flat=True)),
        last=_place(counted) if counted else None,
        last_partstat=counted.partstat if counted else "",
        answered_elsewhere_at=elsewhere.received_at if elsewhere else None,
        today=dict(today.values_list("verdict").annotate(Count("pk"))),
    )


def _place(counted: Reply) -> tuple[int, datetime]:
    assert counted.sequence is not None  # noqa: S101 - an answer that counts has its place in the order
    assert counted.stamp_at is not None  # noqa: S101 - the same
    return counted.sequence, counted.stamp_at


def _follow(row: Reply, judged: Judged, entry: Entry) -> None:
    """What the verdict brings about: an answer, an entry that goes out again, a letter."""
    why = FOLLOWS.get(judged.verdict)
    if judged.verdict in replies.COUNTS:
        overturned = _apply(row, judged, entry)
        why = why or (Why.OVERTURNED if overturned else None)
    if row.verdict == Verdict.OVER:
        return
    if judged.verdict == Verdict.REFRESH:
        post(receipts.resent(entries.again(entry, now=clock.now()), Again.ASKED))
    if why is not None and _few_letters(row, entry):
        post(receipts.told(entry.seat, why, row, now=clock.now()))


def _few_letters(row: Reply, entry: Entry) -> bool:
    """A stranger with a stack of mails fills nobody's mailbox."""
    alike = Reply.objects.filter(entry=entry, verdict=row.verdict, received_at__gt=row.received_at - DAY)
    return alike.exclude(pk=row.pk).count() < LETTERS_A_DAY


def _apply(row: Reply, judged: Judged, entry: Entry) -> bool:
    """The one road for every answer. Whether it overturned what was said on a page less than an hour before."""
    seat, answer = entry.seat, MEANS[Partstat(judged.partstat)]
    before, latest = seat.state, seat.history.order_by("received_at", "pk").last()
    try:
        entry.seat = seating.respond(seat, answer, via=Via.MAIL, received_at=row.received_at)
    except NotAllowed:
        row.verdict = Verdict.OVER
        return False
    _remember(entry, judged, before=before)
    if latest is None or latest.via not in ON_PAGE or latest.answer == answer:
        return False
    return row.received_at - latest.received_at < FRESH


def _remember(entry: Entry, judged: Judged, *, before: str) -> None:
    """The calendar shows what was answered in it, so there is nothing to echo. At a roundtable the seat has told it;
    but one that says yes from a place in line hears that this is still no seat.
    """
    seat = entry.seat
    if seat.meeting.group.roster == Roster.FIXED:
        Entry.objects.filter(pk=entry.pk).update(partstat=judged.partstat)
    elif before == seat.state == State.WAITING and not seat.offered:
        fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        fresh.seat = seat
        post(receipts.resent(entries.again(fresh, now=clock.now()), Again.IN_LINE))


@transaction.atomic
def dismiss(meeting: Meeting, key: int) -> None:
    """A proposed time is set aside, and its member's calendar shows the date as it stands. Raises NotAllowed."""
    found = Reply.objects.filter(pk=key, seat__meeting=meeting).proposals(clock.now()).first()
    row = Reply.objects.select_for_update(of=("self",)).get(pk=found.pk) if found else None
    if row is None or row.dismissed_at is not None:
        raise NotAllowed("This proposal is not open any more.")
    row.dismissed_at = clock.now()
    row.save(update_fields=["dismissed_at"])
    entry = _locked(row.entry)
    if entry is not None and entry.ended_at is None and meeting.state == MeetingState.PLANNED:
        post(receipts.resent(entries.again(entry, now=clock.now()), Again.DISMISSED))
