"""A circle's dates take another rhythm from a date on: what is planned moves along under its own calendar entries.

Lock order: draft, group, poll, meeting, seat, entry. Every letter is written in the transaction of the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from groups import sealing, times
from groups.consent import State
from groups.letters import hour_moved
from groups.models.draft import DraftGroup
from groups.models.group import Group
from meetings import board, cadence, ending, moving, planning, rhythms, shortening
from meetings.models.cadence import window_of
from meetings.models.meeting import Format, Meeting
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock, links
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

DAY = timedelta(days=1)
HALF_HOURS = (0, 30)  # in which members gave their hours
MONTHLY = "monthly:"


def rhythm_from(*, first: date, every: str, at: time, zone: str, minutes: int) -> cadence.Cadence:
    """What somebody has chosen: every so many weeks ("6"), or "monthly:" and which weekday of the month (-1 the last).

    Raises NotAllowed at night, off the half hours, and where the first date is none of these.
    """
    if at.minute not in HALF_HOURS or at.second:
        raise NotAllowed("A rhythm begins on the hour or at half past.")
    nth = int(every.removeprefix(MONTHLY)) if every.startswith(MONTHLY) else None
    rule = cadence.rule_from(first, weeks=None if nth else int(every), nth=nth)
    return cadence.Cadence(rule, at, zone, minutes, first)


@dataclass(frozen=True)
class Shift:
    """One planned meeting, and the date of the new rhythm that it goes to."""

    meeting: Meeting
    on: date

    @property
    def is_later(self) -> bool:
        return self.on > self.meeting.occurrence_date


@transaction.atomic
def retime(group: Group, rhythm: cadence.Cadence, *, start: date, by: Person | None) -> list[Meeting]:
    """From `start` on the group meets by another rhythm, which begins on its own first date.

    Meetings planned from `start` on go to the new dates in order, each under its own UID, and everybody is asked again;
    what is missing of three dates is planned, what is too much is called off. Earlier ones stay. A poll that runs ends:
    its hours are those of the rhythm before.
    Raises NotAllowed for a roundtable, a closed group, a first date that is over or before one that stays, and for
    the rhythm that the group has already.
    """
    group, now = locked(group), clock.now()
    ending.end_polls(group, now)
    going = planned_from(group, start, now)
    stays = refuse(group, rhythm, going, now)
    surplus = going[max(1, planning.AHEAD - stays) :]
    shifts = matched(group, rhythm, going[: len(going) - len(surplus)])
    kept = rhythms.keep(group).value
    stands = not surplus and all(is_there(one, rhythm) for one in shifts)
    if kept.how == rhythm.how and stands and not group.turns.exists():
        raise NotAllowed("The group keeps this rhythm already.")
    keep(group, rhythm)
    if surplus:
        drop(surplus, shifts[-1].meeting, now=now)
    move_each(shifts, rhythm, now=now)
    planning.plan_ahead(group)
    audit.note(by, "new rhythm", f"group:{group.pk}", count=len(shifts))
    return [one.meeting for one in shifts]


@transaction.atomic
def to_slot(group: Group, slot: int, *, start: date, by: Person | None) -> list[Meeting]:
    """The group's own rhythm at another half hour of its week, from a day on. Raises NotAllowed as `retime` does."""
    group = locked(group)
    return retime(group, rhythms.elsewhere(group, start).at(slot), start=start, by=by)


@transaction.atomic
def check(group: Group, rhythm: cadence.Cadence, *, start: date) -> None:
    """Raises NotAllowed where `retime` would for group or first date; changes nothing."""
    group, now = locked(group), clock.now()
    refuse(group, rhythm, planned_from(group, start, now), now)


def locked(group: Group) -> Group:
    """The circle as it is now, held. Raises NotAllowed for one that is over, and for a roundtable."""
    group = hold(group)
    if group.roster == Roster.OPEN:
        raise NotAllowed("A roundtable has no rhythm: its dates are set one by one.")
    if group.closed_at is not None:
        raise NotAllowed("This circle comes to its end: there is nothing more to plan.")
    return group


def hold(group: Group) -> Group:
    """The group as it is now, held, and before it its draft: a new hour is written there too, and who joins, leaves or
    is asked takes the two in this order.
    """
    if group.draft is not None:
        sealing.locked(group.draft)
    return Group.objects.select_for_update(of=("self",)).select_related("program").get(pk=group.pk)


def planned_from(group: Group, start: date, now: datetime) -> list[Meeting]:
    """Planned meetings that have not begun, from a day on; held.

    In the order of the rhythm's dates that they stand for: one that was moved by hand may come before its fellows.
    """
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    going = planned.filter(group=group, local_date__gte=start, starts_at__gt=now).coming_up(now)
    return sorted(going, key=lambda one: one.occurrence_date)


