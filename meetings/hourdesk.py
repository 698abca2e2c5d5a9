"""What the pages about hours and polls show, and what each of their buttons does, for members and organizers alike.

A member reads "for you" and sees counts once they have answered; an organizer who does not belong reads counts only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from groups import times
from groups.models.group import Group
from meetings import daysoff, polling, pollletters, polls, rhythms, sharing, slots, suiting, tallying, weeks
from meetings.hourforms import AddHourForm, OpenPollForm, RepliesForm, SettleForm
from meetings.models.meeting import Meeting
from meetings.models.poll import Kind, Option, Poll
from meetings.models.reply import Reply as Proposal
from meetings.polls import Reply
from members.models.person import Person
from roundtable import clock, moments
from roundtable.errors import NotAllowed

BEST = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One hour of the week with its reasons; `slot` is what a button sends."""

    words: str
    own: str
    reasons: Sequence[str]
    slot: int
    fits_all: bool
    now: bool


def hours(group: Group, reader: Person, *, belongs: bool) -> dict[str, object]:
    """The hours of a circle: the best ones, the present one, how many fit when, what turns would bring, the poll."""
    members = weeks.members_of(group)
    first_date = clock.today() + polling.AHEAD
    people = weeks.of_members(group, members, first_date=first_date)
    ranked = suiting.all_year(group, people, first_date=first_date)
    best = suiting.apart(ranked, BEST)
    present = [slot for slot in ranked if _key(slot) == group.window and slot not in best]
    complete, me = len(people) == len(members), reader if belongs else None

    def shown(found: Sequence[slots.Slot]) -> list[Ranked]:
        return [_ranked(group, slot, suiting.told(slot, people, me), reader.zone, complete=complete) for slot in found]

    return {
        "group": group,
        "members": len(members),
        "known": len(people),
        "hour": times.of_group(group, minutes=rhythms.how_often(group)[1]),
        "best": shown(best),
        "present": shown(present),
        "heat": suiting.heat(ranked, reader.zone) if ranked else None,
        "zone": moments.city(reader.zone),
        "turns": [one.at for one in group.turns.all()],
        "proposal": sharing.proposal(group) if not group.turns.exists() and not group.closed_at else None,
        "total": sharing.own_total(group, reader) if belongs else None,
        "apart": None if belongs else sharing.totals_apart(group),
        "poll": group.polls.running().first(),
        "holidays": daysoff.flags(Meeting.objects.coming_up(clock.now()).filter(group=group), len(members)),
        "form": OpenPollForm(abouts=abouts(group)),
    }


def _ranked(group: Group, slot: slots.Slot, reasons: Sequence[str], zone: str, *, complete: bool) -> Ranked:
    monday = slot.dates[0] - timedelta(days=slot.weekday)
    here, there = (
        times.on_clock(_key(slot), kept_in=slot.zone, zone=one, minutes=slot.minutes, monday=monday)
        for one in (slot.zone, zone)
    )
    return Ranked(
        words=f"{here.words} {here.city}",
        own=f"{there.words} for you" if there.words != here.words else "",
        reasons=reasons,
        slot=_key(slot),
        fits_all=slot.fits_all and complete,
        now=_key(slot) == group.window,
    )


def _key(slot: slots.Slot) -> int:
    return slot.weekday * 48 + slot.at.hour * 2 + slot.at.minute // 30


def abouts(group: Group) -> list[tuple[str, str]]:
    """What a poll can be about: a new hour, the next date where there is none, or another time for one that is set."""
    planned = Meeting.objects.coming_up(clock.now()).filter(group=group)
    dates = [(one.public_id, f"another time for {moments.short(one.starts_at, one.zone)}") for one in planned]
    return [(Kind.HOUR.value, "a new hour for all dates"), *(dates or [(Kind.DATE.value, "the next date")])]


@dataclass(frozen=True, slots=True)
class Row:
    """One hour of a poll before one reader: its field if it can be answered, its counts if they may be seen."""

    option: Option
    words: str
    reasons: Sequence[str]
    count: polls.Count | None
    said: Reply | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A time that a calendar proposed, as the button sends it: day and hour on the clock of the poll."""

    words: str
    on: date
    at: time


def proposed(poll: Poll, moment: datetime, zone: str) -> Proposed:
    here = moment.astimezone(ZoneInfo(poll.zone))
    return Proposed(moments.both(moment, poll.zone, zone), here.date(), here.time())


@dataclass(frozen=True)
class Before:
    """A poll as one reader sees it."""

    poll: Poll
    reader: Person
    rows: Sequence[Row]
    known: Mapping[int, Reply]
    sent: bool

    @property
    def live(self) -> list[Row]:
        return [row for row in self.rows if row.option.withdrawn_at is None]

    @property
    def withdrawn(self) -> list[Row]:
        return [row for row in self.rows if row.option.withdrawn_at is not None]

    @property
    def chosen(self) -> Row | None:
        return next((row for row in self.rows if row.option.chosen_at is not None), None)

    @property
    def proposed(self) -> list[Proposed]:
        """Other times for the date in question that members proposed from their calendars, and nobody asks about yet;
        each once, and by whom stands nowhere."""
        if self.poll.meeting_id is None:
            return []
        open_ones = Proposal.objects.filter(seat__meeting=self.poll.meeting_id).proposals(clock.now())
        asked = {row.option.starts_at for row in self.live}
        times = dict.fromkeys(open_ones.values_list("proposed_at", flat=True))
        return [proposed(self.poll, at, self.reader.zone) for at in times if at is not None and at not in asked]

    def form(self, data: QueryDict | None = None) -> RepliesForm:
        """Good, possible or no to each hour, filled in with what was said, or with the reader's own hours."""
        hours = [(row.option, row.words, " · ".join(row.reasons)) for row in self.live]
        return RepliesForm(data, hours=hours, known=self.known)


