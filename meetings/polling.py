"""Polls of a circle: opened with its best hours, answered by its members, settled once.

Lock order: draft, group, poll, then meeting, seat, entry. Who answers holds the poll alone, so that nobody settles
meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction

from groups.models.group import Group
from meetings import cadence, calling, moving, pollletters, polls, retiming, rhythms, suiting, tallying, weeks
from meetings.models.cadence import window_of
from meetings.models.meeting import Format, Meeting, State
from meetings.models.poll import Kind, Option, Poll
from meetings.models.pollanswer import PollAnswer
from meetings.polls import Reply
from meetings.slots import Slot
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, known, post

CLOSES = time(20)  # on the group's clock
USUAL_DAYS = 5
AHEAD = timedelta(days=7)  # between the end of a poll and the first date at a new hour

log = structlog.get_logger(__name__)


@transaction.atomic
def open_poll(
    group: Group, kind: Kind, *, by: Person | None, meeting: Meeting | None = None, days: int = USUAL_DAYS
) -> Poll:
    """The best three to five hours before the members, a letter to each. One poll at a time.

    Raises NotAllowed with what stands against it.
    """
    if not polls.DAYS[0] <= days <= polls.DAYS[1]:
        raise NotAllowed("A poll is open for two days to two weeks.")
    group, now = retiming.hold(group), clock.now()
    closes_at = cadence.instant(clock.today() + timedelta(days=days), CLOSES, group.zone)
    _refuse(group, kind, meeting, closes_at)
    members = weeks.members_of(group)
    from_date = closes_at.date() + (AHEAD if kind == Kind.HOUR else polls.NOTICE)
    zone = meeting.zone if meeting else group.zone
    chosen = suiting.worth_asking(hours_for(group, kind, members, from_date=from_date, meeting=meeting))
    if len(chosen) < polls.FEWEST:
        raise NotAllowed("There are no hours to choose from: nobody’s hours are known, or no other one is left.")
    poll = Poll.objects.create(
        group=group,
        kind=kind,
        meeting=meeting,
        from_date=from_date,
        zone=zone,
        minutes=minutes_of(group, meeting),
        opened_by=by,
        opened_at=now,
        closes_at=closes_at,
    )
    options = Option.objects.bulk_create(_option(poll, slot.dates[0], slot.at, now=now) for slot in chosen)
    options.sort(key=lambda option: option.starts_at)
    post(*pollletters.asked(poll, options, members, now=now))
    audit.note(by, "opened a poll", poll.about)
    return poll


def _refuse(group: Group, kind: Kind, meeting: Meeting | None, closes_at: datetime) -> None:
    if group.roster != Roster.FIXED or group.closed_at is not None:
        raise NotAllowed("Polls are for circles that go on.")
    if group.polls.running().exists():
        raise NotAllowed("A poll of this group is running already: one at a time.")
    if kind == Kind.DATE and Meeting.objects.filter(group=group).coming_up(clock.now()).exists():
        raise NotAllowed("The group has a next date already: ask about another time for it.")
    if kind != Kind.MOVE:
        return
    if meeting is None or meeting.group_id != group.pk or meeting.state != State.PLANNED:
        raise NotAllowed("Choose one of the dates that are planned.")
    if meeting.starts_at <= closes_at:
        raise NotAllowed("This date is too near: the poll would end after it. Move it by hand, or call it off.")


def _option(poll: Poll, on: date, at: time, *, now: datetime) -> Option:
    return Option(poll=poll, on=on, at=at, starts_at=cadence.instant(on, at, poll.zone), added_at=now)


def hours_for(
    group: Group, kind: Kind, members: Sequence[Person], *, from_date: date, meeting: Meeting | None = None
) -> list[Slot]:
    """What a poll of this kind may ask about, the best first; not the hour that the group has."""
    if kind == Kind.HOUR:
        people = weeks.of_members(group, members, first_date=from_date)
        ranked = suiting.all_year(group, people, first_date=from_date)
        now_at = (group.window // 48, rhythms.hour_of(group))
        return [slot for slot in ranked if (slot.weekday, slot.at) != now_at]
    people, zone = weeks.of_members(group, members, first_date=from_date), meeting.zone if meeting else group.zone
    others = [one for one in Meeting.objects.filter(group=group) if one != meeting]
    taken = [one.local_date if one.state != State.CANCELLED else one.occurrence_date for one in others]
    minutes = minutes_of(group, meeting)
    ranked = suiting.one_date(people, after=from_date, taken=taken, zone=zone, minutes=minutes)
    return [slot for slot in ranked if meeting is None or _start(slot) != meeting.starts_at]


def minutes_of(group: Group, meeting: Meeting | None) -> int:
    """How long what is asked about lasts: a date that moves as long as it is, another one as the circle has chosen."""
    return meeting.minutes if meeting else rhythms.of_group(group).minutes


def _start(slot: Slot) -> datetime:
    return cadence.instant(slot.dates[0], slot.at, slot.zone)


@transaction.atomic
def plan_first(group: Group) -> Meeting:
    """The first date of a sealed group; where no hour of it fits everybody, a poll for another one opens by itself."""
    meeting = calling.plan_first(group)
    known = calling.hours_of(group, weeks.members_of(group))
    if known and not calling.everybody_free(rhythms.of_group(group), meeting.local_date, known):
        try:
            with transaction.atomic():
                open_poll(group, Kind.MOVE, by=None, meeting=meeting)
        except NotAllowed as refusal:
            log.info("no poll opened by itself", about=meeting.about, why=str(refusal))
    return meeting


@transaction.atomic
def answer(poll: Poll, person: Person, replies: Mapping[int, Reply], *, received_at: datetime) -> None:
    """What one member says to each hour, by its key; the last word before the end counts. Raises NotAllowed."""
    poll = held(poll)
    if not poll.open_at(received_at):
        raise NotAllowed("This poll is over; what came of it stands here.")
    if not poll.group.memberships.on(clock.today()).filter(person=person).exists():
        raise NotAllowed("Only who belongs to the group answers.")
    live = set(poll.options.live().values_list("pk", flat=True))
    if not replies or not replies.keys() <= live:
        raise NotAllowed("The hours of this poll have changed meanwhile: look again, nothing has been sent.")
    for key, reply in replies.items():
        PollAnswer.objects.update_or_create(
            option_id=key, person=person, defaults={"reply": reply, "received_at": received_at}
        )


@transaction.atomic
def add_option(poll: Poll, *, on: date, at: time, by: Person) -> Option:
    """One more hour: answers to the others stay, and only this one is asked. Of a new hour for all dates any day says
    the weekday, and it is asked about from its first date on. One that was withdrawn comes back with its answers.
    Raises NotAllowed."""
    poll, now = held(poll), clock.now()
    _refuse_over(poll, now)
    if now >= poll.closes_at - polls.LAST_CALL:
        raise NotAllowed("On the last day of a poll no hour is added: not everybody would see it.")
    cadence.check_time(at)
    if poll.kind == Kind.HOUR and at.minute % 30:
        raise NotAllowed("A standing hour begins at a full or half hour.")
    if poll.kind == Kind.HOUR and on >= poll.from_date:
        on = rhythms.elsewhere(poll.group, poll.from_date).at(window_of(on.weekday(), at)).first_date
    option = poll.options.filter(on=on, at=at).first() or _option(poll, on, at, now=now)
    if option.pk and option.withdrawn_at is None:
        raise NotAllowed("This hour is in the poll already.")
    if option.starts_at < poll.closes_at + polls.NOTICE or on < poll.from_date:
        raise NotAllowed(f"Choose a day from {poll.from_date:%-d %B %Y} on: people need a little time to make room.")
    if poll.options.live().count() >= polls.MOST:
        raise NotAllowed("Five hours are enough to choose from: take one out first.")
    option.withdrawn_at = None
    option.save()
    audit.note(by, "added an hour to a poll", poll.about)
    return option


@transaction.atomic
def withdraw_option(option: Option, *, by: Person) -> Option:
    """This hour is not asked any more; its answers are kept, and it can come back. Raises NotAllowed for the last."""
    poll = held(option.poll)
    _refuse_over(poll, clock.now())
    option = poll.options.get(pk=option.pk)
    if option.withdrawn_at is not None:
        raise NotAllowed("This hour has been taken out already.")
    if poll.options.live().count() == 1:
        raise NotAllowed("This is the last hour of the poll: end the poll instead.")
    option.withdrawn_at = clock.now()
    option.save(update_fields=["withdrawn_at"])
    audit.note(by, "took an hour out of a poll", poll.about)
    return option


@transaction.atomic
def end(poll: Poll, *, by: Person) -> Poll:
    """Without a result: everything stays as it is. Raises NotAllowed the second time."""
    poll = held(poll)
    _refuse_over(poll, clock.now(), after_deadline=True)
    _close(poll)
    audit.note(by, "ended a poll", poll.about)
    return poll


@transaction.atomic
def settle(option: Option, *, by: Person | None, reason: str = "") -> Poll:
    """One hour is chosen, once: it becomes the next date, the new time of a date, or the hour of all dates.

    Raises NotAllowed with the rule that stands against it, or if the poll is over.
    """
    poll = held(option.poll, group=retiming.hold(option.poll.group))
    _refuse_over(poll, clock.now(), after_deadline=True)
    option = poll.options.get(pk=option.pk)
    counted = tallying.counts(poll, [option])[option.pk]
    refused = polls.refusal(counted, withdrawn=option.withdrawn_at is not None, reason=reason)
    if refused:
        raise NotAllowed(refused)
    if option.starts_at <= clock.now():
        raise NotAllowed("This hour is over: choose one that is still to come.")
    option.chosen_at = poll.settled_at = clock.now()
    option.save(update_fields=["chosen_at"])
    poll.reason = reason.strip() if counted.outside else ""
    poll.save(update_fields=["settled_at", "reason"])  # first: what is carried out ends polls that are still running
    _carry_out(poll, option, by)
    cancel(poll.about)
    audit.note(by, "settled a poll", poll.about)
    return poll


def _carry_out(poll: Poll, option: Option, by: Person | None) -> None:
    group = poll.group
    if poll.zone != (poll.meeting or group).zone:
        raise NotAllowed("These hours are on another clock than the group’s dates: end this poll, and ask anew.")
    if poll.kind == Kind.HOUR:
        retiming.to_slot(group, option.slot, start=poll.from_date, by=by)
    elif poll.meeting is not None:
        moving.move(poll.meeting, on=option.on, at=option.at, by=by)
    elif group.meetings.filter(occurrence_date=option.on).exists():
        raise NotAllowed("The group has had this date already: choose another one.")
    else:
        first = not group.meetings.exclude(state=State.CANCELLED).exists()
        form = Format.ICE_BREAKER if first else Format.LEAN_COFFEE
        calling.plan(group, on=option.on, at=option.at, members=weeks.members_of(group), form=form)


def settle_due() -> None:
    """Polls whose deadline has passed: the best hour that may be chosen, or none. One that breaks keeps no other up."""
    overdue = Poll.objects.running().filter(closes_at__lte=clock.database_now())
    for poll in overdue.select_related("group").order_by("pk"):
        try:
            _settle_by_itself(poll)
        except Exception:
            log.exception("poll was not settled", about=poll.about)


@transaction.atomic
def _settle_by_itself(poll: Poll) -> None:
    """No hour is chosen that a person could not choose; the reason says that the deadline did it."""
    poll = held(poll, group=retiming.hold(poll.group))
    if not poll.running:
        return
    options = list(poll.options.live())
    counted = tallying.counts(poll, options)
    for at in polls.best_first([counted[one.pk] for one in options]):
        try:
            with transaction.atomic():
                settle(options[at], by=None, reason=polls.BY_ITSELF)
        except NotAllowed:
            continue
        return
    _close(poll)
    audit.note(None, "a poll ended without a result", poll.about)


def remind() -> int:
    """Who has not answered every hour of a running poll hears of it at half time and in the last day. How many."""
    now, found = clock.database_now(), 0
    for poll in Poll.objects.running().filter(closes_at__gt=now).select_related("group__program").order_by("pk"):
        options = list(poll.options.live())
        due = [
            (polls.reminder_due(poll.opened_at, poll.closes_at, one.zone, now), one)
            for one in tallying.silent(poll, options)
        ]
        keys = {pollletters.reminder_key(poll, what, one.pk): (what, one) for what, one in due if what}
        fresh = [keys[key] for key in keys.keys() - known(keys)]
        with transaction.atomic():
            post(*pollletters.closing(poll, options, fresh, now=now))
        found += len(fresh)
    return found


def held(poll: Poll, *, group: Group | None = None) -> Poll:
    """The poll as it is now, held until this transaction ends."""
    found = Poll.objects.select_for_update(of=("self",)).select_related("group__program", "meeting").get(pk=poll.pk)
    if group is not None:
        found.group = group
    return found


def _refuse_over(poll: Poll, now: datetime, *, after_deadline: bool = False) -> None:
    if not poll.running or (now >= poll.closes_at and not after_deadline):
        raise NotAllowed("This poll is over; what came of it stands here.")


def _close(poll: Poll) -> None:
    poll.ended_at = clock.now()
    poll.save(update_fields=["ended_at"])
    cancel(poll.about)


@transaction.atomic
def take_hour(group: Group, *, slot: int, by: Person) -> list[Meeting]:
    """An hour that fits everybody on all dates needs no poll: it holds from the first date that is a week ahead.

    Raises NotAllowed if it does not fit all of them.
    """
    group = retiming.hold(group)
    _refuse(group, Kind.HOUR, None, clock.now())
    members, from_date = weeks.members_of(group), clock.today() + AHEAD
    people = weeks.of_members(group, members)
    there = rhythms.elsewhere(group, from_date)
    if len(people) < len(members) or not tallying.at_slot(there, people, slot).fits_all:
        raise NotAllowed("This hour does not fit everybody on all dates: ask the group with a poll.")
    return retiming.to_slot(group, slot, start=from_date, by=by)