def refuse(group: Group, rhythm: cadence.Cadence, going: list[Meeting], now: datetime) -> int:
    """How many planned meetings stay as they are. Raises NotAllowed with what stands against the first date."""
    if cadence.instant(rhythm.first_date, rhythm.at, rhythm.zone) <= now:
        raise NotAllowed("The first date is over: choose one that is still to come.")
    stays = Meeting.objects.filter(group=group).coming_up(now).exclude(pk__in=[one.pk for one in going])
    days = list(stays.values_list("local_date", flat=True))
    if days and rhythm.first_date <= max(days):
        raise NotAllowed(f"The meeting on {max(days):%Y-%m-%d} stays: begin the new rhythm after it.")
    return len(days)


def matched(group: Group, rhythm: cadence.Cadence, going: list[Meeting]) -> list[Shift]:
    """Planned meetings with the dates they go to, in order. A date that was called off stays called off."""
    others = group.meetings.exclude(pk__in=[one.pk for one in going])
    free = rhythm.without(others.values_list("occurrence_date", flat=True))
    dates = cadence.next_dates(free, after=rhythm.first_date - DAY, count=len(going))
    return [Shift(meeting, on) for meeting, on in zip(going, dates, strict=True)]


def is_there(shift: Shift, rhythm: cadence.Cadence) -> bool:
    """Whether this meeting stands where the rhythm has it."""
    meeting, stands = shift.meeting, (shift.meeting.occurrence_date, shift.meeting.local_date)
    there = (meeting.local_time, meeting.zone, meeting.whole_minutes or meeting.minutes)
    return stands == (shift.on, shift.on) and there == (rhythm.at, rhythm.zone, rhythm.minutes)


def keep(group: Group, rhythm: cadence.Cadence) -> None:
    """The record of the group, and its hour in half hours, by which people are found for a free seat; no turns.

    Who has been asked to join and has not answered hears of the new hour.
    """
    draft = sealing.locked(group.draft) if group.draft is not None else None
    was = times.of_draft(draft) if draft is not None else None
    record = rhythms.keep(group)
    record.take(rhythm)
    record.save()
    group.window, group.zone = window_of(rhythm.rule.weekday, rhythm.at), rhythm.zone
    group.save(update_fields=["window", "zone"])
    group.turns.all().delete()
    if draft is not None and was is not None:
        keep_on_draft(group, draft, was)


def keep_on_draft(group: Group, draft: DraftGroup, was: times.Hour) -> None:
    """Who joins later is asked so, and who is asked and has time left is told. The caller holds the draft."""
    now = clock.now()
    draft.window, draft.zone = group.window, group.zone
    draft.save(update_fields=["window", "zone"])
    if was == times.of_draft(draft):
        return
    for invitation in draft.invitations.filter(state=State.SENT, answer_until__gt=now).select_related(
        "application__person"
    ):
        invitation.draft = draft
        cancel(invitation.about, kinds=("groups/reminded",))  # it names the former hour
        post(hour_moved(invitation, was, now=now))


def move_each(shifts: list[Shift], rhythm: cadence.Cadence, *, now: datetime) -> None:
    """Later ones from the last on, then earlier ones from the first on: no date is held by two at any moment.

    Letters come when all stand, since each compares its hour with the date before. The first of them is told at once,
    the others on the mornings after; who sees the same hour in their calendar as before hears nothing.
    """
    were = [(one.meeting.starts_at, one.meeting.ends_at) for one in shifts]
    later, earlier = [one for one in shifts if one.is_later], [one for one in shifts if not one.is_later]
    for one in [*reversed(later), *earlier]:
        if not is_there(one, rhythm):
            put(one, rhythm)
    for number, (one, was) in enumerate(zip(shifts, were, strict=True)):
        if was != (one.meeting.starts_at, one.meeting.ends_at):
            moving.ask_everybody(one.meeting, was=was[0], now=now, mornings=number)


def put(shift: Shift, rhythm: cadence.Cadence) -> None:
    """One meeting to its new date. Everybody is asked anew, so it is not short any more."""
    meeting = shift.meeting
    if meeting.whole_format:
        shortening.write(meeting, Format(meeting.whole_format))
        meeting.save(update_fields=["format", "whole_format", "whole_minutes"])
    meeting.occurrence_date = meeting.local_date = shift.on
    meeting.local_time, meeting.zone, meeting.minutes = rhythm.at, rhythm.zone, rhythm.minutes
    moving.move_to(meeting, cadence.instant(shift.on, rhythm.at, rhythm.zone))


def drop(surplus: list[Meeting], last: Meeting, *, now: datetime) -> None:
    """What is more than three dates ahead goes: off every calendar, its topics to the last date that stays."""
    for meeting in reversed(surplus):
        moving.fall_out(meeting, now=now)
        board.pass_to(meeting, last)
        links.end([f"seat:{key}" for key in meeting.seats.values_list("pk", flat=True)])
        meeting.delete()