def before(poll: Poll, reader: Person, *, belongs: bool) -> Before:
    """Counts stay hidden from a member, hour by hour, until they have answered, or until the poll is over."""
    options = list(poll.options.all())
    members = weeks.members_of(poll.group)
    people = weeks.of_members(poll.group, members)
    said = tallying.replies_of(poll, reader) if belongs else {}
    counted, judge = tallying.counts(poll, options), tallying.judge_of(poll)
    alone = [one for one in people if one.id == str(reader.pk)]
    me = reader if belongs else None
    rows = []
    for option in options:
        slot = judge(option, people) if people else None
        open_to = not belongs or option.pk in said or not poll.running
        rows.append(
            Row(
                option,
                pollletters.hour(poll, option, reader.zone),
                suiting.told(slot, people, me) if slot else (),
                counted[option.pk] if open_to else None,
                said.get(option.pk),
            )
        )
    guesses = {option.pk: _guess(judge(option, alone)) for option in options} if alone else {}
    live = [option.pk for option in options if option.withdrawn_at is None]
    return Before(poll, reader, rows, guesses | said, all(key in said for key in live))


def _guess(slot: slots.Slot) -> Reply:
    """What one's own hours say: it fills in the form, and counts only when it is sent."""
    if not slot.fits_all:
        return Reply.NO
    return Reply.GOOD if slot.good_share == 1 else Reply.POSSIBLE


def press(group: Group, data: QueryDict, *, by: Person) -> str:
    """One button of the page about hours; the sentence that says what happened. Raises NotAllowed."""
    acts: dict[str, Callable[[], str]] = {
        "poll": lambda: _open(group, data, by),
        "take": lambda: _take(group, data, by),
        "turns": lambda: _done(sharing.take_turns(group, by=by), "From now on the dates take their hours in turn."),
        "stop": lambda: _done(sharing.stop_turns(group, by=by), "The group is back at its one hour."),
    }
    return _act(acts, data)


def press_poll(poll: Poll, data: QueryDict, *, by: Person) -> str:
    """One button of who leads a poll. Raises NotAllowed."""
    acts: dict[str, Callable[[], str]] = {
        "settle": lambda: _settle(poll, data, by),
        "add": lambda: _add(poll, data, by),
        "withdraw": lambda: _done(polling.withdraw_option(_option(poll, data), by=by), "It is not asked any more."),
        "end": lambda: _done(polling.end(poll, by=by), "The poll has ended; everything stays as it was."),
    }
    return _act(acts, data)


def _act(acts: Mapping[str, Callable[[], str]], data: QueryDict) -> str:
    act = acts.get(data.get("act", ""))
    if act is None:
        raise NotAllowed("This button does nothing here: look at the page again.")
    return act()


def _done(_result: object, said: str) -> str:
    return said


def _open(group: Group, data: QueryDict, by: Person) -> str:
    form = OpenPollForm(data, abouts=abouts(group))
    if not form.is_valid():
        raise NotAllowed("Say what the group shall choose, and for how long people may answer.")
    about = form.cleaned_data["about"]
    kinds = {Kind.HOUR.value: Kind.HOUR, Kind.DATE.value: Kind.DATE}
    kind = kinds.get(about, Kind.MOVE)
    meeting = group.meetings.get(public_id=about) if kind == Kind.MOVE else None
    polling.open_poll(group, kind, by=by, meeting=meeting, days=form.cleaned_data["days"])
    return "The poll is open, and everybody has a letter."


def _take(group: Group, data: QueryDict, by: Person) -> str:
    slot = data.get("slot", "")
    if not slot.isascii() or not slot.isdigit() or len(slot) > 3 or int(slot) >= 7 * 48:
        raise NotAllowed("Choose one of the hours on this page.")
    return _done(polling.take_hour(group, slot=int(slot), by=by), "The group has a new hour; every calendar follows.")


def _settle(poll: Poll, data: QueryDict, by: Person) -> str:
    form = SettleForm(data)
    if not form.is_valid():
        raise NotAllowed("Choose one of the hours, and keep the reason below 300 characters.")
    option = _option(poll, data)
    _refuse_silent(option, by)
    polling.settle(option, by=by, reason=form.cleaned_data["reason"])
    return "Settled. Every calendar follows, and everybody has a letter."


def _refuse_silent(option: Option, by: Person) -> None:
    """Who belongs and has not said a word to this hour does not learn from a refusal how it stands."""
    belongs = option.poll.group.memberships.on(clock.today()).filter(person=by).exists()
    if belongs and option.pk not in tallying.replies_of(option.poll, by):
        raise NotAllowed("Say first whether you can at this hour: then you see how it stands, and may settle it.")


def _add(poll: Poll, data: QueryDict, by: Person) -> str:
    form = AddHourForm(data)
    if not form.is_valid():
        raise NotAllowed("Write the day as 2026-05-28 and the time as 17:30.")
    polling.add_option(poll, on=form.cleaned_data["on"], at=form.cleaned_data["at"], by=by)
    return "The hour is in the poll. Only this one is asked."


def _option(poll: Poll, data: QueryDict) -> Option:
    key = data.get("option", "")
    found = poll.options.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 10 else None
    if found is None:
        raise NotAllowed("Choose one of the hours of this poll.")
    found.poll = poll
    return found
